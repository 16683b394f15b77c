"""What this room itself tells of a customer: notes, agreements, calls made to sell."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from acquis.desk.directory.models import Customer, ProspectingCall
from acquis.desk.directory.rooms import Moment, Room


def notes(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # a note has none
    for note in customer.notes.all()[:limit]:
        yield Moment(
            kind="note",
            at=note.written_at,
            pk=note.pk,
            title=_("Note"),
            text=note.body,
            icon="note",
            actor=note.author_label,
        )


def agreements(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel
    for consent in customer.consent_records.all()[:limit]:
        yield Moment(
            kind="consent",
            at=consent.decided_at,
            pk=consent.pk,
            title=_("Accord donné") if consent.given else _("Accord retiré ou refusé"),
            text=consent.text_shown or consent.proof,
            icon="circle-check" if consent.given else "ban",
            channel_label=f"{consent.get_channel_display()}, {consent.get_purpose_display()}",
            actor=consent.recorded_by_label,
            badge=consent.get_medium_display(),
            tone="success" if consent.given else "danger",
        )


def calls(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel
    for call in customer.prospecting_calls.all()[:limit]:
        refused = call.outcome == ProspectingCall.Outcome.REFUSED
        yield Moment(
            kind="prospecting",
            at=call.called_at,
            pk=call.pk,
            title=_("Appel de démarchage"),
            icon="phone-outgoing",
            actor=call.caller_label,
            badge=call.get_outcome_display(),
            tone="danger" if refused else "neutral",
        )


ROOMS = (
    Room(kind="note", label=_("Notes"), moments=notes),
    Room(kind="consent", label=_("Accords"), moments=agreements),
    Room(kind="prospecting", label=_("Démarchage"), moments=calls),
)
