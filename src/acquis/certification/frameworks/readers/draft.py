"""A framework under construction, and its printing as the contract says."""

from dataclasses import dataclass, field
from typing import Any

METHOD_TITLES = {
    "roleplay": "Mise en situation professionnelle",
    "technical_interview": "Entretien technique",
    "final_interview": "Entretien final",
    "questionnaire": "Questionnaire professionnel",
    "production_questioning": "Questionnement à partir de production(s)",
    "project": "Projet",
    "written_production": "Production écrite",
    "oral_defence": "Soutenance orale",
    "case_study": "Étude de cas",
    "portfolio": "Dossier",
}


@dataclass(slots=True)
class Competency:
    code: str
    statement: str
    line: int = 0
    activity: str | None = None
    evaluated: bool = True
    description: str | None = None
    context: str | None = None
    skills: dict[str, list[str]] = field(default_factory=dict)
    knowledge: list[str] = field(default_factory=list)

    def printed(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "statement": self.statement,
            "activity": self.activity,
            "evaluated": self.evaluated,
            "description": self.description,
            "context": self.context,
            "skills": {name: items for name, items in self.skills.items() if items},
            "knowledge": self.knowledge,
        }


@dataclass(slots=True)
class Criterion:
    text: str
    line: int = 0
    theme: str | None = None
    competencies: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    code: str = ""

    def printed(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.text,
            "theme": self.theme,
            "competencies": self.competencies,
            "methods": self.methods,
        }


@dataclass(slots=True)
class Activity:
    code: str
    title: str
    description: str | None = None


@dataclass(slots=True)
class Block:
    code: str
    title: str
    line: int = 0
    description: str | None = None
    activities: list[Activity] = field(default_factory=list)
    competencies: list[Competency] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)

    def printed(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "description": self.description,
            "activities": [
                {"code": a.code, "title": a.title, "description": a.description}
                for a in self.activities
            ],
            "competencies": [competency.printed() for competency in self.competencies],
            "criteria": [criterion.printed() for criterion in self.criteria],
        }


@dataclass(slots=True)
class Transversal:
    code: str
    title: str
    line: int = 0
    description: str | None = None
    criteria: list[str] = field(default_factory=list)
    evaluated_through: list[str] = field(default_factory=list)

    def printed(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "description": self.description,
            "criteria": self.criteria,
            "evaluated_through": self.evaluated_through,
        }


@dataclass(slots=True)
class Step:
    title: str
    minutes: int | None = None
    description: str | None = None
    jury_present: bool | None = None
    invigilated: bool | None = None
    drawn_by_lot: bool | None = None
    exchanges: int | None = None

    def printed(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "minutes": self.minutes,
            "description": self.description,
            "jury_present": self.jury_present,
            "invigilated": self.invigilated,
            "drawn_by_lot": self.drawn_by_lot,
            "exchanges": self.exchanges,
        }


@dataclass(slots=True)
class Phase:
    method: str
    title: str
    minutes: int | None = None
    competencies: list[str] = field(default_factory=list)
    deliverables: list[str] = field(default_factory=list)
    individual: bool | None = None
    steps: list[Step] = field(default_factory=list)

    def printed(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "title": self.title,
            "minutes": self.minutes,
            "competencies": self.competencies,
            "deliverables": self.deliverables,
            "individual": self.individual,
            "steps": [step.printed() for step in self.steps],
        }


@dataclass(slots=True)
class Assessment:
    block: str | None = None
    candidate_minutes: int | None = None
    jury_minutes: int | None = None
    invigilated_minutes: int | None = None
    phases: list[Phase] = field(default_factory=list)

    def printed(self) -> dict[str, Any]:
        scope = (
            {"type": "block", "block": self.block}
            if self.block
            else {"type": "whole", "block": None}
        )
        return {
            "scope": scope,
            "candidate_minutes": self.candidate_minutes,
            "jury_minutes": self.jury_minutes,
            "invigilated_minutes": self.invigilated_minutes,
            "phases": [phase.printed() for phase in self.phases],
        }


@dataclass(slots=True)
class Warned:
    code: str
    message: str
    line: int | None = None


@dataclass(slots=True)
class Draft:
    """What a reader understood so far. Codes of criteria are given when it is printed."""

    layout: str
    kind: str = "unknown"
    title: str | None = None
    code: str | None = None
    acronym: str | None = None
    edition: str | None = None
    level: int | None = None
    effective_from: str | None = None
    nsf: list[str] = field(default_factory=list)
    rome: list[str] = field(default_factory=list)
    formacode: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    transversal: list[Transversal] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    glossary: list[tuple[str, str]] = field(default_factory=list)
    correspondences: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def warn(self, code: str, message: str, line: int | None = None) -> None:
        found = Warned(code, message, line or None)
        if found not in self.warnings:
            self.warnings.append(found)

    def competencies(self) -> list[Competency]:
        return [competency for block in self.blocks for competency in block.competencies]

    def printed(self, source: dict[str, Any]) -> dict[str, Any]:
        return {
            "contract": 1,
            "source": {**source, "layout": self.layout},
            "kind": self.kind,
            "title": self.title,
            "code": self.code,
            "acronym": self.acronym,
            "edition": self.edition,
            "level": self.level,
            "effective_from": self.effective_from,
            "nsf": self.nsf,
            "rome": self.rome,
            "formacode": self.formacode,
            "blocks": [block.printed() for block in self.blocks],
            "transversal_competencies": [one.printed() for one in self.transversal],
            "assessments": [assessment.printed() for assessment in self.assessments],
            "rules": self.rules,
            "glossary": [{"term": t, "definition": d} for t, d in self.glossary],
            "correspondences": self.correspondences,
            "warnings": [
                {"code": w.code, "message": w.message, "line": w.line} for w in self.warnings
            ],
        }
