import pytest
from django.test import Client
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import ExamSession
from tests.factories import accounts
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def juror_of(session: ExamSession):
    user = accounts.user(Role.JUROR, at=session.organisation)
    make.member(session, juror={"user": user})
    return user


def test_a_juror_finds_each_exam_to_play_on_the_first_page(client: Client) -> None:
    session = make.open_session()
    client.force_login(juror_of(session))

    page = client.get(reverse("accounts:home")).content.decode()

    for seated in session.candidates.all():
        assert reverse("rooms:cockpit", args=[seated.pk]) in page
    first = session.candidates.first()
    assert client.get(reverse("rooms:cockpit", args=[first.pk])).status_code == 200


def test_a_juror_of_another_session_finds_none(client: Client) -> None:
    session = make.open_session()
    client.force_login(accounts.user(Role.JUROR, at=session.organisation))

    page = client.get(reverse("accounts:home")).content.decode()

    assert "/salle/jury/" not in page
