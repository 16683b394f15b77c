"""Cases as their pages and their export show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import InvoiceDispute
from acquis.desk.cases.actions.intervene import spoken
from acquis.desk.cases.models import Case, CaseCode, Intervention, Opinion
from acquis.desk.cases.policy import complaints
from acquis.desk.cases.policy.deadlines import CUSTOMER, NOBODY, SECOND_LEVEL, US, Clock
from acquis.desk.cases.rules import Rules
from acquis.desk.documents.policy import sender_lines
from acquis.desk.shell import day_in_paris
from acquis.kernel import sheets

VIEWS = [
    ("", gettext_lazy("Toutes")),
    ("mine", gettext_lazy("Les miennes")),
    ("unassigned", gettext_lazy("À prendre")),
    ("team", gettext_lazy("Celles de l’équipe")),
    ("late", gettext_lazy("En retard")),
    ("us", gettext_lazy("Nous attendent")),
    ("customer", gettext_lazy("Attendent le client")),
    ("second_level", gettext_lazy("Au second niveau")),
]
WAITS = {
    US: gettext_lazy("Attend notre réponse"),
    CUSTOMER: gettext_lazy("Attend le client"),
    SECOND_LEVEL: gettext_lazy("Attend le second niveau"),
    NOBODY: gettext_lazy("N’attend plus personne"),
}
TONES = {"ok": "info", "warning": "warning", "late": "danger", "paused": "neutral",
         "stopped": "success"}  # fmt: skip
CLOCKS = {
    "ok": gettext_lazy("dans les temps"),
    "warning": gettext_lazy("échéance proche"),
    "late": gettext_lazy("en retard"),
    "paused": gettext_lazy("en pause"),
    "stopped": gettext_lazy("arrêtée"),
}


@dataclass(frozen=True, slots=True)
class ShownClock:
    clock: Clock

    @property
    def waits_for(self) -> str:
        return str(WAITS[self.clock.waits_for])

    @property
    def tone(self) -> str:
        return TONES[self.clock.state]

    @property
    def state(self) -> str:
        return str(CLOCKS[self.clock.state])

    @property
    def percent(self) -> int:
        return min(100, int(self.clock.share * 100))


def with_clocks(found: Iterable[Case], rules: Rules, now: datetime) -> list[Case]:
    """Each case with `clock`, the one its row shows, or None."""
    rows = list(found)
    for case in rows:
        read = rules.clock_of(case, now)
        case.clock = ShownClock(read) if read else None  # type: ignore[attr-defined]
    return rows


def code_choices(codes: Iterable[CaseCode]) -> list[tuple[Any, Any]]:
    """A tree of two levels as a list of choices: « Livraison › Retard »."""
    return [
        (code.pk, f"{code.parent.label} › {code.label}" if code.parent else code.label)
        for code in codes
    ]


def cases_csv(found: Iterable[Case], now: datetime) -> str:
    """The list as a spreadsheet opens it in French."""
    heads = [
        _("Numéro"), _("Titre"), _("Genre"), _("Client"), _("Motif"), _("Priorité"), _("État"),
        _("Suivie par"), _("Ouverte le"), _("Échéance"), _("En retard"), _("Close le"),
        _("Résolution"), _("Satisfaction"),
    ]  # fmt: skip
    rows = (
        (
            case.number, case.title, case.get_kind_display(), case.customer.display_name,
            case.reason.label if case.reason else "", case.priority, case.get_state_display(),
            case.assignee_label, _moment(case.opened_at), _moment(case.resolve_due_at),
            _("oui") if case.is_late(now) else _("non"), _moment(case.closed_at),
            case.resolution, case.satisfaction or "",
        )
        for case in found
    )  # fmt: skip
    return sheets.csv_text(heads, rows)


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}" if value else ""


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint and the days on which its steps are due; done ones are said so."""

    case: Case
    dates: complaints.Dates
    acknowledged: bool
    answered: bool
    today: date

    @property
    def next_due(self) -> date:
        if not self.acknowledged:
            return self.dates.acknowledge_by
        return self.dates.mediator_from if self.answered else self.dates.answer_by

    @property
    def acknowledge_late(self) -> bool:
        return not self.acknowledged and self.today > self.dates.acknowledge_by

    @property
    def answer_late(self) -> bool:
        return not self.answered and self.today > self.dates.answer_by

    @property
    def mediator_may(self) -> bool:
        """Whether the consumer may already go to the mediator."""
        return self.today >= self.dates.mediator_from


def complaint_row(case: Case, rules: Rules, today: date) -> ComplaintRow:
    dates = complaints.dates_of(
        day_in_paris(case.opened_at),
        acknowledge_days=rules.acknowledge_days,
        answer_days=rules.answer_days,
    )
    return ComplaintRow(
        case,
        dates,
        case.stage in complaints.ACKNOWLEDGED_ALREADY,
        case.stage in complaints.ANSWERED_ALREADY,
        today,
    )


def complaint_rows(found: Iterable[Case], rules: Rules, today: date) -> list[ComplaintRow]:
    return [complaint_row(case, rules, today) for case in found]


def sheet_data(visit: Intervention, workspace: Workspace) -> dict[str, Any]:
    """What the intervention sheet prints."""
    case, booked = visit.case, visit.appointment
    return {
        "number": case.number,
        "title": case.title,
        "issuer": sender_lines(workspace.identity, workspace.name)[0],
        "when": spoken(booked),
        "who": booked.resource.name,
        "customer": case.customer.display_name,
        "phone": case.customer.phone,
        "place": booked.place,
        "product": str(case.product or ""),
        "symptom": case.symptom.label if case.symptom else "",
        "asked": case.description,
        "tried": case.tried,
        "instructions": visit.instructions,
        "outcome": visit.get_outcome_display() if visit.outcome else "",
        "report": visit.report,
    }


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A disputed invoice, the case that handles it, its age and the days its answers are due."""

    dispute: InvoiceDispute
    case: Case | None
    days: int  # since it began, until it was settled
    complaint: ComplaintRow | None


def dispute_rows(
    found: Iterable[InvoiceDispute], cases: Mapping[str, Case], rules: Rules, today: date
) -> list[DisputeRow]:
    """The rows of disputes, with the deadlines of their complaints (V-13)."""
    return [_dispute_row(one, cases.get(one.reference), rules, today) for one in found]


def _dispute_row(
    dispute: InvoiceDispute, case: Case | None, rules: Rules, today: date
) -> DisputeRow:
    until = day_in_paris(dispute.settled_at) if dispute.settled_at else today
    followed = case is not None and case.kind == Case.Kind.COMPLAINT
    return DisputeRow(
        dispute,
        case,
        (until - day_in_paris(dispute.opened_at)).days,
        complaint_row(case, rules, today) if case is not None and followed else None,
    )


def disputes_csv(rows: Iterable[DisputeRow]) -> str:
    heads = [
        _("Facture"), _("Client"), _("Montant contesté TTC"), _("Motif"), _("Ce que dit le client"),
        _("Demande"), _("Ouvert le"), _("Ouvert par"), _("Âge en jours"), _("Réponse avant le"),
        _("Issue"), _("Avoir"), _("Réponse au client"), _("Réglé le"), _("Réglé par"),
    ]  # fmt: skip
    return sheets.csv_text(heads, (_dispute_cells(row) for row in rows))


def _dispute_cells(row: DisputeRow) -> tuple[Any, ...]:
    one, due = row.dispute, row.complaint
    return (
        one.invoice.number, one.invoice.customer.display_name, one.amount,
        one.get_reason_display(), one.detail, one.reference, _moment(one.opened_at),
        one.opened_by_label, row.days, f"{due.dates.answer_by:%d/%m/%Y}" if due else "",
        one.get_outcome_display() if one.outcome else _("en litige"),
        one.credit_note.number if one.credit_note else "", one.answer, _moment(one.settled_at),
        one.settled_by_label,
    )  # fmt: skip


def origin_of(request: HttpRequest) -> str:
    """Where this installation is reached, for links that leave by a message."""
    return request.build_absolute_uri("/")


def opinions_csv(found: Iterable[Opinion]) -> str:
    heads = [
        _("Demande"), _("Client"), _("Suivie par"), _("Envoyée le"), _("Canal"), _("Répondu le"),
        _("Note"), _("Résolu"), _("Ce que dit le client"),
    ]  # fmt: skip
    solved = {None: "", True: _("oui"), False: _("non")}
    rows = (
        (
            one.case.number, one.case.customer.display_name, one.case.assignee_label,
            _moment(one.sent_at), one.channel_label, _moment(one.answered_at), one.score or "",
            solved[one.solved], one.comment,
        )
        for one in found
    )  # fmt: skip
    return sheets.csv_text(heads, rows)
