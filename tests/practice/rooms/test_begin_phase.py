from collections.abc import Callable
from datetime import datetime

import pytest

from acquis.accounts.models import Workspace
from acquis.certification.juries.models import Juror
from acquis.certification.papers.models import Draw, SubjectOpening
from acquis.certification.registrations.models import Candidate
from acquis.certification.sittings.actions import start_phase
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.models import Conversation
from acquis.kernel import trace
from acquis.practice.rooms.actions.begin_phase import begin_phase, prepared
from acquis.practice.rooms.errors import NoEnterprise, NoSubjectDrawn
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]


def test_the_written_phase_brings_the_copy_and_the_letter_once(
    sitting: Sitting, begin: Begin, today: datetime
) -> None:
    phase = begin(1)
    assert sitting.workspace is not None
    begin_phase(phase=phase, by=make.writer(sitting), at=today)
    copies = Workspace.objects.filter(origin=sitting.candidate.session.enterprise_id)
    assert copies.count() == 1
    draw = sitting.candidate.draws.get(kind="written")
    letter = Conversation.objects.get(
        workspace=sitting.workspace, played_key=draw.subject.reference
    )
    assert letter.state == Conversation.State.WAITING
    verbs = [line.verb for line in trace.lines(sitting.trace_stream)]
    assert verbs.count("sitting.copy_made") == 1
    assert verbs.count("phase.started") == 1


def test_the_copy_is_the_candidate_s_to_write_and_the_jury_s_to_read(
    sitting: Sitting, begin: Begin
) -> None:
    begin(1)
    assert sitting.workspace is not None
    seats = dict(sitting.workspace.members.values_list("user_id", "may_write"))
    assert seats.pop(make.writer(sitting).pk) is True
    assert [*seats.values()] == [False, False]


def test_the_preparation_draws_its_subject_once_under_a_double_click(
    sitting: Sitting, begin: Begin, today: datetime
) -> None:
    phase = begin(2)
    first = Draw.objects.get(candidate=sitting.candidate, kind="exchanges")
    for _ in range(2):
        begin_phase(phase=phase, by=make.writer(sitting), at=today)
    assert Draw.objects.get(candidate=sitting.candidate, kind="exchanges") == first
    assert SubjectOpening.objects.filter(draw=first).count() == 1


def test_without_an_enterprise_nothing_begins(sitting: Sitting, today: datetime) -> None:
    session = sitting.candidate.session
    session.enterprise_id = None
    session.save(update_fields=["enterprise_id"])
    phase = sitting.phases.get(position=1)
    with pytest.raises(NoEnterprise):
        begin_phase(phase=phase, by=make.writer(sitting), at=today)
    phase.refresh_from_db()
    assert phase.state == Phase.State.WAITING
    assert not Workspace.objects.filter(kind="copy").exists()


def test_exchanges_without_a_preparation_draw_and_open_their_own_subject(
    sitting: Sitting, begin: Begin
) -> None:
    sitting.phases.filter(position=2).delete()
    phase = begin(3)
    draw = Draw.objects.get(candidate=sitting.candidate, kind="exchanges")
    assert SubjectOpening.objects.filter(draw=draw, purpose="sit").count() == 1
    assert prepared(sitting, phase)


def test_a_report_is_handed_in_without_an_enterprise(sitting: Sitting, today: datetime) -> None:
    session = sitting.candidate.session
    session.enterprise_id = None
    session.save(update_fields=["enterprise_id"])
    phase = sitting.phases.get(position=1)
    phase.kind, phase.method = Phase.Kind.DEPOSIT, "written_production"
    phase.save(update_fields=["kind", "method"])
    begun = begin_phase(phase=phase, by=make.writer(sitting), at=today)
    assert begun.state == Phase.State.RUNNING
    assert prepared(sitting, begun)
    assert not Workspace.objects.filter(kind="copy").exists()


def test_written_work_whose_subject_was_not_drawn_does_not_begin(
    sitting: Sitting, today: datetime
) -> None:
    sitting.candidate.draws.all().delete()
    phase = sitting.phases.get(position=1)
    with pytest.raises(NoSubjectDrawn):
        begin_phase(phase=phase, by=make.writer(sitting), at=today)
    phase.refresh_from_db()
    assert phase.state == Phase.State.WAITING
    assert not Workspace.objects.filter(kind="copy").exists()


def test_what_was_started_on_the_wall_is_prepared_when_the_candidate_opens_it(
    sitting: Sitting, today: datetime
) -> None:
    by = sitting.candidate.session.manager
    phase = start_phase(phase=sitting.phases.get(position=1), by=by, at=today)
    assert not prepared(sitting, phase)
    opened = begin_phase(phase=phase, by=make.writer(sitting), at=today)
    sitting.refresh_from_db()
    assert prepared(sitting, opened)
    assert opened.started_at == phase.started_at


def test_the_copy_has_seats_for_those_who_have_an_account(
    sitting: Sitting, today: datetime
) -> None:
    session = sitting.candidate.session
    first, second = (row.juror for row in session.jurors.order_by("pk"))
    Juror.objects.filter(pk=first.pk).update(user=None)
    Candidate.objects.update(user=None)
    sitting.phases.filter(position=1).update(method="questionnaire")  # which opens no subject
    begin_phase(phase=sitting.phases.get(position=1), by=session.manager, at=today)
    sitting.refresh_from_db()
    assert sitting.workspace is not None
    seats = sitting.workspace.members.values_list("user_id", "may_write")
    assert list(seats) == [(second.user_id, False)]
