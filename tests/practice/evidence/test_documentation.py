import json
from pathlib import Path

import acquis
from acquis.kernel.writing import engine
from acquis.practice.evidence.units import HEARD, HEARS, UNITS
from tests.practice.evidence.measure import heard, measured, row, sentences

SOURCE = Path(acquis.__path__[0])
PAGE = (SOURCE.parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
TITLE = SOURCE / "certification" / "frameworks" / "catalogue" / "crcd-tp-00483-06.json"


OTHERS = [
    "Criteria without evidence",
    "Precision and recall",
    "Precision and recall of what was heard",
]


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_page_says_what_each_unit_reads_shows_and_misses() -> None:
    for unit in UNITS:
        told = section(unit.title)
        assert f"`{unit.key}`" in told
        for words in (unit.reads, unit.shows, unit.limits):
            assert f"| {words} |" in told, unit.key


def test_the_page_names_the_criteria_that_each_unit_serves() -> None:
    content = json.loads(TITLE.read_text(encoding="utf-8"))
    criteria = [line for block in content["blocks"] for line in block["criteria"]]
    for unit in UNITS:
        served = [line["code"] for line in criteria if unit.may_serve(line["text"])]
        assert f"| {', '.join(served)} |" in section(unit.title), unit.key


def test_the_page_holds_no_unit_that_is_gone() -> None:
    titles = [line[3:] for line in PAGE.splitlines() if line.startswith("## ")]
    assert titles == [*(unit.title for unit in UNITS), *OTHERS]


def test_the_page_counts_the_criteria_that_no_unit_serves() -> None:
    content = json.loads(TITLE.read_text(encoding="utf-8"))
    criteria = [line for block in content["blocks"] for line in block["criteria"]]
    without = [
        line["code"] for line in criteria if not any(unit.may_serve(line["text"]) for unit in UNITS)
    ]
    told = section("Criteria without evidence")
    assert (
        f"Of the {len(criteria)} criteria of TP-00483, {len(criteria) - len(without)} have" in told
    )
    assert f"Without: {', '.join(without)}." in told


def test_the_page_gives_the_measured_precision_and_recall_of_each_unit() -> None:
    told = section("Precision and recall")
    found = measured()
    assert list(found) == [unit.key for unit in UNITS]
    for key, figures in found.items():
        if key != "spelling-grammar" or engine() == "grammalecte":
            assert row(key, figures) in told, key


def test_the_page_gives_the_measured_precision_and_recall_of_what_was_heard() -> None:
    told = section("Precision and recall of what was heard")
    found = heard()
    assert {*found, "identification"} == {unit.key for unit in UNITS if unit.hears}
    for key, figures in found.items():
        assert row(key, figures) in told, key
        assert figures.wanted, key


def test_the_page_says_of_each_unit_whether_it_hears() -> None:
    for unit in UNITS:
        told = section(unit.title)
        assert (f"| hears | {HEARS} ; {HEARD} |" in told) is unit.hears, unit.key


def test_spoken_lines_are_labelled_apart_with_look_alikes_among_them() -> None:
    rows = list(sentences("spoken.txt"))
    assert len({line for _labels, line in rows}) == len(rows) >= 90
    assert sum(not labels for labels, _line in rows) >= 12
    assert not {line for _labels, line in rows} & {line for _labels, line in sentences()}


def test_the_labelled_set_has_hard_negatives_and_something_for_each_unit() -> None:
    rows = list(sentences())
    assert len(rows) >= 100
    assert len({sentence for _labels, sentence in rows}) == len(rows)
    assert sum(not labels for labels, _sentence in rows) >= 25
    assert all(figures.wanted for figures in measured().values())
