"""Phone exchanges of an exam: the juror rings and answers as the customer, everything is recorded."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import Workspace
from acquis.certification.papers import sealing
from acquis.certification.papers.models import Draw, Subject, SubjectOpening
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.phone import queries
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.call_customer import call_customer
from acquis.desk.phone.actions.control_recording import oppose_recording
from acquis.desk.phone.actions.hang_up import hang_up
from acquis.desk.phone.errors import ObjectionTooLate
from acquis.desk.phone.models import Call, Line, Recording
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from acquis.practice.evidence import recordings
from acquis.practice.rooms import phone, tasks
from acquis.practice.rooms.actions import play_phone
from acquis.practice.rooms.errors import ExchangesNotOpen, NoSuchCall
from acquis.practice.scenarios.actions.begin_exchange import begin_exchange
from acquis.practice.scenarios.errors import ExchangeOutgoing
from tests.factories import certification as make
from tests.factories import phone as phones

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
IN, OUT = "a", "b"


@pytest.fixture
def open_line(sitting: Sitting, begin: Begin) -> Sitting:
    """The exchanges run: the first customer calls, the second is to be called."""
    begin(2)  # what is changed after the draw was committed to is not drawn any more
    for subject in Subject.objects.filter(kind=Subject.Kind.EXCHANGES):
        content = sealing.unseal(subject)
        for one in content["exchanges"]:
            one["channel"] = "phone"
            one["direction"] = "out" if one["key"] == OUT else "in"
        Subject.objects.filter(pk=subject.pk).update(**sealing.sealed(content))
    begin(3)
    sitting.refresh_from_db()
    return sitting


def address(name: str, sitting: Sitting, *more: object) -> str:
    return reverse(f"rooms:{name}", args=[sitting.candidate_id, *more])


def desk_of(sitting: Sitting) -> Workspace:
    assert sitting.workspace is not None
    return sitting.workspace


def juror(sitting: Sitting):
    return sitting.candidate.session.jurors.order_by("pk")[0].juror.user


def customer_called(sitting: Sitting) -> Customer:
    draw = Draw.objects.get(candidate=sitting.candidate, kind=Subject.Kind.EXCHANGES)
    reference = next(
        one["customer"] for one in sealing.unseal(draw.subject)["exchanges"] if one["key"] == OUT
    )
    return Customer.objects.get(workspace=sitting.workspace, reference=reference)


def dial(sitting: Sitting, at: datetime, customer: Customer | None = None) -> Call:
    who = customer or customer_called(sitting)
    return call_customer(
        workspace=desk_of(sitting),
        number="06 39 98 11 22",
        name=who.display_name,
        customer=who,
        by=make.writer(sitting),
        at=at,
    )


def ring(sitting: Sitting, client: StrictClient) -> Call:
    assert client.post(address("ring", sitting, IN)).status_code == 302
    return Call.objects.get(
        conversation__played_key__endswith=f".{IN}", workspace=sitting.workspace
    )


def test_the_copy_of_an_exam_records_every_call_and_says_that_all_were_told(
    open_line: Sitting,
) -> None:
    line = Line.objects.get(workspace=open_line.workspace)
    assert (line.played, line.public, line.voicemail) == (True, False, False)
    told = [
        one
        for one in trace.lines(open_line.trace_stream)
        if one.verb == "sitting.recording_announced"
    ]
    assert len(told) == 1


def test_the_juror_rings_the_candidate_who_answers_and_is_recorded_from_the_first_word(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    candidate = make.writer(open_line)
    assert queries.ringing_for(desk_of(open_line), candidate, today) == [call]
    assert call.number == ""  # whoever answers asks who is calling
    answer_call(call=call, by=candidate, at=today)
    call.refresh_from_db()
    assert call.recording_state == Call.RecordingState.ANNOUNCED
    assert queries.wish(call)["recording"]["announcement"] == ""
    page = juror_client.get(address("cockpit", open_line), {"echange": IN}).content.decode()
    assert phone.customer_leg(call).key in page
    assert (
        "microphone=(self)" in juror_client.get(address("cockpit", open_line))["Permissions-Policy"]
    )


def test_nobody_objects_on_the_line_of_an_exam(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    leg = answer_call(call=call, by=make.writer(open_line), at=today)
    with pytest.raises(ObjectionTooLate):
        oppose_recording(call=call, leg=leg, at=today)
    call.refresh_from_db()
    assert call.recording_state == Call.RecordingState.ANNOUNCED


def test_an_exchange_rings_once_and_again_only_when_nobody_answered(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    first = ring(open_line, juror_client)
    assert ring(open_line, juror_client) == first
    play_phone.hang_up(sitting=open_line, call_id=first.pk, by=juror(open_line), at=today)
    page = juror_client.get(address("cockpit", open_line), {"echange": IN}).content.decode()
    assert "Rappeler le candidat" in page
    again = ring(open_line, juror_client)
    assert again != first
    first.conversation.refresh_from_db()
    assert first.conversation.played_key.endswith(f".{IN}~1")
    answer_call(call=again, by=make.writer(open_line), at=today)
    play_phone.hang_up(sitting=open_line, call_id=again.pk, by=juror(open_line), at=today)
    assert ring(open_line, juror_client) == again
    page = juror_client.get(address("cockpit", open_line), {"echange": IN}).content.decode()
    assert "Rappeler le candidat" not in page


def test_a_customer_whom_the_candidate_calls_does_not_ring(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    juror_client.post(address("open_role", open_line))
    refused = juror_client.post(
        address("ring", open_line, OUT), headers={"Accept": "application/json"}
    )
    assert refused.status_code == 422
    assert refused.json()["code"] == ExchangeOutgoing.code
    assert (
        "C’est le candidat qui appelle"
        in juror_client.get(address("cockpit", open_line), {"echange": OUT}).content.decode()
    )


def test_the_candidates_call_rings_for_the_jury_who_answers(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    juror_client.post(address("open_role", open_line))
    call = dial(open_line, today)
    shown = juror_client.get(address("cockpit_calls", open_line)).content.decode()
    assert call.conversation.contact_label in shown
    answer = juror_client.post(address("call_act", open_line, call.pk), {"act": "answer"})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?echange={OUT}")
    call.refresh_from_db()
    call.conversation.refresh_from_db()
    assert call.state == Call.State.ACTIVE
    assert call.recording_key
    assert call.conversation.played_key.endswith(f".{OUT}")
    assert (
        "cockpit-ringing"
        not in juror_client.get(address("cockpit_calls", open_line)).content.decode()
    )


@pytest.mark.parametrize(
    ("act", "ending", "verb"),
    [
        ("refuse", Call.Ending.DECLINED, "exchange.refused"),
        ("ring_out", Call.Ending.NO_ANSWER, "exchange.not_answered"),
    ],
)
def test_the_jury_refuses_or_lets_it_ring_out_and_the_candidate_may_call_again(
    open_line: Sitting,
    juror_client: StrictClient,
    today: datetime,
    act: str,
    ending: str,
    verb: str,
) -> None:
    first = dial(open_line, today)
    for _ in range(2):
        juror_client.post(address("call_act", open_line, first.pk), {"act": act})
    first.refresh_from_db()
    assert (first.state, first.ending) == (Call.State.ENDED, ending)
    assert verb in [one.verb for one in trace.lines(open_line.trace_stream)]
    second = dial(open_line, today)
    play_phone.answer(sitting=open_line, call_id=second.pk, by=juror(open_line), at=today)
    keys = [
        Conversation.objects.get(call=one).played_key.rpartition(".")[2] for one in (first, second)
    ]
    assert keys == [f"{OUT}~1", OUT]


def test_a_second_call_to_somebody_who_spoke_keeps_the_first_one_named(
    open_line: Sitting, today: datetime
) -> None:
    by = juror(open_line)
    for expected in (OUT, f"{OUT}~1"):
        call = dial(open_line, today)
        play_phone.answer(sitting=open_line, call_id=call.pk, by=by, at=today)
        assert Conversation.objects.get(call=call).played_key.endswith(f".{expected}")
        hang_up(call=call, by=make.writer(open_line), at=today)
        Conversation.objects.filter(call=call).update(qualified_at=today)


def test_a_call_that_no_exchange_expects_is_answered_without_a_name(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    other = Customer.objects.filter(workspace=open_line.workspace).exclude(
        pk=customer_called(open_line).pk
    )[0]
    call = dial(open_line, today, other)
    shown = juror_client.get(address("cockpit_calls", open_line)).content.decode()
    assert "aucun échange du sujet" in shown
    answer = juror_client.post(address("call_act", open_line, call.pk), {"act": "answer"})
    assert answer["Location"] == address("cockpit", open_line)
    assert Conversation.objects.get(call=call).played_key == ""


def test_a_juror_hangs_up_as_the_customer(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    answer_call(call=call, by=make.writer(open_line), at=today)
    for _ in range(2):
        juror_client.post(address("call_act", open_line, call.pk), {"act": "hang_up"})
    call.refresh_from_db()
    assert (call.state, call.ending) == (Call.State.ENDED, Call.Ending.HUNG_UP)


def test_the_customer_acts_only_on_calls_of_this_candidate_and_in_the_known_ways(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    by = juror(open_line)
    mine = ring(open_line, juror_client)
    with pytest.raises(NoSuchCall):  # an incoming call is not answered by who placed it
        play_phone.answer(sitting=open_line, call_id=mine.pk, by=by, at=today)
    elsewhere = phones.ringing_call(desk_of(open_line).origin)
    with pytest.raises(NoSuchCall):
        play_phone.hang_up(sitting=open_line, call_id=elsewhere.pk, by=by, at=today)
    unknown = juror_client.post(
        address("call_act", open_line, mine.pk),
        {"act": "x"},
        headers={"Accept": "application/json"},
    )
    assert unknown.status_code == 422


def test_a_juror_of_another_session_hears_and_does_nothing(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    client = StrictClient()
    client.force_login(
        make.person(Role.JUROR, organisation=open_line.candidate.session.organisation)
    )
    assert client.get(address("cockpit_calls", open_line)).status_code == 404
    assert (
        client.post(address("call_act", open_line, call.pk), {"act": "hang_up"}).status_code == 404
    )
    recording = phones.ready_recording(call)
    assert client.post(address("sound", open_line, recording.pk)).status_code == 404
    candidate = StrictClient()
    candidate.force_login(make.writer(open_line))
    assert candidate.post(address("sound", open_line, recording.pk)).status_code == 403
    assert candidate.get(address("cockpit_calls", open_line)).status_code == 403


def test_the_candidates_desk_shows_no_page_that_answers_for_the_customer(
    open_line: Sitting, candidate_client: StrictClient, today: datetime
) -> None:
    call = dial(open_line, today)
    bar = candidate_client.get(reverse("phone:bar", args=[open_line.workspace_id])).content.decode()
    assert "Ça sonne chez la personne appelée" in bar
    assert phone.customer_leg(call).key not in bar


def test_what_is_still_on_the_line_ends_with_the_part_were_the_desk_sealed(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    answer_call(call=call, by=make.writer(open_line), at=today)
    actions.abort_sitting(
        sitting=open_line, reason="Alerte incendie", by=juror(open_line), at=today
    )
    for _ in range(2):
        tasks.clear_the_line({"sitting": open_line.pk})
    call.refresh_from_db()
    assert call.state == Call.State.ENDED
    assert not call.legs.exclude(state="left").exists()
    with pytest.raises(ExchangesNotOpen):
        play_phone.hang_up(sitting=open_line, call_id=call.pk, by=juror(open_line), at=today)


def test_the_line_is_cleared_once_the_part_ends(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    actions.end_phase(phase=open_line.phases.get(position=3), by=make.writer(open_line), at=today)
    tasks.clear_the_line({"sitting": open_line.pk})
    call.refresh_from_db()
    assert (call.state, call.ending) == (Call.State.ENDED, Call.Ending.MISSED)
    assert Conversation.objects.get(call=call).state == Conversation.State.ENDED


def test_the_jury_hears_the_recording_from_the_moments_it_noted(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    answer_call(call=call, by=make.writer(open_line), at=today)
    recording = phones.ready_recording(
        call, started_at=today - timedelta(seconds=45), ended_at=today + timedelta(minutes=5)
    )
    juror_client.post(address("note", open_line), {"body": "Reformule la demande."})
    open_line.candidate.moment_notes.update(noted_at=today)  # however long the page took
    page = juror_client.get(address("dossier", open_line)).content.decode()
    assert f'data-recording="{recording.pk}"' in page
    assert 'data-listen-at="42"' in page
    sound = juror_client.post(address("sound", open_line, recording.pk))
    assert sound.status_code == 200
    assert b"OggS" in b"".join(sound.streaming_content)
    heard = [
        one
        for one in trace.lines(f"workspace:{open_line.workspace_id}")
        if one.verb == "recording.listened"
    ]
    assert [one.actor_id for one in heard] == [juror(open_line).pk]


def test_a_note_taken_before_the_recorder_is_ready_lies_at_its_start(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    answer_call(call=call, by=make.writer(open_line), at=today)
    # The one asked for at the answer never began; the last one follows a pause.
    for minutes in (0, 4):
        phones.ready_recording(
            call,
            started_at=today + timedelta(minutes=minutes, seconds=2),
            ended_at=today + timedelta(minutes=minutes + 1),
        )
    juror_client.post(address("note", open_line), {"body": "Accueille avec calme."})
    open_line.candidate.moment_notes.update(noted_at=today + timedelta(seconds=1))
    note = open_line.candidate.moment_notes.get()
    call.refresh_from_db()
    found = recordings.recordings_by_conversation(open_line, [note])[call.conversation_id]
    assert [[mark.seconds for mark in one.marks] for one in found] == [[], [0], []]


def test_moments_outside_a_recording_are_not_in_it(
    open_line: Sitting, juror_client: StrictClient, today: datetime
) -> None:
    call = ring(open_line, juror_client)
    juror_client.post(address("note", open_line), {"body": "Avant l’appel."})
    note = open_line.candidate.moment_notes.get()
    past = phones.ready_recording(
        call, started_at=today - timedelta(hours=2), ended_at=today - timedelta(hours=1)
    )
    running = phones.recording(call, started_at=None)
    found = recordings.recordings_by_conversation(open_line, [note])[call.conversation_id]
    assert {one.recording.pk: (one.ready, list(one.marks)) for one in found} == {
        past.pk: (True, []),
        running.pk: (False, []),
    }
    Recording.objects.filter(pk=running.pk).update(started_at=F("ended_at"))
    page = juror_client.get(address("dossier", open_line)).content.decode()
    assert "En cours" in page


def test_an_exchange_that_cannot_be_told_is_named_by_none(
    open_line: Sitting, today: datetime
) -> None:
    call = dial(open_line, today)
    SubjectOpening.objects.all().delete()
    Draw.objects.filter(candidate=open_line.candidate, kind=Subject.Kind.EXCHANGES).delete()
    assert phone.exchange_called(open_line, call.conversation) == ""
    Conversation.objects.filter(pk=call.conversation_id).update(played_key="VAL-S09.a")
    call.conversation.refresh_from_db()
    assert phone.exchange_called(open_line, call.conversation) == "VAL-S09.a"


def test_begin_exchange_says_nothing_in_writing_for_a_call(
    open_line: Sitting, today: datetime
) -> None:
    draw = Draw.objects.get(candidate=open_line.candidate, kind=Subject.Kind.EXCHANGES)
    content = sealing.unseal(draw.subject)
    conversation = begin_exchange(
        workspace=desk_of(open_line), content=content, key=IN, by=None, at=today
    )
    assert conversation.channel == Conversation.Channel.PHONE
    assert conversation.customer is None
    assert not conversation.messages.exists()
