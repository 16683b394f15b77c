"""What this room tells of a customer: requests, breakdowns, complaints."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.cases.models import Case
from acquis.desk.cases.queries import by_number
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Moment, Offer, Room, Situation


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # a case has none
    for case in customer.cases.all()[:limit]:
        yield Moment(
            kind="case",
            at=case.opened_at,
            pk=case.pk,
            title=f"{case.number} · {case.title}",
            text=case.resolution or case.description,
            url=_address(case),
            icon="clipboard-list",
            badge=case.get_state_display(),
            tone="success" if case.state == Case.State.CLOSED else "warning",
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    for case in customer.cases.exclude(state=Case.State.CLOSED).order_by("priority", "opened_at"):
        yield Fact(
            section="open",
            title=case.get_kind_display(),
            text=f"{case.number} · {case.title}",
            url=_address(case),
            tone="danger" if case.due_on and case.due_on < today else "warning",
        )
        if case.due_on:
            yield Fact(
                section="promised",
                title=_("Réponse %(number)s") % {"number": case.number},
                url=_address(case),
                tone="danger" if case.due_on < today else "neutral",
                on=case.due_on,
            )


def customers(workspace: Workspace, number: str) -> QuerySet[Customer]:
    found = Case.objects.filter(by_number(number), workspace=workspace)
    return Customer.objects.filter(workspace=workspace, pk__in=found.values("customer"))


def _address(case: Case) -> str:
    return reverse("cases:case", args=[case.workspace_id, case.pk])


def _open(today: date) -> Q:
    del today
    return Q(pk__in=Case.objects.exclude(state=Case.State.CLOSED).values("customer"))


ROOM = Room(
    kind="case",
    label=_("Demandes et réclamations"),
    moments=moments,
    facts=facts,
    customers=customers,
    situations=(Situation("demande", _("Demande ouverte"), _open),),
    offers=(
        Offer(_("Ouvrir une demande"), "clipboard-list", "cases:open"),
        Offer(_("Mettre en litige"), "gavel", "cases:dispute"),
    ),
)
