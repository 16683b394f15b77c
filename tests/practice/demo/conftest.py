"""The demonstration, which takes long to load: once for a module of tests that read it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from acquis.practice.demo.load import load_demo

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # as `now` of the other tests


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, ...]]:
    """What was said while it was loaded: each test is undone, and the module at its end."""
    lines: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        assert load_demo(now=NOW, say=lines.append)
        yield tuple(lines)
        transaction.set_rollback(True)
