"""What a hand or a replacement changes in a timetable, and what its publication did, in sentences."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.planning.assembling import Assembled
from acquis.certification.planning.checking import Violation
from acquis.certification.planning.presentation import (
    candidate_name,
    clock,
    day_words,
    juror_name,
    room_name,
)
from acquis.certification.planning.problem import Placed, Plan
from acquis.certification.planning.revisions import Content

VIOLATIONS: Mapping[str, Promise] = {
    "placed_twice": gettext_lazy("%(candidate)s est placé(e) deux fois."),
    "not_placed": gettext_lazy("%(candidate)s n’a pas d’heure."),
    "out_of_order": gettext_lazy("%(candidate)s passerait à %(at)s, avant la fin de son écrit."),
    "off_grid": gettext_lazy("%(at)s n’est pas une heure ronde : comptez par cinq minutes."),
    "cut_elsewhere": gettext_lazy(
        "Le passage de %(candidate)s ne s’interrompt pas à %(at)s : seulement entre deux épreuves, pour "
        "une pause du jour."
    ),
    "closed": gettext_lazy(
        "L’examen de %(candidate)s, à partir de %(at)s, sort des heures d’ouverture ou traverse une pause."
    ),
    "two_exams_a_day": gettext_lazy("%(candidate)s passerait deux examens le %(day)s."),
    "jury_not_regular": gettext_lazy(
        "Le jury %(jury)s n’est pas régulier pour l’examen de %(candidate)s le %(day)s."
    ),
    "candidate_away": gettext_lazy("%(candidate)s ne peut pas venir le %(day)s."),
    "not_independent": gettext_lazy(
        "%(juror)s a un lien déclaré avec %(candidate)s : ce jury ne peut pas l’entendre."
    ),
    "juror_away": gettext_lazy("%(juror)s ne peut pas siéger le %(day)s."),
    "marked_too_late": gettext_lazy(
        "Le jury n’a pas le temps de corriger l’écrit de %(candidate)s avant l’entretien."
    ),
    "not_briefed": gettext_lazy(
        "À %(at)s, le jury %(jury)s n’a pas encore tenu sa réunion de préparation."
    ),
    "juror_in_two_juries": gettext_lazy("%(juror)s siégerait dans deux jurys le %(day)s."),
    "too_many_a_day": gettext_lazy("Le jury %(jury)s entendrait trop de candidats le %(day)s."),
    "jury_busy": gettext_lazy("À %(at)s, le jury %(jury)s est déjà pris : %(candidates)s."),
    "no_seat": gettext_lazy("Il n’y a pas de poste libre pour %(candidate)s."),
    "no_jury_room": gettext_lazy("Il n’y a pas de salle libre pour le jury %(jury)s."),
    "room_full": gettext_lazy("À %(at)s, la salle %(room)s n’a plus de poste libre."),
    "jury_room_taken": gettext_lazy("La salle %(room)s recevrait deux jurys le %(day)s."),
    "too_few_invigilators": gettext_lazy(
        "Il faudrait plus de surveillants qu’il n’y en a le %(day)s."
    ),
    "not_invigilated": gettext_lazy(
        "À %(at)s, personne ne surveille %(candidate)s en salle %(room)s."
    ),
    "invigilator_in_two_rooms": gettext_lazy(
        "Un surveillant serait dans deux salles à la fois le %(day)s."
    ),
}


def violation_sentence(violation: Violation, found: Assembled) -> str:
    """One rule not kept, with people, hours and rooms written out."""
    names = [candidate_name(found, key) for key in violation.sitters]
    return str(VIOLATIONS[violation.code]) % {
        "candidate": names[0] if names else "",
        "candidates": ", ".join(names),
        "juror": juror_name(found, violation.juror),
        "jury": violation.panel or "",
        "room": room_name(found, violation.room),
        "day": day_words(found, violation.day),
        "at": "" if violation.at is None else clock(violation.at),
    }


def move_words(name: str, on: date, jury: int, alone_at: int) -> str:
    return _("%(name)s : le %(day)s à %(at)s, jury %(jury)s") % {
        "name": name,
        "day": date_format(on, "j F"),
        "at": clock(alone_at),
        "jury": jury,
    }


def absence_words(name: str, on: date) -> str:
    return _("%(name)s ne peut pas siéger le %(day)s") % {
        "name": name,
        "day": date_format(on, "j F"),
    }


def differences(found: Assembled, before: Plan, after: Plan) -> list[dict[str, Any]]:
    """Whose jury, day or hours differ between two timetables, with what was and what would be."""
    was = {one.sitter: one for one in before.placed}
    rows = []
    for one in after.placed:
        former = was.get(one.sitter)
        if former is None or _told(former) != _told(one):
            rows.append(
                {
                    "name": candidate_name(found, one.sitter),
                    "before": placed_words(found, former) if former else "—",
                    "after": placed_words(found, one),
                }
            )
    return rows


def _told(one: Placed) -> tuple[int, int, int, int | None, int | None]:
    return one.day, one.panel, one.alone_at, one.together_at, one.resumes_at


def placed_words(found: Assembled, one: Placed) -> str:
    """« mardi 1 décembre, jury 2 : écrit à 8 h 30, passage à 10 h 15 »."""
    params = {
        "day": day_words(found, one.day),
        "jury": one.panel,
        "at": clock(one.alone_at),
        "written": "" if one.together_at is None else clock(one.together_at),
        "again": "" if one.resumes_at is None else clock(one.resumes_at),
    }
    if one.together_at is None and one.cut:
        return _("%(day)s, jury %(jury)s : passage à %(at)s, repris à %(again)s") % params
    if one.together_at is None:
        return _("%(day)s, jury %(jury)s : passage à %(at)s") % params
    if one.cut:
        return (
            _("%(day)s, jury %(jury)s : écrit à %(written)s, passage à %(at)s, repris à %(again)s")
            % params
        )
    return _("%(day)s, jury %(jury)s : écrit à %(written)s, passage à %(at)s") % params


def jury_changes(found: Assembled, before: Content, after: Content) -> list[dict[str, str]]:
    """Juries whose members differ, or that are new or gone."""
    rows = []
    for key in sorted({*before["panels"], *after["panels"]}, key=int):
        names = [
            ", ".join(juror_name(found, juror) for juror in content["panels"].get(key, ()))
            for content in (before, after)
        ]
        if names[0] != names[1]:
            rows.append({"number": key, "before": names[0] or "—", "after": names[1] or "—"})
    return rows


class Publication(Protocol):
    """What a publication counts."""

    made: int
    changed: int
    cancelled: int
    to_summon: list[str]


def published_notes(done: Publication) -> list[str]:
    """Sessions made, changed, called off; then who needs a new summons."""
    notes = sessions_notes(done.made, done.changed, done.cancelled)
    if done.to_summon:
        names = ", ".join(done.to_summon)
        notes.append(_("Nouvelle convocation à envoyer : %(names)s.") % {"names": names})
    return notes or [_("Les sessions étaient déjà à jour.")]


def sessions_notes(made: int, changed: int, cancelled: int) -> list[str]:
    """How many sessions of each; nothing where there are none."""
    counted = [
        (made, ngettext("%d session créée", "%d sessions créées", made)),
        (changed, ngettext("%d session modifiée", "%d sessions modifiées", changed)),
        (cancelled, ngettext("%d session annulée", "%d sessions annulées", cancelled)),
    ]
    return [words % count for count, words in counted if count]
