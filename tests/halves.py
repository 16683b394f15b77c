"""The suite passes on two databases: a test that asks for none is passed on one of them only."""

import os
from collections.abc import Sequence

import pytest
from django.test import SimpleTestCase

# `scripts/test` sets it for one half when the other half passes everything.
WITH_DATABASE_ONLY = "ACQUIS_TEST_WITH_DATABASE_ONLY"
_MARKS = ("django_db", "postgresql")
_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def asks_database(item: pytest.Item) -> bool:
    """Whether the test may touch the database: pytest-django refuses it to all others."""
    return (
        any(item.get_closest_marker(mark) for mark in _MARKS)
        or not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


def kept(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests of this half, and those left to the other."""
    if not os.environ.get(WITH_DATABASE_ONLY):
        return [*items], []
    return (
        [item for item in items if asks_database(item)],
        [item for item in items if not asks_database(item)],
    )
