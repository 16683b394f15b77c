import json
from pathlib import Path

import acquis
from acquis.practice.evidence.units import UNITS

SOURCE = Path(acquis.__path__[0])
PAGE = (SOURCE.parents[1] / "docs" / "evidence.md").read_text(encoding="utf-8")
TITLE = SOURCE / "certification" / "frameworks" / "catalogue" / "crcd-tp-00483-06.json"


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
    assert titles == [*(unit.title for unit in UNITS), "Criteria without evidence"]
