from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Length

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.actions.diagnose_case import refuse_strangers
from acquis.desk.cases.errors import CaseNotClosed, OrderOfAnotherCustomer
from acquis.desk.cases.models import Case, CaseCode, CaseEvent, CaseLink
from acquis.desk.cases.policy import deadlines
from acquis.desk.cases.policy.numbers import number_of
from acquis.desk.cases.rules import rules_of
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order, Product
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
    urgency: int | None = None,
    impact: int | None = None,
    reason: CaseCode | None = None,
    product: Product | None = None,
    order: Order | None = None,
    due_on: date | None = None,
    assignee: User | None = None,
    by: User,
    at: datetime,
) -> Case:
    """Open a request, a breakdown or a complaint, under the next number of its series.

    Urgency and impact, when both are said, set the priority; the priority sets what is due.
    Raises OrderOfAnotherCustomer, NotOfThisDesk or WorkspaceSealed; nothing is written then.
    Source: V-13.
    """
    # Two advisers opening at once must not take the same number.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=customer.workspace_id)
    refuse_if_sealed(workspace)
    if order is not None and order.customer_id != customer.pk:
        raise OrderOfAnotherCustomer
    refuse_strangers(workspace.pk, reason, product)
    rules = rules_of(workspace)
    if urgency and impact:
        priority = deadlines.priority_of(urgency, impact, rules.matrix)
    answer_due_at, resolve_due_at = rules.deadlines_of(priority, at)
    case = Case.objects.create(
        workspace=workspace,
        number=next_number(workspace, Case.Kind(kind)),
        kind=kind,
        priority=priority,
        urgency=urgency,
        impact=impact,
        customer=customer,
        order=order,
        product=product,
        reason=reason,
        title=title.strip(),
        description=description.strip(),
        assignee=assignee,
        assignee_label=assignee.full_name if assignee else "",
        opened_at=at,
        due_on=due_on,
        answer_due_at=answer_due_at,
        resolve_due_at=resolve_due_at,
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
        resolve_due_at=resolve_due_at,
    )
    realtime.publish(workspace.trace_stream, at=at, what="case", case=case.pk)
    return case


@transaction.atomic
def open_follow_up(*, case: Case, body: str, by: User, at: datetime) -> Case:
    """Open the case that follows a closed one, linked to it, of the same customer and matter.

    Raises CaseNotClosed or WorkspaceSealed.
    """
    if case.state != Case.State.CLOSED:
        raise CaseNotClosed(number=case.number)
    opened = open_case(
        customer=case.customer,
        kind=case.kind,
        title=case.title,
        description=body,
        priority=case.priority,
        order=case.order,
        product=case.product,
        reason=case.reason,
        assignee=by,
        by=by,
        at=at,
    )
    CaseLink.objects.create(
        workspace_id=case.workspace_id, case=opened, other=case, kind=CaseLink.Kind.FOLLOW_UP
    )
    return opened


def next_number(workspace: Workspace, kind: Case.Kind) -> str:
    """One more than the highest of the series of this kind: REC-00001, REC-00002…."""
    series = PREFIXES[kind]
    taken = Case.objects.filter(
        workspace=workspace, number__startswith=f"{series}-", number__regex=rf"^{series}-[0-9]+$"
    )
    # The longest number is the highest, then the last of that length.
    highest = taken.order_by(Length("number").desc(), "-number").values_list("number").first()
    return number_of(series, int(highest[0].split("-")[1]) + 1 if highest else 1)
