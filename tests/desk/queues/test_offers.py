"""Contacts offered to one adviser at a time: to whom, for how long, and what becomes of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import errors, queries, tasks
from acquis.desk.queues.actions.answer_offer import accept_offer, expire_offer, refuse_offer
from acquis.desk.queues.actions.be_present import be_present, leave, set_presence
from acquis.desk.queues.actions.hand_over import hand_over
from acquis.desk.queues.actions.keep_queue import keep_queue
from acquis.desk.queues.actions.offer_contact import offer_contact
from acquis.desk.queues.actions.overflow import overflow
from acquis.desk.queues.actions.route import route
from acquis.desk.queues.models import Offer, Placement, Presence
from acquis.kernel import trace
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import OutboxMessage
from tests.factories import accounts, queues
from tests.factories import desk as make

NOW = make.NOW


def after(seconds: int):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def workspace(db):
    return make.desk()


@pytest.fixture
def queue(workspace):
    return queues.queue(workspace)


@pytest.fixture
def camille(workspace):
    adviser = make.adviser(workspace.organisation)
    queues.presence(workspace, adviser)
    return adviser


@pytest.fixture
def second(workspace, camille):
    """Somebody who came a little later than Camille."""
    adviser = make.adviser(workspace.organisation)
    queues.presence(workspace, adviser, started_at=after(1), seen_at=after(60))
    return adviser


@pytest.fixture
def chat(workspace, queue):
    return make.conversation(workspace, started_at=NOW)


def states() -> list[str]:
    return list(Offer.objects.order_by("pk").values_list("state", flat=True))


def state_of(workspace, adviser) -> str:
    return Presence.objects.get(workspace=workspace, adviser=adviser, ended_at=None).state


# ---- To whom ----


def test_who_waits_is_offered_to_who_has_been_free_the_longest(
    workspace, second, camille, chat
) -> None:
    made = route(workspace=workspace, at=after(5))

    assert [(one.adviser, one.conversation) for one in made] == [(camille, chat)]
    assert made[0].expires_at == after(25)
    assert "freest" in made[0].reasons
    assert trace.lines(workspace.trace_stream).filter(verb="contact.offered").count() == 1


def test_routing_again_offers_nothing_twice(workspace, camille, second, chat) -> None:
    route(workspace=workspace, at=after(5))

    assert route(workspace=workspace, at=after(6)) == []
    assert Offer.objects.count() == 1


def test_two_contacts_go_to_two_advisers(workspace, camille, second, chat) -> None:
    make.conversation(workspace, started_at=after(1))

    made = route(workspace=workspace, at=after(5))

    assert {one.adviser for one in made} == {camille, second}
    assert len({one.conversation_id for one in made}) == 2


@pytest.mark.parametrize("why", ["paused", "silent", "qualifies", "full", "unskilled", "nobody"])
def test_nothing_is_offered_to_who_cannot_take_it(workspace, camille, chat, queue, why) -> None:
    if why == "paused":
        Presence.objects.update(state="paused", reason="lunch")
    elif why == "silent":
        Presence.objects.update(state="no_answer")
    elif why == "qualifies":
        make.ended_conversation(workspace, camille)
    elif why == "full":
        make.open_conversation(workspace, camille, channel="phone")
    elif why == "unskilled":
        queue.skill = "Facturation"
        queue.save()
    else:
        Presence.objects.all().delete()

    assert route(workspace=workspace, at=after(5)) == []


def test_a_queue_that_does_not_push_offers_nothing(workspace, camille, chat, queue) -> None:
    queue.offer_seconds = 0
    queue.save()

    assert route(workspace=workspace, at=after(5)) == []
    assert queries.pushes(workspace.pk) is False


def test_a_contact_of_no_queue_is_left_to_whoever_takes_it(workspace, camille, queue) -> None:
    make.conversation(workspace, channel="mail")

    assert route(workspace=workspace, at=after(5)) == []


def test_a_sealed_desk_routes_nothing(workspace, camille, chat, queue) -> None:
    accounts.sealed(workspace)
    workspace.refresh_from_db()

    assert route(workspace=workspace, at=after(5)) == []
    with pytest.raises(WorkspaceSealed):
        offer_contact(conversation=chat, queue=queue, adviser=camille, reasons=[], at=NOW)


def test_an_offer_that_no_longer_stands_is_not_made(workspace, camille, chat, queue) -> None:
    def asked():
        return offer_contact(
            conversation=chat, queue=queue, adviser=camille, reasons=["oldest"], at=after(1)
        )

    first = asked()
    assert first is not None
    assert asked() is None  # one of each at once
    Offer.objects.all().delete()
    accept_conversation(conversation=chat, by=camille, at=after(2))
    assert asked() is None
    assert not Offer.objects.exists()


# ---- What becomes of it ----


def test_the_adviser_takes_what_is_offered_once(workspace, camille, chat) -> None:
    (offer,) = route(workspace=workspace, at=after(5))

    taken = accept_offer(offer=offer, by=camille, at=after(9))
    again = accept_offer(offer=offer, by=camille, at=after(10))

    assert (taken.adviser, taken.state) == (camille, Conversation.State.OPEN)
    assert again == taken
    assert states() == ["accepted"]


def test_nobody_else_takes_what_is_offered_while_there_is_time(
    workspace, camille, second, chat
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))

    with pytest.raises(errors.OfferedToSomebody):
        accept_conversation(conversation=chat, by=second, at=after(9))
    with pytest.raises(errors.OfferGone):
        accept_offer(offer=offer, by=second, at=after(9))
    assert states() == ["pending"]

    accept_conversation(conversation=chat, by=second, at=after(26))
    assert states() == ["withdrawn"]
    with pytest.raises(errors.OfferGone):
        accept_offer(offer=offer, by=camille, at=after(27))


def test_a_refused_contact_goes_to_the_next_and_does_not_come_back(
    workspace, camille, second, chat
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))

    refuse_offer(offer=offer, by=camille, at=after(6))
    refuse_offer(offer=offer, by=camille, at=after(6))
    made = route(workspace=workspace, at=after(7))

    assert [one.adviser for one in made] == [second]
    assert state_of(workspace, camille) == "available"
    with pytest.raises(errors.OfferGone):
        refuse_offer(offer=made[0], by=camille, at=after(8))
    refuse_offer(offer=made[0], by=second, at=after(8))
    assert route(workspace=workspace, at=after(9)) == []


def test_who_does_not_answer_is_asked_nothing_more_until_they_are_back(
    workspace, camille, chat
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))

    expire_offer(offer=offer, at=after(24))
    assert states() == ["pending"]
    assert route(workspace=workspace, at=after(26)) == []
    expire_offer(offer=offer, at=after(27))

    assert states() == ["unanswered"]
    assert state_of(workspace, camille) == "no_answer"
    be_present(workspace=workspace, state="available", by=camille, at=after(30))
    assert [one.adviser for one in route(workspace=workspace, at=after(31))] == [camille]


def test_an_adviser_whose_page_is_closed_is_away_rather_than_silent(
    workspace, camille, second, chat
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))

    made = route(workspace=workspace, at=after(120))

    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    assert not Presence.objects.filter(state="no_answer").exists()
    assert [one.adviser for one in made] == [second]


@pytest.mark.parametrize("gone", ["paused", "leaves", "sent away"])
def test_what_was_offered_to_who_goes_is_offered_to_the_next(
    workspace, camille, second, chat, gone
) -> None:
    route(workspace=workspace, at=after(5))

    if gone == "paused":
        be_present(workspace=workspace, state="paused", reason="lunch", by=camille, at=after(6))
    elif gone == "leaves":
        leave(workspace=workspace, by=camille, at=after(6))
    else:
        boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
        set_presence(
            workspace=workspace,
            adviser=camille,
            state="casework",
            why="Dossier",
            by=boss,
            at=after(6),
        )

    assert states() == ["withdrawn"]
    assert [one.adviser for one in route(workspace=workspace, at=after(7))] == [second]


def test_what_was_offered_to_who_answers_the_telephone_is_offered_to_the_next(
    workspace, camille, second, chat
) -> None:
    call = make.conversation(workspace, channel="phone", started_at=NOW)
    route(workspace=workspace, at=after(5))

    accept_conversation(conversation=call, by=camille, at=after(6))

    assert states() == ["withdrawn"]
    assert [one.adviser for one in route(workspace=workspace, at=after(7))] == [second]


class EndedMeanwhile:
    """What was read as pending just before another process ended it."""

    def __init__(self, *read: Offer) -> None:
        self.read = read

    def filter(self, **_: object) -> tuple[Offer, ...]:
        return self.read


@pytest.mark.parametrize("act", ["pauses", "answers the telephone"])
def test_an_offer_that_ended_meanwhile_is_neither_taken_back_nor_told_twice(
    workspace, camille, chat, monkeypatch, act
) -> None:
    call = make.conversation(workspace, channel="phone", started_at=NOW)
    (offer,) = route(workspace=workspace, at=after(5))
    Offer.objects.update(state="refused", ended_at=after(6))
    monkeypatch.setattr(queries, "pending", lambda _workspace: EndedMeanwhile(offer))
    told = []
    for place in ("actions._offers", "routing"):
        monkeypatch.setattr(f"acquis.desk.queues.{place}.tell", lambda *one, **_: told.append(one))

    if act == "pauses":
        be_present(workspace=workspace, state="paused", reason="lunch", by=camille, at=after(7))
    else:
        accept_conversation(conversation=call, by=camille, at=after(7))

    offer.refresh_from_db()
    assert (offer.state, offer.ended_at) == ("refused", after(6))
    assert told == []
    assert not trace.lines(workspace.trace_stream).filter(verb="contact.offer_ended").exists()


def test_a_contact_that_leaves_or_is_handed_over_is_offered_no_more(
    workspace, camille, second, chat
) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    route(workspace=workspace, at=after(5))

    hand_over(conversation=chat, adviser=second, by=boss, at=after(6))
    assert states() == ["withdrawn"]
    (again,) = route(workspace=workspace, at=after(7))
    assert (again.adviser, again.reasons[0]) == (second, "meant")

    end_conversation(conversation=chat, ended_by="customer", by=None, at=after(8))
    assert states() == ["withdrawn", "withdrawn"]


def test_an_offer_of_a_contact_taken_behind_its_back_leaves_nobody_silent(
    workspace, camille, chat
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))
    Conversation.objects.filter(pk=chat.pk).update(state="ended")

    expire_offer(offer=offer, at=after(26))

    assert states() == ["withdrawn"]
    assert state_of(workspace, camille) == "available"


def test_an_offer_that_ends_while_it_is_taken_takes_nothing(
    workspace, camille, chat, monkeypatch
) -> None:
    (offer,) = route(workspace=workspace, at=after(5))
    room = room_of(chat)

    def late(conversation, user, at) -> None:
        Offer.objects.update(state="refused")  # in another tab, a moment before
        room.take(conversation, user, at)

    monkeypatch.setattr(
        "acquis.desk.queues.actions.answer_offer.room_of", lambda _chat: replace(room, take=late)
    )
    with pytest.raises(errors.OfferGone):
        accept_offer(offer=offer, by=camille, at=after(9))

    chat.refresh_from_db()
    assert (chat.state, chat.adviser) == ("waiting", None)


# ---- Overflow ----


def test_what_nobody_takes_overflows_to_the_queue_that_its_own_names_then_to_everybody(
    workspace, camille, chat, queue
) -> None:
    other = queues.queue(
        workspace, key="autre", name="Autre", channels=[], skill="Technique", overflow_rounds=1
    )
    queue.overflow_rounds, queue.overflow_queue = 1, other
    queue.save()
    (offer,) = route(workspace=workspace, at=after(5))
    refuse_offer(offer=offer, by=camille, at=after(6))

    assert route(workspace=workspace, at=after(7)) == []
    placed = Placement.objects.get()
    assert (placed.queue, placed.overflowed_at, placed.to_everyone) == (other, after(7), False)

    queues.skill(workspace, camille, skill="Technique")
    (again,) = route(workspace=workspace, at=after(8))
    refuse_offer(offer=again, by=camille, at=after(9))
    (last,) = route(workspace=workspace, at=after(10))
    placed.refresh_from_db()
    assert (placed.to_everyone, last.adviser) == (True, camille)
    assert overflow(conversation=chat, at=after(11)) is None  # it is asked of somebody
    refuse_offer(offer=last, by=camille, at=after(12))
    assert route(workspace=workspace, at=after(13)) == []
    assert overflow(conversation=chat, at=after(14)) is None


def test_what_waits_too_long_is_offered_whatever_the_skill(workspace, camille, chat, queue) -> None:
    queue.skill, queue.overflow_seconds, queue.overflow_rounds = "Technique", 30, 0
    queue.save()
    assert route(workspace=workspace, at=after(20)) == []

    assert [one.adviser for one in route(workspace=workspace, at=after(30))] == [camille]


def test_a_contact_of_no_queue_does_not_overflow(workspace) -> None:
    assert overflow(conversation=make.conversation(workspace), at=NOW) is None


# ---- The supervisor decides ----


def test_the_supervisor_changes_a_state_and_says_why(workspace, camille) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)

    spell = set_presence(
        workspace=workspace,
        adviser=camille,
        state="paused",
        reason="meeting",
        why="Réunion à 11 h",
        by=boss,
        at=after(10),
    )

    assert (spell.adviser, spell.set_by_label, spell.why) == (
        camille, boss.full_name, "Réunion à 11 h",
    )  # fmt: skip
    assert spell.seen_at == NOW  # only Camille gives signs of life
    line = trace.lines(workspace.trace_stream).get(verb="presence.changed")
    assert line.data["why"] == "Réunion à 11 h"
    news = OutboxMessage.objects.filter(topic="news").values_list("payload", flat=True)
    assert any(one["topic"] == f"user:{camille.pk}" for one in news)


def test_the_supervisor_alone_changes_the_state_of_who_is_there_with_a_reason(
    workspace, camille
) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    absent = make.adviser(workspace.organisation)

    def change(adviser=camille, by=boss, why="Renfort", state="available", reason=""):
        set_presence(
            workspace=workspace, adviser=adviser, state=state, reason=reason, why=why, by=by, at=NOW
        )

    with pytest.raises(errors.NotTheSupervisor):
        change(by=camille)
    with pytest.raises(errors.WhyMissing):
        change(why=" ")
    with pytest.raises(errors.NotAtTheDesk):
        change(adviser=absent)
    with pytest.raises(errors.ReasonMissing):
        change(state="paused")
    assert Presence.objects.count() == 1


def test_a_queue_overflows_into_another_of_its_desk(workspace, queue) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    elsewhere = queues.queue(make.desk())
    other = queues.queue(workspace, key="autre")

    keep_queue(workspace=workspace, queue=queue, values={"overflow_queue": other}, by=boss, at=NOW)
    for wrong in (queue, elsewhere):
        with pytest.raises(errors.NotOfThisDesk):
            keep_queue(
                workspace=workspace, queue=queue, values={"overflow_queue": wrong}, by=boss, at=NOW
            )


# ---- Events and the clock ----


def test_what_happens_at_a_desk_that_pushes_asks_to_route(workspace, camille, queue) -> None:
    start_conversation(
        workspace=workspace,
        channel="chat",
        direction="in",
        contact_label="Odile",
        subject="",
        by=None,
        at=NOW,
    )

    payload = OutboxMessage.objects.get(topic="queues.route").payload
    Presence.objects.update(seen_at=tasks.timezone.now())
    tasks.on_change(payload)
    tasks.on_change({"workspace": 0})
    offer = Offer.objects.get()
    assert OutboxMessage.objects.get(topic="queues.offer_due").next_attempt_at == offer.expires_at

    tasks.on_due({"offer": offer.pk})
    assert states() == ["pending"]
    Offer.objects.update(expires_at=NOW)
    tasks.on_due({"offer": offer.pk})
    tasks.on_due({"offer": offer.pk})
    tasks.on_due({"offer": 0})
    assert states() == ["unanswered"]


def test_a_desk_without_a_queue_asks_nothing(workspace, camille) -> None:
    make.conversation(workspace)
    be_present(workspace=workspace, state="paused", reason="lunch", by=camille, at=NOW)

    assert not OutboxMessage.objects.filter(topic="queues.route").exists()


def test_by_the_clock_only_the_desks_where_something_is_due_are_seen(
    workspace, camille, chat
) -> None:
    queues.queue(make.desk())
    make.conversation(make.desk())
    late = queues.offer(make.conversation(make.desk()), camille)

    assert set(queries.desks_to_route(after(30))) == {workspace, late.workspace}
    tasks.look(after(30))

    assert Offer.objects.get(conversation=chat).adviser == camille
    late.refresh_from_db()
    assert late.state == "withdrawn"


# ---- At whose desk it rings ----


def test_a_contact_rings_at_the_desk_of_who_is_asked_alone(
    workspace, camille, second, chat
) -> None:
    def rings(for_whom) -> bool:
        return queries.silence(workspace, [chat], after(10)).rings_for(chat.pk, for_whom.pk)

    assert not rings(camille)  # somebody is there to be asked
    route(workspace=workspace, at=after(5))
    assert (rings(camille), rings(second)) == (True, False)
    Offer.objects.all().delete()
    Presence.objects.update(state="casework")
    assert rings(camille)


# ---- At once ----


def at_once(*acts):
    """Run acts in threads that start together, each with its own connection."""
    gate = Barrier(len(acts))

    def run(act):
        gate.wait(timeout=20)
        try:
            return act()
        except DomainRefusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_offer_each_contact_and_each_adviser_once() -> None:
    workspace = make.desk()
    queues.queue(workspace)
    for _ in range(3):
        make.conversation(workspace, started_at=NOW)
        queues.presence(workspace, make.adviser(workspace.organisation))

    at_once(*[lambda: route(workspace=workspace, at=after(5))] * 4)

    pending = Offer.objects.filter(state="pending")
    assert len(set(pending.values_list("conversation", flat=True))) == pending.count() == 3
    assert len(set(pending.values_list("adviser", flat=True))) == 3
    assert trace.verify(workspace.trace_stream) == []


@pytest.mark.django_db(transaction=True)
def test_a_contact_taken_refused_and_expired_at_once_ends_in_one_state() -> None:
    workspace = make.desk()
    queues.queue(workspace)
    adviser = make.adviser(workspace.organisation)
    other = make.adviser(workspace.organisation)
    queues.presence(workspace, adviser)
    chat = make.conversation(workspace, started_at=NOW)
    (offer,) = route(workspace=workspace, at=after(5))

    def fresh() -> Offer:
        return Offer.objects.select_related("conversation", "adviser").get(pk=offer.pk)

    at_once(
        lambda: accept_offer(offer=fresh(), by=adviser, at=after(26)),
        lambda: accept_conversation(conversation=chat, by=other, at=after(10)),
        lambda: refuse_offer(offer=fresh(), by=adviser, at=after(10)),
        lambda: expire_offer(offer=fresh(), at=after(26)),
    )

    chat.refresh_from_db()
    ended = Offer.objects.get(pk=offer.pk).state
    assert ended != "pending"
    assert (chat.adviser_id == adviser.pk) == (ended == "accepted")
    accepted = trace.lines(workspace.trace_stream).filter(verb="conversation.accepted")
    assert accepted.count() <= 1
    assert trace.verify(workspace.trace_stream) == []


@pytest.mark.django_db
def test_the_database_refuses_two_offers_of_one_contact_and_two_to_one_adviser() -> None:
    workspace = make.desk()
    adviser, other = (make.adviser(workspace.organisation) for _ in range(2))
    chat = make.conversation(workspace)
    queues.offer(chat, adviser)

    for contact, asked in ((chat, other), (make.conversation(workspace), adviser)):
        with pytest.raises(IntegrityError), transaction.atomic():
            queues.offer(contact, asked)
    queues.offer(chat, other, state="refused")
