"""The demonstration is loaded once, holds together, and its people sign in by one click."""

from datetime import datetime

import pytest
from django.urls import reverse

from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.archives.models import SessionArchive
from acquis.certification.awards.queries import own_results
from acquis.certification.badges.models import Badge
from acquis.certification.council.models import CouncilPack
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.papers import sealing
from acquis.certification.papers.actions import draw_subject
from acquis.certification.papers.models import Subject
from acquis.certification.papers.queries import commitment_of
from acquis.certification.sittings.actions.open_session import open_session
from acquis.certification.sittings.models import Sitting
from acquis.desk.documents.models import LetterTemplate
from acquis.desk.knowledge.models import ReadingItem, ReadingList, Snippet, Synonyms
from acquis.desk.queues.models import AdviserSkill, Queue
from acquis.desk.webchat.models import Site
from acquis.kernel import trace
from acquis.practice.demo.load import SLUG, load_demo, model_of
from acquis.practice.demo.people import PEOPLE
from acquis.practice.enterprises import packs

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(loaded: tuple[str, ...], db: None) -> list[str]:
    """What was said while the demonstration was loaded."""
    return [*loaded]


def test_load_demo_loads_once_and_says_what_it_does(said: list[str], now: datetime) -> None:
    assert len(said) == 12
    users, workspaces = User.objects.count(), Workspace.objects.count()
    assert not load_demo(now=now, say=said.append)
    assert len(said) == 12
    assert (User.objects.count(), Workspace.objects.count()) == (users, workspaces)


@pytest.mark.usefixtures("said")
def test_the_demonstration_holds_what_it_announces() -> None:
    centre = Organisation.objects.get(slug=SLUG)
    assert User.objects.filter(is_demo=True).count() == len(PEOPLE)
    assert FrameworkVersion.objects.values("framework__code").distinct().count() >= 5
    assert Subject.objects.filter(organisation=centre, state=Subject.State.VALIDATED).count() >= 10
    assert Workspace.objects.filter(origin=model_of(centre)).count() == 1
    archive = SessionArchive.objects.get(session__organisation=centre)
    assert (archive.signed_with, archive.file is None) == ("certificate", False)
    assert Badge.objects.filter(certificate__organisation=centre).count() == 5
    holder = User.objects.get(email="diplomee@centre.example")
    assert own_results(holder).filter(badge__isnull=False).count() == 1
    assert [*trace.verify(), *trace.confront()] == []


@pytest.mark.usefixtures("said")
def test_the_training_desk_is_set_and_the_model_stays_bare() -> None:
    model = model_of(Organisation.objects.get(slug=SLUG))
    desk = Workspace.objects.get(origin=model)
    asked = packs.load("valbrenne").desk
    for rows, name in ((Queue, "queues"), (Site, "sites"), (Snippet, "canned_answers"), (LetterTemplate, "letter_templates"),
                       (ReadingList, "readings"), (Synonyms, "synonyms")):  # fmt: skip
        assert rows.objects.filter(workspace=desk).count() == len(asked[name])
        assert not rows.objects.filter(workspace=model).exists()
    first = Queue.objects.get(workspace=desk, key="reclamations")
    assert ["reason", "REC-SER"] in first.codes
    chat = Queue.objects.get(workspace=desk, key="site-internet")
    assert chat.overflow_queue == Queue.objects.get(workspace=desk, key="entraide")
    assert Site.objects.get(workspace=desk).queue == chat
    assert Queue.objects.get(workspace=desk, key="technique").offer_seconds == 45
    first_adviser = AdviserSkill.objects.filter(
        workspace=desk, adviser__email="conseillere@centre.example"
    )
    skills = first_adviser.values_list("skill", "level")
    assert dict(skills) == asked["skills"]
    items = ReadingItem.objects.filter(workspace=desk, reading_list__title="Première semaine")
    assert [item.article.slug for item in items.select_related("article").order_by("position")] == (
        next(one for one in asked["readings"] if one["title"] == "Première semaine")["articles"]
    )


@pytest.mark.usefixtures("said")
def test_the_session_of_the_demonstration_opens_with_a_regular_jury(now: datetime) -> None:
    sessions = ExamSession.objects.filter(state=ExamSession.State.DRAFT, plan_row__isnull=True)
    for session, block, people in zip(
        sessions.order_by("pk"), ("CCP1", "CCP2"), (2, 1), strict=True
    ):
        opened = open_session(session=session, by=session.manager, at=now)
        assert (opened.state, opened.block) == (ExamSession.State.OPEN, block)
        assert Sitting.objects.filter(candidate__session=session).count() == people


@pytest.mark.usefixtures("said")
def test_the_session_by_telephone_draws_exchanges_by_telephone(now: datetime) -> None:
    session = ExamSession.objects.get(state=ExamSession.State.DRAFT, block="CCP2")
    seat = session.candidates.get()
    drawn = draw_subject(candidate=seat, kind="exchanges", by=session.manager, at=now).subject
    channels = {one["channel"] for one in sealing.unseal(drawn)["exchanges"]}
    assert channels == {"phone"}
    assert seat.enrolment.candidate.user.email == "candidat3@centre.example"


@pytest.mark.usefixtures("said")
def test_the_session_of_the_day_keeps_to_the_chat() -> None:
    session = ExamSession.objects.get(
        state=ExamSession.State.DRAFT, block="CCP1", plan_row__isnull=True
    )
    pool = commitment_of(session).frozen["pools"]["exchanges"]
    assert len(pool) >= 5
    for subject in Subject.objects.filter(reference__in=pool):
        channels = {one["channel"] for one in sealing.unseal(subject)["exchanges"]}
        assert channels == {"chat"}


@pytest.mark.usefixtures("said")
def test_every_demo_account_signs_in_by_one_click_only_in_a_demonstration(client, settings) -> None:
    for person in User.objects.filter(is_demo=True):
        answer = client.post(reverse("accounts:demo_login", args=[person.pk]))
        assert answer.status_code == 302
        assert int(client.session["_auth_user_id"]) == person.pk
        client.logout()
    settings.DEMO = False
    refused = client.post(reverse("accounts:demo_login", args=[person.pk]))
    assert refused.status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("said")
def test_the_council_of_the_demonstration_has_its_pack() -> None:
    pack = CouncilPack.objects.get()
    assert pack.state == CouncilPack.State.READY
    assert pack.data["counts"]["candidates"] >= 35
    assert pack.data["counts_before"]["candidates"] == 28
    shown = {
        name: sum(bool(row["figures"]) or "median" in row for row in rows)
        for name, rows in pack.data["sections"].items()
    }
    assert all(shown.values()), shown
