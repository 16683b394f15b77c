"""Documents handed in before the day: by whom, until when, and what the exam takes over."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.deposits import access, actions, deadlines, errors, queries
from acquis.certification.deposits.models import DepositHour, EarlyDeposit
from acquis.certification.exam_sessions import summoning
from acquis.certification.exam_sessions.errors import SessionFrozen
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.certification.sittings import actions as exam
from acquis.certification.sittings.errors import DepositLate
from acquis.certification.sittings.models import Phase, Sitting, SittingFile
from acquis.kernel import trace
from tests.certification.deposits.conftest import CODE, PDF, defended, hand_in, session_of
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def due(session):
    return queries.parts_of(session, queries.own_hour(session))[0].due


# ---- Handing in ----


def test_each_version_is_kept_and_the_same_document_is_the_same_version(session, seat) -> None:
    now = timezone.now()
    first = hand_in(seat, now)
    assert hand_in(seat, now) == first
    second = hand_in(seat, now, PDF + b" 2")
    assert [first.version, second.version] == [1, 2]
    assert not second.late
    assert queries.asked_of(seat)[0]["last"] == second
    lines = trace.lines(session.trace_stream).filter(verb="document.deposited_early")
    assert [line.data["sha256"] for line in lines] == [first.file.sha256, second.file.sha256]


def test_after_the_hour_it_is_kept_and_marked_late_unless_the_framework_refuses_it(
    session, seat
) -> None:
    last = due(session)
    assert not hand_in(seat, last).late
    assert hand_in(seat, last + timedelta(seconds=1), PDF + b" 2").late
    strict = session_of({"deposit_before": {"days": 8}, "late_refused": True})
    theirs = strict.candidates.all()[0]
    with pytest.raises(errors.DepositTooLate):
        hand_in(theirs, due(strict) + timedelta(seconds=1))
    assert hand_in(theirs, due(strict)).version == 1


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("draft", errors.DepositNotOpen),
        ("open", errors.DepositInTheRoom),
        ("cancelled", errors.DepositInTheRoom),
    ],
)
def test_it_is_handed_in_between_the_summons_and_the_opening(session, seat, state, refusal) -> None:
    ExamSession.objects.filter(pk=session.pk).update(state=state)
    with pytest.raises(refusal):
        hand_in(seat, timezone.now())
    assert not EarlyDeposit.objects.exists()


def test_what_the_exam_does_not_ask_for_is_refused(session, seat) -> None:
    for code in ("oral_defence.1", "portfolio.1"):
        with pytest.raises(errors.NothingToDeposit):
            hand_in(seat, timezone.now(), code=code)
    silent = session_of({})
    with pytest.raises(errors.NoDepositHour):
        hand_in(silent.candidates.all()[0], timezone.now())


# ---- The hour ----


def test_the_session_has_its_own_hour_until_it_opens(session) -> None:
    wished, now = session.starts_at - 3 * DAY, timezone.now()
    for _ in range(2):
        actions.set_hour(session=session, until=wished, by=session.manager, at=now)
    assert due(session) == wished
    assert trace.lines(session.trace_stream).filter(verb="session.deposit_hour_set").count() == 1
    actions.set_hour(session=session, until=None, by=session.manager, at=now)
    assert due(session) != wished
    assert not DepositHour.objects.exists()
    with pytest.raises(errors.HourAfterTheExam):
        actions.set_hour(session=session, until=session.starts_at + DAY, by=session.manager, at=now)
    ExamSession.objects.filter(pk=session.pk).update(state="open")
    with pytest.raises(SessionFrozen):
        actions.set_hour(session=session, until=wished, by=session.manager, at=now)


def test_the_summons_says_until_when(session) -> None:
    notes = dict(summoning.notes(session, by=session.manager, at=timezone.now()))
    said = notes["Document à remettre avant l’épreuve"]
    assert said.startswith("Rapport")
    assert "à 18 h 00" in said
    assert "marqué en retard" in said


# ---- The day of the exam ----


def opened(session, at):
    SessionJuror.objects.filter(session=session).update(present=True)
    return exam.open_session(session=session, by=session.manager, at=at)


def ready(seat, by, at) -> Sitting:
    exam.confirm_presence(candidate=seat, present=True, by=by, at=at)
    exam.confirm_identity(candidate=seat, by=by, at=at)
    return exam.authorise_start(sitting=Sitting.objects.get(candidate=seat), by=by, at=at)


def test_the_exam_takes_over_what_was_handed_in_and_begins_with_the_defence(session, seat) -> None:
    now = timezone.now()
    hand_in(seat, now)
    last = hand_in(seat, due(session) + DAY, PDF + b" 2")
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    kept = sitting.files.order_by("version")
    assert [(one.kind, one.version, one.late, one.key) for one in kept] == [
        (SittingFile.Kind.DEPOSIT, 1, False, CODE),
        (SittingFile.Kind.DEPOSIT, 2, True, CODE),
    ]
    assert kept[1].file == last.file
    report, defence = sitting.phases.all()
    assert (report.state, report.ended_reason) == (Phase.State.ENDED, "handed_in")
    assert exam.start_together(session=session, by=session.manager, at=session.starts_at) == 1
    defence.refresh_from_db()
    assert defence.state == Phase.State.RUNNING


TWO = {"deposit_before": {"days": 8, "hour": "18:00"}}
NOTE, FILES = f"{CODE}.1", f"{CODE}.2"


def two_documents() -> ExamSession:
    """The framework asks for a note and a file in one part (004)."""
    content = defended(**TWO)
    texts = ["Une note de cadrage, comprenant : le contexte", "Un plan d’action"]
    content["assessments"][0]["phases"][0]["deliverables"] = texts
    return session_of(version=make.framework_version(content=content))


def test_each_document_that_the_framework_names_is_handed_in_for_itself() -> None:
    session = two_documents()
    seat, now = session.candidates.order_by("order")[0], timezone.now()
    hand_in(seat, now, code=NOTE)
    hand_in(seat, now, PDF + b" 2", code=FILES)
    asked = queries.asked_of(seat)
    assert [(one["part"].title, one["last"].version) for one in asked] == [
        ("Une note de cadrage", 1),
        ("Un plan d’action", 1),
    ]
    with pytest.raises(errors.NothingToDeposit):
        hand_in(seat, now, code=CODE)
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    assert [one.key for one in sitting.files.order_by("key")] == [NOTE, FILES]
    assert sitting.phases.all()[0].state == Phase.State.ENDED


def test_a_part_of_which_a_document_is_missing_goes_on_in_the_room() -> None:
    session = two_documents()
    seat, now = session.candidates.order_by("order")[0], timezone.now()
    kept = hand_in(seat, now, code=FILES)
    EarlyDeposit.objects.create(
        enrolment=seat.enrolment, code="portfolio.1", version=1, title="D’une autre édition",
        file=kept.file, kept_at=now, kept_by=session.manager,
    )  # fmt: skip
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    part = sitting.phases.all()[0]
    assert (part.state, part.started_at) == (Phase.State.WAITING, None)
    assert [one.key for one in sitting.files.all()] == [FILES]
    begun = exam.start_phase(phase=part, by=make.writer(sitting), at=session.starts_at)
    note = exam.deposit_file(
        phase=begun,
        file=_document(),
        media_type="application/pdf",
        by=make.writer(sitting),
        at=session.starts_at,
        number=1,
    )
    assert (note.key, note.late) == (NOTE, True)


def test_who_handed_nothing_in_does_so_in_the_room_late(session, seat) -> None:
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    phase = exam.start_phase(
        phase=sitting.phases.all()[0], by=make.writer(sitting), at=session.starts_at
    )
    assert phase.ends_at == due(session)
    kept = exam.deposit_file(
        phase=phase,
        file=_document(),
        media_type="application/pdf",
        by=make.writer(sitting),
        at=session.starts_at,
    )
    assert kept.late


def _document() -> ContentFile:
    return ContentFile(PDF, name="rapport.pdf")


def test_where_the_framework_refuses_late_documents_the_room_does_too() -> None:
    session = session_of({"deposit_before": {"days": 8}, "late_refused": True})
    seat = session.candidates.all()[0]
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    phase = exam.start_phase(
        phase=sitting.phases.all()[0], by=make.writer(sitting), at=session.starts_at
    )
    with pytest.raises(DepositLate):
        exam.deposit_file(
            phase=phase,
            file=_document(),
            media_type="application/pdf",
            by=make.writer(sitting),
            at=session.starts_at,
        )


def test_without_an_hour_the_day_goes_as_before() -> None:
    session = session_of({})
    seat = session.candidates.all()[0]
    opened(session, session.starts_at)
    sitting = ready(seat, session.manager, session.starts_at)
    phase = exam.start_phase(
        phase=sitting.phases.all()[0], by=make.writer(sitting), at=session.starts_at
    )
    assert phase.ends_at is None


def test_a_later_exam_of_the_same_enrolment_asks_for_its_own(session, seat) -> None:
    hand_in(seat, timezone.now())
    opened(session, session.starts_at)
    again = make.seat(
        session_of(version=session.version, organisation=session.organisation),
        enrolment=seat.enrolment,
    )
    assert queries.asked_of(again)[0]["last"] is None
    assert queries.asked_of(seat)[0]["last"] is not None
    assert hand_in(again, timezone.now(), PDF + b" 2").version == 1


def test_who_is_moved_keeps_what_they_handed_in(session, seat) -> None:
    row = hand_in(seat, timezone.now())
    other = session_of(version=session.version, organisation=session.organisation)
    moved = make.seat(other, enrolment=seat.enrolment)
    seat.delete()
    assert queries.asked_of(moved)[0]["last"] == row


def test_what_belongs_to_a_part_that_the_exam_has_no_more_is_left(session, seat) -> None:
    hand_in(seat, timezone.now())
    EarlyDeposit.objects.update(code="portfolio.9")
    opened(session, session.starts_at)
    assert not Sitting.objects.get(candidate=seat).files.exists()


# ---- Who, and the board ----


def test_one_s_own_seat_alone(session, seat) -> None:
    user = seat.enrolment.candidate.user
    assert access.own_seat(user, seat.pk) == seat
    for stranger in (
        session.manager,
        make.person(Role.CANDIDATE, organisation=session.organisation),
        session.candidates.order_by("order")[1].enrolment.candidate.user,
    ):
        with pytest.raises(Http404):
            access.own_seat(stranger, seat.pk)
    user.memberships.all().delete()
    with pytest.raises(Http404):
        access.own_seat(user, seat.pk)
    assert access.session_for(session.manager, session.pk) == session
    with pytest.raises(Http404):
        access.session_for(user, session.pk)


def test_the_board_says_how_many_are_missing(session, seat, count_queries) -> None:
    now = timezone.now()

    def board():
        return list(deadlines._deposits(session.manager, session.organisation, now))

    (line,) = board()
    assert (line.due, line.done) == (timezone.localtime(due(session)).date(), False)
    assert dict(line.facts) == {"à remettre": 2}
    one = count_queries(board)
    for each in session.candidates.all():
        hand_in(each, now)
    for _ in range(3):
        session_of(
            organisation=session.organisation, version=session.version, manager=session.manager
        )
    session_of({}, organisation=session.organisation, manager=session.manager)
    lines = board()
    assert len(lines) == 4
    assert next(each for each in lines if each.title == session.reference).done
    assert count_queries(board) == one
