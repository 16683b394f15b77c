"""What is arranged for a person, in words: its effect, never its cause (X-11)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.frameworks.presentation import METHODS, PHASE_KINDS
from acquis.certification.registrations import policy, queries
from acquis.certification.registrations.models import Accommodation, Enrolment
from acquis.kernel.lists.reading import capital

PARTS = {
    Fraction(1, 4): gettext_lazy("un quart"),
    Fraction(1, 3): gettext_lazy("un tiers"),
    Fraction(1, 2): gettext_lazy("la moitié"),
    Fraction(2, 3): gettext_lazy("deux tiers"),
    Fraction(1): gettext_lazy("le double"),
}
SHARES = {
    Fraction(1, 4): gettext_lazy("d’un quart"),
    Fraction(1, 3): gettext_lazy("d’un tiers"),
    Fraction(1, 2): gettext_lazy("de moitié"),
    Fraction(2, 3): gettext_lazy("des deux tiers"),
    Fraction(1): gettext_lazy("du double"),
}
SCOPES = {**PHASE_KINDS, **METHODS}


def scope_words(scope: Iterable[str]) -> str:
    """« travail écrit, préparation »; empty when it is the whole exam."""
    return ", ".join(str(SCOPES[name]).lower() for name in scope)


def part_words(part: Fraction) -> str:
    """« un tiers », otherwise « 2/5 » as it was decided."""
    return str(PARTS.get(part, part))


def _share_words(part: Fraction) -> str:
    named = SHARES.get(part)
    return str(named) if named else _("de %(part)s") % {"part": part}


def extra_time_words(enrolment: Enrolment) -> str:
    """« un tiers », « un tiers (travail écrit) »; empty without extra time."""
    return " ; ".join(
        _limited(part_words(each.factor), each.scope)
        for each in queries.accommodations_of(enrolment)
        if each.factor
    )


def _limited(words: str, scope: Sequence[str]) -> str:
    return f"{words} ({scope_words(scope)})" if scope else words


def accommodation_words(each: Accommodation) -> str:
    """What is done, in one line: « temps majoré d’un tiers (travail écrit) »."""
    if each.kind == Accommodation.Kind.EXTRA_TIME:
        words = _("temps majoré %(share)s") % {"share": _share_words(each.factor)}
    elif each.kind == Accommodation.Kind.BREAKS:
        words = _("pauses de %(minutes)s min par heure") % {"minutes": each.break_minutes}
    else:
        words = str(each.get_kind_display()).lower()
    return _limited(words, each.scope)


def effect(enrolment: Enrolment) -> str:
    """What a PV says of times: « Durées majorées d’un tiers ». Never why, nor the other aids."""
    shares = [
        _limited(_share_words(each.factor), each.scope)
        for each in queries.accommodations_of(enrolment)
        if each.factor
    ]
    return _("Durées majorées %(shares)s") % {"shares": ", ".join(shares)} if shares else ""


def own_accommodations(enrolment: Enrolment) -> str:
    """What a candidate reads on their own summons; empty without accommodation."""
    granted = queries.accommodations_of(enrolment)
    if not granted:
        return ""
    told = " ; ".join(accommodation_words(each) for each in granted)
    if any(each.factor or each.break_minutes for each in granted):
        return _("Vos aménagements : %(told)s. Les heures ci-dessous en tiennent compte.") % {
            "told": told
        }
    return _("Vos aménagements : %(told)s.") % {"told": told}


@dataclass(frozen=True, slots=True)
class AccommodationRow:
    """One decision as the page of the enrolment shows it."""

    accommodation: Accommodation
    words: str
    state: str
    tone: str
    open: bool


def accommodation_rows(enrolment: Enrolment) -> list[AccommodationRow]:
    return [
        _row(each) for each in enrolment.accommodations.select_related("created_by", "ended_by")
    ]


def _row(each: Accommodation) -> AccommodationRow:
    words = capital(accommodation_words(each))
    if each.replaced_by_id:
        return AccommodationRow(each, words, _("Remplacé"), "neutral", open=False)
    if each.ended_at:
        return AccommodationRow(each, words, _("Terminé"), "neutral", open=False)
    if each.decision_date is None:
        return AccommodationRow(each, words, _("Décision attendue"), "warning", open=True)
    return AccommodationRow(each, words, _("Accordé"), "success", open=True)


def late_decisions(
    enrolment: Enrolment, sessions: Sequence[tuple[str, date]], today: date
) -> list[str]:
    """Decisions less than three months before a session to come: told, never refused."""
    return [
        _(
            "« %(words)s » : la session %(reference)s a lieu le %(day)s, moins de trois mois après"
            " la décision. Certaines DDETS demandent ce délai : prévenez celle de la session."
        )
        % {
            "words": capital(accommodation_words(each)),
            "reference": reference,
            "day": date_format(day, "j F Y"),
        }
        for each in enrolment.accommodations.all()
        if not each.ended_at
        for reference, day in sessions
        if day >= today and policy.decided_late(each.decision_date, today, day)
    ]
