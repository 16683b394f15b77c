"""The covers of the subjects that ship: what may be shown of them before they are sealed."""

from dataclasses import dataclass
from functools import cache

from acquis.practice.enterprises import packs
from acquis.practice.scenarios import library


@dataclass(frozen=True, slots=True)
class Cover:
    """Nothing of the situation, the customers or the answers."""

    code: str
    kind: str
    title: str
    framework: str
    block: str
    difficulty: int
    exchanges_count: int
    criteria_count: int
    competencies: tuple[str, ...]


@cache
def covers(slug: str) -> tuple[Cover, ...]:
    """The covers of a pack's subjects, by code; read once, the contents are let go."""
    return tuple(_cover(scenario) for scenario in library.load(packs.load(slug)))


def _cover(scenario: library.Scenario) -> Cover:
    criteria = {
        (entry["competency"], entry["text"])
        for part in scenario.parts()
        for entry in part["criteria"]
    }
    return Cover(
        code=scenario.code,
        kind=scenario.kind,
        title=scenario.title,
        framework=scenario.framework,
        block=scenario.block,
        difficulty=int(scenario.payload.get("difficulty", 0)),
        exchanges_count=len(scenario.payload.get("exchanges", [])),
        criteria_count=len(criteria),
        competencies=tuple(sorted({competency for competency, _text in criteria})),
    )
