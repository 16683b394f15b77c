"""A half of the suite leaves to the other what asks for no database, and nothing else."""

import pytest

from tests import halves


def item(request: pytest.FixtureRequest) -> pytest.Item:
    assert isinstance(request.node, pytest.Item)
    return request.node


@pytest.fixture
def reached(db: None) -> None:
    """Asks for the database in another's name."""


@pytest.fixture
def _half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(halves.WITH_DATABASE_ONLY, "1")


@pytest.mark.usefixtures("_half")
def test_what_asks_for_no_database_is_left_to_the_other_half(request) -> None:
    assert halves.kept([item(request)]) == ([], [item(request)])


@pytest.mark.django_db
@pytest.mark.usefixtures("_half")
def test_what_bears_the_mark_is_kept(request) -> None:
    assert halves.kept([item(request)]) == ([item(request)], [])


@pytest.mark.usefixtures("_half", "reached")
def test_what_asks_through_a_fixture_is_kept(request) -> None:
    assert halves.kept([item(request)]) == ([item(request)], [])


def test_all_is_kept_unless_the_other_half_is_said_to_pass_it(request, monkeypatch) -> None:
    monkeypatch.delenv(halves.WITH_DATABASE_ONLY, raising=False)
    assert halves.kept([item(request)]) == ([item(request)], [])
