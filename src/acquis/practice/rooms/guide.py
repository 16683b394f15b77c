"""The interview guide: questions for what nothing that was read lets see. It suggests, never judges."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from acquis.certification.frameworks.content import criteria
from acquis.certification.sittings.models import Sitting
from acquis.practice.evidence.models import Observation
from acquis.practice.evidence.queries import readable

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A criterion that nothing shows, and what may be asked about it.

    `missing` are the sentences of what was looked for and not found.
    """

    code: str
    text: str
    questions: Sequence[str]
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The last reading of what a candidate produced.

    `seen` are the criteria that a moment shows: a unit which looked and found nothing gives an observation
    without a moment, whose sentence is then in `missing`, by criterion.
    """

    seen: frozenset[str]
    missing: Mapping[str, Sequence[str]]


def reading_of(sitting: Sitting) -> Reading | None:
    """None before the exchanges are over and read: what was not read is not « not seen »."""
    candidate = sitting.candidate
    last = Observation.objects.filter(candidate=candidate).order_by("-reading").first()
    if last is None or not readable(sitting):
        return None
    found = Observation.objects.filter(candidate=candidate, reading=last.reading)
    seen: set[str] = set()
    missing: dict[str, list[str]] = {}
    for one in found:
        if one.moments:
            seen.update(one.criteria)
            continue
        for code in one.criteria:
            missing.setdefault(code, []).append(one.statement)
    return Reading(frozenset(seen), missing)


def prompts(sitting: Sitting, content: Json | None) -> list[Prompt]:
    """Questions of the drawn subject's guide for the criteria that nothing shows, in their order.

    Empty before the exchanges are over and read: what was not read is not « not seen ».
    """
    read = reading_of(sitting) if content is not None else None
    if content is None or read is None:
        return []
    return unseen(lines_of(sitting), read.seen, content.get("guide", []))


def lines_of(sitting: Sitting) -> list[Json]:
    """The criteria of the exam, in the order of the framework: `code`, `text`, `competencies`."""
    session = sitting.candidate.session
    return list(criteria(session.version.content, session.block))


def to_ask(
    sitting: Sitting, lines: Sequence[Json], found: Sequence[Prompt]
) -> tuple[bool, list[Prompt]]:
    """Whether anything was read, and the criteria to ask about with their questions, if any.

    Read, these are the criteria that nothing shows, with what was looked for and not found; not read
    yet, all of them.
    """
    read = reading_of(sitting)
    told = read or Reading(frozenset(), {})
    questions = {one.code: one.questions for one in found}
    return read is not None, [
        Prompt(code, line["text"], questions.get(code, ()), told.missing.get(code, ()))
        for line in lines
        for code in [line["code"]]
        if code not in told.seen
    ]


def unseen(lines: Sequence[Json], seen: AbstractSet[str], guide: Sequence[Json]) -> list[Prompt]:
    """The lines that are not seen and for which the guide has a question; pure."""
    asked: dict[tuple[str, str], list[str]] = {}
    for entry in guide:
        key = (entry["competency"], _plain(entry["text"]))
        asked[key] = list(dict.fromkeys([*asked.get(key, []), *entry["questions"]]))
    return [
        Prompt(line["code"], line["text"], questions)
        for line in lines
        if line["code"] not in seen
        for questions in [_questions(line, asked)]
        if questions
    ]


def _questions(line: Json, asked: Mapping[tuple[str, str], list[str]]) -> list[str]:
    text = _plain(line["text"])
    return [one for code in line["competencies"] for one in asked.get((code, text), [])]


def _plain(text: str) -> str:
    """The same words whatever their apostrophes and spaces."""
    return " ".join(text.replace("’", "'").split()).casefold()
