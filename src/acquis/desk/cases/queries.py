"""Cases of one workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from acquis.accounts.models import User, Workspace
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.cases.models import (
    Case,
    CaseCode,
    CaseEvent,
    CaseLink,
    CaseStep,
    Opinion,
    RecurrenceAlert,
)
from acquis.desk.cases.policy import satisfaction
from acquis.desk.cases.policy.numbers import meant
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import fold

EXCHANGE_BEFORE = timedelta(hours=1)
RUNNING = (Case.State.OPEN, Case.State.SECOND_LEVEL)
BY_DUE = F("resolve_due_at").asc(nulls_last=True)
SORTS: Mapping[str, tuple[object, ...]] = {
    "numero": ("number", "pk"),
    "titre": ("title", "pk"),
    "client": ("customer__last_name", "customer__company_name", "pk"),
    "priorite": ("priority", "opened_at", "pk"),
    "ouverte": ("opened_at", "pk"),
    "echeance": (BY_DUE, "pk"),
}
BACKWARDS: Mapping[str, tuple[object, ...]] = {
    "numero": ("-number", "-pk"),
    "titre": ("-title", "-pk"),
    "client": ("-customer__last_name", "-customer__company_name", "-pk"),
    "priorite": ("-priority", "-opened_at", "-pk"),
    "ouverte": ("-opened_at", "-pk"),
    "echeance": (F("resolve_due_at").desc(nulls_last=True), "-pk"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; every part may be left out."""

    typed: str = ""
    kind: str = ""
    state: str = ""
    view: str = ""
    sort: str = ""


def cases(
    workspace: Workspace, asked: Asked | None = None, *, user: User | None = None, now: datetime
) -> QuerySet[Case]:
    """The most urgent first, then the oldest; closed ones only when `state` says so, or « all ».

    Views: mine, unassigned, team (somebody else's), late, us, customer, second_level. What was
    merged is read in the case that holds it, and listed only among the closed.
    """
    asked = asked or Asked()
    found = Case.objects.filter(workspace=workspace).select_related("customer", "reason")
    if asked.kind in Case.Kind.values:
        found = found.filter(kind=asked.kind)
    if asked.state in Case.State.values:
        found = found.filter(state=asked.state)
    elif asked.state != "all":
        found = found.exclude(state=Case.State.CLOSED)
    found = found.filter(_view(asked.view, user, now))
    for word in asked.typed.split():
        found = found.filter(
            by_number(word)
            | Q(title__icontains=word)
            | Q(customer__search_text__contains=fold(word))
        )
    order = (BACKWARDS if asked.sort.startswith("-") else SORTS).get(asked.sort.lstrip("-"))
    return found.order_by(*(order or SORTS["priorite"]))  # type: ignore[arg-type]  # names and F


def by_number(typed: str) -> Q:
    """Cases of which somebody types the number, or how it begins; read by an index."""
    return Q(number__in=meant(typed)) | Q(number__startswith=typed.strip().upper())


def steps_left(case: Case) -> list[CaseStep]:
    """What the procedures still ask before the case may be closed."""
    return list(case.steps.filter(done_at__isnull=True, waived_at__isnull=True, optional=False))


def _view(view: str, user: User | None, now: datetime) -> Q:
    views = {
        "mine": Q(assignee=user),
        "unassigned": Q(assignee__isnull=True),
        "team": Q(assignee__isnull=False) & ~Q(assignee=user),
        "late": Q(state__in=RUNNING, resolve_due_at__lt=now),
        "us": Q(state=Case.State.OPEN),
        "customer": Q(state=Case.State.WAITING_CUSTOMER),
        "second_level": Q(state=Case.State.SECOND_LEVEL),
    }
    return views.get(view, Q())


def history(case: Case) -> QuerySet[CaseEvent]:
    """All that happened to a case and to those merged into it, in order."""
    return (
        CaseEvent.objects.filter(Q(case=case) | Q(case__merged_into=case))
        .select_related("case")
        .order_by("at", "pk")
    )


def links(case: Case) -> QuerySet[CaseLink]:
    """Ties from and to a case."""
    return CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")


def codes(workspace: Workspace, kind: str) -> QuerySet[CaseCode]:
    """The codes offered, first level and second; retired ones apart."""
    return CaseCode.objects.filter(workspace=workspace, kind=kind, retired=False).select_related(
        "parent"
    )


def open_complaints(workspace: Workspace) -> QuerySet[Case]:
    """The oldest first: in each state, what was opened first is due first."""
    return (
        Case.objects.filter(workspace=workspace, kind=Case.Kind.COMPLAINT)
        .exclude(state=Case.State.CLOSED)
        .select_related("customer")
        .order_by("opened_at", "pk")
    )


ALERTS_SHOWN = 50
CASES_SHOWN = 500


def of_alert(alert: RecurrenceAlert) -> QuerySet[Case]:
    """The cases that an alert counts, the newest first."""
    return Case.objects.filter(
        workspace_id=alert.workspace_id,
        product_id=alert.product_id,
        symptom_id=alert.symptom_id,
        opened_at__gte=alert.since,
    )


def alerts_with_cases(workspace: Workspace) -> list[tuple[RecurrenceAlert, list[Case]]]:
    """The last alerts, those that wait first, each with its cases; two queries in all."""
    found = list(
        RecurrenceAlert.objects.filter(workspace=workspace)
        .select_related("product", "symptom", "parent")
        .order_by(F("acknowledged_at").desc(nulls_first=True), "-raised_at")[:ALERTS_SHOWN]
    )
    pairs = {(alert.product_id, alert.symptom_id) for alert in found}
    cases = Case.objects.filter(
        workspace=workspace,
        product_id__in={product for product, _symptom in pairs},
        symptom_id__in={symptom for _product, symptom in pairs},
    ).select_related("customer")[:CASES_SHOWN]
    kept = list(cases) if found else []
    return [
        (
            alert,
            [
                case
                for case in kept
                if (case.product_id, case.symptom_id) == (alert.product_id, alert.symptom_id)
                and case.opened_at >= alert.since
            ],
        )
        for alert in found
    ]


def case_of_dispute(dispute: InvoiceDispute) -> Case | None:
    """The case in which a dispute is handled; None once it is gone."""
    return Case.objects.filter(workspace_id=dispute.workspace_id, number=dispute.reference).first()


def disputable(customer: Customer) -> QuerySet[Invoice]:
    """The invoices of a customer that are not in dispute, the last first."""
    found = Invoice.objects.filter(customer=customer, kind=Invoice.Kind.INVOICE)
    return found.exclude(
        pk__in=InvoiceDispute.objects.filter(settled_at__isnull=True).values("invoice")
    )


def disputes(
    workspace: Workspace, *, typed: str = "", state: str = "", reason: str = ""
) -> QuerySet[InvoiceDispute]:
    """The oldest first; `state` is empty for those that last, all, or an outcome."""
    found = InvoiceDispute.objects.filter(workspace=workspace).select_related(
        "invoice__customer", "credit_note"
    )
    if state in InvoiceDispute.Outcome.values:
        found = found.filter(outcome=state)
    elif state != "all":
        found = found.filter(settled_at__isnull=True)
    if reason in InvoiceDispute.Reason.values:
        found = found.filter(reason=reason)
    for word in typed.split():
        found = found.filter(
            Q(invoice__number__icontains=word)
            | Q(reference__icontains=word)
            | Q(invoice__customer__search_text__contains=fold(word))
        )
    return found.order_by("opened_at", "pk")


def cases_by_number(workspace: Workspace, numbers: Iterable[str]) -> dict[str, Case]:
    """The cases of these numbers, in one query."""
    found = Case.objects.filter(workspace=workspace, number__in=set(numbers))
    return {case.number: case for case in found}


def opinions(workspace: Workspace, *, typed: str = "", state: str = "") -> QuerySet[Opinion]:
    """The questions sent, the last first; `state`: answered, waiting, unhappy, unsolved, or all."""
    found = Opinion.objects.filter(workspace=workspace).select_related("case__customer")
    conditions = {
        "answered": Q(score__isnull=False),
        "waiting": Q(score__isnull=True),
        "unhappy": Q(score__lt=satisfaction.SATISFIED_FROM),
        "unsolved": Q(solved=False),
    }
    found = found.filter(conditions.get(state, Q()))
    for word in typed.split():
        found = found.filter(
            Q(case__number__icontains=word) | Q(case__customer__search_text__contains=fold(word))
        )
    return found


def opinion_figures(workspace: Workspace) -> satisfaction.Figures:
    """CSAT, mean and response rate of a desk, over all the questions it sent."""
    found = Opinion.objects.filter(workspace=workspace).order_by()
    scores = [score for score in found.values_list("score", flat=True) if score is not None]
    return satisfaction.figures(found.count(), scores)


def exchange_of(case: Case) -> Conversation | None:
    """The exchange in which a case was opened: the last of its customer that was under way then.

    An exchange that ended in the hour before still counts: cases are written down after a call.
    """
    return (
        Conversation.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=case.opened_at - EXCHANGE_BEFORE),
            workspace=case.workspace_id,
            customer=case.customer_id,
            direction=Conversation.Direction.IN,
            started_at__lte=case.opened_at,
        )
        .order_by("-started_at", "-pk")
        .first()
    )
