"""What an exam keeps secret is reached by no file, no sound, no socket, no line of the telephone."""

import html
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.certification.exam_sessions.models import Summons
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.sittings.models import Phase, Production, Sitting, SittingFile
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.documents.models import Letter
from acquis.desk.mail.models import MailFile
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.kernel import files, live, realtime
from acquis.kernel.models import StoredFile
from acquis.kernel.testing import StrictClient
from acquis.practice.evidence.models import MomentNote
from acquis.practice.rooms.actions.begin_phase import begin_phase
from tests.factories import certification as make
from tests.factories import desk, grading, phone
from tests.factories import mail as mails
from tests.practice.rooms.conftest import entered
from tests.practice.rooms.test_secrets import DESKS, EXAMS, leaks, other, signed_in, writing
from tests.rights import Page, door

__all__ = ["other", "writing"]  # fixtures
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_refusals_without_a_page")]
Begin = Callable[[int], Phase]
MARK = b"%PDF-1.7 octets que seul leur auteur et le jury lisent "
NOTED = "Note rapide que seul son auteur lit."


def stored(name: str, media_type: str, at: datetime) -> StoredFile:
    return files.store(MARK + name.encode(), name=name, media_type=media_type, by=None, at=at)


@pytest.fixture
def produced(writing: Sitting, begin: Begin, today: datetime) -> list[Model]:
    """One of every file that the exam of the first candidate holds, and of every thing that leads to one."""
    begin(3)
    place = Workspace.objects.get(pk=writing.workspace_id)
    writer = make.writer(writing)
    customer = desk.customer(place)
    spoken = phone.active_call(place, writer)
    recording = phone.ready_recording(spoken, file=stored("appel.ogg", "audio/ogg", today))
    answer = make.kept_file(
        writing, stored("reponse.ogg", "audio/ogg", today), kind=SittingFile.Kind.ANSWER, key="a"
    )
    report = make.kept_file(writing, stored("rapport.pdf", "application/pdf", today))
    paper = make.proof(
        writing.candidate.enrolment, file=stored("dossier.pdf", "application/pdf", today)
    )
    letter = Letter.objects.create(
        workspace=place, customer=customer, state=Letter.State.FINAL, author=writer,
        file=stored("lettre.pdf", "application/pdf", today), created_at=today, saved_at=today,
    )  # fmt: skip
    exchange = desk.open_conversation(place, writer, channel="mail")
    mail = mails.draft(exchange, writer)
    joined = MailFile.objects.create(
        workspace=place, mail=mail, name="bon.pdf", file=stored("bon.pdf", "application/pdf", today)
    )
    summons = Summons.objects.create(
        session=writing.candidate.session, candidate=writing.candidate, number="C-1", data={},
        file=stored("convocation.pdf", "application/pdf", today), recipient="candidate",
        email="a@b.example", starts_at=today, ends_at=today, issued_at=today,
        issued_by=writing.candidate.session.manager,
    )  # fmt: skip
    return [spoken, recording, answer, report, paper, letter, exchange, mail, joined, summons]


def addresses(page: Page, numbers: list[int], desk_pk: int) -> Iterator[str]:
    whole = {name for name, value in page.kwargs.items() if isinstance(value, int)}
    for number in numbers:
        named = dict.fromkeys(whole, number)
        if "workspace_id" in named:
            named["workspace_id"] = desk_pk
        yield reverse(page.name, kwargs=page.kwargs | named)


def given(answer: Any) -> bytes:
    if answer.status_code != 200:
        return b""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_no_address_gives_a_candidate_a_file_of_another(
    produced: list[Model], writing: Sitting, other: Sitting, today: datetime
) -> None:
    """Through one's own desk and through the other's, by looking and by sending."""
    begin_phase(phase=other.phases.get(position=1), by=make.writer(other), at=today)
    other.refresh_from_db()
    numbers = sorted({one.pk for one in produced} | {writing.pk, writing.candidate_id})
    client = entered(other, today)
    admits = door(client)
    found = []
    for place in (writing.workspace_id, other.workspace_id):
        assert place is not None
        for page in [*DESKS, *(EXAMS if place == other.workspace_id else ())]:
            for method in ("get", "post"):
                for where in addresses(page, numbers, place):
                    if where == reverse("rooms:hand_in", args=[other.pk]):
                        continue
                    answer = getattr(client, method)(where, {"key": "x"})
                    if answer.status_code == 403 and not admits(page):
                        break  # turned away before any number is read
                    if MARK in given(answer):
                        found.append(f"{method} {where}")
    assert found == []


def test_the_jury_does_reach_them(
    produced: list[Model], writing: Sitting, juror_client: StrictClient
) -> None:
    """So that the walk above is known to find what it looks for."""
    _spoken, recording, answer, report, *_rest = produced
    seat = writing.candidate_id
    for name, one in (("sound", recording), ("file", answer), ("file", report)):
        answer = juror_client.post(reverse(f"rooms:{name}", args=[seat, one.pk]), {"key": "x"})
        assert MARK in given(answer)


def test_no_page_tells_the_key_of_a_line(
    produced: list[Model], writing: Sitting, other: Sitting, today: datetime
) -> None:
    """Who has the key of a leg is on the line: neither another's, nor the customer's of one's own."""
    keys = [
        *Leg.objects.values_list("key", flat=True),
        *Call.objects.values_list("media_key", flat=True),
    ]
    assert leaks(entered(other, today), keys, desk=writing.workspace_id) == []
    own = Leg.objects.filter(side=Leg.Side.CUSTOMER).values_list("key", flat=True)
    assert leaks(entered(writing, today), own, desk=writing.workspace_id) == []


def test_nobody_else_is_let_onto_the_line(
    produced: list[Model], writing: Sitting, other: Sitting, today: datetime
) -> None:
    spoken = produced[0]
    client = entered(other, today)
    place = writing.workspace_id
    for name in ("phone:join", "phone:act"):
        asked = client.post(
            reverse(name, args=[place, spoken.pk]), {"sdp": "v=0", "act": "hang_up"}
        )
        assert asked.status_code in {403, 404}
    seat = writing.candidate_id
    for act in ("answer", "refuse", "ring_out", "hang_up"):
        asked = client.post(reverse("rooms:call_act", args=[seat, spoken.pk]), {"act": act})
        assert asked.status_code in {403, 404}
    assert Call.objects.get(pk=spoken.pk).state == Call.State.ACTIVE


def test_no_act_over_the_socket_touches_the_exam_of_another(
    produced: list[Model], writing: Sitting, other: Sitting, today: datetime
) -> None:
    """Every act that pages do over their socket, for each number that exists."""
    entered(other, today)
    reader = User.objects.get(pk=make.writer(other).pk)
    numbers = sorted({one.pk for one in produced} | {writing.pk, writing.workspace_id or 0})
    before = kept()
    said = []
    for number in numbers:
        if number == other.pk:
            continue
        words = {
            **dict.fromkeys(("sitting", "conversation", "workspace", "desk", "id"), number),
            "key": "summary", "text": "Autre texte", "body": "Autre texte", "client_id": "z:1",
            "client_key": f"z{number}", "base_seq": 1, "position": 1, "act": "available",
        }  # fmt: skip
        session = {"exam_device": f"device-{other.pk}"}
        asked = live.Asked(reader, session, words)
        for name, line in live.TOGETHER.items():
            (told,) = line.function([asked])
            if not isinstance(told, Exception):
                said.append(f"{name} {number}: {told}")
        for name, act in live.ACTS.items():
            try:
                told = act(reader, words)
            except Exception:  # noqa: BLE001, S112  refused, whatever its words
                continue
            if told:
                said.append(f"{name} {number}: {told}")
    assert said == []
    assert kept() == before


def kept() -> list[Any]:
    models = (Sitting, Phase, Production, Conversation, Message, Call, Recording, Workspace)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_no_topic_leads_a_candidate_to_another_s_desk_nor_to_the_jury(
    produced: list[Model], writing: Sitting, other: Sitting, today: datetime
) -> None:
    begin_phase(phase=other.phases.get(position=1), by=make.writer(other), at=today)
    other.refresh_from_db()
    reader = User.objects.get(pk=make.writer(other).pk)
    rows = [
        *Workspace.objects.values_list("pk", flat=True),
        *Conversation.objects.values_list("pk", flat=True),
        *(one.pk for one in produced),
    ]
    own = Conversation.objects.filter(workspace=other.workspace_id).values_list("pk", flat=True)
    allowed = {f"user:{reader.pk}", f"sitting:{other.pk}", f"workspace:{other.workspace_id}"}
    allowed |= {f"conversation:{pk}" for pk in own}
    followed = {
        f"{kind}:{pk}"
        for kind, may in realtime.GUARDS.items()
        for pk in rows
        if may(reader, str(pk))
    }
    assert {one for one in followed if not one.startswith("typing:")} <= allowed
    typing = {int(one.partition(":")[2]) for one in followed if one.startswith("typing:")}
    assert typing <= set(own)


def test_a_deliberation_is_followed_by_its_jury_alone() -> None:
    session = grading.session()
    seat = session.candidates.all()[0]
    opened = grading.deliberation(session, seat)
    may = realtime.GUARDS["deliberation"]
    sits = grading.first_juror(session)
    assert may(sits, str(opened.pk))
    elsewhere = grading.first_juror(grading.session())
    for person in (seat.enrolment.candidate.user, elsewhere, session.manager):
        assert person is not None
        assert not may(person, str(opened.pk))
    assert Deliberation.objects.count() == 1


def test_no_page_gives_a_quick_note_to_another_juror_nor_to_the_candidate(
    writing: Sitting, begin: Begin, today: datetime
) -> None:
    begin(3)
    author, peer = (seat.juror.user for seat in writing.candidate.session.jurors.order_by("pk"))
    assert author is not None
    assert peer is not None
    MomentNote.objects.create(
        candidate=writing.candidate, author=author, body=NOTED, noted_at=today
    )
    assert leaks(signed_in(peer), [NOTED], desk=writing.workspace_id) == []
    assert leaks(entered(writing, today), [NOTED], desk=writing.workspace_id) == []
    assert leaks(signed_in(author), [NOTED]) != []


def test_a_grid_answers_nobody_else_by_any_method() -> None:
    """Neither its page nor what saves it says a word of it to a peer, a manager or the candidate."""
    session = grading.session()
    first, second, *_others = grading.grids(session)
    criterion = first.marks.all()[0].criterion
    grading.mark(first, criterion, "acquired", observation=NOTED)
    candidate = session.candidates.all()[0].enrolment.candidate.user
    before = list(Grid.objects.values()), list(first.marks.values())
    for person in (grading.juror_of(second), session.manager, candidate):
        assert person is not None
        client = signed_in(person)
        for page in EXAMS:
            if not page.name.startswith("grading:") or "grid_id" not in page.kwargs:
                continue
            where = reverse(page.name, kwargs=page.kwargs | {"grid_id": first.pk})
            for method in ("get", "post", "head", "options", "put", "delete"):
                answer = getattr(client, method)(where)
                assert answer.status_code in {403, 404, 405}
                assert NOTED not in html.unescape(answer.content.decode())
    assert (list(Grid.objects.values()), list(first.marks.values())) == before
