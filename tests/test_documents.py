"""The living documents follow the code."""

import re
import tomllib
from pathlib import Path

from benchmarks.__main__ import modules

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_class_that_the_glossary_names_exists() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in glossary.splitlines() if line.count("|") == 4]
    named = {
        name
        for row in rows
        for words in re.findall(r"`([^`]+)`", row[2])
        for name in re.findall(r"\b[A-Z][a-z]\w+", words)
    }

    assert named - set(re.findall(r"\bclass (\w+)", SOURCE)) == set()


def test_no_french_term_stands_twice_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([^|]+?) \|", glossary, re.MULTILINE)
    terms = [term for term in terms if term not in {"French official term", "---"}]

    assert len(terms) == len(set(terms))


def test_the_graph_shows_every_room_of_the_contracts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    graph = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        room.strip().rsplit(".", 1)[-1]
        for contract in contracts["tool"]["importlinter"]["contracts"]
        for layer in contract.get("layers", [])
        for room in layer.split("|")
    }

    assert {room for room in rooms if not re.search(rf"\b{room}\b", graph)} == set()


def test_every_link_between_the_documents_leads_somewhere() -> None:
    lost = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert lost == []


def test_the_readme_names_every_variable_of_the_environment() -> None:
    settings = (ROOT / "src" / "acquis" / "config" / "settings").glob("[bp]*.py")
    read = {
        name
        for path in settings
        for name in re.findall(r'"(ACQUIS_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {name for name in read if f"`{name}`" not in readme} == set()


def test_the_page_of_benchmarks_names_each_of_them() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    names = {module.NAME for module in modules()}

    assert {name for name in names if f"`{name}`" not in page} == set()
