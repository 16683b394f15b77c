from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from acquis.kernel import outbox
from acquis.kernel.models import OutboxMessage


@pytest.fixture
def received(monkeypatch):
    """What the handler of the topic `tests.parcel` was given."""
    parcels = []
    monkeypatch.setitem(outbox.HANDLERS, "tests.parcel", parcels.append)
    return parcels


@pytest.fixture
def broken(monkeypatch):
    def refuse(payload):
        raise ConnectionError("the gateway is down")

    monkeypatch.setitem(outbox.HANDLERS, "tests.broken", refuse)


@pytest.mark.django_db
def test_message_is_delivered_once_and_in_order(now, received):
    for number in range(3):
        outbox.put("tests.parcel", {"number": number}, at=now)
    assert outbox.deliver(now=now) == 3
    assert outbox.deliver(now=now) == 0
    assert received == [{"number": 0}, {"number": 1}, {"number": 2}]


@pytest.mark.django_db
def test_several_messages_of_an_act_are_kept_in_one_statement(
    now, received, django_assert_num_queries
):
    with django_assert_num_queries(1):
        outbox.put_all("tests.parcel", [{"number": 0}, {"number": 1}], at=now)
    outbox.deliver(now=now)
    assert received == [{"number": 0}, {"number": 1}]


@pytest.mark.django_db
def test_messages_of_a_topic_leave_together_and_what_failed_comes_back(now, received, monkeypatch):
    batches = []

    def take(payloads):
        batches.append(payloads)
        return {1: ConnectionError("down")} if len(batches) == 1 else {}

    monkeypatch.setitem(outbox.TOGETHER, "tests.alike", take)
    for number in range(3):
        outbox.put("tests.alike", {"number": number}, at=now)
    outbox.put("tests.parcel", {}, at=now)

    assert outbox.deliver(now=now) == 3
    assert outbox.deliver(now=now + timedelta(minutes=1)) == 1
    assert batches == [[{"number": 0}, {"number": 1}, {"number": 2}], [{"number": 1}]]
    assert received == [{}]


@pytest.mark.django_db
def test_a_batch_that_fails_whole_comes_back_whole(now, monkeypatch):
    def refuse(payloads):
        raise ConnectionError(len(payloads))

    monkeypatch.setitem(outbox.TOGETHER, "tests.alike", refuse)
    outbox.put_all("tests.alike", [{}, {}], at=now)

    assert outbox.deliver(now=now) == 0
    assert {one.last_error for one in OutboxMessage.objects.all()} == {"ConnectionError: 2"}


@pytest.mark.django_db(transaction=True)
def test_message_of_an_act_that_fails_never_leaves(now, received):
    @transaction.atomic
    def fail():
        outbox.put("tests.parcel", {}, at=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert outbox.deliver(now=now) == 0
    assert received == []


@pytest.mark.django_db
@pytest.mark.usefixtures("broken")
def test_failed_message_comes_back_later_and_later(now):
    message = outbox.put("tests.broken", {}, at=now)
    assert outbox.deliver(now=now) == 0
    assert outbox.deliver(now=now + timedelta(seconds=4)) == 0
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, "ConnectionError: the gateway is down")
    outbox.deliver(now=now + timedelta(seconds=5))
    message.refresh_from_db()
    assert message.next_attempt_at == now + timedelta(seconds=15)


@pytest.mark.django_db
@pytest.mark.usefixtures("broken")
def test_failed_message_does_not_hold_back_the_others(now, received):
    outbox.put("tests.broken", {}, at=now)
    outbox.put("tests.parcel", {}, at=now)
    assert outbox.deliver(now=now) == 1
    assert received == [{}]


@pytest.mark.django_db
@pytest.mark.usefixtures("broken")
def test_message_is_given_up_after_a_day_and_kept_for_whoever_looks(now):
    message = outbox.put("tests.broken", {}, at=now)
    for _ in range(30):
        message.refresh_from_db()
        outbox.deliver(now=message.next_attempt_at)
    assert message.attempts == outbox.LAST_ATTEMPT
    assert message.next_attempt_at - now > timedelta(days=1)
    assert message.delivered_at is None


@pytest.mark.django_db
def test_unknown_topic_waits_for_a_process_that_knows_it(now, monkeypatch, received):
    outbox.put("tests.later", {}, at=now)
    assert outbox.deliver(now=now) == 0
    monkeypatch.setitem(outbox.HANDLERS, "tests.later", received.append)
    assert outbox.deliver(now=now + timedelta(minutes=1)) == 1


@pytest.mark.django_db
def test_looking_at_an_empty_outbox_is_one_query(now):
    with CaptureQueriesContext(connection) as captured:
        outbox.deliver(now=now)
    # Inside the transaction of a test, that of the claim is a savepoint.
    asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(asked) == 1


@pytest.mark.django_db
def test_delivering_many_takes_as_many_queries_as_one(now, received, count_queries):
    outbox.put("tests.parcel", {}, at=now)
    one = count_queries(lambda: outbox.deliver(now=now))
    for _ in range(20):
        outbox.put("tests.parcel", {}, at=now)
    assert count_queries(lambda: outbox.deliver(now=now)) == one


@pytest.mark.django_db
@pytest.mark.usefixtures("received")
def test_delivered_messages_are_forgotten_after_a_week(now):
    outbox.put("tests.parcel", {}, at=now)
    outbox.deliver(now=now)
    assert outbox.forget_delivered(now=now + timedelta(days=6)) == 0
    assert outbox.forget_delivered(now=now + timedelta(days=8)) == 1
    assert not OutboxMessage.objects.exists()
