from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, policy, presentation
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel.deadlines import Deadline, Urgency
from acquis.kernel.home import cards_for
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

TODAY = date(2027, 2, 10)


def line(**fields) -> Deadline:
    values = {"kind": "summons", "title": "S", "text": "", "url": "/", "due": None, "done": False}
    return Deadline(**(values | fields))


@pytest.mark.parametrize(
    ("fields", "urgency"),
    [
        ({"due": TODAY - timedelta(days=1)}, Urgency.LATE),
        ({"due": TODAY}, Urgency.SOON),
        ({"due": TODAY + timedelta(days=7)}, Urgency.SOON),
        ({"due": TODAY + timedelta(days=8)}, Urgency.LATER),
        ({}, Urgency.LATER),
        ({"due": TODAY - timedelta(days=1), "done": True}, Urgency.DONE),
        ({"due": TODAY - timedelta(days=1), "done": True, "troubles": 1}, Urgency.TROUBLE),
        ({"due": TODAY + timedelta(days=30), "troubles": 2}, Urgency.TROUBLE),
    ],
)
def test_what_somebody_should_look_at(fields, urgency: Urgency) -> None:
    assert line(**fields).urgency(TODAY) == urgency


def test_days_are_counted_as_people_say_them() -> None:
    for days, words in ((3, "J−3"), (0, "J"), (-2, "J+2")):
        assert presentation.days_left(TODAY + timedelta(days=days), TODAY) == words
    assert presentation.days_left(None, TODAY) == ""


def in_days(days: int, **fields):
    start = timezone.now().replace(microsecond=0) + timedelta(days=days)
    return make.session(**{"starts_at": start, "candidates": 1, "jurors": 1, **fields})


def summoned(session, **facts) -> None:
    for person in (*session.candidates.all(), *session.jurors.all()):
        actions.issue_summons(recipient=person, by=session.manager, at=timezone.now())
    session.summonses.update(sent_at=timezone.now())
    if facts:
        Summons.objects.filter(pk=session.summonses.first().pk).update(**facts)


@pytest.fixture
def sessions():
    """Of one centre: late, near, far, sent and answered, bounced, declined."""
    centre = make.organisation()
    version = make.framework_version()
    shared = {"organisation": centre, "version": version}
    found = {
        "late": in_days(10, **shared),
        "soon": in_days(35, **shared),
        "later": in_days(90, **shared),
        "sent": in_days(95, **shared),
        "bounced": in_days(96, **shared),
        "declined": in_days(97, **shared),
    }
    for name, facts in {
        "sent": {},
        "bounced": {"bounced_at": timezone.now()},
        "declined": {"answer": "not_coming"},
    }.items():
        summoned(found[name], **facts)
    for kind in ("written", "exchanges", "recording"):  # so that no session lacks subjects
        for _ in range(2):
            make.subject(centre, kind=kind)
    found["empty"] = make.bare_session(centre, version=version, starts_at=found["late"].starts_at)
    found["cancelled"] = in_days(11, state="cancelled", **shared)
    in_days(10)  # of another centre
    return found


def shown(client, **query) -> list[str]:
    page = client.get(reverse("exam_sessions:deadlines"), query)
    assert page.status_code == 200
    return [row["deadline"].title for row in page.context["rows"]]


def references(sessions, *names: str) -> list[str]:
    return [sessions[name].reference for name in names]


def test_the_board_shows_all_sessions_the_most_urgent_first(client, sessions) -> None:
    client.force_login(sessions["late"].manager)
    wanted = references(sessions, "late", "bounced", "declined", "soon", "later", "sent")
    assert shown(client) == wanted[:-1]  # what is done is hidden, until it is asked for
    assert shown(client, tenues="1") == wanted
    page = client.get(reverse("exam_sessions:deadlines")).content.decode()
    assert "J+" in page
    assert "J−" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"urgence": "late"}, ["late"]),
        ({"suivi": "bounced"}, ["bounced"]),
        ({"suivi": "declined"}, ["declined"]),
        ({"suivi": "unanswered"}, ["bounced", "declined", "sent"]),
        ({"suivi": "missing"}, ["late", "soon", "later"]),
        ({"nature": "autre"}, []),
    ],
)
def test_the_board_is_filtered(client, sessions, query, names: list[str]) -> None:
    client.force_login(sessions["late"].manager)
    assert shown(client, **query) == references(sessions, *names)


def test_who_was_moved_to_another_session_has_no_summons_there_yet(client) -> None:
    former = in_days(90)
    wanted = in_days(
        91, organisation=former.organisation, version=former.version, candidates=0, jurors=0
    )
    summoned(former)
    seat = former.candidates.get()
    actions.move_candidate(seat=seat, session=wanted, by=former.manager, at=timezone.now())
    client.force_login(former.manager)
    assert shown(client, nature="summons", suivi="missing") == [wanted.reference]
    moved = actions.issue_summons(recipient=seat, by=former.manager, at=timezone.now())
    before = former.summonses.get(recipient="candidate")
    assert (moved.event_uid, before.replaced_by) == (before.event_uid, moved)


def test_the_board_is_searched(client, sessions) -> None:
    client.force_login(sessions["late"].manager)
    assert shown(client, q=sessions["soon"].reference.lower()) == references(sessions, "soon")
    empty = client.get(reverse("exam_sessions:deadlines"), {"q": "introuvable"}).content.decode()
    assert "Changez de filtre" in empty


def test_the_board_costs_the_same_for_one_session_and_for_many(client, count_queries) -> None:
    one = in_days(40)
    client.force_login(one.manager)

    def cost() -> int:
        return count_queries(lambda: client.get(reverse("exam_sessions:deadlines")))

    cost()
    before = cost()
    for _ in range(4):
        summoned(in_days(41, organisation=one.organisation, version=one.version))
    assert cost() == before


def cards(person, centre) -> list:
    def allows(verb) -> bool:
        return verb is None or may(person, verb, centre)

    found = cards_for(person, centre, timezone.now(), allows)
    return [card for card in found if "Échéances" in str(card.title)]


def test_the_first_page_tells_what_is_due_within_a_week_or_late(sessions) -> None:
    late = sessions["late"]
    (card,) = cards(late.manager, late.organisation)
    assert (card.count, card.tone) == (4, "danger")
    invigilator = make.person(Role.INVIGILATOR, organisation=late.organisation)
    assert cards(invigilator, late.organisation) == []


def test_the_first_page_says_nothing_when_nothing_is_near() -> None:
    far = in_days(100)
    assert cards(far.manager, far.organisation) == []
    near = in_days(35, organisation=far.organisation, version=far.version)
    (card,) = cards(near.manager, near.organisation)
    assert (card.count, card.tone) == (1, "warning")


def test_the_alert_comes_seven_days_before() -> None:
    assert policy.deadline_of("P1M", date(2027, 3, 15)) == date(2027, 2, 15)
    assert line(due=date(2027, 2, 15)).urgency(date(2027, 2, 8)) == Urgency.SOON
    assert line(due=date(2027, 2, 15)).urgency(date(2027, 2, 7)) == Urgency.LATER


def test_the_board_is_filtered_by_exam_and_period_and_exported(client, sessions) -> None:
    client.force_login(sessions["late"].manager)
    page = client.get(reverse("exam_sessions:deadlines"))
    assert list(page.context["exams"]) == ["CRCD"]
    assert len(shown(client, examen="CRCD")) == 5
    assert shown(client, examen="Autre") == []
    today = timezone.localtime(timezone.now()).date()
    assert shown(client, au=today.isoformat()) == references(sessions, "late")
    assert "late" not in shown(client, du=today.isoformat())
    assert len(shown(client, du="pas un jour")) == 5
    answer = client.get(reverse("exam_sessions:deadlines") + page.context["csv"])
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode().splitlines()
    assert len(lines) == 6
    assert sessions["late"].reference in lines[1]


def test_the_direction_has_the_board_too(client, sessions) -> None:
    centre = sessions["late"].organisation
    client.force_login(make.person(Role.CERTIFYING_BODY, organisation=centre))
    assert client.get(reverse("exam_sessions:deadlines")).status_code == 200
