"""What was handed in before the day is taken into the exam as it opens (000, 004)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from acquis.certification.deposits.models import EarlyDeposit
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting, SittingFile
from tests.certification.deposits.conftest import CODE, PDF, defended, hand_in, session_of
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

NOTE, FILES = f"{CODE}.1", f"{CODE}.2"


def opened(seat: SessionCandidate) -> Sitting:
    session = seat.session
    return actions.open_sitting(candidate=seat, by=session.manager, at=session.starts_at)


def first_seat(session: ExamSession) -> SessionCandidate:
    return session.candidates.select_related("session").order_by("order")[0]


def two_documents() -> ExamSession:
    content = defended(deposit_before={"days": 8, "hour": "18:00"})
    texts = ["Une note de cadrage", "Un plan d’action"]
    content["assessments"][0]["phases"][0]["deliverables"] = texts
    return session_of(version=make.framework_version(content=content))


def test_every_version_is_kept_and_a_part_handed_in_whole_is_over() -> None:
    seat, now = first_seat(session_of()), timezone.now()
    first = hand_in(seat, now)
    last = hand_in(seat, now + timedelta(days=5), PDF + b" 2")

    sitting = opened(seat)

    kept = sitting.files.order_by("version")
    assert [(one.kind, one.key, one.version, one.late, one.file) for one in kept] == [
        (SittingFile.Kind.DEPOSIT, CODE, 1, False, first.file),
        (SittingFile.Kind.DEPOSIT, CODE, 2, True, last.file),
    ]
    report, defence = sitting.phases.all()
    assert (report.state, report.ended_reason) == (Phase.State.ENDED, "handed_in")
    assert (report.started_at, report.ended_at) == (first.kept_at, last.kept_at)
    assert defence.state == Phase.State.WAITING
    assert set(EarlyDeposit.objects.values_list("taken_over_by", flat=True)) == {seat.pk}


def test_a_part_ends_once_none_of_its_documents_is_missing() -> None:
    complete, partial = two_documents(), two_documents()
    now = timezone.now()
    for code in (NOTE, FILES):
        hand_in(first_seat(complete), now, code=code)
    hand_in(first_seat(partial), now, code=FILES)

    whole, started = opened(first_seat(complete)), opened(first_seat(partial))

    assert whole.phases.all()[0].state == Phase.State.ENDED
    assert [one.key for one in whole.files.order_by("key")] == [NOTE, FILES]
    assert started.phases.all()[0].state == Phase.State.WAITING
    assert [one.key for one in started.files.all()] == [FILES]


def test_what_another_edition_asked_for_is_left_where_it_is() -> None:
    seat = first_seat(session_of())
    hand_in(seat, timezone.now())
    EarlyDeposit.objects.update(code="portfolio.9")

    sitting = opened(seat)

    assert not sitting.files.exists()
    assert sitting.phases.all()[0].state == Phase.State.WAITING
