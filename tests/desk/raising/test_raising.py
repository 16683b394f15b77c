"""What is raised to the hierarchy, and what becomes of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.raising import home, policy, queries
from acquis.desk.raising.actions.raise_up import (
    Told,
    qualify,
    raise_alert,
    raise_up,
    read_answer,
    say_me_too,
    tie_case,
    unsay_me_too,
)
from acquis.desk.raising.errors import (
    AnswerEmpty,
    CaseTied,
    NotOfThisDesk,
    ReasonMissing,
    StateNotNext,
    SupervisorOnly,
    YourOwn,
)
from acquis.desk.raising.models import Raised
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, raising
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
IDEA: Told = {
    "kind": "idea",
    "title": "Un suivi de colis par SMS",
    "seen": "Dix appels par jour pour savoir où est le colis.",
    "effect": "",
    "proposal": "Un SMS à chaque étape.",
}


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def boss(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


@pytest.fixture
def one(workspace: Workspace, adviser: User, now: datetime) -> Raised:
    return raise_up(workspace=workspace, told=IDEA, by=adviser, at=now)


# Policy


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("raised", "accepted", True),
        ("raised", "raised", False),
        ("accepted", "raised", False),
        ("in_progress", "done", True),
        ("done", "refused", False),
        ("refused", "accepted", True),
    ],
)
def test_states_follow_each_other(before: str, after: str, may: bool) -> None:
    assert policy.may_become(before, after) is may


def test_what_says_about_the_same_is_near() -> None:
    kept = {
        1: "Suivi des colis par SMS",
        2: "La bouilloire fuit",
        3: "Prévenir du suivi du colis",
        4: "",
    }
    assert policy.alike("Un suivi de colis par SMS", kept) == [1, 3]
    assert policy.alike("", kept) == []


# Acts


def test_it_is_raised_with_its_cases(workspace: Workspace, adviser: User, now: datetime) -> None:
    known = make.customer(workspace)
    made = raise_up(
        workspace=workspace,
        told=IDEA,
        cases=[make.case(known), make.case(known)],
        article=make.article(workspace),
        conversation=make.conversation(workspace),
        by=adviser,
        at=now,
    )
    row = queries.raised(workspace, user=adviser)[0]
    assert (row.pk, row.people, row.case_count) == (made.pk, 1, 2)  # type: ignore[attr-defined]
    assert [line.verb for line in trace.lines(workspace.trace_stream)] == ["raising.raised"]
    with pytest.raises(NotOfThisDesk):
        raise_up(
            workspace=workspace, told=IDEA, article=make.article(make.desk()), by=adviser, at=now
        )
    assert Raised.objects.count() == 1


def test_an_alert_is_raised_once_with_its_cases(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    symptom = make.case_code(workspace, kind="symptom", label="Ne chauffe plus")
    product = make.product(workspace)
    alert = make.recurrence_alert(product, symptom)
    make.case(make.customer(workspace), product=product, symptom=symptom, opened_at=alert.since)
    assert list(queries.alerts_to_raise(workspace)) == [alert]

    made = raise_alert(alert=alert, by=adviser, at=now)

    assert raise_alert(alert=alert, by=adviser, at=now + HOUR) == made
    assert (made.kind, made.ties.count()) == ("malfunction", 1)
    assert not queries.alerts_to_raise(workspace).exists()


def test_me_too_is_counted_once_and_taken_back(
    workspace: Workspace, one: Raised, adviser: User, now: datetime
) -> None:
    colleague = make.adviser(workspace.organisation)
    with pytest.raises(YourOwn):
        say_me_too(raised=one, by=adviser, at=now)
    for _ in range(2):
        say_me_too(raised=one, by=colleague, at=now)
    assert one.me_toos.count() == 1
    for _ in range(2):
        unsay_me_too(raised=one, by=colleague, at=now)
    assert one.me_toos.count() == 0
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs == ["raising.raised", "raising.me_too", "raising.me_too_taken_back"]


def test_a_case_is_tied_once(
    workspace: Workspace, one: Raised, adviser: User, now: datetime
) -> None:
    case = make.case(make.customer(workspace))
    tie_case(raised=one, case=case, by=adviser, at=now)
    with pytest.raises(CaseTied):
        tie_case(raised=one, case=case, by=adviser, at=now)
    with pytest.raises(NotOfThisDesk):
        tie_case(raised=one, case=make.case(make.customer(make.desk())), by=adviser, at=now)


def test_the_supervisor_says_what_becomes_of_it_and_the_author_is_told(
    one: Raised, adviser: User, supervisor: User, now: datetime
) -> None:
    def told() -> list[Any]:
        return list(home.PROVIDERS[1].cards(adviser, one.workspace.organisation, now))

    at = now + HOUR
    with pytest.raises(SupervisorOnly):
        qualify(raised=one, state="accepted", body="", by=adviser, at=at)
    with pytest.raises(StateNotNext):
        qualify(raised=one, state="raised", body="", by=supervisor, at=at)
    with pytest.raises(ReasonMissing):
        qualify(raised=one, state="refused", body=" ", by=supervisor, at=at)
    with pytest.raises(AnswerEmpty):
        qualify(raised=one, state="", body="", by=supervisor, at=at)
    assert not told()

    qualify(raised=one, state="accepted", body="Bonne idée.", by=supervisor, at=at)
    qualify(raised=one, state="", body="Le devis est demandé.", by=supervisor, at=at)

    assert [card.text for card in told()] == ["Un suivi de colis par SMS · Retenue"]
    read_answer(raised=one, by=supervisor, at=at)
    assert told()
    read_answer(raised=one, by=adviser, at=at + HOUR)
    read_answer(raised=one, by=adviser, at=at + HOUR)
    assert not told()
    assert one.answers.count() == 2


def test_the_supervisor_has_what_is_to_be_studied_on_their_first_page(
    one: Raised, supervisor: User, now: datetime
) -> None:
    cards = list(home.PROVIDERS[0].cards(supervisor, one.workspace.organisation, now))
    assert [card.count for card in cards] == [1]


# Pages


def page(name: str, *args: Any) -> str:
    return reverse(f"raising:{name}", args=args)


def test_one_raises_after_seeing_what_is_near(
    signed_in: StrictClient, workspace: Workspace, one: Raised
) -> None:
    case = make.case(make.customer(workspace), number="SAV-00007")
    address = page("create", workspace.pk)
    begun = signed_in.get(address, {"demande": case.pk}).content.decode()
    assert 'value="SAV-00007"' in begun
    given = IDEA | {"cases": "sav-00007", "kind": "malfunction"}

    near = signed_in.post(address, given)
    sent = signed_in.post(address, given | {"sure": "1"})

    assert near.status_code == 422
    assert one.title in near.content.decode()
    assert sent.status_code == 302
    assert Raised.objects.exclude(pk=one.pk).get().ties.get().case == case


def test_it_is_raised_from_an_exchange_and_an_article(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    article, chat = make.article(workspace, slug="retours"), make.conversation(workspace)
    address = page("create", workspace.pk)
    begun = signed_in.get(address, {"article": "retours", "echange": chat.pk})
    form = begun.context["form"]
    given = IDEA | {"article": "retours", "conversation": form["conversation"].value()}

    assert signed_in.post(address, given).status_code == 302
    made = Raised.objects.get()
    assert (made.article, made.conversation) == (article, chat)
    assert signed_in.get(address, {"demande": "999"}).status_code == 404
    assert signed_in.get(page("raised", workspace.pk, made.pk)).status_code == 200


def test_what_is_wrong_is_said_and_kept(signed_in: StrictClient, workspace: Workspace) -> None:
    answer = signed_in.post(page("create", workspace.pk), IDEA | {"seen": "", "cases": "SAV-99999"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Dites ce que vous avez vu." in text
    assert "SAV-99999." in text
    assert not Raised.objects.exists()


def test_the_list_filters_searches_and_leaves(
    signed_in: StrictClient, workspace: Workspace, one: Raised, htmx: dict[str, str]
) -> None:
    other = make.adviser(workspace.organisation)
    raising.raised(workspace, other, title="Bouilloire qui fuit", kind="malfunction", state="done")

    def found(**asked: Any) -> str:
        address = page("index", workspace.pk)
        return signed_in.get(address, asked, headers=htmx).content.decode()

    assert "Bouilloire" not in found()
    assert "Bouilloire" in found(etat="all")
    assert "Bouilloire" in found(etat="done", genre="malfunction", q="fuit")
    assert "Bouilloire" not in found(etat="all", miennes="1")
    assert "Aucune remontée ne correspond" in found(q="introuvable")
    assert (
        "Bouilloire"
        in signed_in.get(page("export", workspace.pk), {"etat": "all"}).content.decode()
    )


def test_the_follow_up_on_the_page(
    signed_in: StrictClient, boss: StrictClient, workspace: Workspace, one: Raised
) -> None:
    address = page("answer", workspace.pk, one.pk)
    assert "la lira" not in boss.get(page("raised", workspace.pk, one.pk)).content.decode()
    assert boss.post(address, {"state": "refused", "body": ""}).status_code == 422
    assert boss.post(address, {"state": "", "body": ""}).status_code == 422
    assert boss.post(address, {"state": "accepted", "body": "Oui."}).status_code == 302
    shown = signed_in.get(page("raised", workspace.pk, one.pk)).content.decode()
    assert "Votre remontée a une suite." in shown
    assert signed_in.post(page("read", workspace.pk, one.pk)).status_code == 302
    assert boss.post(page("me_too", workspace.pk, one.pk), {"said": "1"}).status_code == 302
    assert one.me_toos.count() == 1
    assert boss.post(page("me_too", workspace.pk, one.pk), {"said": "0"}).status_code == 302
    assert one.me_toos.count() == 0
    bad = signed_in.post(page("tie", workspace.pk, one.pk), {"number": "X-1"})
    case = make.case(make.customer(workspace), number="REC-00042")
    good = signed_in.post(page("tie", workspace.pk, one.pk), {"number": "rec-00042"})
    assert (bad.status_code, good.status_code) == (422, 302)
    assert one.ties.get().case == case


def test_an_alert_is_raised_in_one_gesture(signed_in: StrictClient, workspace: Workspace) -> None:
    symptom = make.case_code(workspace, kind="symptom", label="Ne chauffe plus")
    alert = make.recurrence_alert(make.product(workspace), symptom)
    address = page("from_alert", workspace.pk, alert.pk)
    assert address in signed_in.get(page("index", workspace.pk)).content.decode()
    assert signed_in.post(address).status_code == 302
    assert Raised.objects.get().alert == alert
