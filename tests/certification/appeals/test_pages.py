"""From the candidate's page to the decision: who sees what, and every refusal by direct request."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.enums import Role
from acquis.certification.appeals import actions
from acquis.certification.appeals.models import Appeal, AppealRule
from acquis.kernel import deadlines
from acquis.kernel.home import cards_for
from tests.factories import appeals, awards, incidents
from tests.factories import certification as make
from tests.factories.appeals import AT, FACTS

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 lettre"


def at(name: str, *args) -> str:
    return reverse(f"appeals:{name}", args=args)


@pytest.fixture
def seat():
    return appeals.seat_over()


@pytest.fixture
def candidate(client, seat):
    client.force_login(seat.enrolment.candidate.user)
    return client


def as_(client, user):
    client.force_login(user)
    return client


def read(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_candidate_lodges_from_their_results_and_follows(client) -> None:
    session = awards.deliberated_session()
    awards.issued(session)
    failed = session.candidates.order_by("order")[1]
    as_(client, failed.enrolment.candidate.user)
    assert at("lodge", failed.pk) in client.get(reverse("awards:own_results")).content.decode()
    AppealRule.objects.create(
        organisation=session.organisation, lodge_within_days=60, set_at=AT, set_by=session.manager
    )
    assert "Dernier jour pour déposer" in client.get(at("lodge", failed.pk)).content.decode()
    form = {"grounds": ["equipment"], "statement": FACTS}
    paper = SimpleUploadedFile("preuve.pdf", PDF)
    answer = client.post(at("lodge", failed.pk), form | {"paper": paper})
    appeal = Appeal.objects.get()
    assert answer["Location"] == at("own", appeal.pk)
    page = client.get(at("own", appeal.pk)).content.decode()
    assert FACTS in page
    assert "preuve.pdf" in page
    assert appeal.number in client.get(at("own_list")).content.decode()
    letter = appeal.letters.get()
    assert client.get(at("own_letter", letter.pk)).status_code == 405
    assert read(client.post(at("own_letter", letter.pk))).startswith(b"%PDF")
    letter.refresh_from_db()
    assert letter.opened_at is not None
    assert client.post(at("lodge", failed.pk), form).status_code == 422
    assert client.post(at("own_withdraw", appeal.pk)).status_code == 302
    assert "Retiré" in client.get(at("own", appeal.pk)).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"statement": FACTS}, "grounds"),
        ({"grounds": ["equipment"]}, "statement"),
        ({"grounds": ["appreciation"], "statement": FACTS}, "grounds"),
        ({"grounds": ["equipment"], "statement": FACTS, "paper": b"GIF89a"}, "paper"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(candidate, seat, sent, said) -> None:
    if "paper" in sent:
        sent = sent | {"paper": SimpleUploadedFile("x.pdf", sent["paper"])}
    answer = candidate.post(at("lodge", seat.pk), sent)
    assert answer.status_code == 422
    assert said in answer.context["form"].errors
    assert (FACTS in answer.content.decode()) == ("statement" in sent)
    assert not Appeal.objects.exists()


def test_a_candidate_sees_only_their_own_and_what_they_may_read(client) -> None:
    session = awards.deliberated_session()
    awards.issued(session)
    incidents.incident(session)
    failed, other = session.candidates.order_by("-order")
    appeal = appeals.admitted(appeals.lodged(failed))
    as_(client, failed.enrolment.candidate.user)
    page = client.get(at("own", appeal.pk)).content.decode()
    assert "Grille de" not in page
    assert "Procès-verbal de session" not in page
    assert "Fiche individuelle de résultat" in page
    for name in ("detail", "piece", "judge", "voice", "decide", "place"):
        args = [appeal.pk, 1] if name == "piece" else [appeal.pk]
        assert client.post(at(name, *args)).status_code in {403, 405}
        assert client.get(at(name, *args)).status_code == 403
    as_(client, other.enrolment.candidate.user)
    assert client.get(at("own", appeal.pk)).status_code == 404
    assert client.post(at("own_withdraw", appeal.pk)).status_code == 404
    assert client.post(at("own_letter", appeal.letters.get().pk)).status_code == 404
    assert client.get(at("lodge", failed.pk)).status_code == 404
    assert at("own", appeal.pk) not in client.get(at("own_list")).content.decode()
    assert client.post(at("own_letter", 999)).status_code == 404
    assert client.get(at("own", 999)).status_code == 404


def test_a_letter_that_came_is_registered_with_its_scan(client, seat) -> None:
    as_(client, seat.session.manager)
    assert client.get(at("register")).status_code == 200
    form = {
        "session": seat.session.reference.lower(),
        "candidate": seat.enrolment.candidate.reference,
        "received_on": "2026-11-25",
        "grounds": ["jury"],
        "statement": FACTS,
    }
    assert client.post(at("register"), form).status_code == 422

    def scan():
        return {"paper": SimpleUploadedFile("scan.pdf", PDF)}

    answer = client.post(at("register"), form | scan() | {"candidate": "C-0"})
    assert "n’est pas dans cette session" in answer.content.decode()
    assert client.post(at("register"), form | scan() | {"candidate": ""}).status_code == 422
    answer = client.post(at("register"), form | scan() | {"received_on": "2090-01-01"})
    assert "dans l’avenir" in answer.content.decode()
    assert client.post(at("register"), form | scan()).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.channel, appeal.papers.count()) == ("letter", 1)


def test_from_admissibility_to_the_new_session(client, seat) -> None:
    appeal = appeals.lodged(seat)
    direction = appeals.somebody(appeal, Role.CERTIFYING_BODY)
    trainer = appeals.somebody(appeal, Role.TRAINER)
    manager, where = seat.session.manager, at("detail", appeal.pk)
    as_(client, manager)
    assert "une autre personne du centre" in client.get(where).content.decode()
    judged = {"admissible": "yes", "standing": "on", "form": "on"}
    assert client.post(at("judge", appeal.pk), judged).status_code == 422
    as_(client, direction)
    assert client.post(at("judge", appeal.pk), {}).status_code == 422
    assert client.post(at("judge", appeal.pk), judged).status_code == 302
    for quality, user in (
        ("direction", direction),
        ("session_manager", manager),
        ("training_manager", trainer),
    ):
        named = {"quality": quality, "user": user.pk}
        assert client.post(at("name_member", appeal.pk), named).status_code == 302
    wrong = {"quality": "training_manager", "user": direction.pk}
    assert client.post(at("name_member", appeal.pk), wrong).status_code == 422
    assert client.post(at("name_member", appeal.pk), {"quality": "x"}).status_code == 422
    said = {"voice-voice": "accept", "voice-reason": "Le temps n’a pas été rendu."}
    assert client.post(at("voice", appeal.pk), said).status_code == 302
    decision = {"decision-reason": "Dix minutes perdues."}
    assert client.post(at("decide", appeal.pk), decision).status_code == 422
    as_(client, trainer)
    page = client.get(where).content.decode()
    assert "Le temps n’a pas été rendu." not in page  # one's own opinion comes first
    assert client.post(at("voice", appeal.pk), {"voice-voice": "accept"}).status_code == 422
    assert client.post(at("voice", appeal.pk), said).status_code == 302
    assert "Le temps n’a pas été rendu." in client.get(where).content.decode()
    assert client.post(at("decide", appeal.pk), decision).status_code == 422
    assert client.post(at("withdraw", appeal.pk)).status_code == 403
    as_(client, manager)
    assert client.post(at("voice", appeal.pk), said).status_code == 302
    as_(client, direction)
    assert "La commission accepte le recours" in client.get(where).content.decode()
    assert client.post(at("decide", appeal.pk), {}).status_code == 422
    assert client.post(at("decide", appeal.pk), decision).status_code == 302
    assert "Aucune session de cet examen" in client.get(where).content.decode()
    new = appeals.session_to_come(appeal, starts_at=timezone.now() + timedelta(days=60))
    assert client.post(at("place", appeal.pk), {}).status_code == 422
    assert client.post(at("place", appeal.pk), {"place-session": new.pk}).status_code == 302
    assert client.post(at("place", appeal.pk), {"place-session": new.pk}).status_code == 422
    as_(client, seat.enrolment.candidate.user)
    page = client.get(at("own", appeal.pk)).content.decode()
    assert new.reference in page
    assert "Dix minutes perdues." in page


def test_jurors_and_strangers_read_nothing(client, seat) -> None:
    appeal = appeals.admitted(appeals.lodged(seat))
    juror = seat.session.jurors.all()[0].juror.user
    juror.memberships.create(organisation=appeal.organisation, role=Role.CERTIFYING_BODY)
    unnamed = appeals.somebody(appeal, Role.TRAINER)
    letter = appeal.letters.get()
    for user in (juror, unnamed):
        as_(client, user)
        assert client.get(at("detail", appeal.pk)).status_code == 404
        assert client.get(at("piece", appeal.pk, 1)).status_code == 404
        assert client.get(at("letter", letter.pk)).status_code == 404
        assert client.post(at("voice", appeal.pk)).status_code == 404
        assert client.post(at("decide", appeal.pk)).status_code == 404
    as_(client, juror)
    for name in ("judge", "name_member", "place", "withdraw"):
        assert client.post(at(name, appeal.pk)).status_code == 404
    assert client.post(at("post_letter", letter.pk)).status_code == 404
    as_(client, unnamed)
    assert appeal.number not in client.get(at("list")).content.decode()
    named = appeals.committee(appeal)["training_manager"]
    assert appeal.number in as_(client, named).get(at("list")).content.decode()
    assert client.get(at("detail", appeal.pk)).status_code == 200


def test_handling_is_refused_to_those_who_only_examine(client, seat) -> None:
    appeal = appeals.admitted(appeals.lodged(seat))
    trainer = appeals.committee(appeal)["training_manager"]
    both = make.person(Role.SESSION_MANAGER, organisation=make.organisation())
    both.memberships.create(organisation=appeal.organisation, role=Role.TRAINER)
    actions.name_member(appeal=appeal, quality="training_manager", user=both, by=trainer, at=AT)
    as_(client, both)
    assert client.post(at("withdraw", appeal.pk)).status_code in {403, 404}
    appeal.refresh_from_db()
    assert appeal.state == "admissible"


def test_the_pieces_and_letters_open(client, seat) -> None:
    paper = make.proof(seat.enrolment).file
    appeal = appeals.admitted(appeals.lodged(seat, papers=[("lettre.pdf", paper)]))
    as_(client, seat.session.manager)
    assert "lettre.pdf" in client.get(at("detail", appeal.pk)).content.decode()
    assert read(client.get(at("piece", appeal.pk, 1))).startswith(b"%PDF")
    without = next(n for n, one in enumerate(appeal.dossier, start=1) if not one["file"])
    for number in (0, without, 99):
        assert client.get(at("piece", appeal.pk, number)).status_code == 404
    letter = appeal.letters.get()
    assert read(client.get(at("letter", letter.pk))).startswith(b"%PDF")
    where = at("post_letter", letter.pk)
    assert client.post(where, {"posted_on": "x"}).status_code == 422
    posted = {"posted_on": "2026-11-23", "tracking": "1A 023"}
    assert client.post(where, posted).status_code == 302
    assert client.post(where, posted).status_code == 422
    assert "1A 023" in client.get(at("detail", appeal.pk)).content.decode()
    assert client.post(at("withdraw", appeal.pk)).status_code == 302


def test_delays_are_set_on_their_page(client, seat) -> None:
    as_(client, seat.session.manager)
    assert client.get(at("rules")).status_code == 200
    assert client.post(at("rules"), {"lodge_within_days": "0"}).status_code == 422
    own = make.framework_version(organisation=seat.session.organisation, code="X-1").framework
    assert client.post(at("rules"), {"lodge_within_days": "60"}).status_code == 302
    assert (
        client.post(at("rules"), {"framework": own.pk, "answer_within_days": "30"}).status_code
        == 302
    )
    theirs = make.framework_version(organisation=make.organisation(), code="X-2").framework
    assert client.post(at("rules"), {"framework": theirs.pk}).status_code == 422
    assert AppealRule.objects.count() == 2
    assert own.title in client.get(at("rules")).content.decode()


def test_the_list_is_filtered_and_asks_as_much_for_many(client, seat, count_queries) -> None:
    session = seat.session
    appeals.lodged(seat)
    as_(client, session.manager)
    few = count_queries(lambda: client.get(at("list")))
    for _ in range(12):
        appeals.lodged(make.seat(session))
    assert count_queries(lambda: client.get(at("list"))) == few
    appeals.lodged()
    for query, found in (
        ({}, 13),
        ({"etat": "lodged"}, 13),
        ({"etat": "accepted"}, 0),
        ({"etat": "x"}, 13),
        ({"q": "REC-2026-0002"}, 1),
    ):
        assert client.get(at("list"), query).context["page_obj"].paginator.count == found
    as_(client, seat.enrolment.candidate.user)
    few = count_queries(lambda: client.get(at("own_list")))
    again = make.session(state="closed", organisation=session.organisation)
    appeals.lodged(make.seat(again, candidate={"user": seat.enrolment.candidate.user}))
    assert count_queries(lambda: client.get(at("own_list"))) == few


def test_the_first_page_and_the_board_say_what_waits(seat) -> None:
    centre, now = seat.session.organisation, timezone.now()
    actions.set_rule(
        organisation=centre,
        framework=None,
        lodge_within_days=None,
        answer_within_days=30,
        by=seat.session.manager,
        at=AT,
    )
    appeal = appeals.lodged(seat)

    def cards(user):
        allows = lambda verb: verb is None or may(user, verb, centre)  # noqa: E731
        return [str(card.title) for card in cards_for(user, centre, now, allows)]

    def board():
        user = seat.session.manager
        found = deadlines.board(user, centre, now, AT.date(), lambda verb: may(user, verb, centre))
        return [one for one in found if one.kind == "appeals"]

    assert "Recours à examiner" in cards(seat.session.manager)
    assert [(one.due, one.done) for one in board()] == [(appeal.answer_by, False)]
    people = appeals.committee(appeals.admitted(appeal))
    assert "Votre avis est attendu" in cards(people["training_manager"])
    for user in people.values():
        actions.give_voice(appeal=appeal, voice="accept", reason="Vu.", by=user, at=now)
    actions.decide(appeal=appeal, reason="Oui.", by=people["direction"], at=now)
    assert "Votre avis est attendu" not in cards(people["training_manager"])
    assert [(one.done, one.troubles) for one in board()] == [(False, 1)]
    actions.place_candidate(
        appeal=appeal,
        session=appeals.session_to_come(appeal, starts_at=now + timedelta(days=60)),
        by=seat.session.manager,
        at=now,
    )
    assert [(one.done, one.troubles) for one in board()] == [(True, 0)]


def test_who_sits_on_the_committee_still_opens_the_pieces(client, seat) -> None:
    paper = make.proof(seat.enrolment).file
    appeal = appeals.admitted(appeals.lodged(seat, papers=[("lettre.pdf", paper)]))
    as_(client, appeals.committee(appeal)["direction"])

    page = client.get(at("detail", appeal.pk)).content.decode()

    assert "Votre avis" in page
    assert at("piece", appeal.pk, 1) in page
