"""Shapes of a framework's content for screens."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.content import Content

METHODS = {
    "roleplay": _("Mise en situation professionnelle"),
    "technical_interview": _("Entretien technique"),
    "final_interview": _("Entretien final"),
    "questionnaire": _("Questionnaire professionnel"),
    "production_questioning": _("Questionnement à partir de production(s)"),
    "project": _("Présentation d'un projet"),
    "written_production": _("Production écrite"),
    "oral_defence": _("Soutenance orale"),
    "case_study": _("Étude de cas"),
    "portfolio": _("Dossier"),
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


@dataclass(frozen=True)
class Line:
    """One line of the source text beside the structure; `doubts` are warnings that name it."""

    number: int
    text: str
    doubts: list[str]


def source_lines(text: str, content: Content) -> list[Line]:
    doubts: dict[int, list[str]] = {}
    for warning in content["warnings"]:
        if warning.get("line"):
            doubts.setdefault(warning["line"], []).append(warning["message"])
    return [
        Line(number, line, doubts.get(number, []))
        for number, line in enumerate(text.splitlines(), start=1)
    ]


def structure(content: Content, locations: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """Blocks with their items, each with the pointer that corrects it and its line in the source."""
    places = locations or {}
    return [
        {
            "pointer": f"/blocks/{i}",
            "line": places.get(block["code"]),
            **block,
            "competencies": _items(block["competencies"], f"/blocks/{i}/competencies", places),
            "criteria": _items(block["criteria"], f"/blocks/{i}/criteria", places),
        }
        for i, block in enumerate(content["blocks"])
    ]


def transversal(content: Content, locations: dict[str, int] | None = None) -> list[dict[str, Any]]:
    return _items(content["transversal_competencies"], "/transversal_competencies", locations or {})


def _items(
    items: list[dict[str, Any]], pointer: str, places: dict[str, int]
) -> list[dict[str, Any]]:
    return [
        {**item, "pointer": f"{pointer}/{i}", "line": places.get(item["code"])}
        for i, item in enumerate(items)
    ]


def assessments(content: Content) -> list[dict[str, Any]]:
    """The exams with their phases, the names of their methods and the pointers that correct them."""
    titles = {block["code"]: block["title"] for block in content["blocks"]}
    shaped = []
    for i, assessment in enumerate(content["assessments"]):
        block = assessment["scope"].get("block")
        shaped.append(
            {
                **assessment,
                "label": titles.get(block, block)
                if assessment["scope"]["type"] == "block"
                else gettext("Certification entière"),
                "code": block or "",
                "phases": [
                    {
                        **phase,
                        "method_label": METHODS.get(phase["method"], phase["method"]),
                        "pointer": f"/assessments/{i}/phases/{j}",
                        "steps": [
                            {**step, "pointer": f"/assessments/{i}/phases/{j}/steps/{k}"}
                            for k, step in enumerate(phase["steps"])
                        ],
                    }
                    for j, phase in enumerate(assessment["phases"])
                ],
            }
        )
    return shaped


def duration(minutes: int | None) -> str:
    """75 → « 1 h 15 » with non-breaking spaces."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
