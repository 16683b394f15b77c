"""Shapes of a framework's content for screens."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.content import Content, counts
from acquis.certification.frameworks.corrections import at, items_of_kind, kind_of, leading_text
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.origins import IDENTITY, Origins
from acquis.kernel import jobs
from acquis.kernel.models import Job

METHODS = {
    "roleplay": _("Mise en situation professionnelle"),
    "technical_interview": _("Entretien technique"),
    "final_interview": _("Entretien final"),
    "questionnaire": _("Questionnaire professionnel"),
    "production_questioning": _("Questionnement à partir de production(s)"),
    "project": _("Présentation d’un projet"),
    "written_production": _("Production écrite"),
    "oral_defence": _("Soutenance orale"),
    "case_study": _("Étude de cas"),
    "portfolio": _("Dossier"),
}
PHASE_KINDS = {
    "written": _("Travail écrit"),
    "preparation": _("Préparation"),
    "exchanges": _("Échanges avec des clients"),
    "reaction": _("Réaction à un enregistrement"),
    "interview": _("Entretien avec le jury"),
    "defence": _("Soutenance"),
    "deposit": _("Remise d’un document"),
}
KINDS = {
    "titre_professionnel": _("Titre professionnel"),
    "rncp": _("Certification RNCP"),
    "rs": _("Répertoire spécifique"),
    "certificat_professionnel": _("Certificat professionnel"),
    "unknown": _("Nature non précisée"),
}
NATURES = {
    "added": _("Ajouté"),
    "removed": _("Retiré"),
    "reworded": _("Reformulé"),
    "moved": _("Déplacé"),
    "same": _("Identique"),
}
NATURE_TONES = {
    "added": "success",
    "removed": "danger",
    "reworded": "info",
    "moved": "warning",
    "same": "neutral",
}
STATE_TONES = {
    "reading": "info",
    "understood": "warning",
    "refused": "danger",
    "published": "success",
    "abandoned": "neutral",
}
ITEM_KINDS = {
    "identity": _("Identité"),
    "rules": _("Règles"),
    "block": _("Bloc"),
    "activity": _("Activité"),
    "competency": _("Compétence"),
    "criterion": _("Critère"),
    "transversal": _("Compétence transversale"),
    "assessment": _("Épreuves"),
    "phase": _("Épreuve"),
    "step": _("Étape"),
    "warning": _("Doute"),
}


NEAR = 12  # lines: further below an item, a doubt is not about it
RULES = (
    "scale",
    "pass_ratio",
    "summons_before",
    "results_within",
    "retake_within",
    "attempts_max",
    "pass_unit",
    "competency_ratio",
    "critical",
    "by_block",
    "sovereign",
    "certification_jury",
    "retake_proof",
    "retake_beyond",
    "finish_within",
)
JURY = (
    "members_min",
    "members_max",
    "independent_min",
    "experience_years_min",
    "left_years_max",
    "briefing_hours",
    "notes",
)
# What a document may leave unsaid, for templates to ask about.
SILENT: dict[str, Any] = dict.fromkeys(
    (
        "theme",
        "description",
        "context",
        "minutes",
        "candidate_minutes",
        "jury_minutes",
        "invigilated_minutes",
        "individual",
        "exchanges",
        "drawn_by_lot",
        "jury_present",
        "invigilated",
        "activity",
    )
) | {
    "evaluated": True,
    "skills": {},
    "knowledge": [],
    "methods": [],
    "deliverables": [],
    "evaluated_through": [],
    "competencies": [],
}


@dataclass(frozen=True)
class Line:
    """One line of the source text, with the warnings that name it and what was read there."""

    number: int
    text: str
    doubts: list[str]
    items: list[dict[str, str]]


@dataclass(frozen=True)
class Notes:
    """What a review shows beside an item: its line, its doubts, whether it was corrected."""

    lines: dict[str, int] = field(default_factory=dict)  # by code
    doubts: dict[str, list[str]] = field(default_factory=dict)  # by pointer
    changed: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()

    def on(self, pointer: str, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "pointer": pointer,
            "line": self.lines.get(item.get("code") or ""),
            "doubts": self.doubts.get(pointer, []),
            "changed": pointer in self.changed,
            "added": pointer in self.added,
        }


def notes(content: Content, lines: dict[str, int], origins: Origins) -> Notes:
    return Notes(lines, doubts_by_item(content, lines), origins.changed, origins.added)


def doubts_by_item(content: Content, lines: dict[str, int]) -> dict[str, list[str]]:
    """Each doubt under the item that it names, else under the last one read just before its line."""
    items = [
        (pointer, item["code"])
        for kind in ("block", "competency", "criterion", "transversal")
        for pointer, item in items_of_kind(content, kind)
    ]
    found: dict[str, list[str]] = {}
    for warning in content["warnings"]:
        pointer = _doubted(warning, items, lines)
        if pointer is not None:
            found.setdefault(pointer, []).append(warning["message"])
    return found


def _doubted(
    warning: dict[str, Any], items: Sequence[tuple[str, str]], lines: dict[str, int]
) -> str | None:
    for pointer, code in items:
        if re.search(rf"(?<![\w.]){re.escape(code)}(?![\w.]*\w)", warning["message"]):
            return pointer
    line = warning.get("line") or 0
    before = [
        (lines[code], pointer)
        for pointer, code in items
        if code in lines and line - NEAR <= lines[code] <= line
    ]
    return max(before, key=lambda entry: entry[0])[1] if before else None


def source_lines(text: str, content: Content, lines: dict[str, int]) -> list[Line]:
    doubts: dict[int, list[str]] = {}
    for warning in content["warnings"]:
        if warning.get("line"):
            doubts.setdefault(warning["line"], []).append(warning["message"])
    items: dict[int, list[dict[str, str]]] = {}
    for kind in ("block", "competency", "criterion", "transversal"):
        for pointer, item in items_of_kind(content, kind):
            if item["code"] in lines:
                entry = {"code": item["code"], "pointer": pointer}
                items.setdefault(lines[item["code"]], []).append(entry)
    return [
        Line(number, line, doubts.get(number, []), items.get(number, []))
        for number, line in enumerate(text.split("\n"), start=1)
    ]


def structure(content: Content, beside: Notes | None = None) -> list[dict[str, Any]]:
    """Blocks with their items, each with the pointer that names it and what stands beside it."""
    noted = beside or Notes()
    return [
        {
            **SILENT,
            **block,
            **noted.on(f"/blocks/{i}", block),
            **{
                name: _items(block[name], f"/blocks/{i}/{name}", noted)
                for name in ("activities", "competencies", "criteria")
            },
        }
        for i, block in enumerate(content["blocks"])
    ]


def transversal(content: Content, beside: Notes | None = None) -> list[dict[str, Any]]:
    return _items(
        content["transversal_competencies"], "/transversal_competencies", beside or Notes()
    )


def _items(items: Iterable[dict[str, Any]], pointer: str, beside: Notes) -> list[dict[str, Any]]:
    return [{**SILENT, **item, **beside.on(f"{pointer}/{i}", item)} for i, item in enumerate(items)]


def assessments(content: Content, beside: Notes | None = None) -> list[dict[str, Any]]:
    """The exams with their phases, named, each with the pointer that corrects it."""
    noted = beside or Notes()
    titles = {block["code"]: block["title"] for block in content["blocks"]}
    shaped = []
    for i, assessment in enumerate(content["assessments"]):
        block = assessment["scope"].get("block")
        place = f"/assessments/{i}"
        shaped.append(
            {
                **SILENT,
                **assessment,
                **noted.on(place, {}),
                "label": titles.get(block, block)
                if assessment["scope"]["type"] == "block"
                else gettext("Certification entière"),
                "code": block or "",
                "phases": [
                    _phase(phase, f"{place}/phases/{j}", noted)
                    for j, phase in enumerate(assessment["phases"])
                ],
            }
        )
    return shaped


def _phase(phase: dict[str, Any], pointer: str, beside: Notes) -> dict[str, Any]:
    return {
        **SILENT,
        **phase,
        **beside.on(pointer, {}),
        "method_label": METHODS.get(phase["method"], phase["method"]),
        "steps": _items(phase["steps"], f"{pointer}/steps", beside),
    }


def removed(read: Content, origins: Origins) -> list[dict[str, Any]]:
    """What was read and taken out, to be put back."""
    shown = []
    for pointer in origins.gone:
        kind, item = kind_of(pointer), at(read, pointer)
        shown.append(
            {
                "pointer": pointer,
                "kind": ITEM_KINDS[kind],
                "code": item.get("code") or "",
                "text": leading_text(item, kind),
            }
        )
    return shown


def doubts(content: Content, beside: Notes) -> list[dict[str, Any]]:
    """Each doubt with the item it concerns, where one can be told."""
    concerned = {message: place for place, said in beside.doubts.items() for message in said}
    return [
        {**warning, "rank": rank, "item": concerned.get(warning["message"])}
        for rank, warning in enumerate(content["warnings"])
    ]


def identity(content: Content) -> dict[str, Any]:
    """What names the framework; silent where the document is."""
    lists: dict[str, Any] = {"nsf": [], "rome": [], "formacode": []}
    return dict.fromkeys(IDENTITY) | lists | {n: content[n] for n in IDENTITY if n in content}


def rules(content: Content) -> dict[str, Any]:
    """What the document states of the jury, the pass mark and the delays; silent where it is."""
    jury = dict.fromkeys(JURY) | content["rules"].get("jury", {})
    shaped: dict[str, Any] = dict.fromkeys(RULES) | content["rules"]
    shaped["jury"] = {**jury, "notes": jury["notes"] or []}
    shaped["stated"] = _states_something(content)
    return shaped


def _states_something(content: Content) -> bool:
    stated = content["rules"]
    return any(stated.get(name) for name in RULES) or any(stated.get("jury", {}).values())


def import_row(reading: FrameworkImport) -> dict[str, Any]:
    content = reading.corrected
    return {
        "reading": reading,
        "tone": STATE_TONES[reading.state],
        "title": (content["title"] or content["code"] or "") if content else "",
        "counts": counts(content) if content else None,
    }


def waiting_parts(reading: FrameworkImport, job: Job | None) -> dict[str, Any]:
    """An import without anything to review: read just now, refused, stopped or put aside."""
    active = job is not None and job.state in jobs.ACTIVE
    is_reading = reading.state == FrameworkImport.State.READING
    return {
        "reading": reading,
        "job": job,
        "active": is_reading and active,
        "interrupted": is_reading and not active,
        "abandoned": reading.state == FrameworkImport.State.ABANDONED,
        "tone": STATE_TONES[reading.state],
    }


def anchor(pointer: str) -> str:
    return f"item-{pointer.strip('/').replace('/', '-')}"


def words(value: Any) -> str:
    """A value of the content as people read it."""
    if isinstance(value, bool):
        return gettext("oui") if value else gettext("non")
    if isinstance(value, list):
        return " ; ".join(words(one) for one in value)
    if isinstance(value, dict):
        return " ; ".join(words(one) for one in value.values() if one not in (None, [], ""))
    return "" if value is None else str(value)


def duration(minutes: int | None) -> str:
    """75 → « 1 h 15 » with non-breaking spaces."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"
