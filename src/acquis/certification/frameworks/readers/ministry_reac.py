"""The ministry's REAC: fiches activité type, compétence professionnelle, compétences transversales.

Signs: « FICHE ACTIVITÉ TYPE N° n », « FICHE COMPÉTENCE PROFESSIONNELLE N° n » followed by the
title, then the fixed headings of a fiche (Description de la compétence, Contexte(s)
professionnel(s), Critères de performance, Savoir-faire…). Headings are recognised by their words,
whatever their level, case or accents.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import splitting, typography
from acquis.certification.frameworks.readers.model import Element, Line, Table

_NUMBER = r"(?:n|no|numero|nr)?\s*(\d{1,2})"
_CP = re.compile(
    rf"^fiche (?:de )?(?:la )?(?:competence professionnelle|competence|cp) {_NUMBER}\b"
)
_AT = re.compile(
    rf"^fiche (?:de )?(?:l )?(?:activite type|activite|at|ccs|ccp) (?:d extension )?{_NUMBER}\b"
)
_CT = re.compile(r"^fiche (?:des )?competences? transversales?\b")
_END = re.compile(
    r"^(?:glossaire|reproduction interdite|referentiel d ?evaluation|annexe|modalites d evaluation du titre|"
    r"references de la specialite|\d references de la specialite)\b"
)
_TITLE_IN_HEAD = re.compile(r"^.*?\d{1,2}\s*[-–—:.]?\s*(?:\([^)]*\)\s*)?[-–—:]?\s*(\S.*)$")
_EXTENSION = re.compile(r"extension|\bccs\b|specialisation")

SECTIONS = (
    ("description", re.compile(r"^description (?:de |du |des )?(?:la |processus )?(?:competence|processus|mise)")),
    ("context", re.compile(r"^contexte s? ?professionnel|^contextes? professionnels?\b|^contexte de mise en")),
    ("criteria", re.compile(r"^criteres? (?:de performance|d evaluation)s?$|^criteres? de performance\b")),
    ("technical", re.compile(r"^savoirs? faire techniques?$")),
    ("organisational", re.compile(r"^savoirs? faire organisationnels?$")),
    ("relational", re.compile(r"^savoirs? faire relationnels?$")),
    ("skills", re.compile(r"^savoirs?(?: faire)?\b.*\b(?:savoirs?|techniques?|organisationnels?)\b")),
    ("knowledge", re.compile(r"^savoirs?$|^connaissances(?: associees)?$")),
    ("definition", re.compile(r"^definition,? ?(?:description )?de l ?(?:activite|emploi)|^definition description")),
    ("competencies", re.compile(r"^liste des competences(?: professionnelles)?(?: de l activite(?: type)?)?$")),
    ("transversal", re.compile(r"^competences transversales de l (?:activite|emploi)")),
    ("other", re.compile(
        r"^(?:reglementation d activites?|equivalences? avec|secteurs? d activite|niveau et ou domaine|"
        r"fiches? s? ?rome|fiche emploi type|vue synoptique|liste des activites)"
    )),
)  # fmt: skip


@dataclass(slots=True)
class Fiche:
    """One fiche: its number, title and the lines under each of its headings."""

    kind: str
    number: int
    line: int
    title: str = ""
    extension: bool = False
    sections: dict[str, list[Line]] = field(default_factory=dict)

    def texts(self, section: str) -> list[str]:
        return [line.text for line in self.sections.get(section, [])]

    def prose(self, section: str) -> str | None:
        lines = splitting.merged(self.sections.get(section, []))
        return "\n".join(line.text for line in lines) or None


@dataclass(slots=True)
class Reac:
    activities: list[Fiche] = field(default_factory=list)
    competencies: list[Fiche] = field(default_factory=list)
    transversal: list[Fiche] = field(default_factory=list)
    job_transversal: list[Line] = field(default_factory=list)
    synoptic: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    synoptic_line: int = 0

    def __bool__(self) -> bool:
        return bool(self.competencies or self.synoptic)


def section_of(text: str) -> str | None:
    """Return which fixed heading of a fiche the line is, if any."""
    if len(text) > 140:
        return None
    folded = typography.key(re.sub(r"\(.*?\)", " ", text) if "cas échéant" in text else text)
    return next((name for name, pattern in SECTIONS if pattern.match(folded)), None)


def read_reac(elements: Sequence[Element]) -> Reac:
    reac = Reac()
    fiche: Fiche | None = None
    section = ""
    for element in elements:
        if isinstance(element, Table):
            _read_synoptic(element, reac)
            continue
        opened = _opens(element)
        if opened is not None:
            fiche = _open(opened, reac, fiche)
            section = "title"
        elif _END.match(typography.key(element.text)) and len(element.text) < 140:
            fiche, section = None, ""
        elif fiche is None:
            section = _outside(element, section, reac)
        else:
            fiche, section = _inside(element, fiche, section, reac)
    _drop_empty(reac)
    return reac


def _opens(line: Line) -> Fiche | None:
    folded = typography.key(line.text)
    for kind, pattern in (("cp", _CP), ("at", _AT)):
        found = pattern.match(folded)
        if found and len(line.text) < 200:
            fiche = Fiche(
                kind, int(found[1]), line.number, extension=bool(_EXTENSION.search(folded))
            )
            after = _TITLE_IN_HEAD.match(line.text)
            title = (
                re.sub(r"^\([^)]*\)", "", after[1].strip(" –-—:")).strip(" –-—:") if after else ""
            )
            fiche.title = title if len(title) > 3 else ""
            return fiche
    if _CT.match(folded) and len(line.text) < 120:
        return Fiche("ct", 0, line.number)
    return None


def _open(fiche: Fiche, reac: Reac, current: Fiche | None) -> Fiche:
    """Keep a new fiche; the same heading repeated at the top of a page goes on with the old one."""
    if (
        current
        and current.kind == fiche.kind
        and current.number == fiche.number
        and fiche.kind != "ct"
    ):
        return current
    if fiche.kind == "cp":
        reac.competencies.append(fiche)
    elif fiche.kind == "at":
        reac.activities.append(fiche)
    return fiche


def _outside(line: Line, section: str, reac: Reac) -> str:
    name = section_of(line.text)
    if name:
        return name
    if line.heading and section == "transversal":
        return ""
    if section == "transversal":
        reac.job_transversal.append(line)
    return section


def _inside(line: Line, fiche: Fiche, section: str, reac: Reac) -> tuple[Fiche, str]:
    name = section_of(line.text)
    if fiche.kind == "ct":
        return _inside_transversal(line, fiche, section, name, reac)
    if name:
        return fiche, name
    if section == "title":
        if not fiche.title or (not line.heading and len(fiche.title) < 200):
            fiche.title = f"{fiche.title} {line.text}".strip()
        return fiche, section
    if line.heading and section in {"criteria", "competencies"} and line.text.isupper():
        return fiche, "other"
    fiche.sections.setdefault(section, []).append(line)
    return fiche, section


def _inside_transversal(
    line: Line, fiche: Fiche, section: str, name: str | None, reac: Reac
) -> tuple[Fiche, str]:
    """A sheet of transversal competencies: titles, each with a description and criteria."""
    if name == "description":
        if fiche.number == 0 or fiche.sections.get("description"):
            fresh = Fiche("ct", len(reac.transversal) + 1, line.number)
            fresh.title, fresh.line = _title_taken_back(fiche, section, line.number)
            reac.transversal.append(fresh)
            fiche = fresh
        return fiche, name
    if name:
        if name == "criteria" and fiche.number == 0:
            return fiche, section
        return fiche, name
    if section == "title" and fiche.number == 0:
        fiche.sections.setdefault("title", []).append(line)
        return fiche, section
    fiche.sections.setdefault(section, []).append(line)
    return fiche, section


def _title_taken_back(fiche: Fiche, section: str, number: int) -> tuple[str, int]:
    """Return the lines just above « Description »: they are the next title, not criteria."""
    lines = fiche.sections.get(section, [])
    if not lines:
        return "", number
    taken = [lines.pop()]
    while lines and section == "title":
        taken.insert(0, lines.pop())
    if not (taken[0].heading or taken[0].bold or taken[0].gap):
        while lines and typography.continues(taken[0].text):
            taken.insert(0, lines.pop())
    return " ".join(line.text for line in taken), taken[0].number


_SYNOPTIC = re.compile(r"\bactivites? types?\b.*\bcompetences? professionnelles?\b")


def _read_synoptic(table: Table, reac: Reac) -> None:
    """Read « N° Fiche AT | Activités types | N° Fiche CP | Compétences professionnelles »."""
    head = next((i for i, row in enumerate(table.rows[:3]) if _SYNOPTIC.search(
        typography.key(" ".join(cell.text for cell in row.cells)))), None)  # fmt: skip
    if head is None or reac.synoptic:
        return
    reac.synoptic_line = table.rows[head].number
    activity, title = 0, ""
    for row in table.rows[head + 1 :]:
        texts = [cell.text.strip() for cell in row.cells]
        filled = [text for text in texts if text]
        numbers = [int(text) for text in filled if re.fullmatch(r"\d{1,2}", text)]
        labels = [text for text in filled if not re.fullmatch(r"\d{1,2}", text)]
        if len(numbers) >= 2 and len(labels) >= 2:
            activity, title = numbers[0], labels[0]
        if numbers and labels and activity:
            reac.synoptic[numbers[-1]] = (activity, title, labels[-1])


def _drop_empty(reac: Reac) -> None:
    """A line of a contents page looks like a fiche but has nothing below it."""
    reac.competencies = _best(reac.competencies)
    reac.activities = _best(reac.activities)


def _best(fiches: list[Fiche]) -> list[Fiche]:
    chosen: dict[int, Fiche] = {}
    for fiche in fiches:
        known = chosen.get(fiche.number)
        if known is None or len(fiche.sections) > len(known.sections):
            chosen[fiche.number] = fiche
    return [chosen[number] for number in sorted(chosen)]


_KNOWLEDGE = re.compile(
    r"^(?:(?:bonne |notions? |bases? )?connaissances?|notions?|connaître)\b", re.IGNORECASE
)
_KINDS = ("technical", "organisational", "relational")


def skills_of(fiche: Fiche) -> tuple[dict[str, list[str]], list[str]]:
    """Return know-how by kind, and knowledge.

    The form lists technical, organisational and relational know-how, then knowledge, in four
    paragraphs without a heading. Where the paragraphs cannot be told apart, know-how is unsorted.
    """
    sorted_skills = {kind: fiche.texts(kind) for kind in _KINDS if fiche.sections.get(kind)}
    knowledge = fiche.texts("knowledge")
    groups: list[list[str]] = []
    for line in splitting.merged(fiche.sections.get("skills", [])):
        if line.gap or not groups:
            groups.append([])
        groups[-1].append(line.text)
    practical = [[item for item in group if not _KNOWLEDGE.match(item)] for group in groups]
    for group in groups:
        knowledge.extend(item for item in group if _KNOWLEDGE.match(item))
    practical = [group for group in practical if group]
    if len(practical) == 4 and not knowledge:
        knowledge = practical.pop()
    if len(practical) == 3:
        sorted_skills.update(zip(_KINDS, practical, strict=True))
    elif practical:
        sorted_skills["unsorted"] = [item for group in practical for item in group]
    return sorted_skills, knowledge
