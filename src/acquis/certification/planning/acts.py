"""The acts of a plan, from its trace, in words: people by their names, days as one says them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.certification.planning.changes import absence_words, move_words, sessions_notes
from acquis.certification.planning.models import SeasonPlan
from acquis.kernel.models import TraceLine

ACTS: Mapping[str, tuple[str, Promise]] = {
    "plan.created": ("calendar-plus", gettext_lazy("Plan créé")),
    "plan.exam_added": ("certificate", gettext_lazy("Examen ajouté au plan")),
    "plan.exam_removed": ("minus", gettext_lazy("Examen retiré du plan")),
    "plan.revised": ("edit", gettext_lazy("Plan modifié")),
    "plan.reopened": ("lock-open", gettext_lazy("Plan rouvert")),
    "plan.people_added": ("user-plus", gettext_lazy("Personnes ajoutées au plan")),
    "plan.person_removed": ("user-minus", gettext_lazy("Personne retirée du plan")),
    "plan.absences_noted": ("user-pause", gettext_lazy("Absences notées")),
    "plan.room_added": ("plus", gettext_lazy("Salle ajoutée")),
    "plan.room_removed": ("minus", gettext_lazy("Salle retirée")),
    "plan.days_added": ("calendar-plus", gettext_lazy("Jours ajoutés")),
    "plan.day_removed": ("calendar-event", gettext_lazy("Jour retiré")),
    "plan.search_started": ("player-play", gettext_lazy("Calcul lancé")),
    "plan.solved": ("check", gettext_lazy("Planning trouvé")),
    "plan.found_impossible": ("alert-triangle", gettext_lazy("Aucun planning trouvé")),
    "plan.moved": ("arrows-left-right", gettext_lazy("Candidat déplacé")),
    "plan.move_undone": ("arrow-back-up", gettext_lazy("Déplacement annulé")),
    "plan.absence_studied": ("user-off", gettext_lazy("Absence étudiée")),
    "plan.proposal_made": ("arrows-diff", gettext_lazy("Planning proposé")),
    "plan.proposal_accepted": ("check", gettext_lazy("Proposition acceptée")),
    "plan.proposal_refused": ("x", gettext_lazy("Proposition écartée")),
    "plan.published": ("send", gettext_lazy("Plan publié en sessions")),
}
_REMOVED: Mapping[str, Promise] = {
    "PlanCandidate": gettext_lazy("un candidat"),
    "PlanJuror": gettext_lazy("un juré"),
    "PlanInvigilator": gettext_lazy("un surveillant"),
}

Data = Mapping[str, Any]  # of a line of the trace


@dataclass(frozen=True)
class _Names:
    """Those that the lines name by key, and what was noted on each timetable."""

    candidates: Mapping[int, str]
    jurors: Mapping[int, str]
    notes: Mapping[int, str]
    certifications: Mapping[int, str]  # by the key of their edition


def history(plan: SeasonPlan, lines: Iterable[TraceLine]) -> Iterator[dict[str, Any]]:
    """Lines of the plan's trace as the journal shows them, in four queries whatever their number."""
    names = _Names(
        {
            one.pk: one.enrolment.candidate.full_name
            for one in plan.candidates.select_related("enrolment__candidate")
        },
        {one.juror_id: one.juror.full_name for one in plan.jurors.select_related("juror")},
        dict(plan.revisions.values_list("number", "note")),
        {
            one.version_id: one.version.framework.acronym or one.version.framework.title
            for one in plan.exams.all()
        },
    )
    for line in lines:
        said = _SAID.get(line.verb)
        icon, title = ACTS.get(line.verb, ("circle-dot", line.verb))
        yield {
            "at": line.at,
            "actor": line.actor_label,
            "icon": icon,
            "title": title,
            "text": said(line.data, names) if said else "",
        }


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "l j F Y")


def _added(data: Data, _names: _Names) -> str:
    count = len(data["keys"])
    words = {
        "candidates": ngettext("%d candidat", "%d candidats", count),
        "jurors": ngettext("%d juré", "%d jurés", count),
        "invigilators": ngettext("%d surveillant", "%d surveillants", count),
    }
    return str(words[data["what"]] % count)


def _exam(data: Data, names: _Names) -> str:
    """An exam that was taken out is told by its block alone."""
    certification = names.certifications.get(data["version"], "")
    parts = (certification, data["block"] or _("Certification entière"))
    return " · ".join(part for part in parts if part)


def _moved(data: Data, names: _Names) -> str:
    name = names.candidates.get(data["candidate"], _("Un candidat"))
    return move_words(name, date.fromisoformat(data["day"]), data["jury"], data["alone_at"])


def _absent(data: Data, names: _Names) -> str:
    name = names.jurors.get(data["juror"], _("Un juré"))
    return absence_words(name, date.fromisoformat(data["day"]))


def _name(data: Data, _names: _Names) -> str:
    return str(data["name"])


def _note(data: Data, names: _Names) -> str:
    return names.notes.get(data["revision"], "")


# What the title leaves out.
_SAID: Mapping[str, Callable[[Data, _Names], str]] = {
    "plan.created": _name,
    "plan.exam_added": _exam,
    "plan.exam_removed": _exam,
    "plan.room_added": _name,
    "plan.room_removed": _name,
    "plan.people_added": _added,
    "plan.person_removed": lambda data, _names: str(_REMOVED[data["what"]]),
    "plan.absences_noted": lambda data, _names: str(
        ngettext("pour %d personne", "pour %d personnes", data["people"]) % data["people"]
    ),
    "plan.days_added": lambda data, _names: ", ".join(_day(one) for one in data["days"]),
    "plan.day_removed": lambda data, _names: _day(data["day"]),
    "plan.solved": lambda data, _names: str(
        ngettext("%d jour de jury", "%d jours de jury", data["jury_days"]) % data["jury_days"]
    ),
    "plan.moved": _moved,
    "plan.move_undone": lambda data, _names: (
        _("Le planning n° %(n)s est de nouveau en vigueur") % {"n": data["revision"]}
    ),
    "plan.absence_studied": _absent,
    "plan.proposal_made": _note,
    "plan.proposal_accepted": _note,
    "plan.proposal_refused": _note,
    "plan.published": lambda data, _names: ", ".join(
        sessions_notes(data["made"], data["changed"], data["cancelled"])
    ),
}
