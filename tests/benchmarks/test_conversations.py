"""What the benchmark of conversations counts: delivered, lost, doubled."""

import pytest
from benchmarks._conversations_adviser import ROW
from benchmarks._conversations_check import check
from benchmarks._conversations_hall import Hall, Written

from tests.factories import desk as make

KEY = "a" * 32


def written(key=KEY, to="adviser", at=10.0):
    return Written(conversation=7, key=key, body=f"Bonjour. [{key}]", to=to, at=at)


def test_delivery_runs_from_the_acknowledgement_to_the_other_page():
    hall = Hall([])
    hall.acknowledge(written(at=0.0))
    hall.show(f"<p>Bonjour. [{KEY}]</p>", "thread")
    assert hall.written[KEY].shown_by == "thread"
    assert hall.written[KEY].shown_at > 0.0


def test_writers_own_page_is_no_delivery():
    hall = Hall([])
    hall.acknowledge(written(to="visitor"))
    hall.show(f"[{KEY}]", "thread")
    assert hall.written[KEY].shown_at is None


def test_page_that_has_it_before_the_acknowledgement_counts():
    hall = Hall([])
    hall.show(f"[{KEY}]", "thread")
    one = written(at=10.0**9)
    hall.acknowledge(one)
    assert one.shown_at == one.at


def test_queue_that_counts_two_unread_delivers_the_first_two():
    hall = Hall([])
    keys = ["a" * 32, "b" * 32, "c" * 32]
    for key in keys:
        hall.acknowledge(written(key, at=0.0))
    hall.notice(7, 2)
    assert [hall.written[key].shown_by for key in keys] == ["queue", "queue", ""]


def test_unread_counts_are_read_in_the_queue_as_it_is_rendered(db, client):
    desk = make.desk()
    adviser = make.adviser(desk.organisation)
    conversation = make.open_conversation(desk, adviser)
    make.message(conversation, author="customer")
    client.force_login(adviser)
    html = client.get(f"/poste/{desk.pk}/file/", headers={"HX-Request": "true"}).content.decode()
    assert ROW.findall(html) == [(str(conversation.pk), "1")]


@pytest.mark.parametrize(
    ("kept", "figures"),
    [
        ([KEY], {"lost_count": 0, "doubled_count": 0}),
        ([], {"lost_count": 1, "doubled_count": 0}),
        ([KEY, "again"], {"lost_count": 0, "doubled_count": 1}),
    ],
)
def test_acknowledged_messages_are_looked_up(db, kept, figures):
    conversation = make.conversation(make.desk())
    for key in kept:
        make.message(conversation, body=f"Bonjour. [{KEY}]", client_key=key)
    found = check([(conversation.pk, KEY, f"Bonjour. [{KEY}]")])
    assert {name: found[name] for name in figures} == figures
