"""The demonstration is loaded once, holds together, and its people sign in by one click."""

from datetime import datetime

import pytest
from django.urls import reverse

from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.actions.open_session import open_session
from acquis.certification.sittings.models import Sitting
from acquis.kernel import trace
from acquis.practice.demo.load import SLUG, load_demo, model_of
from acquis.practice.demo.people import PEOPLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(now: datetime) -> list[str]:
    """What was said while the demonstration was loaded."""
    lines: list[str] = []
    assert load_demo(now=now, say=lines.append)
    return lines


def test_load_demo_loads_once_and_says_what_it_does(said: list[str], now: datetime) -> None:
    assert len(said) == 4
    users, workspaces = User.objects.count(), Workspace.objects.count()
    assert not load_demo(now=now, say=said.append)
    assert len(said) == 4
    assert (User.objects.count(), Workspace.objects.count()) == (users, workspaces)


@pytest.mark.usefixtures("said")
def test_the_demonstration_holds_what_it_announces() -> None:
    centre = Organisation.objects.get(slug=SLUG)
    assert User.objects.filter(is_demo=True).count() == len(PEOPLE)
    assert FrameworkVersion.objects.values("framework__code").distinct().count() >= 5
    assert Subject.objects.filter(organisation=centre, state=Subject.State.VALIDATED).count() >= 10
    assert Workspace.objects.filter(origin=model_of(centre)).count() == 1
    assert trace.verify() == []


@pytest.mark.usefixtures("said")
def test_the_session_of_the_demonstration_opens_with_a_regular_jury(now: datetime) -> None:
    session = ExamSession.objects.get()
    opened = open_session(session=session, by=session.manager, at=now)
    assert opened.state == ExamSession.State.OPEN
    assert Sitting.objects.filter(candidate__session=session).count() == 2


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
