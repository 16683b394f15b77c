"""The daily mail of deadlines: who gets it, when, and how it is switched off."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import digests, policy
from acquis.certification.exam_sessions.models import DigestChoice
from acquis.kernel import outbox
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("marks", "told", "days", "due"),
    [
        ([], [], [7], False),
        (["a"], [], [30], True),
        (["a"], ["a"], [6], False),
        (["a"], ["a"], [7], True),
        (["a"], ["a"], [0], True),
        (["a"], ["a", "b"], [], False),
        (["a", "b"], ["a"], [], True),
    ],
)
def test_a_digest_leaves_when_it_says_more_than_the_last(marks, told, days, due: bool) -> None:
    assert policy.digest_is_due(marks, told, days) is due


def morning(day: int = 0) -> datetime:
    local = timezone.localtime() + timedelta(days=day)
    return local.replace(hour=8, minute=0, second=0, microsecond=0)


def coming(days: int = 35, **fields):
    """A session whose summons, due a month before, are soon asked for."""
    return make.session(starts_at=morning() + timedelta(days=days), **fields)


def deliver(at: datetime) -> None:
    while outbox.deliver_slow(now=at + timedelta(seconds=1)):
        pass


def test_who_answers_for_a_session_is_told_once_a_day_and_only_of_what_is_new() -> None:
    session = coming()
    make.person(Role.SESSION_MANAGER, organisation=session.organisation)

    assert digests.decide_due(morning()) == 1
    assert digests.decide_due(morning() + timedelta(hours=4)) == 0
    deliver(morning())

    assert [one.to for one in mail.outbox] == [[session.manager.email]]
    body = mail.outbox[0].body
    assert session.reference in body
    assert reverse("exam_sessions:summons", args=[session.pk]) in body
    assert "échéance" in mail.outbox[0].subject


def test_the_next_day_says_nothing_unless_a_day_counts() -> None:
    session = coming()
    due = digests.deadlines_of(session.manager, session.organisation, morning(), morning().date())[
        0
    ].due
    assert due is not None
    left = (due - morning().date()).days
    sent = [day for day in range(left + 1) if digests.decide_due(morning(day))]
    assert sent[0] == 0
    assert {left - day for day in sent[1:]} <= policy.DIGEST_DAYS
    assert left in sent


def test_before_the_morning_nothing_leaves() -> None:
    coming()
    assert digests.decide_due(morning().replace(hour=6)) == 0
    assert not DigestChoice.objects.exists()


def test_who_switched_it_off_gets_nothing_and_may_switch_it_on_again(client) -> None:
    session = coming()
    client.force_login(session.manager)
    board, choose = reverse("exam_sessions:deadlines"), reverse("exam_sessions:choose_digest")
    assert "Ne plus recevoir par courriel" in client.get(board).content.decode()
    client.post(choose, {"wanted": "0"})
    assert "Recevoir par courriel" in client.get(board).content.decode()
    assert digests.decide_due(morning()) == 0
    client.post(choose, {"wanted": "1"})
    assert digests.decide_due(morning(1)) == 1
    client.post(choose, {"wanted": "0"})  # after it was queued
    deliver(morning(1))
    assert mail.outbox == []


def test_what_was_done_meanwhile_is_not_told() -> None:
    session = coming()
    assert digests.decide_due(morning()) == 1
    session.state = "cancelled"
    session.save()
    deliver(morning())
    assert mail.outbox == []


def test_who_has_nothing_to_do_with_sessions_is_left_alone() -> None:
    session = coming()
    make.person(Role.JUROR, organisation=session.organisation)
    session.manager.is_active = False
    session.manager.save()
    assert digests.decide_due(morning()) == 0
