"""The demonstration loads whenever one begins."""

from datetime import UTC, datetime

import pytest

from acquis.kernel import trace
from acquis.practice.demo.load import load_demo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 28, 22, 10, tzinfo=UTC),  # a Saturday night
        datetime(2026, 5, 14, 6, 0, tzinfo=UTC),  # Ascension, before opening
    ],
)
def test_the_demonstration_loads_whatever_the_hour(moment: datetime) -> None:
    assert load_demo(now=moment, say=lambda _text: None)
    assert trace.verify() == []
