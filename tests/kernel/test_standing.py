"""Queries that are compiled once: the same rows as the query itself, whatever the values."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, QuerySet
from django.test.utils import CaptureQueriesContext

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, User
from acquis.kernel import trace
from acquis.kernel.models import TraceLine
from acquis.kernel.standing import Standing
from tests.factories import accounts

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def roles(*, user: int) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("organisation").order_by("pk")


def test_rows_are_those_of_the_query_with_what_it_joins() -> None:
    asked = Standing(roles, user=int)
    first, second = accounts.user(Role.ADVISER, Role.TRAINER), accounts.user(Role.TRAINER)
    for person in (first, second, first):
        with CaptureQueriesContext(connection) as queries:
            found = asked.all(user=person.pk)
            names = [one.organisation.name for one in found]
        assert found == list(roles(user=person.pk))
        assert names == [one.organisation.name for one in roles(user=person.pk)]
        assert len(queries) == 1
    assert asked.all(user=0) == []
    assert asked.first(user=0) is None


def test_each_reading_is_of_now() -> None:
    asked = Standing(roles, user=int)
    person = accounts.user(Role.ADVISER)
    assert asked.first(user=person.pk) is not None
    Membership.objects.filter(user=person).delete()
    assert asked.first(user=person.pk) is None


def lines(*, stream: str, since: datetime) -> QuerySet[TraceLine]:
    return TraceLine.objects.filter(stream=stream, at__gt=since).order_by("position")


def test_texts_and_instants_stand_where_they_must() -> None:
    asked = Standing(lines, stream=str, since=datetime)
    for hours, stream in enumerate(["a", "a", "b%s'\"\\é"]):
        trace.record("x", None, by=None, at=NOON + timedelta(hours=hours), stream=stream)
    for stream in ("a", "b%s'\"\\é", "c"):
        for since in (NOON - timedelta(seconds=1), NOON, NOON + timedelta(hours=9)):
            expected = list(lines(stream=stream, since=since))
            assert asked.all(stream=stream, since=since) == expected


def counts(*, stream: str) -> QuerySet[TraceLine, tuple[str, int]]:
    rows = TraceLine.objects.filter(stream=stream).order_by().values("stream")
    return rows.annotate(count=Count("pk")).values_list("stream", "count")


def test_values_are_given_as_the_query_gives_them() -> None:
    asked = Standing(counts, stream=str)
    trace.record("x", None, by=None, at=NOON, stream="a")
    trace.record("x", None, by=None, at=NOON, stream="a")
    assert asked.first(stream="a") == ("a", 2)
    assert asked.first(stream="b") is None


def test_a_value_that_goes_nowhere_is_a_mistake() -> None:
    def of_all(*, user: int) -> QuerySet[User]:
        del user
        return User.objects.filter(pk=F("pk"))

    with pytest.raises(ValueError, match="user"):
        Standing(of_all, user=int).all(user=1)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    asked = Standing(roles, user=int)
    person = accounts.user(Role.ADVISER)
    expected, found = asked.all(user=person.pk), []

    def alone() -> None:
        found.append(asked.all(user=person.pk))
        connection.close()

    thread = threading.Thread(target=alone)
    thread.start()
    thread.join()
    assert found == [expected]
