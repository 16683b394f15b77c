"""Alerts on recurring malfunctions (002-CP2)."""

from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.access import refuse_unless_supervisor
from acquis.desk.cases.errors import AlertAcknowledged, NotOfThisDesk
from acquis.desk.cases.models import Case, CaseLink, RecurrenceAlert
from acquis.desk.cases.policy.procedures import is_recurring
from acquis.desk.cases.queries import of_alert
from acquis.desk.cases.rules import Rules
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


def watch_recurrence(case: Case, rules: Rules, *, by: User, at: datetime) -> RecurrenceAlert | None:
    """Raise the alert of a diagnosed case's product and symptom, or count it in the open one."""
    if case.product_id is None or case.symptom_id is None:
        return None
    since = at - timedelta(days=rules.recurrence_days)
    count = Case.objects.filter(
        workspace_id=case.workspace_id,
        product_id=case.product_id,
        symptom_id=case.symptom_id,
        opened_at__gte=since,
    ).count()
    if not is_recurring(count, rules.recurrence_count):
        return None
    alert, created = RecurrenceAlert.objects.update_or_create(
        workspace_id=case.workspace_id,
        product_id=case.product_id,
        symptom_id=case.symptom_id,
        acknowledged_at=None,
        defaults={"count": count},
        create_defaults={"count": count, "since": since, "raised_at": at},
    )
    if created:
        trace.record("case.recurrence_raised", alert, by=by, at=at, count=count)
        realtime.publish(case.trace_stream, at=at, what="case_alert", alert=alert.pk)
    return alert


@transaction.atomic
def acknowledge_alert(
    *, alert: RecurrenceAlert, note: str, parent: Case | None = None, by: User, at: datetime
) -> RecurrenceAlert:
    """Take the alert in charge; with `parent`, its cases are said to be caused by that one.

    Raises AlertAcknowledged, NotOfThisDesk, SupervisorOnly or WorkspaceSealed.
    """
    row = (
        RecurrenceAlert.objects.select_for_update(of=("self",))
        .select_related("workspace", "product", "symptom")
        .get(pk=alert.pk)
    )
    refuse_if_sealed(row.workspace)
    refuse_unless_supervisor(by, row.workspace)
    if row.acknowledged_at is not None:
        raise AlertAcknowledged
    if parent is not None and parent.workspace_id != row.workspace_id:
        raise NotOfThisDesk(name=parent.number)
    row.acknowledged_at, row.acknowledged_by_label = at, by.full_name
    row.note, row.parent = note.strip(), parent
    row.save(update_fields=["acknowledged_at", "acknowledged_by_label", "note", "parent"])
    linked = 0
    if parent is not None:
        ties = [
            CaseLink(
                workspace_id=row.workspace_id, case=case, other=parent, kind=CaseLink.Kind.CAUSE
            )
            for case in of_alert(row).exclude(pk=parent.pk)
        ]
        linked = len(CaseLink.objects.bulk_create(ties, ignore_conflicts=True))
    trace.record("case.recurrence_acknowledged", row, by=by, at=at, linked=linked)
    realtime.publish(row.trace_stream, at=at, what="case_alert", alert=row.pk)
    return row
