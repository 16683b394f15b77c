"""The session to come of the demonstration, and its recorded call."""

from collections import Counter
from datetime import timedelta

import av
import pytest
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.presentation import delivery_of
from acquis.certification.papers.actions import review_recording
from acquis.certification.papers.models import DrawCommitment, Subject
from acquis.kernel import outbox
from acquis.practice.demo.summoned import CALL, bring_recording, summon_in_advance
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_summons_are_in_every_state_and_stay_so_when_the_worker_passes() -> None:
    centre = make.organisation()
    make.framework_version(edition="06")
    manager = make.person(Role.SESSION_MANAGER, organisation=centre)
    for _ in range(2):
        make.juror(centre, accredited_to=None)
    make.subject(centre)
    now = timezone.now()
    session = summon_in_advance(
        centre=centre,
        people={Role.SESSION_MANAGER: [manager]},
        model=make.enterprise(centre),
        now=now,
    )
    while outbox.deliver_slow(now=now + timedelta(minutes=1)):
        pass
    states = Counter(delivery_of(one, now).value for one in session.summonses.all())
    assert states == {"acknowledged": 2, "opened": 1, "sent": 2, "bounced": 1, "declined": 1}
    assert session.candidates.filter(summonses__isnull=True).count() == 1
    assert session.state == "summoned"
    assert DrawCommitment.objects.get().session == session


def test_the_recorded_call_of_the_bank_is_speech_that_plays() -> None:
    centre = make.organisation()
    author, director = make.person(), make.person()
    now = timezone.now()
    bring_recording(centre=centre, slug="valbrenne", author=author, validated_by=director, now=now)
    subject = Subject.objects.get()
    assert (subject.kind, subject.state) == ("recording", "validated")
    assert review_recording(subject=subject, by=author, at=now).media_type == "audio/ogg"
    with av.open(str(CALL)) as opened:
        samples = sum(frame.samples for frame in opened.decode(audio=0))
    assert 40 < samples / 48_000 < 50
