from threading import Barrier, Thread

import pytest
from django.db import connection

from acquis.kernel import idempotency
from acquis.kernel.idempotency import KeyReused
from acquis.kernel.models import IdempotencyRecord


def ask(now, request, perform, key="k-1"):
    return idempotency.once("user:1", key, request=request, at=now, perform=perform)


@pytest.mark.django_db
def test_repeated_request_gets_its_first_answer_and_is_performed_once(now):
    runs = []

    def perform():
        runs.append(1)
        return 201, {"id": 7}

    assert ask(now, {"name": "A"}, perform) == (201, {"id": 7})
    assert ask(now, {"name": "A"}, perform) == (201, {"id": 7})
    assert runs == [1]


@pytest.mark.django_db
def test_key_used_for_another_request_is_refused(now):
    ask(now, {"name": "A"}, lambda: (201, {}))
    with pytest.raises(KeyReused):
        ask(now, {"name": "B"}, lambda: (201, {}))


@pytest.mark.django_db
def test_failed_request_leaves_its_key_free(now):
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(now, {}, fail)
    assert not IdempotencyRecord.objects.exists()
    assert ask(now, {}, lambda: (200, "ok")) == (200, "ok")


@pytest.mark.django_db(transaction=True)
def test_same_request_sent_four_times_at_once_is_performed_once(now):
    runs, answers, start = [], [], Barrier(4)

    def perform():
        runs.append(1)
        return 201, {"id": len(runs)}

    def send():
        start.wait()
        answers.append(ask(now, {}, perform))
        connection.close()

    senders = [Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert runs == [1]
    assert answers == [(201, {"id": 1})] * 4
