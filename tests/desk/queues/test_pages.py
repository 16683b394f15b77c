"""The pages of queues: the bar of the desk, handing over, the wall, the settings."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import presentation
from acquis.desk.queues.models import AdviserSkill, Presence, Queue
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, queues
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make.desk()


@pytest.fixture
def adviser(workspace):
    return make.adviser(workspace.organisation)


def signed_in(person) -> StrictClient:
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def browser(adviser) -> StrictClient:
    return signed_in(adviser)


@pytest.fixture
def supervising(workspace) -> StrictClient:
    return signed_in(accounts.user(Role.SUPERVISOR, at=workspace.organisation))


def text(answer) -> str:
    return answer.content.decode()


def address(name, workspace, *args) -> str:
    return reverse(f"queues:{name}", args=[workspace.pk, *args])


def test_the_bar_proposes_who_waits_and_says_why(browser, workspace) -> None:
    queues.queue(workspace, name="Chat du site")
    make.conversation(workspace, contact_label="Odile", started_at=timezone.now())

    shown = text(browser.get(address("bar", workspace), headers={"HX-Request": "true"}))

    assert "Odile" in shown
    assert "Chat du site" in shown
    assert str(presentation.REASONS["oldest"]) in shown.replace("&#x27;", "'")
    assert "<html" not in shown


def test_presence_is_changed_from_the_bar(browser, workspace, adviser) -> None:
    shown = text(
        browser.post(
            address("presence", workspace), {"state": "available"}, headers={"HX-Request": "true"}
        )
    )
    assert "Disponible" in shown

    browser.post(address("presence", workspace), {"state": "paused", "reason": "lunch"})
    assert Presence.objects.get(ended_at=None).reason == "lunch"
    assert "aucun contact" in text(browser.get(address("bar", workspace)))

    browser.post(address("sign", workspace), headers={"HX-Request": "true"})
    browser.post(address("presence", workspace), {"state": "away"})
    assert not Presence.objects.filter(ended_at=None).exists()


def test_a_state_that_does_not_exist_changes_nothing(browser, workspace) -> None:
    browser.post(address("presence", workspace), {"state": "asleep"})
    browser.post(
        address("presence", workspace), {"state": "asleep"}, headers={"HX-Request": "true"}
    )

    assert not Presence.objects.exists()


def test_the_next_contact_comes_by_itself_to_who_asked(browser, workspace, adviser) -> None:
    now = timezone.now()
    queues.presence(workspace, adviser, takes_next=True, started_at=now, seen_at=now)
    make.conversation(workspace, started_at=now)

    assert "data-by-itself" in text(browser.get(address("bar", workspace)))

    make.ended_conversation(workspace, adviser)
    assert "data-by-itself" not in text(browser.get(address("bar", workspace)))


@pytest.mark.parametrize(
    ("queue", "chosen", "opens"),
    [(True, None, True), (True, False, False), (False, None, False), (False, True, True)],
)
def test_a_queue_opens_its_contacts_by_itself_unless_the_adviser_says_otherwise(
    browser, workspace, adviser, queue, chosen, opens
) -> None:
    now = timezone.now()
    queues.queue(workspace, opens_by_itself=queue, offer_seconds=0)
    queues.presence(workspace, adviser, takes_next=chosen, started_at=now, seen_at=now)
    make.conversation(workspace, started_at=now)

    shown = text(browser.get(address("bar", workspace)))

    assert ("data-by-itself" in shown) is opens
    assert f'aria-pressed="{str(opens).lower()}"' in shown


def test_an_adviser_gives_it_up_and_keeps_their_choice_through_a_pause(
    browser, workspace, adviser
) -> None:
    queues.queue(workspace, opens_by_itself=True)
    there = address("presence", workspace)
    browser.post(there, {"state": "available"})
    assert Presence.objects.get().takes_next is None
    browser.post(there, {"state": "available", "takes_next": "off"})
    assert Presence.objects.get().takes_next is False

    shown = text(browser.get(address("bar", workspace)))
    assert '<input type="hidden" name="takes_next" value="off">' in shown
    browser.post(there, {"state": "paused", "reason": "lunch", "takes_next": "off"})
    assert Presence.objects.get(ended_at=None).takes_next is False


def test_an_exchange_is_handed_over_with_a_note_that_the_next_one_reads(
    browser, workspace, adviser
) -> None:
    colleague = make.adviser(workspace.organisation)
    chat = make.open_conversation(workspace, adviser)
    there = address("transfer", workspace, chat.pk)
    assert colleague.full_name in text(browser.get(there))

    answer = browser.post(there, {"adviser": colleague.pk, "note": "Attend un rappel."})

    assert answer.status_code == 302
    chat.refresh_from_db()
    assert chat.state == Conversation.State.WAITING
    exchange = reverse("conversations:exchange", args=[workspace.pk, chat.pk])
    assert "Attend un rappel." in text(signed_in(colleague).get(exchange))


def test_a_note_that_is_too_long_comes_back_with_what_was_typed(
    browser, workspace, adviser
) -> None:
    chat = make.open_conversation(workspace, adviser)

    answer = browser.post(address("transfer", workspace, chat.pk), {"note": "a" * 3000})

    assert answer.status_code == 422
    assert "a" * 3000 in text(answer)


def test_the_wall_exists_for_the_supervisor_alone(browser, supervising, workspace) -> None:
    for name in ("wall", "export", "create"):
        assert browser.get(address(name, workspace)).status_code == 404
        assert supervising.get(address(name, workspace)).status_code == 200


def test_the_wall_shows_what_waits_and_how_the_day_was_served(
    supervising, workspace, adviser
) -> None:
    now = timezone.now()
    queues.queue(workspace, name="Chat du site", target_percent=90)
    queues.presence(workspace, adviser, started_at=now, seen_at=now)
    make.conversation(workspace, contact_label="Odile", started_at=now)
    make.conversation(workspace, channel=Conversation.Channel.LETTER, started_at=now)
    make.ended_conversation(
        workspace, adviser, started_at=now, answered_at=now, ended_at=now + timedelta(seconds=60)
    )

    page = text(supervising.get(address("wall", workspace)))

    assert "Odile" in page
    assert "Chat du site" in page
    assert "50\u00a0%" in page
    assert "Sans file" in page
    assert adviser.full_name in page
    part = text(supervising.get(address("wall", workspace), headers={"HX-Request": "true"}))
    assert "<html" not in part


def test_the_wall_asks_the_same_number_of_queries_for_one_contact_and_for_fifty(
    supervising, workspace, adviser, count_queries
) -> None:
    def fill(number: int) -> None:
        for _rank in range(number):
            make.conversation(
                workspace, started_at=timezone.now(), customer=make.customer(workspace)
            )
            make.ended_conversation(workspace, adviser, started_at=timezone.now())

    there = address("wall", workspace)
    fill(1)
    one = count_queries(lambda: supervising.get(there))
    fill(20)

    assert count_queries(lambda: supervising.get(there)) == one


def test_the_export_holds_no_formula(supervising, workspace, adviser) -> None:
    queues.queue(workspace, name="=1+1")

    answer = supervising.get(address("export", workspace), {"periode": "semaine"})

    assert answer["Content-Type"].startswith("text/csv")
    assert "'=1+1" in text(answer)


def test_a_queue_is_made_changed_and_removed(supervising, workspace) -> None:
    supervising.post(
        address("create", workspace),
        {
            "name": "Service après-vente",
            "channels": ["chat", "mail"],
            "priority": "3",
            "target_seconds": "60",
            "target_percent": "80",
            "short_abandon_seconds": "5",
            "wrapup_seconds": "120",
            "day_0": "9h00-12h30, 13:30-18:00",
            "closures": "24/12/2026",
        },
    )
    queue = Queue.objects.get()
    assert (queue.key, queue.hours) == (
        "service-apres-vente", {"0": ["09:00-12:30", "13:30-18:00"]},
    )  # fmt: skip
    assert queue.closures == ["2026-12-24"]
    assert "13:30-18:00" in text(supervising.get(address("edit", workspace, queue.pk)))
    assert queue.name in text(supervising.get(address("index", workspace)))

    assert supervising.post(address("remove", workspace, queue.pk)).status_code == 302
    assert not Queue.objects.exists()


def test_hours_and_names_that_say_nothing_come_back_with_their_reason(
    supervising, workspace
) -> None:
    answer = supervising.post(
        address("create", workspace), {"name": "!!!", "day_0": "le matin", "closures": "Noël"}
    )

    assert answer.status_code == 422
    assert "le matin" in text(answer)
    assert not Queue.objects.exists()


def test_skills_are_typed_a_line_each(supervising, workspace, adviser) -> None:
    there = address("skills", workspace, adviser.pk)
    assert supervising.get(there).status_code == 200

    supervising.post(there, {"skills": "Facturation : 3\n\nTechnique"})

    assert list(AdviserSkill.objects.values_list("skill", "level")) == [
        ("Facturation", 3),
        ("Technique", 2),
    ]
    assert supervising.post(there, {"skills": "Facturation : 7"}).status_code == 422
    assert supervising.get(address("skills", workspace, 999_999)).status_code == 404
    index = text(supervising.get(address("index", workspace)))
    assert "Facturation" in index


def test_an_adviser_reads_the_directory_of_skills(browser, workspace) -> None:
    assert "Aucune file" in text(browser.get(address("index", workspace)))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "N/D"),
        (12.4, "12\u00a0s"),
        (200, "3\u00a0min\u00a020\u00a0s"),
        (3900, "1\u00a0h\u00a005"),
    ],
)
def test_times_are_said_in_hours_minutes_and_seconds(seconds, said) -> None:
    assert presentation.lasting(seconds) == said


# ---- Offers ----


@pytest.fixture
def offered(workspace, adviser):
    """A contact asked of the adviser now."""
    now = timezone.now()
    queue = queues.queue(workspace, name="Chat du site")
    queues.presence(workspace, adviser, started_at=now, seen_at=now)
    chat = make.conversation(workspace, contact_label="Odile", started_at=now)
    return queues.offer(
        chat,
        adviser,
        queue=queue,
        reasons=["oldest", "freest"],
        offered_at=now,
        expires_at=now + timedelta(seconds=20),
    )


def test_the_bar_shows_what_is_offered_to_whom_it_is_offered_alone(
    browser, workspace, offered
) -> None:
    shown = text(browser.get(address("bar", workspace))).replace("&#x27;", "'")

    for words in ("Odile", "Chat du site", str(presentation.REASONS["freest"]), "data-until"):
        assert words in shown
    colleague = make.adviser(workspace.organisation)
    seen = text(signed_in(colleague).get(address("bar", workspace)))
    assert "Odile" not in seen


def test_an_offer_is_taken_and_the_page_goes_to_the_exchange(
    browser, workspace, adviser, offered, htmx
) -> None:
    there = address("accept", workspace, offered.pk)

    placed = browser.post(there, headers=htmx)
    again = browser.post(there)

    assert (placed.status_code, again.status_code) == (204, 302)
    assert placed["HX-Redirect"].endswith(f"?c={offered.conversation_id}")
    offered.conversation.refresh_from_db()
    assert offered.conversation.adviser == adviser


def test_an_offer_is_left_to_a_colleague_and_is_nobody_else_s(
    browser, workspace, offered, htmx
) -> None:
    colleague = signed_in(make.adviser(workspace.organisation))
    for name in ("accept", "refuse"):
        assert colleague.post(address(name, workspace, offered.pk)).status_code == 404

    shown = text(browser.post(address("refuse", workspace, offered.pk), headers=htmx))

    assert "data-offer" not in shown
    assert browser.post(address("accept", workspace, offered.pk)).status_code == 422


def test_an_offer_is_taken_without_a_click_by_who_asked(browser, workspace, offered) -> None:
    there = address("bar", workspace)
    assert "data-by-itself" not in text(browser.get(there))

    Presence.objects.update(takes_next=True)
    assert "data-by-itself" in text(browser.get(there))

    offered.delete()
    # It will be offered: nothing is taken before.
    assert "data-by-itself" not in text(browser.get(there))


@pytest.mark.parametrize(
    ("state", "words"), [("no_answer", "Je suis de retour"), ("casework", "Me rendre disponible")]
)
def test_who_is_in_another_state_is_asked_nothing(
    browser, workspace, offered, state, words
) -> None:
    Presence.objects.update(state=state, set_by_label="Léa", why="Renfort au guichet")

    shown = text(browser.get(address("bar", workspace)))

    assert words in shown
    assert "Renfort au guichet" in shown
    assert "Odile" not in shown


def test_the_time_of_an_offer_and_where_it_overflows_are_set(supervising, workspace) -> None:
    first, other = queues.queue(workspace), queues.queue(workspace, key="autre", name="Autre")
    page = text(supervising.get(address("edit", workspace, first.pk)))
    assert f'<option value="{other.pk}">' in page
    assert f'<option value="{first.pk}">' not in page
    form = {
        "name": "Chat", "key": "chat", "channels": ["chat"], "priority": "5", "target_seconds": "20",
        "target_percent": "80", "short_abandon_seconds": "5", "wrapup_seconds": "60",
    }  # fmt: skip

    refused = supervising.post(address("edit", workspace, first.pk), form | {"offer_seconds": "2"})
    assert refused.status_code == 422
    supervising.post(
        address("edit", workspace, first.pk),
        form
        | {
            "offer_seconds": "30",
            "overflow_rounds": "2",
            "overflow_queue": other.pk,
            "opens_by_itself": "on",
        },
    )

    first.refresh_from_db()
    assert (first.offer_seconds, first.overflow_rounds, first.overflow_seconds) == (30, 2, 0)
    assert first.overflow_queue == other
    assert first.opens_by_itself
