"""What the framework wants handed in at each part of an exam, in its own words; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acquis.certification.frameworks.content import assessment_for


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One document that is asked for; `number` from 1, `key` is that of its files."""

    number: int
    key: str
    text: str

    @property
    def title(self) -> str:
        """Its name, without what it comprises."""
        return self.text.partition(", comprenant")[0].partition(" comprenant :")[0]


def asked(content: Mapping[str, Any], block: str) -> dict[str, Sequence[Deliverable]]:
    """The documents asked for at each part of an exam, by the code of the part (`phases_from`)."""
    return {code: list(_of(code, texts)) for code, texts in _parts(content, block)}


def asked_at(content: Mapping[str, Any], block: str, code: str) -> Sequence[Deliverable]:
    """Those of one part that hands something in, under one key when the framework names none."""
    return asked(content, block).get(code) or [Deliverable(1, code, "")]


def _parts(content: Mapping[str, Any], block: str) -> Iterator[tuple[str, Sequence[str]]]:
    assessment = assessment_for(dict(content), block) or {"phases": []}
    ranks: dict[str, int] = {}
    for phase in assessment["phases"]:
        method = phase["method"]
        for _step in phase["steps"] or [None]:
            ranks[method] = ranks.get(method, 0) + 1
            yield f"{method}.{ranks[method]}", phase.get("deliverables") or []


def _of(code: str, texts: Sequence[str]) -> Iterator[Deliverable]:
    for number, text in enumerate(texts, start=1):
        yield Deliverable(number, f"{code}.{number}" if len(texts) > 1 else code, text)
