"""Precision and recall of each unit on the labelled set that lies beside this module.

Run `python -m tests.practice.evidence.measure` for the table of docs/evidence.md. The set was written and
labelled by hand, with sentences that look alike and are not; the units were not changed to suit it.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from acquis.practice.evidence.sources import Act, Said, Seen, Sources, Talk

SET = Path(__file__).parent / "labelled_set"
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NONE = ("", "")
MARKS = {
    "S": "Salutation",
    "T": "Remerciement",
    "E": "Excuse",
    "L": "Marque d’écoute",
    "W": "Attente annoncée",
    "B": "Prise de congé",
    "A": "Expression déconseillée",
}
MENTIONS = {
    "m1": "Droit de rétractation",
    "m2": "Garantie légale",
    "m3": "Médiation",
    "m4": "Enregistrement de l’échange",
    "m5": "Données personnelles",
    "m6": "Opposition au démarchage",
    "m7": "Conditions générales",
    "m8": "Prix toutes taxes",
    "m9": "Confirmation écrite",
    "m10": "Durée d’engagement",
}


@dataclass(frozen=True)
class Figures:
    """What a unit proposed and what a reader wanted: `wrong` and `missed` name what differs."""

    right: int
    proposed: int
    wanted: int
    wrong: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Of what was proposed, the part that is right; 1 when nothing was proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def compared(proposed: Iterable[str], wanted: Iterable[str]) -> Figures:
    """Both as lists of names that may come several times; each wanted one is found once."""
    left, wrong = list(wanted), []
    total, right, given = len(left), 0, 0
    for one in proposed:
        given += 1
        if one in left:
            left.remove(one)
            right += 1
        else:
            wrong.append(one)
    return Figures(right, given, total, tuple(wrong), tuple(left))


def lines(name: str) -> list[str]:
    text = (SET / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def table(name: str) -> Any:
    return json.loads((SET / name).read_text(encoding="utf-8"))


def sentences(name: str = "sentences.txt") -> Iterator[tuple[frozenset[str], str]]:
    for line in lines(name):
        labels, _bar, sentence = line.partition(" | ")
        yield frozenset(labels.split()) - {"-"}, sentence


def talk_of(messages: Iterable[Said], **fields: Any) -> Talk:
    values = {"summary": "", "qualified_at": None, "reason": NONE, "outcome": NONE} | fields
    return Talk(1, "a", "Chat", AT, AT, list(messages), "", **values)


def read_one(sentence: str) -> Sources:
    return Sources(talks=[talk_of([Said(1, "adviser", sentence, AT)])])


def hear_one(line: str) -> Sources:
    """The same as a line of a transcript."""
    return Sources(talks=[talk_of([], heard=[Said(0, "adviser", line, AT, 1, 12.0)])])


Read = Callable[[Sources], list[Seen]]


def of_sentences(read: Read, titles: dict[str, str | None], *, spoken: bool = False) -> Figures:
    """Whether the unit shows a sentence under a title, for each label; None is any title."""
    proposed, wanted = [], []
    for labels, sentence in sentences("spoken.txt" if spoken else "sentences.txt"):
        sources = hear_one(sentence) if spoken else read_one(sentence)
        seen = [one for one in read(sources) if one.moments]
        for label, title in titles.items():
            if any(title in {None, one.title} for one in seen):
                proposed.append(f"{label}: {sentence}")
            if label in labels:
                wanted.append(f"{label}: {sentence}")
    return compared(proposed, wanted)


def waits() -> Figures:
    from acquis.practice.evidence.units import times  # noqa: PLC0415 - once Django is set up

    proposed, wanted = [], []
    for number, case in enumerate(table("exchanges.json")["response_times"]):
        said = [
            Said(pk, author, "…", AT + timedelta(seconds=seconds))
            for pk, (author, seconds) in enumerate(case["lines"])
        ]
        proposed += [f"{number}: {wait}" for _asked, _answer, wait in times.waits(said)]
        wanted += [f"{number}: {wait}" for wait in case["waits"]]
    return compared(proposed, wanted)


def told_early(*, spoken: bool = False) -> Figures:
    from acquis.practice.evidence.units import disclosure  # noqa: PLC0415

    proposed, wanted = [], []
    for case in table("spoken.json" if spoken else "exchanges.json")["disclosure"]:
        said = [
            Said(pk, author, body, AT + timedelta(minutes=pk), 1 if spoken else None, 60.0 * pk)
            for pk, (author, body, _early) in enumerate(case["lines"])
        ]
        talk = talk_of([], heard=said) if spoken else talk_of(said)
        tied = case["tied_after"]
        at = AT + timedelta(minutes=tied or 0, seconds=-1)  # just before the line of that number
        acts = [] if tied is None else [Act(1, "conversation.identified", "1", at, {})]
        seen = disclosure.disclosures(Sources(talks=[talk], acts=acts))
        proposed += [moment.excerpt for one in seen for moment in one.moments]
        wanted += [sentence for _author, _body, early in case["lines"] for sentence in early]
    return compared(proposed, wanted)


def facts(*, spoken: bool = False) -> Figures:
    from acquis.practice.evidence.units import agreement  # noqa: PLC0415

    proposed, wanted = [], []
    for number, case in enumerate(
        table("spoken.json")["facts"] if spoken else table("letters.json")
    ):
        for fact, there in case["facts"]:
            name = f"{number}: {fact['label']}"
            proposed += [name] if agreement.holds(case["text"], fact) else []
            wanted += [name] if there else []
    return compared(proposed, wanted)


def faults() -> Figures:
    """Of sentences with a fault and without: whether the checker remarks the very word."""
    from acquis.kernel import writing  # noqa: PLC0415

    proposed, wanted = [], []
    for line in lines("spelling.txt"):
        text = re.sub(r"[\[\]]", "", line)
        spans = [
            (found.start() - 2 * before, found.end() - 2 * before - 2)
            for before, found in enumerate(re.finditer(r"\[[^\]]+\]", line))
        ]
        wanted += [f"{text[begins:ends]} @ {text}" for begins, ends in spans]
        for remark in writing.check(text):
            at = text.find(remark.text)
            hit = [
                text[begins:ends]
                for begins, ends in spans
                if begins < at + len(remark.text) and at < ends
            ]
            proposed.append(f"{hit[0] if hit else remark.text} @ {text}")
    return compared(proposed, wanted)


def acts(unit: str, read: Read) -> Figures:
    """The moments of the journal that a unit shows, each by the number of its line."""
    rows = table("journal.json")["acts"]
    journal = [
        Act(number, row["verb"], row["object"], AT + timedelta(seconds=number), row["data"])
        for number, row in enumerate(rows)
    ]
    shown = read(Sources(talks=[talk_of([])], acts=journal))
    proposed = [moment.ref for one in shown for moment in one.moments]
    wanted = [
        f"act-{number}" for number, row in enumerate(rows) for one in row["units"] if one == unit
    ]
    return compared(proposed, wanted)


def codes() -> Figures:
    from acquis.practice.evidence.units import qualification as unit  # noqa: PLC0415

    proposed, wanted = [], []
    for number, case in enumerate(table("journal.json")["qualifications"]):
        code = case["recorded"]
        talk = talk_of(
            [],
            qualified_at=AT,
            reason=(code, code),
            expected_reasons=[(one, one) for one in case["expected"]],
        )
        (seen,) = unit.qualification(Sources(talks=[talk]))
        proposed += [str(number)] if "prévu par le scénario" in seen.statement else []
        wanted += [str(number)] if case["as_expected"] else []
    return compared(proposed, wanted)


def both(one: Figures, other: Figures) -> Figures:
    return Figures(
        one.right + other.right,
        one.proposed + other.proposed,
        one.wanted + other.wanted,
        one.wrong + other.wrong,
        one.missed + other.missed,
    )


def measured() -> dict[str, Figures]:
    """The figures of each unit, by its key, in the order of the units."""
    from acquis.practice.evidence.units import UNITS  # noqa: PLC0415

    by_key = {unit.key: unit.read for unit in UNITS}
    found = {
        "response-times": waits(),
        "qualification": codes(),
        "reformulation": of_sentences(by_key["reformulation"], {"R": None}),
        "questions": of_sentences(by_key["questions"], {"Q": None}),
        "understanding-check": of_sentences(by_key["understanding-check"], {"C": None}),
        "spelling-grammar": faults(),
        "markers": of_sentences(by_key["markers"], dict(MARKS)),
        "letter-agreement": facts(),
        "exchange-agreement": facts(),
        "consulted": acts("consulted", by_key["consulted"]),
        "identification": acts("identification", by_key["identification"]),
        "disclosure": told_early(),
        "fields-changed": acts("fields-changed", by_key["fields-changed"]),
        "authority": both(
            of_sentences(by_key["authority"], {"O": None}),
            acts("authority", by_key["authority"]),
        ),
        "legal-mentions": of_sentences(by_key["legal-mentions"], dict(MENTIONS)),
    }
    return {unit.key: found[unit.key] for unit in UNITS}


def heard() -> dict[str, Figures]:
    """The figures of each unit that reads what was heard, on lines as a recogniser writes them.

    `identification` shows every line before the record is tied: there is nothing to recognise in it.
    """
    from acquis.practice.evidence.units import UNITS  # noqa: PLC0415

    titles: dict[str, dict[str, str | None]] = {
        "reformulation": {"R": None},
        "questions": {"Q": None},
        "understanding-check": {"C": None},
        "markers": dict(MARKS),
        "authority": {"O": None},
        "legal-mentions": dict(MENTIONS),
    }
    found = {
        unit.key: of_sentences(unit.read, titles[unit.key], spoken=True)
        for unit in UNITS
        if unit.key in titles
    }
    found |= {"exchange-agreement": facts(spoken=True), "disclosure": told_early(spoken=True)}
    return {unit.key: found[unit.key] for unit in UNITS if unit.key in found}


def row(key: str, one: Figures) -> str:
    return (
        f"| `{key}` | {one.wanted} | {one.proposed} | {one.right} |"
        f" {one.precision:.2f} | {one.recall:.2f} |"
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.test")
    django.setup()
    for title, found in (("written", measured()), ("spoken", heard())):
        print(f"\n{title}\n")  # noqa: T201
        for key, one in found.items():
            print(row(key, one))  # noqa: T201
            for name, sentences_ in (("wrong", one.wrong), ("missed", one.missed)):
                for sentence in sentences_:
                    print(f"    {name}: {sentence}")  # noqa: T201


if __name__ == "__main__":
    main()
