"""Blocks of an RNCP form whose table an OCR flattened: columns follow each other as paragraphs.

Signs: « Bloc de compétences n° 1 : … », components « 1.1- … », activities « A1 … », competencies
« C.3.1 … », criteria below « En relation avec la compétence C.3.1 : » with a theme that ends with
a colon, productions below « … la production suivante : », « Compétence transversale : ».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from acquis.certification.frameworks.readers import (
    identity,
    linear_items,
    linear_relations,
    mending,
    methods,
    rules,
    typography,
)
from acquis.certification.frameworks.readers.draft import (
    Activity,
    Assessment,
    Block,
    Competency,
    Draft,
    Transversal,
)
from acquis.certification.frameworks.readers.grid_blocks import block_code
from acquis.certification.frameworks.readers.grid_columns import BLOCK_HEAD
from acquis.certification.frameworks.readers.linear_items import Raw
from acquis.certification.frameworks.readers.model import Document, Line

_FOOTNOTE = re.compile(r"^[!¹²³]\s+\w|^\(\d\)\s+[a-zà-ÿ]")
_OPENERS = (
    ("relation", re.compile(r"^En\s+relation\s+avec\s+(?:la|les)\s+comp[ée]tences?\b", re.IGNORECASE)),
    ("transversal", re.compile(r"^Comp[ée]tences?\s+transversales?\s*:", re.IGNORECASE)),
    ("block", BLOCK_HEAD),
    ("competency", re.compile(r"^C\s?\.?\s?(?P<code>[\dlI]{1,2}(?:\s?\.\s?[\dlI]{1,2}){0,3})\.?\s*[-–:)]?\s+(?P<text>[A-ZÉÈÀÊÎŒ].*)$")),
    ("activity", re.compile(r"^A\s?\.?(?P<code>[\dlI]{1,2}(?:\.\d{1,2})?)\s*[-–:.)]?\s+(?P<text>[A-ZÉÈÀÊÎŒ].*)$")),
    ("component", re.compile(r"^(?P<code>\d{1,2}(?:\.\d{1,2})?)\s*[-–]\s*(?P<text>[A-ZÉÈÀÊÎŒ].*)$")),
    ("modality", re.compile(r"^(?:Toutes\s+les\s+comp[ée]tences\b|Conditions?\s+de\s+r[ée]alisation\b|Modalit[ée]s?\s+d['’][ée]valuation\s*:|Production\s+attendue)", re.IGNORECASE)),
)  # fmt: skip


@dataclass(slots=True)
class _Segment:
    kind: str
    lines: list[Raw]
    found: re.Match[str] | None = None

    @property
    def number(self) -> int:
        return self.lines[0].number


@dataclass(slots=True)
class _State:
    draft: Draft
    components: dict[str, str] = field(default_factory=dict)
    component: str = ""
    stray: list[str] = field(default_factory=list)
    modality: list[tuple[str, str, list[Raw]]] = field(default_factory=list)
    relations: list[tuple[Block, str, list[Raw], list[str]]] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    leftovers: list[tuple[Block, list[Raw]]] = field(default_factory=list)

    @property
    def block(self) -> Block:
        return self.draft.blocks[-1]


def read_linear(document: Document) -> Draft | None:
    """Read blocks whose criteria say which competencies they belong to."""
    segments = list(_segments(document))
    return _read(document, segments) if any(s.kind == "relation" for s in segments) else None


def read_flattened(document: Document) -> Draft | None:
    """Read blocks whose criteria were left loose below the competencies."""
    draft = _read(document, list(_segments(document)))
    criteria = sum(len(block.criteria) for block in draft.blocks) if draft else 0
    return draft if draft and (criteria >= 2 or draft.assessments) else None


def _read(document: Document, segments: list[_Segment]) -> Draft | None:
    kinds = [segment.kind for segment in segments]
    if "block" not in kinds or kinds.count("competency") < 2:
        return None
    state = _State(Draft("ocr-blocks"))
    for segment in segments:
        _take(state, segment)
    draft = state.draft
    for block, head, lines, stray in state.relations:
        linear_relations.relate(draft, block, head, lines, stray)
    for block, lines in state.leftovers:
        linear_relations.place_leftovers(draft, block, lines)
    _tie_activities(draft)
    _assess(state)
    identity.read_identity(draft, document, blocks=True)
    prose = [Line(raw.text, raw.number) for s in segments if s.kind == "" for raw in s.lines]
    draft.rules = rules.read_rules(prose)
    draft.blocks = [block for block in draft.blocks if block.competencies]
    if mending.is_damaged(document.source_text):
        _mend(draft)
        draft.warn(
            "ocr-mended",
            "Ce texte sort d’une reconnaissance de caractères : des lettres ont été réparées, "
            "relisez les libellés.",
        )
    _warn(draft)
    return draft


def _segments(document: Document) -> Iterator[_Segment]:
    current = _Segment("", [])
    blank = False
    for number, text in enumerate(document.raw_lines, start=1):
        line = typography.tidy(text)
        if not line:
            blank = True
            continue
        raw = Raw(line, number, blank)
        blank = False
        if _FOOTNOTE.match(line):
            continue
        kind, found = _opener(line)
        if kind or _begins_description(current, raw):
            if current.lines:
                yield current
            current = _Segment(kind or "description", [raw], found)
        else:
            current.lines.append(raw)
    if current.lines:
        yield current


def _opener(line: str) -> tuple[str, re.Match[str] | None]:
    for kind, pattern in _OPENERS:
        found = pattern.match(line)
        if found:
            return kind, found
    return "", None


def _begins_description(current: _Segment, raw: Raw) -> bool:
    """The purpose of a block is a paragraph « En …ant … » below its title and activities."""
    return (
        current.kind in {"activity", "component", "block"}
        and raw.blank
        and re.match(r"^En\s?[a-zà-ÿ']+", raw.text) is not None
    )


def _take(state: _State, segment: _Segment) -> None:  # noqa: C901 - one branch a kind
    draft = state.draft
    if segment.kind == "block":
        _take_block(state, segment)
    elif not draft.blocks:
        return
    elif segment.kind == "component":
        _take_component(state, segment)
    elif segment.kind == "activity" and segment.found:
        code = "A" + _digits(segment.found["code"])
        title = _after_code(state, segment)
        if code not in {activity.code for activity in state.block.activities}:
            state.block.activities.append(Activity(code, title.strip(" .;")))
    elif segment.kind == "competency" and segment.found:
        _take_competency(state, segment)
    elif segment.kind == "description":
        text = linear_items.joined(segment.lines)
        label = state.components.get(state.component, "")
        said = f"{state.component} {label} : {text}" if label else text
        state.block.description = "\n".join(filter(None, [state.block.description, said]))
    elif segment.kind == "relation":
        head, rest = linear_relations.split_head(segment.lines)
        state.relations.append((state.block, head, rest, state.stray))
        state.stray = []
    elif segment.kind == "transversal":
        _take_transversal(state, segment)
    elif segment.kind == "modality":
        lines = _without_stray(state, segment.lines)
        state.modality.append((state.block.code, state.component, lines))


def _digits(code: str) -> str:
    return re.sub(r"\s", "", code).replace("l", "1").replace("I", "1")


def _after_code(state: _State, segment: _Segment) -> str:
    """Return the text of a coded item; what another column left below it is put aside."""
    assert segment.found is not None  # noqa: S101 - only coded segments come here
    text = linear_items.Text(segment.found["text"], segment.number)
    for place, line in enumerate(segment.lines[1:], start=1):
        apart = line.blank and not (
            typography.continues(line.text) and typography.is_open(text.text)
        )
        if apart or line.marked or (text.text.endswith(".") and line.text[:1].isupper()):
            state.leftovers.append((state.block, segment.lines[place:]))
            break
        text.add(line.text)
    return text.text


def _take_block(state: _State, segment: _Segment) -> None:
    assert segment.found is not None  # noqa: S101 - a block is known by its head
    title = linear_items.Text(segment.found["title"].strip(), segment.number)
    for line in segment.lines[1:]:
        if line.blank and title.text:
            break
        title.add(line.text)
    code = block_code(segment.found)
    known = next((block for block in state.draft.blocks if block.code == code), None)
    if known is None:
        state.draft.blocks.append(Block(code, title.text.strip(" -:."), segment.number))
    elif known is not state.block:
        state.draft.blocks.remove(known)
        state.draft.blocks.append(known)
    state.component = ""


def _take_component(state: _State, segment: _Segment) -> None:
    """« 1.1- Organisation… » is a part of block 1; « 2- … » repeats the title of block 2."""
    assert segment.found is not None  # noqa: S101 - a component is known by its code
    title = _after_code(state, segment)
    if (
        typography.key(title)[:30] == typography.key(state.block.title)[:30]
        or "." not in segment.found["code"]
    ):
        return
    state.component = segment.found["code"]
    state.components[state.component] = title.strip(" .:")


def _take_competency(state: _State, segment: _Segment) -> None:
    assert segment.found is not None  # noqa: S101 - a competency is known by its code
    dotted = re.match(r"C\s?\.", segment.lines[0].text) is not None
    code = ("C." if dotted else "C") + _digits(segment.found["code"])
    if any(known.code == code for known in state.draft.competencies()):
        state.draft.warn("repeated-code", f"Le code {code} est employé deux fois.", segment.number)
        return
    state.block.competencies.append(Competency(code, _after_code(state, segment), segment.number))
    state.members.setdefault(state.component or state.block.code, []).append(code)


def _take_transversal(state: _State, segment: _Segment) -> None:
    """Read a transversal competency once; each block repeats it."""
    first = segment.lines[0].text.partition(":")[2].strip()
    rest = segment.lines[1:]
    if first.startswith("En relation") or state.draft.transversal:
        return
    text = linear_items.Text(first, segment.number) if first else None
    for line in rest:
        if text is None:
            text = linear_items.Text(line.text, line.number)
        elif text.text.endswith("."):
            break
        else:
            text.add(line.text)
    if text:
        rank = len(state.draft.transversal) + 1
        state.draft.transversal.append(Transversal(f"CT{rank}", text.text, segment.number))


def _without_stray(state: _State, lines: list[Raw]) -> list[Raw]:
    """Take off a torn beginning: a list mark and a few words, last of its column, never ended."""
    last = lines[-1]
    torn = last.marked and last.blank and len(last.bare.split()) <= 4 and last.bare[-1].isalpha()
    if torn and len(lines) > 1 and not lines[-2].text.endswith((":", ",")):
        state.stray.append(last.bare)
        return lines[:-1]
    return lines


def _tie_activities(draft: Draft) -> None:
    """Competency C.3.1 belongs to activity A3 where both numberings agree."""
    activities = {a.code[1:]: a.code for block in draft.blocks for a in block.activities}
    firsts = {c.code: c.code.lstrip("C.").split(".")[0] for c in draft.competencies()}
    if set(firsts.values()) <= activities.keys():
        for competency in draft.competencies():
            competency.activity = activities[firsts[competency.code]]


def _assess(state: _State) -> None:
    groups: dict[tuple[str, str], list[Raw]] = {}
    for block, component, lines in state.modality:
        groups.setdefault((block, component), []).extend(lines)
    for (code, component), lines in groups.items():
        made = [
            Line(text.text, text.number, bullet=text.marked)
            for text in linear_items.paragraphs(lines)
        ]
        phases = methods.phases_in(made)
        for phase in phases:
            phase.competencies = list(state.members.get(component or code, []))
            if component:
                phase.title = f"{component} {phase.title}"
        if not phases:
            continue
        known = next((a for a in state.draft.assessments if a.block == code), None)
        if known:
            known.phases.extend(phases)
        else:
            state.draft.assessments.append(Assessment(block=code, phases=phases))


def _mend(draft: Draft) -> None:
    mend = mending.mend
    for block in draft.blocks:
        block.title = mend(block.title)
        block.description = mend(block.description) if block.description else None
        for activity in block.activities:
            activity.title = mend(activity.title)
        for competency in block.competencies:
            competency.statement = mend(competency.statement)
        for criterion in block.criteria:
            criterion.text = mend(criterion.text)
            criterion.theme = mend(criterion.theme) if criterion.theme else None
    for one in draft.transversal:
        one.title, one.criteria = mend(one.title), [mend(text) for text in one.criteria]
    for assessment in draft.assessments:
        for phase in assessment.phases:
            phase.title = mend(phase.title)
            mended = [mend(text) for text in phase.deliverables]
            phase.deliverables = [typography.sentence_start(text) for text in mended]


def _warn(draft: Draft) -> None:
    if draft.title is None:
        draft.warn(
            "no-title", "L’intitulé de la certification n’a pas été trouvé dans le document."
        )
    for competency in draft.competencies():
        if not any(competency.code in c.competencies for b in draft.blocks for c in b.criteria):
            draft.warn(
                "no-criteria", f"Aucun critère trouvé pour {competency.code}.", competency.line
            )
    for block in draft.blocks:
        for criterion in block.criteria:
            if len(criterion.text) > 260 or criterion.text.count(",") > 4:
                draft.warn(
                    "doubtful",
                    f"Critère peut-être mal découpé : « {criterion.text[:80]}… ».",
                    criterion.line,
                )
