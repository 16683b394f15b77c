from collections.abc import Callable
from datetime import datetime

import pytest

from acquis.accounts.models import Workspace
from acquis.certification.papers.models import Draw, SubjectOpening
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.models import Conversation
from acquis.kernel import trace
from acquis.practice.rooms.actions.begin_phase import begin_phase, prepared
from acquis.practice.rooms.errors import NoEnterprise
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
