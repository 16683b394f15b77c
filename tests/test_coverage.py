"""What the measure of covered rules says, and of which apps it demands everything."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def measure() -> ModuleType:
    loader = SourceFileLoader("cover_rules", str(ROOT / "scripts" / "cover-rules"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_rules_of_an_app_are_found_as_modules_and_as_packages(measure: ModuleType) -> None:
    assert measure._rules("desk/cases") == ["policy/*.py", "actions/*.py", "access.py", "rules.py"]
    assert measure._rules("desk/nowhere") == []


def test_what_is_left_out_is_told_in_runs_and_a_branch_once(measure: ModuleType) -> None:
    told = measure._missing([4, 5, 6, 9], [[3, 4], [9, 12], [20, -1]])

    assert told == "lignes 4-6, 9 ; branches 3→4, 20→fin"
    assert measure._missing([], []) == ""


def test_every_complete_app_has_rules_and_tests(measure: ModuleType) -> None:
    known = set(measure._apps())

    assert known >= measure.COMPLETE
    assert [app for app in measure.COMPLETE if not measure._rules(app)] == []
    assert [
        app for app in known if measure._rules(app) and not (ROOT / "tests" / app).is_dir()
    ] == []
