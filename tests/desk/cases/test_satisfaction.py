"""The customer is asked how their case was handled, and answers by a link."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.cases.access import key_of, request_of_key
from acquis.desk.cases.actions.ask_satisfaction import (
    ASK,
    answer_satisfaction,
    ask_satisfaction,
    ask_when_due,
    close_and_ask,
)
from acquis.desk.cases.actions.follow_case import record_satisfaction, reopen_case
from acquis.desk.cases.errors import (
    ContactAddressMissing,
    SatisfactionLinkClosed,
    SatisfactionNotAsked,
    SurveyOff,
)
from acquis.desk.cases.models import Case, CaseRules, Opinion
from acquis.desk.cases.policy.satisfaction import MOST_ANSWERS, Door, door, figures
from acquis.desk.cases.tasks import on_due
from acquis.desk.cases.views import answering
from acquis.desk.conversations.models import Message
from acquis.kernel import trace
from acquis.kernel.models import OutboxMessage
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


ORIGIN = "https://poste.example"


def link(asked: Opinion) -> str:
    return f"{ORIGIN}/avis/{key_of(asked)}/"


@pytest.fixture
def case(workspace: Workspace, now: datetime) -> Case:
    known = make.customer(workspace, email="lea@courriel.example", last_name="Lefèvre")
    return make.case(
        known, number="REC-00042", title="Colis perdu", kind="complaint", state="closed",
        closed_at=now, stage="closed", resolution="Renvoyé.",
    )  # fmt: skip


@pytest.fixture
def asked(case: Case, adviser: User, now: datetime) -> Opinion:
    return ask_satisfaction(case=case, origin=ORIGIN, by=adviser, at=now)


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def answered(asked: Opinion, at: datetime, **more: Any) -> Opinion:
    return answer_satisfaction(asked=asked, **({"score": 5, "solved": True} | more), at=at)


def test_csat_counts_the_two_best_boxes() -> None:
    found = figures(8, [5, 4, 3, 1])

    assert (found.csat, found.mean, found.response_rate) == (50, Decimal("3.3"), 50)
    empty = figures(0, [])
    assert (empty.csat, empty.mean, empty.response_rate) == (None, None, None)


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_better_score_never_lowers_the_figures(scores: list[int]) -> None:
    before, after = figures(9, scores), figures(9, [min(5, score + 1) for score in scores])
    assert before.csat is not None
    assert after.csat is not None
    assert after.csat >= before.csat


def test_a_door_closes_after_its_delay_and_stays_open_to_a_change_for_days(now: datetime) -> None:
    def at(days: int, answered_at: datetime | None = None, answers: int = 1) -> Door:
        return door(
            expires_at=now, answered_at=answered_at, answers=answers, now=now + timedelta(days=days)
        )

    assert (at(0), at(1)) == (Door.OPEN, Door.EXPIRED)
    assert (at(7, now), at(8, now)) == (Door.CHANGEABLE, Door.FIXED)
    assert at(1, now, MOST_ANSWERS) is Door.FIXED


def test_the_customer_receives_the_link_and_nothing_about_the_case_but_its_number(
    asked: Opinion, case: Case
) -> None:
    sent = Message.objects.get(conversation__customer=case.customer)

    assert link(asked) in sent.body
    assert "Colis perdu" not in sent.body
    assert case.events.filter(body__startswith="★").exists()


@pytest.mark.parametrize("closing", [True, False])
def test_closing_sends_the_question_when_the_customer_can_read_it(
    workspace: Workspace, adviser: User, now: datetime, closing: bool
) -> None:
    known = make.customer(workspace, email="lea@courriel.example" if closing else "", phone="")
    case = make.case(known, number="REC-00043")

    closed = close_and_ask(
        case=case, resolution="Fait.", asked=True, origin=ORIGIN, by=adviser, at=now
    )

    assert closed.satisfaction_asked_at == now  # to be asked by voice when no address is known
    assert Opinion.objects.filter(case=case).exists() is closing


def test_a_question_is_refused_open_off_or_without_an_address(
    workspace: Workspace, case: Case, adviser: User, now: datetime
) -> None:
    def ask(of: Case) -> Opinion:
        return ask_satisfaction(case=of, origin=ORIGIN, by=adviser, at=now)

    unreachable = make.customer(workspace, email="", phone="")
    with pytest.raises(SatisfactionNotAsked):
        ask(make.case(unreachable, number="REC-00044"))
    with pytest.raises(ContactAddressMissing):
        ask(make.case(unreachable, number="REC-00045", state="closed", closed_at=now))
    CaseRules.objects.create(workspace=workspace, survey_on=False)
    with pytest.raises(SurveyOff):
        ask(case)
    assert not Opinion.objects.exists()


def test_the_customers_word_is_told_apart_from_the_advisers(
    asked: Opinion, case: Case, adviser: User, now: datetime, workspace: Workspace
) -> None:
    answered(asked, now, score=4, comment=" Bien. ")
    case.refresh_from_db()
    assert (case.satisfaction, case.satisfaction_comment, case.satisfaction_by) == (
        4, "Bien.", "customer",
    )  # fmt: skip
    assert case.state == "closed"

    record_satisfaction(case=case, score=3, by=adviser, at=now)

    case.refresh_from_db()
    assert (case.satisfaction, case.satisfaction_by) == (3, "adviser")
    assert Opinion.objects.get().score == 4
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert "case.satisfaction_answered" in verbs


@pytest.mark.parametrize(("days", "state"), [(1, "open"), (20, "closed")])
def test_not_solved_reopens_within_the_delay_of_the_desk(
    asked: Opinion, case: Case, now: datetime, days: int, state: str
) -> None:
    answered(asked, now + timedelta(days=days), score=1, solved=False)

    case.refresh_from_db()
    assert case.state == state
    assert case.events.filter(body__contains="non résolu").exists()


def test_a_second_not_solved_and_a_merged_case_reopen_nothing(
    asked: Opinion, case: Case, now: datetime
) -> None:
    answered(asked, now, score=1, solved=False)
    answered(asked, now, score=2, solved=False)
    other = make.case(case.customer, number="REC-00050")
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=now, merged_into=other)
    answered(asked, now, score=2, solved=False)

    case.refresh_from_db()
    assert case.state == "closed"
    assert case.events.filter(new_state="open").count() == 1


def test_an_answer_changes_for_a_week_then_no_more(asked: Opinion, now: datetime) -> None:
    with pytest.raises(SatisfactionNotAsked):
        answered(asked, now, score=6)
    answered(asked, now)
    again = answered(asked, now + timedelta(days=7), score=2)
    assert (again.score, again.answered_at, again.answers) == (2, now, 2)
    with pytest.raises(SatisfactionLinkClosed):
        answered(asked, now + timedelta(days=8))


def test_the_database_refuses_a_score_that_is_none(asked: Opinion) -> None:
    with pytest.raises(IntegrityError):
        Opinion.objects.filter(pk=asked.pk).update(score=6)


@pytest.mark.parametrize("key", ["", "x", "0-x", "1", "9" * 19 + "-a", "é-a"])
def test_a_key_that_was_not_given_opens_nothing(asked: Opinion, key: str) -> None:
    for wrong in (key, f"{asked.pk}-{'0' * 32}"):
        with pytest.raises(Http404):
            request_of_key(wrong)
    assert request_of_key(key_of(asked)) == asked


def test_the_customer_answers_on_a_page_that_says_no_more_than_a_number(
    client: StrictClient, asked: Opinion, case: Case
) -> None:
    page = reverse("opinion:answer", args=[key_of(asked)])
    Opinion.objects.update(expires_at=make.NOW + timedelta(days=3650))

    first = client.get(page).content.decode()
    bad = client.post(page, {"score": "", "solved": "1", "comment": "Long récit"})
    good = client.post(page, {"score": "2", "solved": "0", "comment": "Long récit"})

    assert "REC-00042" in first
    for private in ("Colis perdu", "Lefèvre", "courriel.example"):
        assert private not in first
    assert bad.status_code == 422
    assert "Long récit" in bad.content.decode()
    assert good.status_code == 302
    assert "Merci" in client.get(page).content.decode()
    assert Opinion.objects.get().score == 2


@pytest.mark.parametrize("late", [False, True])
def test_the_page_promises_a_reopening_only_while_there_is_one(
    client: StrictClient, asked: Opinion, case: Case, workspace: Workspace, late: bool
) -> None:
    workspace.identity = {"email": "contact@valbrenne.example", "phone": "01 99 00 12 34"}
    workspace.save()
    page = reverse("opinion:answer", args=[key_of(asked)])
    now = timezone.now()
    Opinion.objects.update(expires_at=now + timedelta(days=30))
    Case.objects.update(closed_at=now - timedelta(days=16 if late else 1))

    def shown() -> str:
        return client.get(page).content.decode().replace("&#x27;", "'")

    assert ("cette réponse ne la rouvre plus" in shown()) is late
    assert shown().count("acultatif") == 1
    client.post(page, {"score": "1", "solved": "0"})

    said = shown()
    assert ("votre demande est rouverte" in said) is not late
    assert ("ne se rouvre plus" in said) is late
    assert ("contact@valbrenne.example" in said) is late
    case.refresh_from_db()
    assert (case.state == "closed") is late


def test_an_address_that_tries_without_end_is_told_to_wait(
    client: StrictClient, asked: Opinion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "TRIES", 2)
    cache.clear()
    unknown = reverse("opinion:answer", args=["1-abc"])
    page = reverse("opinion:answer", args=[key_of(asked)])
    Opinion.objects.update(expires_at=timezone.now() + timedelta(days=30))

    assert [client.get(unknown).status_code for _try in range(3)] == [404, 404, 429]
    refused = client.post(page, {"score": "1", "solved": "1"})

    assert refused.status_code == 429
    assert "Patientez une heure" in refused.content.decode()
    assert client.get(page).status_code == 200  # whoever only reads is not in the way
    assert Opinion.objects.get().answered_at is None
    cache.clear()


@pytest.mark.parametrize(
    ("channel", "held", "asked_by"),
    [("chat", True, "chat"), ("chat", False, "mail"), ("sms", False, "sms"), ("phone", False, "mail")],
)  # fmt: skip
def test_the_question_goes_as_the_customer_spoke_with_us(
    workspace: Workspace, adviser: User, now: datetime, channel: str, held: bool, asked_by: str
) -> None:
    known = make.customer(workspace, email="lea@courriel.example", phone="+33639981122")
    opened = now - timedelta(days=2)
    talk = (make.open_conversation if held else make.ended_conversation)(
        workspace, adviser, customer=known, channel=channel, started_at=opened - timedelta(hours=1),
        ended_at=None if held else opened,
    )  # fmt: skip
    case = make.case(known, number="REC-00046", state="closed", closed_at=now, opened_at=opened)

    made = ask_satisfaction(case=case, origin=ORIGIN, by=adviser, at=now)

    assert made.channel == asked_by
    assert made.channel_label
    message = Message.objects.get(body__contains=link(made))
    assert (message.conversation_id == talk.pk) is held


def test_the_question_waits_for_the_delay_of_the_desk_and_for_nothing_else(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    CaseRules.objects.create(workspace=workspace, survey_delay_minutes=60)
    known = make.customer(workspace, email="lea@courriel.example")

    def closed(number: str) -> tuple[Case, dict[str, Any]]:
        case = make.case(known, number=number)
        case = close_and_ask(
            case=case, resolution="Fait.", asked=True, origin=ORIGIN, by=adviser, at=now
        )
        planned = OutboxMessage.objects.get(topic=ASK, payload__case=case.pk)
        assert planned.next_attempt_at == now + timedelta(hours=1)
        return case, planned.payload

    case, payload = closed("REC-00047")
    assert not Opinion.objects.exists()
    assert case.events.filter(body__contains="prévue").exists()
    on_due(payload)
    on_due(payload)
    assert Opinion.objects.get().case == case

    again, payload = closed("REC-00048")
    reopen_case(case=again, body="Encore.", by=adviser, at=now)
    on_due(payload)
    on_due(payload | {"case": 0})
    assert Opinion.objects.count() == 1


def test_a_question_that_cannot_be_sent_when_due_is_left_to_the_voice(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    case = make.case(make.customer(workspace, email="", phone=""), state="closed", closed_at=now)

    ask_when_due(case=case, closed_at=now, origin=ORIGIN, by=adviser, at=now)

    assert not Opinion.objects.exists()


def test_links_that_open_nothing_say_so_kindly(
    client: StrictClient, asked: Opinion, workspace: Workspace, now: datetime
) -> None:
    page = reverse("opinion:answer", args=[key_of(asked)])
    unknown = client.get(reverse("opinion:answer", args=["1-abc"]))
    assert (
        unknown.status_code,
        "n’ouvre rien" in unknown.content.decode().replace("&#x27;", "'"),
    ) == (404, True)
    past = now - timedelta(days=4000)
    Opinion.objects.update(expires_at=past)
    assert client.get(page).status_code == 410
    Opinion.objects.update(answered_at=past, score=5, solved=True)
    assert client.get(page).status_code == 200
    assert client.post(page, {"score": "1", "solved": "1"}).status_code == 410
    workspace.sealed_at = now
    workspace.save()
    assert client.get(page).status_code == 410


def test_the_supervisor_reads_filters_and_exports_what_was_said(
    workspace: Workspace, asked: Opinion, case: Case, supervisor: User, now: datetime, adviser: User, count_queries: Callable[..., int],
) -> None:  # fmt: skip
    page = reverse("cases:opinions", args=[workspace.pk])
    boss = StrictClient()
    boss.force_login(supervisor)
    one = count_queries(lambda: boss.get(page))
    answered(asked, now, score=2, solved=False, comment="Toujours rien")
    for rank in range(5):
        known = make.customer(workspace, email=f"c{rank}@courriel.example")
        other = make.case(known, number=f"DEM-1{rank:04d}", state="closed", closed_at=now)
        ask_satisfaction(case=other, origin=ORIGIN, by=adviser, at=now)

    def numbers(**wanted: str) -> set[str]:
        found = boss.get(page, wanted).context["page_obj"]
        return {one.case.number for one in found}

    assert count_queries(lambda: boss.get(page)) == one
    assert len(numbers()) == 6
    for state in ("answered", "unhappy", "unsolved"):
        assert numbers(etat=state) == {"REC-00042"}
    assert len(numbers(etat="waiting")) == 5
    assert numbers(q="REC-00042 Lefèvre") == {"REC-00042"}
    export = boss.get(reverse("cases:opinions_export", args=[workspace.pk])).content.decode()
    assert "Toujours rien" in export
    assert export.count("\n") == 7


def test_an_adviser_sends_the_question_from_a_closed_case(
    signed_in: StrictClient, workspace: Workspace, case: Case
) -> None:
    sent = signed_in.post(reverse("cases:ask_opinion", args=[workspace.pk, case.pk]))

    assert sent.status_code == 302
    made = Opinion.objects.get()
    body = Message.objects.get(conversation__customer=case.customer).body
    assert reverse("opinion:answer", args=[key_of(made)]) in body
