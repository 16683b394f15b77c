"""Faults, violations, proofs and acts of a plan in plain French."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from acquis.certification.exam_sessions.presentation import KINDS
from acquis.certification.planning.assembling import Assembled, wanted_specialities
from acquis.certification.planning.models import PlanExam, PlannedSlot, SeasonPlan
from acquis.certification.planning.policy import Fault
from acquis.certification.planning.problem import Proof
from acquis.certification.planning.revisions import Content, all_days_proven, proof_named, waits
from acquis.certification.registrations.models import Enrolment
from acquis.kernel.typography import NBSP, number

TONES = {"draft": "neutral", "solved": "info", "published": "success"}


def clock(minutes: int) -> str:
    """« 9 h 05 »: minutes from midnight as one says them."""
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02}"


def length(minutes: int) -> str:
    """« 2 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


MEETING = "meeting"
_OWN_WORDS: Mapping[str, Promise] = {
    PlannedSlot.MARKING: gettext_lazy("Correction de l’écrit"),
    MEETING: gettext_lazy("Réunion du jury"),
}
_SHORT: Mapping[str, tuple[Promise, Promise]] = {
    "written": (gettext_lazy("Écrit"), pgettext_lazy("initiale de : écrit", "É")),
    "preparation": (gettext_lazy("Prépa"), pgettext_lazy("initiale de : préparation", "P")),
    "exchanges": (gettext_lazy("Échanges"), pgettext_lazy("initiale de : échanges", "X")),
    "reaction": (gettext_lazy("Réaction"), pgettext_lazy("initiale de : réaction", "R")),
    "interview": (gettext_lazy("Entretien"), pgettext_lazy("initiale de : entretien", "E")),
    "defence": (gettext_lazy("Soutenance"), pgettext_lazy("initiale de : soutenance", "S")),
    "deposit": (gettext_lazy("Remise"), pgettext_lazy("initiale de : dépôt", "D")),
    PlannedSlot.MARKING: (
        gettext_lazy("Correction"),
        pgettext_lazy("initiale de : correction", "C"),
    ),
    MEETING: (gettext_lazy("Réunion"), pgettext_lazy("initiale de : réunion", "J")),
}


def kind_words(kind: str) -> str:
    """What one does in a phase; the marking is the jury's alone."""
    return str(_OWN_WORDS[kind] if kind in _OWN_WORDS else KINDS[kind])


def short_words(kind: str) -> str:
    """The same in one word, for a narrow place."""
    return str(_SHORT[kind][0])


def letter(kind: str) -> str:
    """The same in one letter; the key of the chart says what it stands for."""
    return str(_SHORT[kind][1])


# ---- Exams ----


def exam_words(exam: PlanExam) -> str:
    """« CRCD · CCP1 », « CRCD · Certification entière »."""
    framework = exam.version.framework
    return f"{framework.acronym or framework.title} · {exam.block or _('Certification entière')}"


def short_exam(exam: PlanExam) -> str:
    """« CCP1 », or the certification that is sat whole: beside a name, in a plan of several exams."""
    framework = exam.version.framework
    return exam.block or framework.acronym or framework.title


def exams_words(plan: SeasonPlan) -> str:
    """All exams of a plan: « Conseiller relation client à distance · CCP1, CCP2 »."""
    titles: dict[str, list[PlanExam]] = {}
    for exam in plan.exams.all():
        titles.setdefault(exam.version.framework.title, []).append(exam)
    return " – ".join(
        title
        if [one.block for one in those] == [""]
        else f"{title} · {', '.join(one.block or _('Certification entière') for one in those)}"
        for title, those in titles.items()
    )


def exam_beside(plan: SeasonPlan) -> Callable[[Enrolment], str]:
    """What names somebody's exam beside their own name; nothing in a plan of one exam."""
    exams = {(one.version_id, one.block): one for one in plan.exams.all()}
    if len(exams) < 2:
        return lambda _enrolment: ""
    return lambda enrolment: short_exam(exams[enrolment.version_id, enrolment.block])


# ---- Before the search ----

FAULTS: Mapping[str, Promise] = {
    "untimed": gettext_lazy(
        "Le référentiel ne donne pas de durée à cet examen : complétez sa fiche."
    ),
    "nobody_sits": gettext_lazy("Personne dans ce plan ne passe cet examen."),
    "no_candidate": gettext_lazy("Aucun candidat n’est choisi."),
    "no_day": gettext_lazy("Aucun jour n’est ouvert."),
    "no_juror": gettext_lazy("Aucun juré n’est choisi."),
    "no_jury_room": gettext_lazy("Il n’y a pas de salle de jury."),
    "no_workstation": gettext_lazy(
        "Il n’y a pas de salle d’écrit et de préparation, alors que l’examen en demande une."
    ),
    "too_few_jurors": gettext_lazy(
        "Le %(day)s, %(there)s juré(s) peuvent siéger ; il en faut %(needed)s pour former un jury."
    ),
    "no_specialist": gettext_lazy(
        "Le %(day)s, aucun juré disponible n’a la spécialité « %(speciality)s »."
    ),
    "too_few_external": gettext_lazy(
        "Le %(day)s, trop peu de jurés extérieurs au centre : il en faut au moins la moitié d’un jury."
    ),
    "no_invigilator": gettext_lazy("Le %(day)s, aucun surveillant n’est disponible."),
    "jurors_never_there": gettext_lazy(
        "Aucun jour du plan ne convient à %(jurors)s : absence, habilitation ou autre session."
    ),
    "no_jury_for": gettext_lazy(
        "Aucun jury ne peut entendre %(candidate)s aux jours où il ou elle peut venir."
    ),
    "no_jury_for_linked": gettext_lazy(
        "Aucun jury ne peut entendre %(candidate)s : un lien est déclaré avec %(jurors)s."
    ),
}


def fault_sentence(fault: Fault, found: Assembled) -> str:
    """What is missing, with days and people written out."""
    code = fault.code
    if code == "no_jury_for" and fault.jurors:
        code = "no_jury_for_linked"
    exam = found.exams.get(fault.exam or 0)
    sentence = str(FAULTS[code]) % {
        **fault.params,
        "day": day_words(found, fault.day),
        "candidate": candidate_name(found, fault.sitter),
        "jurors": ", ".join(juror_name(found, juror) for juror in fault.jurors),
        "speciality": ", ".join(wanted_specialities(found.plan, exam) if exam else ()),
    }
    if exam is None or len(found.exams) < 2:
        return sentence
    return _("%(exam)s : %(sentence)s") % {"exam": exam_words(exam), "sentence": sentence}


def day_words(found: Assembled, day: int | None) -> str:
    return "" if day is None or day < 0 else date_format(found.days[day].on, "l j F")


def candidate_name(found: Assembled, key: int | None) -> str:
    one = found.candidates.get(key or 0)
    return one.enrolment.candidate.full_name if one else ""


def juror_name(found: Assembled, key: int | None) -> str:
    one = found.jurors.get(key or 0)
    return one.juror.full_name if one else ""


def room_name(found: Assembled, key: int | None) -> str:
    one = found.rooms.get(key or 0)
    return one.name if one else ""


def durations(found: Assembled) -> list[dict[str, Any]]:
    """What each exam asks of a candidate, one line for each time: most have the framework's own."""
    lines: dict[tuple[int, int, int, int], dict[str, Any]] = {}
    several = len(found.exams) > 1
    for sitter in found.problem.sitters:
        exam = sitter.exam
        key = (sitter.bench, exam.together_minutes, exam.alone_minutes, exam.jury_minutes)
        line = lines.setdefault(
            key,
            {
                "count": 0,
                "exam": short_exam(found.exams[sitter.bench]) if several else "",
                "written": length(exam.together_minutes),
                "run": length(exam.alone_minutes),
                "jury": length(exam.jury_minutes),
            },
        )
        line["count"] += 1
    return [lines[key] for key in sorted(lines)]


# ---- After the search ----

REFUSALS: Mapping[str, Promise] = {
    "day_too_short": gettext_lazy(
        "L’examen de %(names)s n’entre dans aucun jour : après l’écrit, le passage dure %(run)s et une pause "
        "ne peut l’interrompre qu’entre deux épreuves. Ouvrez plus longtemps, ou déplacez la pause."
    ),
    "independence": gettext_lazy(
        "Aucun jury formé ne peut entendre %(names)s : liens déclarés ou jours impossibles."
    ),
    "capacity": gettext_lazy(
        "Les %(candidates)s candidats n’entrent pas dans ces jours, avec ces jurys et ces salles."
    ),
    "unknown": gettext_lazy(
        "Aucun planning n’a été trouvé dans le temps donné, sans que l’on sache s’il en existe un."
    ),
}
REMEDIES: Mapping[str, Promise] = {
    "jury_room": gettext_lazy("une salle de jury de plus"),
    "jury": gettext_lazy("un jury de plus, présent tous les jours"),
    "workstations": gettext_lazy("deux fois plus de postes"),
    "invigilators": gettext_lazy("un surveillant pour chaque salle"),
    "most_a_day": gettext_lazy("pas de limite au nombre de candidats par jury et par jour"),
    "absences": gettext_lazy("moins d’absences de jurés ou de candidats"),
    "links": gettext_lazy("des jurés sans lien avec les candidats"),
    "days_1": gettext_lazy("un jour de plus"),
    "days_2": gettext_lazy("deux jours de plus"),
    "days_4": gettext_lazy("quatre jours de plus"),
}


def refusal_sentences(refusal: Mapping[str, Any], found: Assembled) -> list[str]:
    """Why there is no timetable, then what would leave one."""
    keys = [key for key in refusal["sitters"] if key in found.candidates]
    runs = [found.problem.sitter_of[key].exam.alone_minutes for key in keys]
    said = [
        str(REFUSALS[refusal["code"]])
        % {
            "names": ", ".join(candidate_name(found, key) for key in keys),
            "run": length(max(runs, default=0)),
            "candidates": len(found.problem.sitters),
        }
    ]
    helpful = _fewest_days(refusal["remedies"])
    if helpful:
        wanted = [str(REMEDIES[code]) for code in helpful]
        said.append(_("Suffirait : %(remedies)s.") % {"remedies": _(" ; ou ").join(wanted)})
    elif refusal["code"] in {"capacity", "unknown"}:
        said.append(_("Aucune limite levée seule ne suffirait : il en faut plusieurs."))
    return said


def _fewest_days(codes: Sequence[str]) -> list[str]:
    """One more day is enough: nobody wants to hear that two are."""
    days = [code for code in codes if code.startswith("days_")]
    return [code for code in codes if code not in days[1:]]


def part_words(part: str, value: int, bound: int) -> str:
    """What a search does, or has proven, as it goes on."""
    if part == "juries":
        return _("Formation des jurys : %(n)s jurés") % {"n": value}
    if part == "jury_days":
        return _("Jurys et jours choisis : %(proof)s") % {
            "proof": jury_days_words(Proof(part, value, bound, 0))
        }
    if part == "day":
        return _("Heures du jour %(rank)s sur %(count)s") % {"rank": value + 1, "count": bound}
    if part == "moved":
        return (
            ngettext("%d candidat change de jury", "%d candidats changent de jury", value) % value
        )
    if part == "remedy":
        return _("Aucun planning : recherche de ce qui suffirait (%(rank)s sur %(count)s)") % {
            "rank": value + 1,
            "count": bound,
        }
    return _("Salles, postes et surveillants")


def jury_days_words(proof: Proof) -> str:
    """« 67 jours de jury, minimum prouvé »."""
    count = ngettext("%s jour de jury", "%s jours de jury", proof.value) % number(proof.value)
    if proof.is_optimal:
        return _("%(count)s, minimum prouvé") % {"count": count}
    return _("%(count)s, au moins %(least)s prouvés") % {
        "count": count,
        "least": number(proof.bound),
    }


def proof_notes(content: Content) -> list[str]:
    """What the timetable costs, each figure with the bound that is proven."""
    notes = []
    first = proof_named(content, "jury_days")
    if first is not None:
        notes.append(jury_days_words(first))
    changed = proof_named(content, "moved")
    if changed is not None:
        notes.append(part_words("moved", changed.value, changed.bound))
    reached, least = waits(content["proofs"])
    if reached and all_days_proven(content):
        sentence = (
            _("Attente des candidats et présence des jurys : %(reached)s, minimum prouvé")
            if reached == least
            else _(
                "Attente des candidats et présence des jurys : %(reached)s, au moins %(least)s prouvées"
            )
        )
        notes.append(sentence % {"reached": length(reached), "least": length(least)})
    if content["duties"]:
        most = max(duty["invigilator"] for duty in content["duties"])
        notes.append(
            ngettext("%d surveillant au plus à la fois", "%d surveillants au plus à la fois", most)
            % most
        )
    return notes


# ---- Tabs ----


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


_TABS = (
    ("composition", gettext_lazy("Composition du plan"), "planning:detail"),
    ("timetable", gettext_lazy("Planning des jurys"), "planning:timetable"),
    ("people", gettext_lazy("Journée de chacun"), "planning:people"),
    ("journal", gettext_lazy("Journal"), "planning:journal"),
)
_NEEDS_TIMETABLE = frozenset({"timetable", "people"})


def tabs(plan: SeasonPlan, current: str) -> list[Tab]:
    """The parts of a plan; those of its timetable once there is one."""
    found = plan.state != SeasonPlan.State.DRAFT
    return [
        Tab(str(label), reverse(name, args=[plan.pk]), key == current)
        for key, label, name in _TABS
        if found or key not in _NEEDS_TIMETABLE
    ]
