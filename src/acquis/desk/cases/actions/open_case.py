from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.errors import OrderOfAnotherCustomer
from acquis.desk.cases.models import Case, CaseEvent
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace

PREFIXES = {Case.Kind.REQUEST: "DEM", Case.Kind.BREAKDOWN: "SAV", Case.Kind.COMPLAINT: "REC"}


@transaction.atomic
def open_case(  # noqa: PLR0913  what a case is opened with
    *,
    customer: Customer,
    kind: str,
    title: str,
    description: str,
    priority: int = 3,
    order: Order | None = None,
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> Case:
    """Open a request, a breakdown or a complaint, under the next number of its series.

    Raises OrderOfAnotherCustomer or WorkspaceSealed; nothing is written then. Source: V-13.
    """
    # Two advisers opening at once must not take the same number.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=customer.workspace_id)
    refuse_if_sealed(workspace)
    if order is not None and order.customer_id != customer.pk:
        raise OrderOfAnotherCustomer
    case = Case.objects.create(
        workspace=workspace,
        number=next_number(workspace, Case.Kind(kind)),
        kind=kind,
        priority=priority,
        customer=customer,
        order=order,
        title=title.strip(),
        description=description.strip(),
        opened_at=at,
        due_on=due_on,
    )
    CaseEvent.objects.create(
        workspace=workspace,
        case=case,
        at=at,
        author_label=by.full_name,
        body=case.description or case.title,
        new_state=Case.State.OPEN,
    )
    trace.record(
        "case.opened",
        case,
        by=by,
        at=at,
        number=case.number,
        kind=case.kind,
        priority=priority,
        customer_id=customer.pk,
        order=order.number if order else None,
        due_on=due_on,
    )
    realtime.publish(workspace.trace_stream, at=at, what="case", case=case.pk)
    return case


def next_number(workspace: Workspace, kind: Case.Kind) -> str:
    """One more than the highest of the series of this kind: REC-00001, REC-00002…."""
    prefix = PREFIXES[kind]
    taken = Case.objects.filter(workspace=workspace, number__regex=rf"^{prefix}-[0-9]+$")
    highest = max(
        (int(number.split("-")[1]) for number in taken.values_list("number", flat=True)),
        default=0,
    )
    return f"{prefix}-{highest + 1:05d}"
