"""What the time at the desk was made of (M-02): the rule, the pages, the export."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy, queries, team_times
from acquis.desk.queues.models import Presence
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, queues
from tests.factories import desk as make

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def spell(start: float, end: float) -> policy.Spell:
    return at(start), at(end)


def minutes(days: policy.Days, start: float = 0, end: float = 600) -> dict[str, float]:
    found = policy.time_by_state(days, at(start), at(end))
    return {state: seconds / 60 for state, seconds in found.items()}


def test_a_morning_is_told_state_by_state() -> None:
    morning = policy.Days(
        spells=[("available", spell(0, 60)), ("lunch", spell(60, 100)), ("casework", spell(100, 130))],
        calls=[spell(10, 20), spell(95, 105)],  # the second rings at the end of the meal
        written=[spell(15, 40), spell(30, 45), spell(55, 70)],
        wrapups=[spell(20, 25), spell(45, 50)],
    )  # fmt: skip

    found = minutes(morning)

    # 10–20 and 95–105 by voice; 20–45 and 55–60 in writing, once; 45–50 to qualify.
    assert found == {
        "exchange": 50, "wrapup": 5, "available": 15, "lunch": 35, "casework": 25,
    }  # fmt: skip
    assert policy.occupation_of(found) == pytest.approx(55 / 70)
    assert policy.occupation_of({"lunch": 5}) is None


def test_a_mail_left_open_overnight_is_no_work_and_a_call_always_is() -> None:
    absent = policy.Days(written=[spell(0, 500)], wrapups=[spell(0, 500)], calls=[spell(30, 40)])
    assert minutes(absent) == {"exchange": 10}


def test_a_period_cuts_what_it_does_not_hold() -> None:
    days = policy.Days(spells=[("available", spell(0, 60)), ("available", spell(60, 90))])
    assert minutes(days, 30, 70) == {"available": 40}
    assert minutes(days, 90, 100) == {}


spells = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda one: spell(one[0], sum(one))),
    max_size=6,
)
declared = st.lists(
    st.tuples(st.sampled_from(["available", "lunch", "casework"]), st.integers(1, 60)), max_size=8
)


@given(declared, spells, spells, spells)
def test_each_second_counts_once(states, calls, written, wrapups) -> None:
    one_by_one, reached = [], 0
    for state, length in states:
        one_by_one.append((state, spell(reached, reached + length)))
        reached += length
    days = policy.Days(one_by_one, calls, written, wrapups)

    found = policy.time_by_state(days, at(0), at(400))

    whole = policy.covered([*(one for _state, one in one_by_one), *calls])
    cut = policy.covered([(at(400), max(at(400), at(reached)))])
    assert sum(found.values()) == pytest.approx(whole - cut)
    assert all(seconds > 0 for seconds in found.values())


# ---- The pages ----


@pytest.fixture
def workspace(db) -> Workspace:
    return make.desk()


@pytest.fixture
def adviser(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


def signed_in(person: User) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def supervising(workspace: Workspace) -> StrictClient:
    return signed_in(accounts.user(Role.SUPERVISOR, at=workspace.organisation))


def worked(workspace: Workspace, adviser: User, day: datetime) -> None:
    """An hour available with a call of ten minutes and two to qualify, then half an hour of meal."""
    hour = timedelta(hours=1)
    queues.presence(workspace, adviser, started_at=day, seen_at=day, ended_at=day + hour)
    queues.presence(
        workspace, adviser, state=Presence.State.PAUSED, reason="lunch", started_at=day + hour,
        seen_at=day + hour, ended_at=day + hour * 1.5,
    )  # fmt: skip
    ended = day + timedelta(minutes=20)
    make.ended_conversation(
        workspace, adviser, channel=Conversation.Channel.PHONE, started_at=day,
        answered_at=day + timedelta(minutes=10), ended_at=ended,
        qualified_at=ended + timedelta(minutes=2),
    )  # fmt: skip


def yesterday() -> datetime:
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    return morning - timedelta(days=1)


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def test_the_supervisor_reads_the_team_and_each_adviser_day_by_day(
    supervising: StrictClient, workspace: Workspace, adviser: User
) -> None:
    worked(workspace, adviser, yesterday())
    page = reverse("queues:times", args=[workspace.pk])

    shown = text(supervising.get(page, {"periode": "hier"}))

    for words in (adviser.full_name, "48\u00a0min\u00a000\u00a0s", "20\u00a0%", "Toute l’équipe"):
        assert words in shown
    assert "(En échange + post-appel) ÷" in shown
    assert adviser.full_name not in text(supervising.get(page, {"periode": "jour"}))
    one = reverse("queues:times_of", args=[workspace.pk, adviser.pk])
    assert "48\u00a0min\u00a000\u00a0s" in text(supervising.get(one, {"periode": "hier"}))
    assert '<tr class="times-total">' not in text(supervising.get(one, {"periode": "jour"}))
    nobody = reverse("queues:times_of", args=[workspace.pk, 999_999])
    assert supervising.get(nobody).status_code == 404


def test_the_export_gives_hours_that_add_up(
    supervising: StrictClient, workspace: Workspace, adviser: User
) -> None:
    worked(workspace, adviser, yesterday())

    answer = supervising.get(
        reverse("queues:times_export", args=[workspace.pk]), {"periode": "hier"}
    )

    assert answer["Content-Type"].startswith("text/csv")
    total = next(line for line in text(answer).splitlines() if line.startswith("Toute l"))
    assert total.split(";")[1:5] == ["1:30:00", "0:10:00", "0:02:00", "0:48:00"]


def test_an_adviser_reads_their_own_time_and_nobody_else_s(
    workspace: Workspace, adviser: User
) -> None:
    worked(workspace, adviser, yesterday())
    colleague = make.adviser(workspace.organisation)
    mine = reverse("queues:my_times", args=[workspace.pk])

    assert "48\u00a0min\u00a000\u00a0s" in text(signed_in(adviser).get(mine))
    own = signed_in(colleague)
    assert "48\u00a0min" not in text(own.get(mine))
    assert own.get(reverse("queues:times", args=[workspace.pk])).status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-02", "2026-03-01", "vient avant le premier"),
        ("2026-01-01", "2026-06-01", "au plus trois mois"),
        ("hier", "2026-03-01", "Saisissez une date valide"),
    ],
)
def test_a_period_that_cannot_be_read_says_why_and_keeps_what_was_typed(
    supervising: StrictClient, workspace: Workspace, first: str, last: str, said: str
) -> None:
    page = reverse("queues:times", args=[workspace.pk])
    shown = text(supervising.get(page, {"du": first, "au": last}))

    assert said in shown
    assert f'value="{last}"' in shown
    period = text(supervising.get(page, {"du": "2026-03-01", "au": "2026-03-02"}))
    assert "du 1 mars 2026 au 2 mars 2026" in period.replace("1er", "1")


def test_what_is_under_way_lasts_until_now_and_silence_until_the_last_sign(
    workspace: Workspace, adviser: User
) -> None:
    now = timezone.now()
    began = now - timedelta(minutes=30)
    row = queues.presence(workspace, adviser, started_at=began, seen_at=now)
    make.open_conversation(workspace, adviser, answered_at=now - timedelta(minutes=10))

    def told() -> dict[str, float]:
        days = queries.days_of(workspace, began, now, now).days[adviser.pk]
        return {state: round(s / 60) for state, s in policy.time_by_state(days, began, now).items()}

    assert told() == {"exchange": 10, "available": 20}
    row.seen_at = began + timedelta(minutes=5)
    row.save()
    assert told() == {"available": 5}


def test_the_page_asks_as_many_queries_for_fifty_advisers_as_for_one(
    supervising: StrictClient,
    workspace: Workspace,
    adviser: User,
    count_queries: Callable[..., int],
) -> None:
    page = reverse("queues:times", args=[workspace.pk])
    worked(workspace, adviser, yesterday())
    one = count_queries(lambda: supervising.get(page))
    for _rank in range(50):
        worked(workspace, make.adviser(workspace.organisation), yesterday())

    assert count_queries(lambda: supervising.get(page)) == one


def test_a_period_is_named_in_days_of_paris() -> None:
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # the 2nd in Paris
    period = team_times.period_named("jour", now)
    assert (period.first, period.last) == (period.last, period.last)
    assert period.first.isoformat() == "2026-03-02"
    assert (period.end - period.start) == timedelta(days=1)
    assert team_times.period_named("?", now).key == "semaine"
