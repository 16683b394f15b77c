"""The interview guide: questions for what nothing that was read lets see. It suggests, never judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acquis.certification.frameworks.content import criteria
from acquis.certification.sittings.models import Sitting
from acquis.practice.evidence.models import Observation
from acquis.practice.evidence.queries import readable

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A criterion that nothing shows, and what may be asked about it."""

    code: str
    text: str
    questions: Sequence[str]


def prompts(sitting: Sitting, content: Json | None) -> list[Prompt]:
    """Questions of the drawn subject's guide for the criteria without an observation, in their order.

    Empty before the exchanges are over and read: what was not read is not « not seen ».
    """
    if content is None or not readable(sitting):
        return []
    candidate = sitting.candidate
    last = Observation.objects.filter(candidate=candidate).order_by("-reading").first()
    if last is None:
        return []
    found = Observation.objects.filter(candidate=candidate, reading=last.reading)
    seen = {code for codes in found.values_list("criteria", flat=True) for code in codes}
    session = candidate.session
    return unseen(
        list(criteria(session.version.content, session.block)), seen, content.get("guide", [])
    )


def lines_of(sitting: Sitting) -> list[Json]:
    """The criteria of the exam, in the order of the framework: `code`, `text`, `competencies`."""
    session = sitting.candidate.session
    return list(criteria(session.version.content, session.block))


def to_ask(
    sitting: Sitting, lines: Sequence[Json], found: Sequence[Prompt]
) -> tuple[bool, list[Prompt]]:
    """Whether anything was read, and the criteria to ask about with their questions, if any.

    Read, these are the criteria without an observation; not read yet, all of them.
    """
    candidate = sitting.candidate
    last = Observation.objects.filter(candidate=candidate).order_by("-reading").first()
    read = last is not None and readable(sitting)
    seen: set[str] = set()
    if last is not None and read:
        rows = Observation.objects.filter(candidate=candidate, reading=last.reading)
        seen = {code for codes in rows.values_list("criteria", flat=True) for code in codes}
    questions = {one.code: one.questions for one in found}
    return read, [
        Prompt(line["code"], line["text"], questions.get(line["code"], ()))
        for line in lines
        if line["code"] not in seen
    ]


def unseen(lines: Sequence[Json], seen: set[str], guide: Sequence[Json]) -> list[Prompt]:
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
