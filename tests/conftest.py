"""What every test may ask for."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.engines import POSTGRESQL
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver
from hypothesis import HealthCheck, settings

from acquis.kernel.testing import StrictClient
from tests import emptying, halves, prepared

_PREPARED = pytest.StashKey[Path | None]()
ROOT = Path(__file__).resolve().parents[1]


# How fast examples come says how busy the machine is, and nothing of the rules.
settings.register_profile("acquis", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("acquis")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_PREPARED] = prepared.open_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_PREPARED, None)
    if folder is not None:
        prepared.close_folder(folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:], left = halves.kept(items)
    config.hook.pytest_deselected(items=left)


@pytest.fixture(scope="session")
def _is_copied(request: pytest.FixtureRequest) -> bool:
    """Whether the database of this process is a copy of the one that was migrated for all."""
    chosen = ("nomigrations", "reuse_db", "create_db")
    return not any(request.config.getoption(option) for option in chosen)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, _is_copied: bool) -> bool:
    return django_db_keepdb or _is_copied


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, _is_copied: bool
) -> Iterator[None]:
    """Migrations take most of a minute: they run once, and each process has a copy of the result."""
    name = str(connection.creation._get_test_db_name())
    server = os.environ.get(POSTGRESQL)
    if not _is_copied:
        yield
    elif server:
        prepared.copy_postgresql(server, name)
        yield
        prepared.drop_postgresql(server, name)
    else:
        prepared.copy_sqlite(Path(name))
        yield


@pytest.fixture
def client() -> StrictClient:
    return StrictClient()


@pytest.fixture
def _refusals_without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals and absences answer their status alone: for tests that ask thousands of addresses.

    The pages that say them to people have their own tests (tests/accounts/test_rights.py).
    """

    def refused(_resolver: URLResolver, status: int) -> Callable[..., HttpResponse]:
        def answer(_request: HttpRequest, **_given: object) -> HttpResponse:
            return HttpResponse(status=status)

        return answer

    monkeypatch.setattr(URLResolver, "resolve_error_handler", refused)


@pytest.fixture
def now() -> datetime:
    """Friday 20 November 2026, 10:00 in Paris."""
    return datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def shared_dir() -> Path:
    """The founding documents, which only those who build Acquis have."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the founding documents are not in this checkout")
    return folder


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], int]:
    """Count the database queries of an act: a list page has the same for one row and for fifty."""

    def count(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    return count


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied_at_little_cost() -> Iterator[None]:
    """After a transactional test: only what it filled is emptied.

    Django's own way truncates every table and makes content types and permissions again.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.empty())
        yield
