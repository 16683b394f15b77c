"""The board of deadlines as a calendar behind a secret address."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import BoardFeed
from acquis.kernel import trace
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def opened(client) -> str:
    page = client.post(reverse("exam_sessions:open_feed")).content.decode()
    found = re.search(r'value="https?://[^/"]+(/[^"]+\.ics)"', page)
    assert found
    return found[1]


def events(answer) -> list:
    return Calendar.from_ical(answer.content).walk("VEVENT")


@pytest.fixture
def session():
    start = timezone.now().replace(microsecond=0) + timedelta(days=10)
    return make.session(starts_at=start)


def test_a_calendar_reads_what_is_due_without_a_login(client, session) -> None:
    client.force_login(session.manager)
    address = opened(client)
    client.logout()
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = [one for one in events(answer) if "Convocations · " in one["SUMMARY"]]
    assert session.reference in event["SUMMARY"]
    assert event["SUMMARY"].startswith("En retard")  # a month before, and it is in ten days
    assert event["DTSTART"].dt < timezone.localtime().date()
    assert f"/sessions/{session.pk}/" in event["DESCRIPTION"]
    again = [one["UID"] for one in events(client.get(address))]
    assert event["UID"] in again


def test_the_secret_is_kept_nowhere_and_shown_once(client, session) -> None:
    client.force_login(session.manager)
    address = opened(client)
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    feed = BoardFeed.objects.get()
    assert secret not in str(vars(feed))
    assert secret not in client.get(reverse("exam_sessions:deadlines")).content.decode()
    lines = trace.lines(session.manager.trace_stream)
    assert lines.filter(verb="deadlines.feed_opened").count() == 1
    assert not any(secret in str(line.data) for line in lines)


def test_another_address_closes_the_former_and_revoked_it_opens_nothing(client, session) -> None:
    client.force_login(session.manager)
    first, second = opened(client), opened(client)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    for _ in range(2):
        client.post(reverse("exam_sessions:revoke_feed"))
    assert client.get(second).status_code == 404
    assert not BoardFeed.objects.exists()


def test_rights_are_those_of_today(client, session) -> None:
    manager = make.person(Role.SESSION_MANAGER, organisation=session.organisation)
    client.force_login(manager)
    address = opened(client)
    assert events(client.get(address))
    manager.memberships.all().delete()
    assert not events(client.get(address))
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)
    assert client.get(address).status_code == 404
