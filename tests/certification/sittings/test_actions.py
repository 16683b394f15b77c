from contextlib import nullcontext
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from acquis.certification.exam_sessions.errors import SiteNotAccredited
from acquis.certification.sittings import access, actions, errors, policy, queries
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.models import (
    CodeTries,
    DeviceClaim,
    Phase,
    Production,
    Sitting,
    TimeGrant,
)
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def after(**units: float):
    return DAY + timedelta(**units)


def save(sitting: Sitting, content: str, number: int, *, base: int, tab: str = "a", at=DAY):
    return actions.save_production(
        sitting=sitting,
        key="letter_body",
        content=content,
        client_id=f"{tab}:{number}",
        base_seq=base,
        by=make.writer(sitting),
        at=at,
    )


def test_open_sitting_reads_the_framework_and_is_opened_once() -> None:
    session = make.session(candidates=1)
    seat = session.candidates.get()
    first = actions.open_sitting(candidate=seat, by=session.manager, at=DAY)
    again = actions.open_sitting(candidate=seat, by=session.manager, at=DAY)
    assert first == again
    assert [phase.kind for phase in first.phases.all()] == [
        "written", "preparation", "exchanges", "preparation", "reaction", "interview",
    ]  # fmt: skip
    assert len(first.access_code) >= 6
    assert trace.lines(first.trace_stream).filter(verb="sitting.opened").count() == 1


def test_open_sitting_stretches_the_time_of_that_candidate_alone() -> None:
    session = make.session(candidates=1)
    make.seat(session, enrolled={"extra": Fraction(1, 3)})
    minutes = [
        actions.open_sitting(candidate=seat, by=session.manager, at=DAY)
        .phases.first()
        .planned_seconds
        / 60
        for seat in session.candidates.all()
    ]
    assert minutes == [75, 100]


def test_open_sitting_refuses_a_block_without_exam() -> None:
    session = make.session(candidates=1, block="CCP9")
    with pytest.raises(errors.NoExamDescribed):
        actions.open_sitting(candidate=session.candidates.get(), by=session.manager, at=DAY)


def test_a_session_opens_where_its_title_may_be_examined_and_nowhere_else() -> None:
    session = make.session(candidates=1)
    make.subject(session.organisation)
    make.accredited(session, site="Ailleurs")

    with pytest.raises(SiteNotAccredited, match="ce lieu"):
        actions.open_session(session=session, by=session.manager, at=DAY)
    session.refresh_from_db()
    assert session.state == "draft"
    assert not Sitting.objects.exists()

    make.accredited(session)
    actions.open_session(session=session, by=session.manager, at=DAY)
    assert Sitting.objects.get().candidate.session == session


def test_start_needs_presence_then_identity_then_the_invigilator() -> None:
    sitting = make.sitting()
    candidate, by = sitting.candidate, sitting.candidate.session.manager
    phase = sitting.phases.first()

    def refused(error) -> None:
        with pytest.raises(error), transaction.atomic():
            actions.start_phase(phase=phase, by=by, at=DAY)

    refused(errors.PresenceNotTicked)
    with pytest.raises(errors.PresenceNotTicked):
        actions.confirm_identity(candidate=candidate, by=by, at=DAY)
    actions.confirm_presence(candidate=candidate, present=True, by=by, at=DAY)
    refused(errors.IdentityNotChecked)
    actions.confirm_identity(candidate=candidate, by=by, at=DAY)
    refused(errors.StartNotAuthorised)
    actions.authorise_start(sitting=sitting, by=by, at=DAY)
    assert actions.start_phase(phase=phase, by=by, at=DAY).ends_at == after(minutes=75)


def test_start_refuses_outside_an_open_session() -> None:
    sitting = make.ready_sitting()
    sitting.candidate.session.state = "closed"
    sitting.candidate.session.save()
    with pytest.raises(errors.SessionNotOpen):
        actions.start_phase(phase=sitting.phases.first(), by=make.writer(sitting), at=DAY)


def test_a_second_start_does_not_move_the_clock() -> None:
    sitting = make.running_sitting()
    phase = actions.start_phase(
        phase=sitting.phases.first(), by=make.writer(sitting), at=after(minutes=9)
    )
    assert phase.started_at == DAY
    assert trace.lines(sitting.trace_stream).filter(verb="phase.started").count() == 1


def test_phases_follow_one_another_and_one_out_of_time_is_closed_by_the_next() -> None:
    sitting = make.running_sitting()
    written, preparation = sitting.phases.all()[:2]
    with pytest.raises(errors.PhaseOutOfOrder):
        actions.start_phase(phase=preparation, by=make.writer(sitting), at=after(minutes=74))
    actions.start_phase(phase=preparation, by=make.writer(sitting), at=after(minutes=80))
    written.refresh_from_db()
    assert written.ended_reason == EndReason.TIME_OVER
    assert written.ended_at == after(minutes=75)
    with pytest.raises(errors.PhaseAlreadyEnded):
        actions.start_phase(phase=written, by=make.writer(sitting), at=after(minutes=81))


def test_the_database_refuses_two_running_phases() -> None:
    sitting = make.running_sitting()
    with pytest.raises(IntegrityError), transaction.atomic():
        sitting.phases.filter(position=2).update(state=Phase.State.RUNNING)


def test_a_phase_handed_in_after_time_ended_with_its_time() -> None:
    sitting = make.running_sitting()
    phase = actions.end_phase(
        phase=sitting.phases.first(), by=make.writer(sitting), at=after(minutes=76)
    )
    assert (phase.ended_reason, phase.ended_at) == (EndReason.TIME_OVER, after(minutes=75))
    again = actions.end_phase(
        phase=phase, by=make.writer(sitting), at=after(minutes=90), reason="jury"
    )
    assert again.ended_reason == EndReason.TIME_OVER


def test_a_phase_not_begun_can_be_noted_as_not_held() -> None:
    sitting = make.running_sitting()
    last = actions.end_phase(
        phase=sitting.phases.last(), by=make.writer(sitting), at=DAY, reason="jury"
    )
    assert last.ended_reason == EndReason.NOT_HELD
    assert last.started_at is None


def test_time_is_given_with_a_reason_once_a_request() -> None:
    sitting = make.running_sitting()
    phase, by = sitting.phases.first(), sitting.candidate.session.manager
    with pytest.raises(errors.ReasonMissing):
        actions.give_time(phase=phase, seconds=300, reason=" ", by=by, at=DAY)
    with pytest.raises(errors.TimeOutOfBounds):
        actions.give_time(phase=phase, seconds=0, reason="Alarme", by=by, at=DAY)
    for _ in range(2):
        actions.give_time(
            phase=phase, seconds=300, reason="Alarme", by=by, at=DAY, request_key="k1"
        )
    phase.refresh_from_db()
    assert phase.ends_at == after(minutes=80)
    assert TimeGrant.objects.count() == 1


@pytest.mark.parametrize(
    ("seconds", "given"), [(-60, False), (0, False), (1, True), (7200, True), (7201, False)]
)
def test_between_a_second_and_two_hours_are_given_back(seconds: int, *, given: bool) -> None:
    sitting = make.running_sitting()
    phase, by = sitting.phases.first(), sitting.candidate.session.manager
    before = phase.ends_at
    with nullcontext() if given else pytest.raises(errors.TimeOutOfBounds):
        actions.give_time(phase=phase, seconds=seconds, reason="Alarme", by=by, at=DAY)
    phase.refresh_from_db()
    assert phase.ends_at == before + timedelta(seconds=seconds if given else 0)


def test_time_given_after_the_end_starts_from_now_and_reopens_what_the_clock_closed() -> None:
    sitting = make.running_sitting()
    phase, by = sitting.phases.first(), sitting.candidate.session.manager
    actions.end_phase(phase=phase, by=by, at=after(minutes=80))
    actions.give_time(phase=phase, seconds=600, reason="Coupure", by=by, at=after(minutes=82))
    phase.refresh_from_db()
    assert phase.state == Phase.State.RUNNING
    assert phase.ends_at == after(minutes=92)


def test_time_is_not_given_to_what_was_handed_in_or_followed() -> None:
    sitting = make.running_sitting()
    phase, by = sitting.phases.first(), sitting.candidate.session.manager
    actions.end_phase(phase=phase, by=by, at=after(minutes=30))
    with pytest.raises(errors.PhaseNotRunning):
        actions.give_time(phase=phase, seconds=600, reason="Coupure", by=by, at=after(minutes=31))


def test_what_is_saved_grows_and_a_repetition_is_saved_once() -> None:
    sitting = make.running_sitting()
    assert save(sitting, "Madame,", 1, base=0).seq == 1
    assert save(sitting, "Madame, nous", 2, base=1).seq == 2
    again = save(sitting, "Madame,", 1, base=0, at=after(seconds=40))
    assert (again.seq, again.saved_at) == (1, DAY)
    production = Production.objects.get()
    assert (production.content, production.seq) == ("Madame, nous", 2)
    assert production.revisions.count() == 2


def test_two_sends_of_one_tab_never_conflict() -> None:
    sitting = make.running_sitting()
    save(sitting, "un", 1, base=0)
    assert save(sitting, "un deux", 2, base=0).conflict_content is None


def test_another_tab_is_answered_with_the_newer_text_and_overwrites_nothing() -> None:
    sitting = make.running_sitting()
    save(sitting, "premier", 1, base=0)
    save(sitting, "premier, suite", 2, base=1)
    saved = save(sitting, "ancien onglet", 1, base=1, tab="b")
    assert saved.conflict_content == "premier, suite"
    assert saved == save(sitting, "ancien onglet", 1, base=1, tab="b")
    production = Production.objects.get()
    assert production.content == "premier, suite"
    assert [each.content for each in production.revisions.filter(conflicting=True)] == [
        "ancien onglet"
    ]
    kept = save(sitting, "ancien onglet", 2, base=saved.seq, tab="b")
    assert kept.conflict_content is None
    production.refresh_from_db()
    assert production.content == "ancien onglet"
    assert save(sitting, "premier onglet", 3, base=2).conflict_content == "ancien onglet"


def test_what_comes_after_time_is_kept_and_marked_late() -> None:
    sitting = make.running_sitting()
    save(sitting, "à temps", 1, base=0, at=after(minutes=75))
    assert save(sitting, "trop tard", 2, base=1, at=after(minutes=75, seconds=3)).late
    actions.end_phase(phase=sitting.phases.first(), by=make.writer(sitting), at=after(minutes=76))
    assert save(sitting, "plus tard encore", 3, base=2, at=after(minutes=77)).late
    production = Production.objects.get()
    assert production.late
    assert queries.in_time_text(production) == "à temps"
    assert queries.text_at(production, after(minutes=76)).content == "trop tard"


def test_nothing_is_saved_before_the_start_nor_after_the_seal() -> None:
    sitting = make.ready_sitting()
    with pytest.raises(errors.NothingStarted):
        save(sitting, "tôt", 1, base=0)
    actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=DAY
    )
    with pytest.raises(errors.SittingSealed):
        save(sitting, "tard", 1, base=0)


def test_a_save_acknowledged_before_the_seal_is_answered_the_same_after() -> None:
    sitting = make.running_sitting()
    first = save(sitting, "texte", 1, base=0)
    actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=after(minutes=1)
    )
    assert save(sitting, "texte", 1, base=0, at=after(minutes=2)) == first


def test_finish_needs_every_phase_ended_then_seals_all() -> None:
    sitting = make.running_sitting()
    by = make.writer(sitting)
    save(sitting, "Madame,", 1, base=0)
    actions.call_invigilator(sitting=sitting, by=by, at=DAY)
    with pytest.raises(errors.PhasesNotEnded) as refusal:
        actions.finish_sitting(sitting=sitting, by=by, at=after(minutes=10))
    assert "Première partie" in str(refusal.value)
    for phase in sitting.phases.all():
        actions.end_phase(phase=phase, by=by, at=after(minutes=10))
    done = actions.finish_sitting(sitting=sitting, by=by, at=after(minutes=11))
    assert done.sealed_sha256 == policy.seal([("letter_body", 1, "Madame,")])
    assert not done.help_calls.filter(answered_at__isnull=True).exists()
    again = actions.finish_sitting(sitting=sitting, by=by, at=after(minutes=30))
    assert again.finished_at == after(minutes=11)


def test_abort_needs_a_reason_and_closes_everything() -> None:
    sitting = make.running_sitting()
    by = sitting.candidate.session.manager
    with pytest.raises(errors.ReasonMissing):
        actions.abort_sitting(sitting=sitting, reason="", by=by, at=DAY)
    stopped = actions.abort_sitting(sitting=sitting, reason="Malaise", by=by, at=after(minutes=5))
    assert stopped.state == Sitting.State.ABORTED
    assert stopped.phases.first().ended_reason == EndReason.ABORTED
    with pytest.raises(errors.SittingSealed):
        actions.finish_sitting(sitting=sitting, by=by, at=after(minutes=6))


def test_one_call_for_help_at_a_time() -> None:
    sitting = make.running_sitting()
    by = sitting.candidate.session.manager
    calls = [
        actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=DAY) for _ in "ab"
    ]
    assert calls[0] == calls[1]
    answered = actions.answer_call(call=calls[0], by=by, at=after(seconds=50))
    assert actions.answer_call(call=answered, by=by, at=after(minutes=9)).answered_at == after(
        seconds=50
    )
    line = trace.lines(sitting.trace_stream).get(verb="help.answered")
    assert line.data["waited_seconds"] == 50


def test_an_exam_is_taken_on_one_device_until_the_invigilator_moves_it() -> None:
    sitting = make.running_sitting()
    by = make.writer(sitting)
    first = actions.claim_device(sitting=sitting, device_key="poste-1", by=by, at=DAY)
    second = actions.claim_device(sitting=sitting, device_key="poste-2", by=by, at=DAY)
    actions.claim_device(sitting=sitting, device_key="poste-2", by=by, at=DAY)
    assert first.is_held
    assert not second.is_held
    assert trace.lines(sitting.trace_stream).filter(verb="device.asked").count() == 1
    access.require_device(sitting, "poste-1")
    with pytest.raises(errors.DeviceNotAuthorised):
        access.require_device(sitting, "poste-2")
    actions.authorise_device(claim=second, by=sitting.candidate.session.manager, at=DAY)
    access.require_device(sitting, "poste-2")
    with pytest.raises(errors.DeviceNotAuthorised):
        access.require_device(sitting, "poste-1")
    assert not actions.claim_device(sitting=sitting, device_key="poste-1", by=by, at=DAY).is_held


def test_the_database_refuses_two_devices() -> None:
    sitting = make.running_sitting()
    actions.claim_device(sitting=sitting, device_key="a", by=make.writer(sitting), at=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeviceClaim.objects.create(sitting=sitting, device_key="b", asked_at=DAY, accepted_at=DAY)


def test_the_access_code_opens_and_wrong_ones_are_slowed_down() -> None:
    sitting = make.running_sitting()
    by = make.writer(sitting)

    def enter(code: str, *, minutes: int = 0):
        return actions.enter_sitting(
            sitting=sitting, code=code, device_key="p", by=by, at=DAY + timedelta(minutes=minutes)
        )

    for begins in (0, 2):
        for _ in range(10):
            with pytest.raises(errors.WrongAccessCode):
                enter("AAAA00", minutes=begins)
        with pytest.raises(errors.TooManyCodes):
            enter(sitting.access_code, minutes=begins + 1)
    with pytest.raises(errors.TooManyCodes):
        enter(sitting.access_code, minutes=5)  # the second pause is twice as long
    assert sitting.code_tries.count == 20
    assert trace.lines(sitting.trace_stream).filter(verb="code.locked").count() == 2
    other = make.running_sitting()
    claim = actions.enter_sitting(
        sitting=other, code=other.access_code.lower(), device_key="p", by=make.writer(other), at=DAY
    )
    assert claim.is_held
    assert enter(sitting.access_code, minutes=6).is_held
    assert not CodeTries.objects.exists()


def test_a_new_code_opens_at_once_and_the_former_one_no_more() -> None:
    sitting = make.running_sitting()
    by, former = make.writer(sitting), sitting.access_code
    for _ in range(10):
        with pytest.raises(errors.WrongAccessCode):
            actions.enter_sitting(sitting=sitting, code="AAAA00", device_key="p", by=by, at=DAY)
    renewed = actions.renew_code(sitting=sitting, by=sitting.candidate.session.manager, at=DAY)
    assert renewed.access_code != former
    with pytest.raises(errors.WrongAccessCode):
        actions.enter_sitting(sitting=renewed, code=former, device_key="p", by=by, at=DAY)
    code = renewed.access_code
    assert actions.enter_sitting(sitting=renewed, code=code, device_key="p", by=by, at=DAY).is_held
    actions.abort_sitting(sitting=renewed, reason="Malaise", by=by, at=DAY)
    with pytest.raises(errors.SittingSealed):
        actions.renew_code(sitting=renewed, by=by, at=DAY)


def test_a_candidate_under_way_cannot_be_said_absent() -> None:
    sitting = make.running_sitting()
    with pytest.raises(errors.AlreadyStarted):
        actions.confirm_presence(
            candidate=sitting.candidate, present=False, by=sitting.candidate.session.manager, at=DAY
        )
