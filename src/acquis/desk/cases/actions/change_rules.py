"""How the desk handles its cases, decided by its supervisor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.policy import HoursInvalid, hours_of
from acquis.desk.cases.access import refuse_unless_supervisor
from acquis.desk.cases.errors import NotOfThisDesk, RulesInvalid
from acquis.desk.cases.models import CaseCode, CaseRules
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def change_rules(
    *, workspace: Workspace, values: Mapping[str, Any], by: User, at: datetime
) -> CaseRules:
    """Set hours, matrix, delays and thresholds; cases already open keep what is due.

    Raises RulesInvalid, SupervisorOnly or WorkspaceSealed.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    refuse_unless_supervisor(by, workspace)
    try:
        hours = hours_of(values["hours"])
    except HoursInvalid as error:
        raise RulesInvalid(reason=str(error)) from error
    if not any(hours.days):
        raise RulesInvalid(reason="0 h")
    row, _created = CaseRules.objects.update_or_create(
        workspace=workspace, defaults={**values, "updated_at": at}
    )
    trace.record("case.rules_changed", None, by=by, at=at, stream=workspace.trace_stream, **values)
    return row


@transaction.atomic
def keep_code(
    *,
    workspace: Workspace,
    kind: str,
    label: str,
    parent: CaseCode | None = None,
    code: CaseCode | None = None,
    by: User,
    at: datetime,
) -> CaseCode:
    """Add a reason or a symptom, or rename one; cases keep their code.

    Raises NotOfThisDesk, SupervisorOnly or WorkspaceSealed.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    refuse_unless_supervisor(by, workspace)
    if parent is not None and parent.workspace_id != workspace.pk:
        raise NotOfThisDesk(name=parent.label)
    before = code.label if code else ""
    kept = code or CaseCode(workspace=workspace, kind=CaseCode.Kind(kind), parent=parent)
    kept.label = label.strip()
    if code is None:
        kept.position = CaseCode.objects.filter(workspace=workspace, kind=kind).count() + 1
    kept.save()
    _told("case.code_kept", kept, workspace, by=by, at=at, before=before)
    return kept


@transaction.atomic
def retire_code(*, code: CaseCode, retired: bool, by: User, at: datetime) -> CaseCode:
    """Offer a code no more, or again; cases keep it. Raises SupervisorOnly, WorkspaceSealed."""
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=code.workspace_id)
    refuse_if_sealed(workspace)
    refuse_unless_supervisor(by, workspace)
    code.retired = retired
    code.save(update_fields=["retired"])
    _told("case.code_retired", code, workspace, by=by, at=at, retired=retired)
    return code


def _told(
    verb: str, code: CaseCode, workspace: Workspace, *, by: User, at: datetime, **data: Any
) -> None:
    stream = workspace.trace_stream
    trace.record(verb, code, by=by, at=at, stream=stream, label=code.label, kind=code.kind, **data)
    realtime.publish(stream, at=at, what="case_codes")
