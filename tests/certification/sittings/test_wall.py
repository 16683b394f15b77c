"""What a wall asks over its socket: whether it still shows what is."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User
from acquis.certification.registrations.models import Candidate
from acquis.certification.sittings import actions, presentation
from acquis.certification.sittings.actions.claim_device import begin_try
from acquis.certification.sittings.models import Sitting
from acquis.kernel import live
from tests.factories import accounts
from tests.factories import certification as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


def mark(sitting: Sitting, *, after: int = 0) -> str:
    return presentation.wall_mark(sitting.candidate.session, DAY + timedelta(seconds=after))


def test_each_act_of_the_room_makes_another_mark() -> None:
    sitting = make.running_sitting(jurors=1)
    session = sitting.candidate.session
    manager, candidate = session.manager, make.writer(sitting)
    phase = sitting.phases.get(state="running")
    one = Candidate.objects.get(pk=sitting.candidate.enrolment.candidate_id)
    at = DAY

    actions.claim_device(sitting=sitting, device_key="a", by=candidate, at=at)

    def renamed() -> None:
        one.usual_name = "Autrement"
        one.save()

    acts = [
        lambda: actions.call_invigilator(sitting=sitting, by=candidate, at=at, message="Le son"),
        lambda: actions.answer_call(call=sitting.help_calls.get(), by=manager, at=at),
        lambda: actions.claim_device(sitting=sitting, device_key="b", by=candidate, at=at),
        lambda: begin_try(sitting=sitting, by=candidate, at=at),
        lambda: actions.give_time(phase=phase, seconds=60, reason="Bruit", by=manager, at=at),
        lambda: actions.confirm_juror(member=session.jurors.get(), present=True, by=manager, at=at),
        lambda: actions.renew_code(sitting=sitting, by=manager, at=at),
        renamed,
        lambda: actions.end_phase(phase=phase, by=candidate, at=at),
    ]
    marks = [mark(sitting)]
    for act in acts:
        act()
        marks.append(mark(sitting))

    assert [before == after for before, after in pairwise(marks)] == [False] * len(acts)
    assert mark(sitting) == marks[-1]


def test_what_is_written_leaves_the_wall_as_it_is() -> None:
    sitting = make.running_sitting()
    before = mark(sitting)

    actions.save_production(
        sitting=sitting, key="analysis", content="Je note.", client_id="t:1", base_seq=0,
        by=make.writer(sitting), at=DAY,
    )  # fmt: skip

    assert mark(sitting) == before


def test_time_alone_makes_another_mark() -> None:
    sitting = make.running_sitting()
    phase = sitting.phases.get(state="running")
    seconds = int((phase.ends_at - DAY).total_seconds())

    assert mark(sitting, after=60) == mark(sitting)
    assert mark(sitting, after=seconds) != mark(sitting)
    actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=DAY)
    assert mark(sitting, after=130) != mark(sitting, after=0)


def asked(by: User, sitting: Sitting, **more: Any) -> Any:
    return live.ACTS["wall.look"](by, {"session": sitting.candidate.session_id, **more})


def test_a_wall_that_still_shows_what_is_learns_the_hour_alone() -> None:
    sitting = make.sitting()
    session = sitting.candidate.session
    watcher = accounts.user(Role.INVIGILATOR, at=session.organisation)
    shown = presentation.wall_mark(session, timezone.now())

    told = asked(watcher, sitting, mark=shown)

    assert told["same"]
    assert told["now"].startswith("<time datetime=")
    assert asked(watcher, sitting, mark="") == {"same": False}
    actions.confirm_presence(
        candidate=sitting.candidate, present=True, by=watcher, at=timezone.now()
    )
    assert asked(watcher, sitting, mark=shown) == {"same": False}


@pytest.mark.parametrize("session", ["", "x", "9" * 19, "²"])
def test_a_session_that_means_nothing_is_not_there(session: str) -> None:
    sitting = make.sitting()
    watcher = accounts.user(Role.INVIGILATOR, at=sitting.candidate.session.organisation)
    with pytest.raises(ValueError, match="session"):
        asked(watcher, sitting, session=session)


def test_nobody_else_looks_at_a_wall() -> None:
    sitting = make.sitting()
    place = sitting.candidate.session.organisation
    for stranger in (
        make.writer(sitting),
        accounts.user(Role.INVIGILATOR),
        accounts.user(Role.JUROR, at=place),
    ):
        with pytest.raises(Http404):
            asked(stranger, sitting)


def test_a_wall_of_many_is_as_many_queries() -> None:
    counts = []
    for count in (1, 12):
        session = make.open_session(candidates=count, jurors=1)
        with CaptureQueriesContext(connection) as captured:
            presentation.wall_mark(session, DAY)
        counts.append(len(captured))
    assert counts == [9, 9]
