"""The cockpit of a juror and the candidate's file."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers.models import SubjectOpening
from acquis.certification.registrations.models import Enrolment, Proof
from acquis.certification.sittings.actions.save_production import save_production
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.models import Conversation, Message
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from acquis.practice.rooms import access, guide
from acquis.practice.rooms.actions import play_customer
from acquis.practice.rooms.errors import ExchangesNotOpen, NoSubjectDrawn
from tests.factories import certification as make
from tests.factories import desk

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]


@pytest.fixture
def exchange(scenarios) -> dict:
    """The first exchange, as the library wrote it, before its dates were put in."""
    found: dict = scenarios["exchanges"].parts()[0]
    return found


def address(name: str, sitting: Sitting, *more: str) -> str:
    return reverse(f"rooms:{name}", args=[sitting.candidate_id, *more])


def stranger(sitting: Sitting) -> StrictClient:
    """A juror of the same centre who does not sit in this session."""
    client = StrictClient()
    client.force_login(make.person(Role.JUROR, organisation=sitting.candidate.session.organisation))
    return client


def test_the_role_sheet_is_secret_until_it_is_opened_and_the_opening_is_traced(
    sitting, begin: Begin, juror_client, exchange
) -> None:
    begin(2)
    identity = exchange["role"]["identity"].partition("{")[0]
    before = juror_client.get(address("cockpit", sitting)).content.decode()
    assert "Fiche de rôle" not in before
    assert identity not in before
    for _ in range(2):
        assert juror_client.post(address("open_role", sitting)).status_code == 302
    assert "Fiche de rôle" in juror_client.get(address("cockpit", sitting)).content.decode()
    juror = sitting.candidate.session.jurors.order_by("pk")[0].juror.user
    streams = trace.lines(f"session:{sitting.candidate.session_id}")
    opened = [line for line in streams if line.verb == "subject.opened"]
    assert [line.actor_id for line in opened if line.data["purpose"] == "play"] == [juror.pk]


@pytest.mark.parametrize("name", ["cockpit", "dossier"])
def test_a_juror_of_another_session_finds_nothing(sitting, begin: Begin, name: str) -> None:
    begin(1)
    assert stranger(sitting).get(address(name, sitting)).status_code == 404


def test_a_juror_of_another_session_acts_on_nothing(sitting, begin: Begin, exchange) -> None:
    begin(3)
    client, key = stranger(sitting), exchange["key"]
    assert client.post(address("open_role", sitting)).status_code == 404
    assert client.post(address("ring", sitting, key)).status_code == 404
    assert client.post(address("say", sitting, key), {"body": "Bonjour"}).status_code == 404
    assert client.post(address("note", sitting), {"body": "Vu"}).status_code == 404
    assert not sitting.candidate.moment_notes.exists()


def test_no_customer_calls_before_the_exchanges(
    sitting, begin: Begin, juror_client, exchange
) -> None:
    begin(2)
    key = exchange["key"]
    answer = juror_client.post(
        address("ring", sitting, key), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "rooms.exchanges_not_open"
    said = juror_client.post(address("say", sitting, key), {"body": "Bonjour"})
    assert said.status_code == 422
    assert not Conversation.objects.filter(
        workspace=sitting.workspace, played_key__endswith=f".{key}"
    ).exists()


def test_a_customer_rings_once_and_speaks_once(
    sitting, begin: Begin, juror_client, exchange
) -> None:
    begin(3)
    key = exchange["key"]
    for _ in range(2):
        assert juror_client.post(address("ring", sitting, key)).status_code == 302
    conversation = Conversation.objects.get(
        workspace=sitting.workspace, played_key__endswith=f".{key}"
    )
    words = {"body": "Vous êtes là ?", "client_key": "tab-1"}
    for _ in range(2):
        assert juror_client.post(address("say", sitting, key), words).status_code == 302
    said = Message.objects.filter(conversation=conversation, body="Vous êtes là ?")
    assert said.get().author == Message.Author.CUSTOMER
    thread = juror_client.get(address("cockpit_thread", sitting, key)).content.decode()
    assert "Vous êtes là" in thread


def test_an_exchange_that_does_not_exist_is_refused(sitting, begin: Begin, juror_client) -> None:
    begin(3)
    assert juror_client.post(address("ring", sitting, "inconnu")).status_code == 422
    said = juror_client.post(address("say", sitting, "inconnu"), {"body": "Bonjour"})
    assert said.status_code == 422


def test_a_note_is_its_author_s_alone(sitting, begin: Begin, juror_client) -> None:
    begin(3)
    juror_client.post(address("note", sitting), {"body": "A salué avec le nom."})
    assert "A salué" in juror_client.get(address("dossier", sitting)).content.decode()
    other = StrictClient()
    other.force_login(sitting.candidate.session.jurors.order_by("pk")[1].juror.user)
    assert "A salué" not in other.get(address("dossier", sitting)).content.decode()


def test_a_note_bears_a_criterion_of_the_exam_and_no_other_word(
    sitting, begin: Begin, juror_client
) -> None:
    begin(3)
    known = guide.lines_of(sitting)[0]["code"]
    for criterion in (known, "n’importe quoi"):
        juror_client.post(address("note", sitting), {"body": "Vu.", "criterion": criterion})
    kept = sitting.candidate.moment_notes.order_by("pk")
    assert [note.criterion for note in kept] == [known, ""]


def test_the_cockpit_shows_what_the_candidate_wrote_sent_and_brought(
    sitting: Sitting, begin: Begin, today, juror_client
) -> None:
    begin(1)
    save_production(
        sitting=sitting, key="summary", content="Le client attend depuis mars.", client_id="t:1",
        base_seq=0, by=make.writer(sitting), at=today,
    )  # fmt: skip
    begin(3)
    juror_client.post(address("open_role", sitting))
    assert sitting.workspace is not None
    mail = desk.conversation(sitting.workspace, channel="mail", subject="Votre échéancier")
    desk.message(mail, author="adviser", body="Je vous confirme trois mensualités.", sent_at=today)
    old = desk.conversation(sitting.workspace, channel="mail")
    desk.message(
        old, author="adviser", body="D’avant l’épreuve.", sent_at=today - timedelta(days=9)
    )
    papers = {
        kind: make.proof(sitting.candidate.enrolment, kind)
        for kind in ("portfolio", "booklet", "admissibility")
    }
    for page in ("cockpit", "dossier"):
        shown = juror_client.get(address(page, sitting)).content.decode()
        assert "Ce qui lui était demandé" in shown
        assert "Le client attend depuis mars." in shown
        assert "Je vous confirme trois mensualités." in shown
        assert "D’avant l’épreuve." not in shown
        links = {kind: proof_address(proof) in shown for kind, proof in papers.items()}
        assert links == {"portfolio": True, "booklet": False, "admissibility": False}
    assert fetched(juror_client, papers["portfolio"]) == 200
    assert fetched(juror_client, papers["booklet"]) == 404
    Enrolment.objects.update(route="capitalisation")
    assert (
        proof_address(papers["booklet"])
        in juror_client.get(address("cockpit", sitting)).content.decode()
    )
    assert fetched(juror_client, papers["booklet"]) == 200


def fetched(client: StrictClient, proof: Proof) -> int:
    answer = client.get(proof_address(proof))
    if answer.streaming:
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    return answer.status_code


def proof_address(proof: Proof) -> str:
    return reverse("registrations:proof_file", args=[proof.pk])


def test_a_juror_reads_what_was_asked_in_writing_and_who_manages_does_not(
    sitting, begin: Begin, juror_client, scenarios
) -> None:
    begin(1)
    line = scenarios["written"].payload["instructions"][0]
    manager = StrictClient()
    manager.force_login(sitting.candidate.session.manager)
    page = juror_client.get(address("dossier", sitting)).content.decode()
    asked = page.partition("Ce qui lui était demandé")[2].partition("<h2")[0]
    assert line.split("{")[0].replace("'", "’") in asked
    assert "{" not in asked
    assert (
        "Ce qui lui était demandé" not in manager.get(address("dossier", sitting)).content.decode()
    )


def test_an_interview_has_its_guide_and_an_exam_without_customers_too(
    sitting: Sitting, begin: Begin, juror_client
) -> None:
    begin(3)
    lines = guide.lines_of(sitting)
    cockpit = address("cockpit", sitting)
    assert "Guide de l’entretien</h2>" not in juror_client.get(cockpit).content.decode()
    asked = juror_client.get(f"{cockpit}?vue=entretien").content.decode()
    assert "Rien n’a encore été lu" in asked
    assert all(f"<strong>{line['code']}</strong>" in asked for line in lines)
    read, wanted = guide.to_ask(sitting, lines, [])
    assert (read, len(wanted)) == (False, len(lines))
    Phase.objects.filter(sitting=sitting, kind="exchanges").update(kind="defence")
    assert "Guide de l’entretien</h2>" in juror_client.get(cockpit).content.decode()


def test_an_exchange_that_no_subject_has_shows_the_first_one(
    sitting: Sitting, begin: Begin, juror_client, exchange
) -> None:
    begin(3)
    juror_client.post(address("open_role", sitting))
    shown = juror_client.get(f"{address('cockpit', sitting)}?echange=zzz").content.decode()
    assert f'aria-current="page" href="?echange={exchange["key"]}"' in shown


def test_the_letter_is_not_offered_among_the_customers_who_wait(
    sitting: Sitting, begin: Begin
) -> None:
    begin(1)
    (letter,) = Conversation.objects.filter(workspace=sitting.workspace, state="waiting")
    begin(2)
    letter.refresh_from_db()
    assert (letter.state, letter.ended_at) == ("ended", None)
    assert not Conversation.objects.filter(workspace=sitting.workspace, state="waiting").exists()
    assert trace.lines(letter.trace_stream).filter(verb="subject.put_away").count() == 1


def test_the_manager_reads_the_file_and_plays_nobody(sitting, begin: Begin) -> None:
    begin(1)
    client = StrictClient()
    client.force_login(sitting.candidate.session.manager)
    assert client.get(address("dossier", sitting)).status_code == 200
    assert client.get(address("cockpit", sitting)).status_code == 403


def test_the_manager_of_another_centre_reads_nothing(sitting, begin: Begin) -> None:
    begin(1)
    client = StrictClient()
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=make.organisation()))
    assert client.get(address("dossier", sitting)).status_code == 404


def test_whoever_has_no_exam_yet_has_neither_cockpit_nor_file() -> None:
    session = make.session(candidates=1)
    juror = session.jurors.first().juror.user
    for candidate in (session.candidates.get().pk, 10**9):
        for ask in (access.played_sitting, access.file_of):
            with pytest.raises(Http404):
                ask(juror, candidate)


def test_who_manages_reads_the_file_without_a_seat_in_the_jury(sitting: Sitting) -> None:
    manager, juror = (
        sitting.candidate.session.manager,
        sitting.candidate.session.jurors.order_by("pk")[0].juror.user,
    )
    assert access.file_of(manager, sitting.candidate_id) == sitting
    assert access.seated_sitting(juror, sitting.candidate_id) == sitting
    with pytest.raises(Http404):
        access.seated_sitting(manager, sitting.candidate_id)


def test_before_the_draw_there_is_no_role_to_open(
    sitting, begin: Begin, juror_client, today
) -> None:
    begin(1)
    by = sitting.candidate.session.jurors.order_by("pk")[0].juror.user
    assert juror_client.post(address("open_role", sitting)).status_code == 422
    with pytest.raises(NoSubjectDrawn):
        play_customer.open_role_sheet(sitting=sitting, by=by, at=today)
    assert not SubjectOpening.objects.filter(purpose="play").exists()


def test_nobody_speaks_as_a_customer_where_the_candidate_has_no_desk_yet(sitting, today) -> None:
    """Started on the wall, the exchanges run before the candidate has opened them."""
    by = sitting.candidate.session.jurors.order_by("pk")[0].juror.user
    Phase.objects.filter(sitting=sitting, kind=Phase.Kind.EXCHANGES).update(
        state=Phase.State.RUNNING, started_at=today
    )
    for act in (
        lambda: play_customer.ring(sitting=sitting, key="a", by=by, at=today),
        lambda: play_customer.say(
            sitting=sitting, key="a", body="Bonjour", client_key="t", by=by, at=today
        ),
    ):
        with pytest.raises(ExchangesNotOpen):
            act()
    assert not Conversation.objects.exists()
