"""How many labelled sentences the units of passages propose, and how many they propose wrongly."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from acquis.practice.evidence.sources import Said, Seen, Sources, Talk
from acquis.practice.evidence.units.passages import (
    MARKERS,
    markers,
    reformulations,
    understanding_checks,
)
from tests.practice.evidence.known_phrases import SENTENCES, C, R

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def sources(*sentences: str) -> Sources:
    said = [Said(n, "adviser", sentence, AT) for n, sentence in enumerate(sentences)]
    none = ("", "")
    return Sources(talks=[Talk(1, "a", "Chat", AT, None, said, "", none, none, "", None)])


def named(title: str) -> Callable[[Sources], list[Seen]]:
    return lambda read: [seen for seen in markers(read) if seen.title == title.capitalize()]


UNITS = {
    R: reformulations,
    C: understanding_checks,
    **{name: named(name) for name, _pattern in MARKERS},
}


@pytest.mark.parametrize("label", UNITS)
def test_proposed_passages_are_mostly_right_and_mostly_there(label: str):
    read = UNITS[label]
    proposed = {s for s, _labels in SENTENCES if any(seen.moments for seen in read(sources(s)))}
    wanted = {s for s, labels in SENTENCES if label in labels}
    precision = len(proposed & wanted) / len(proposed)
    recall = len(proposed & wanted) / len(wanted)
    print(  # noqa: T201  read with -s
        f"{label}: precision {precision:.2f}, recall {recall:.2f}, "
        f"wrong {sorted(proposed - wanted)}, missed {sorted(wanted - proposed)}"
    )
    assert precision >= 0.8
    assert recall >= 0.7


def test_each_passage_is_shown_once_where_it_stands():
    (seen,) = reformulations(sources("Un robot.", "Si je résume, il s’arrête. Je résume encore."))
    assert [(moment.ref, moment.excerpt) for moment in seen.moments] == [
        ("message-1", "Si je résume, il s’arrête."),
        ("message-1", "Je résume encore."),
    ]
