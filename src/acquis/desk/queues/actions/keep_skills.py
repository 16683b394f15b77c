from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.queues import queries
from acquis.desk.queues.access import refuse_unless_supervisor
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.queues.models import AdviserSkill
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def keep_skills(
    *, workspace: Workspace, adviser: User, skills: Mapping[str, int], by: User, at: datetime
) -> None:
    """Say what an adviser can do at this desk: level by skill, in place of what was said before.

    Raises NotTheSupervisor, NotOfThisDesk or WorkspaceSealed; nothing is written then.
    """
    refuse_unless_supervisor(by, workspace)
    refuse_if_sealed(workspace)
    if not queries.people(workspace).filter(pk=adviser.pk).exists():
        raise NotOfThisDesk
    rows = AdviserSkill.objects.filter(workspace=workspace, adviser=adviser)
    before = dict(rows.values_list("skill", "level"))
    rows.delete()
    AdviserSkill.objects.bulk_create(
        AdviserSkill(workspace=workspace, adviser=adviser, skill=skill, level=level)
        for skill, level in skills.items()
    )
    trace.record(
        "skills.kept",
        workspace,
        by=by,
        at=at,
        adviser=adviser.pk,
        before=before,
        skills=dict(skills),
    )
