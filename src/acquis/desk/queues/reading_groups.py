"""The people of each queue, for reading lists."""

from collections import defaultdict
from collections.abc import Iterable

from acquis.accounts.models import Workspace
from acquis.desk.knowledge.audiences import Audience
from acquis.desk.queues import queries
from acquis.desk.queues.models import AdviserSkill


def audiences(workspace: Workspace) -> Iterable[Audience]:
    """Those who have the skill of a queue; everybody of the desk when it asks none."""
    queues = list(queries.of_workspace(workspace))
    if not queues:
        return
    skilled: dict[str, set[int]] = defaultdict(set)
    rows = AdviserSkill.objects.filter(workspace=workspace)
    for skill, adviser in rows.values_list("skill", "adviser_id"):
        skilled[skill].add(adviser)
    everybody = set(queries.people(workspace).values_list("pk", flat=True))
    for queue in queues:
        members = skilled[queue.skill] & everybody if queue.skill else everybody
        yield Audience(f"queue:{queue.key}", queue.name, frozenset(members))
