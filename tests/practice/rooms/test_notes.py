"""A juror's quick notes: kept once, at the moment they were taken, whenever the server has them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from acquis.practice.evidence.models import MomentNote
from acquis.practice.rooms.actions.note_moment import note_moment

pytestmark = pytest.mark.django_db
Begin = Callable[[int], Phase]
MINUTE = timedelta(minutes=1)


def noted(client: StrictClient, sitting: Sitting, **said: str) -> int:
    where = reverse("rooms:note", args=[sitting.candidate_id])
    return client.post(where, said, headers={"HX-Request": "true"}).status_code


def test_a_note_that_waited_for_the_server_bears_the_moment_it_was_taken(
    sitting: Sitting, begin: Begin, juror_client: StrictClient
) -> None:
    begin(3)
    taken = timezone.now() - 20 * MINUTE
    assert noted(juror_client, sitting, body="Reformule", key="a", ago="1200000") == 200
    note = sitting.candidate.moment_notes.get()
    assert abs(note.noted_at - taken) < MINUTE / 4
    (line,) = trace.lines(note.candidate.trace_stream).filter(verb="juror.noted")
    assert line.data["noted_at"].startswith(f"{note.noted_at:%Y-%m-%dT%H:%M}")


def test_a_note_sent_again_is_kept_once_and_another_juror_may_have_its_key(
    sitting: Sitting, begin: Begin, juror_client: StrictClient
) -> None:
    begin(3)
    other = StrictClient()
    other.force_login(sitting.candidate.session.jurors.order_by("pk")[1].juror.user)
    for client in (juror_client, juror_client, other):
        assert noted(client, sitting, body="Identifie le client", key="k") == 200
    assert noted(juror_client, sitting, body="Identifie le client") == 200  # without the script
    assert MomentNote.objects.count() == 3
    assert noted(juror_client, sitting, body="Autre chose", key="k") == 422


@pytest.mark.parametrize("ago", ["", "x", "-5", "²", "9" * 11, "9" * 40])
def test_what_is_no_time_to_be_believed_is_now(
    ago: str, sitting: Sitting, begin: Begin, juror_client: StrictClient
) -> None:
    begin(3)
    assert noted(juror_client, sitting, body="Note", ago=ago) == 200
    age = timezone.now() - sitting.candidate.moment_notes.get().noted_at
    assert timedelta(0) <= age < MINUTE


def test_twelve_hours_are_believed(sitting: Sitting, today: datetime) -> None:
    by = sitting.candidate.session.jurors.all()[0].juror.user
    waits = [timedelta(hours=12), timedelta(hours=12, seconds=1)]
    for ago in waits:
        note_moment(
            candidate=sitting.candidate, body="Note", criterion="", by=by, at=today, ago=ago
        )
    found = sitting.candidate.moment_notes.order_by("pk").values_list("noted_at", flat=True)
    assert [*found] == [today - waits[0], today]


def test_a_note_of_nothing_is_none(
    sitting: Sitting, begin: Begin, juror_client: StrictClient
) -> None:
    begin(3)
    assert noted(juror_client, sitting, body=" \x00 ") == 200
    assert not MomentNote.objects.exists()
