from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from acquis.kernel import trace
from acquis.kernel.models import TraceHead, TraceLine, TracePersonalPart
from acquis.kernel.trace import TraceOutsideTransactionError
from tests.kernel.people import person
from tests.kernel.tampering import without_triggers

STREAM = "session:12"


def write(now, verb="session.opened", count=1, **extra):
    return [
        trace.record(verb, None, by=None, at=now, stream=STREAM, number=number, **extra)
        for number in range(count)
    ][-1]


def faults():
    return [(fault.nature, fault.position) for fault in trace.verify(STREAM)]


@pytest.mark.django_db
def test_record_chains_each_line_to_the_one_before(now):
    write(now, count=3)
    first, second, third = trace.lines(STREAM)
    assert first.previous == trace.ORIGIN
    assert (second.previous, third.previous) == (first.fingerprint, second.fingerprint)
    end = trace.head(STREAM)
    assert (end.position, end.fingerprint) == (3, third.fingerprint)
    assert trace.verify() == []


@pytest.mark.django_db
def test_record_names_the_actor_and_the_object(now):
    author = person()
    line = trace.record("account.created", author, by=author, at=now, stream=STREAM)
    assert (line.actor_id, line.actor_label) == (author.pk, "Léa Martin")
    assert (line.object_type, line.object_id) == ("accounts.user", str(author.pk))


@pytest.mark.django_db(transaction=True)
def test_record_refuses_to_write_outside_a_transaction(now):
    with pytest.raises(TraceOutsideTransactionError):
        write(now)
    assert not TraceLine.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_record_disappears_with_the_act_that_fails(now):
    @transaction.atomic
    def fail():
        write(now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not TraceLine.objects.exists()
    assert trace.head(STREAM).position == 0


@pytest.mark.django_db
def test_dates_and_amounts_read_back_as_they_were_fingerprinted(now):
    paris = timezone(timedelta(hours=1))
    line = write(
        now,
        day=date(2026, 11, 20),
        moment=datetime(2026, 11, 20, 10, 0, tzinfo=paris),
        amount=Decimal("1234.50"),
        ratio=0.1,
        nested={"ids": (1, 2), "none": None, "yes": True, "text": "œuvre « é »"},
    )
    line.refresh_from_db()
    assert line.data["moment"] == "2026-11-20T09:00:00+00:00"
    assert (line.data["amount"], line.data["ratio"]) == ("1234.50", "0.1")
    assert trace.verify() == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.decimals(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_what_is_plain_stays_as_it_is(value):
    once = trace.plain(value)
    assert trace.plain(once) == once
    assert trace.canonical(once) == trace.canonical(trace.plain(once))


@pytest.mark.django_db
def test_streams_do_not_mix(now):
    write(now, count=2)
    trace.record("sitting.opened", None, by=None, at=now, stream="sitting:1")
    assert [line.position for line in trace.lines("sitting:1")] == [1]
    assert [line.position for line in trace.lines(STREAM, after=1)] == [2]


@pytest.mark.django_db
def test_verify_names_an_altered_line(now):
    write(now, count=3)
    with without_triggers():
        TraceLine.objects.filter(position=2).update(data={"number": 99})
    [fault] = trace.verify()
    assert (fault.stream, fault.position, fault.nature) == (STREAM, 2, "altered")
    assert str(fault.sentence) == "session:12 : la ligne 2, « session.opened », a été modifiée."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"verb": "session.closed"},
        {"actor_label": "Quelqu’un d’autre"},
        {"actor_id": 7},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"object_id": "13"},
        {"personal_digest": "0" * 64},
        {"fingerprint": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_verify_notices_a_change_of_any_field(now, change):
    write(now, count=3)
    with without_triggers():
        TraceLine.objects.filter(position=2).update(**change)
    assert ("altered", 2) in faults()


@pytest.mark.django_db
def test_verify_notices_a_line_altered_and_fingerprinted_again(now):
    write(now, count=3)
    line = trace.lines(STREAM)[1]
    line.verb = "session.closed"
    line.fingerprint = trace.fingerprint(line)
    with without_triggers():
        line.save()
    assert faults() == [("altered", 2)]


@pytest.mark.django_db
def test_verify_notices_that_the_last_line_was_altered_and_fingerprinted_again(now):
    write(now, count=3)
    line = trace.lines(STREAM)[2]
    line.verb = "session.closed"
    line.fingerprint = trace.fingerprint(line)
    with without_triggers():
        line.save()
    assert faults() == [("head", 3)]


@pytest.mark.django_db
def test_verify_names_missing_lines(now):
    write(now, count=6)
    with without_triggers():
        TraceLine.objects.filter(position__in=[2, 4, 5]).delete()
    assert faults() == [("missing", 2), ("missing", 4)]
    assert "les lignes 4 à 5" in trace.verify()[1].sentence


@pytest.mark.django_db
def test_verify_names_a_missing_first_line(now):
    write(now, count=3)
    with without_triggers():
        TraceLine.objects.filter(position=1).delete()
    assert faults() == [("missing", 1)]


@pytest.mark.django_db
def test_verify_names_reordered_lines(now):
    write(now, count=5)
    with without_triggers():
        TraceLine.objects.filter(position=2).update(position=99)
        TraceLine.objects.filter(position=3).update(position=2)
        TraceLine.objects.filter(position=99).update(position=3)
    assert faults() == [("reordered", 2), ("reordered", 3)]
    assert "elle était en position 3" in trace.verify()[0].sentence


@pytest.mark.django_db
def test_verify_names_a_cut_tail(now):
    write(now, count=5)
    with without_triggers():
        TraceLine.objects.filter(position__gt=3).delete()
    [fault] = trace.verify()
    assert (fault.nature, fault.position) == ("cut_tail", 4)
    assert "de la ligne 4 à la ligne 5" in fault.sentence


@pytest.mark.django_db
def test_verify_notices_a_stream_emptied_whole(now):
    write(now, count=1)
    with without_triggers():
        TraceLine.objects.all().delete()
    assert faults() == [("cut_tail", 1)]


@pytest.mark.django_db
def test_verify_notices_a_head_moved_back(now):
    write(now, count=2)
    TraceHead.objects.update(position=1)
    assert faults() == [("head", 2)]


@pytest.mark.django_db
def test_personal_part_is_sealed_apart_and_reads_back(now):
    line = trace.record(
        "candidate.registered", None, by=None, at=now, stream=STREAM, personal={"name": "Zoé Rault"}
    )
    assert "Rault" not in trace.canonical(line.data)
    assert b"Rault" not in bytes(TracePersonalPart.objects.get().sealed)
    assert trace.personal_part(line) == {"name": "Zoé Rault"}


@pytest.mark.django_db
def test_same_particulars_have_different_digests(now):
    first, second = (
        trace.record("a.b", None, by=None, at=now, stream=STREAM, personal={"name": "Zoé"})
        for _ in range(2)
    )
    assert first.personal_digest != second.personal_digest


@pytest.mark.django_db
def test_erasing_the_personal_part_leaves_the_chain_whole_and_one_line_more(now):
    line = trace.record(
        "candidate.registered", None, by=None, at=now, stream=STREAM, personal={"name": "Zoé"}
    )
    assert trace.erase_personal(stream=STREAM, position=line.position, by=None, at=now)
    assert trace.personal_part(line) is None
    assert [one.verb for one in trace.lines(STREAM)][-1] == trace.ERASURE
    assert trace.verify() == []


@pytest.mark.django_db
def test_erasing_twice_records_once(now):
    line = trace.record("a.b", None, by=None, at=now, stream=STREAM, personal={"name": "Zoé"})
    trace.erase_personal(stream=STREAM, position=line.position, by=None, at=now)
    assert not trace.erase_personal(stream=STREAM, position=line.position, by=None, at=now)
    assert trace.head(STREAM).position == 2


@pytest.mark.django_db
def test_verify_notices_a_personal_part_altered_or_gone_without_an_erasure(now):
    for name in ("Zoé", "Yann", "Xavier"):
        trace.record("a.b", None, by=None, at=now, stream=STREAM, personal={"name": name})
    other = TracePersonalPart.objects.get(position=1).sealed
    TracePersonalPart.objects.filter(position=2).update(sealed=other)
    TracePersonalPart.objects.filter(position=3).delete()
    assert faults() == [("personal_altered", 2), ("personal_missing", 3)]


@pytest.mark.django_db
def test_record_costs_a_fixed_number_of_queries_on_a_known_stream(now, count_queries):
    write(now)
    expected = 1 if connection.vendor == "postgresql" else 3
    assert count_queries(lambda: write(now)) == expected


@pytest.mark.django_db
def test_verify_reads_a_stream_in_a_constant_number_of_queries(now, count_queries):
    write(now, count=2)
    few = count_queries(lambda: trace.verify(STREAM))
    write(now, count=20)
    assert count_queries(lambda: trace.verify(STREAM)) == few


@pytest.mark.django_db(transaction=True)
def test_lines_written_at_the_same_time_make_one_chain(now):
    def act():
        for _ in range(5):
            with transaction.atomic():
                write(now)
        connection.close()

    threads = [Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [line.position for line in trace.lines(STREAM)] == list(range(1, 21))
    assert trace.verify() == []


@pytest.mark.django_db
def test_lines_of_several_streams_are_appended_at_once_those_of_one_in_order(
    now, django_assert_num_queries
):
    people = [person(f"p{number}@acquis.example") for number in range(3)]
    first = [trace.Told("act.done", one, None, now, {"number": 0}) for one in people]
    with transaction.atomic():
        trace.record_all(first)
        again = [
            trace.Told("act.done", one, one, now, {"number": number})
            for number in (1, 2)
            for one in people
        ]
        with django_assert_num_queries(7):  # the ends held and moved, three streams; the lines
            kept = trace.record_all(again)
        alone = [trace.Told("act.done", one, None, now, {"number": 3}) for one in people]
        with django_assert_num_queries(1 if connection.vendor == "postgresql" else 7):
            trace.record_all(alone)
    assert [line.pk for line in kept] == [
        TraceLine.objects.get(stream=line.stream, position=line.position).pk for line in kept
    ]
    for one in people:
        lines = trace.lines(one.trace_stream)
        assert [(line.position, line.data["number"]) for line in lines] == [
            (1, 0),
            (2, 1),
            (3, 2),
            (4, 3),
        ]
    assert trace.verify() == []
    assert trace.record_all([]) == []


@pytest.mark.django_db(transaction=True)
def test_lines_are_not_appended_outside_a_transaction(now):
    with pytest.raises(TraceOutsideTransactionError):
        trace.record_all([])
