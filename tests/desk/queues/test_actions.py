"""Presence, queues, skills and handing over: what is written, and what is refused."""

from datetime import timedelta

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import errors, queries
from acquis.desk.queues.actions.be_present import be_present, give_sign, leave
from acquis.desk.queues.actions.hand_over import hand_over
from acquis.desk.queues.actions.keep_queue import keep_queue, remove_queue
from acquis.desk.queues.actions.keep_skills import keep_skills
from acquis.desk.queues.models import AdviserSkill, Placement, Presence, Queue
from acquis.kernel.models import TraceLine
from tests.factories import accounts, queues
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(seconds=60)


@pytest.fixture
def workspace():
    return make.desk()


@pytest.fixture
def adviser(workspace):
    return make.adviser(workspace.organisation)


@pytest.fixture
def supervisor(workspace):
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def verbs(workspace) -> list[str]:
    lines = TraceLine.objects.filter(stream=workspace.trace_stream).order_by("position")
    return list(lines.values_list("verb", flat=True))


# ---- Presence ----


def test_a_spell_begins_and_the_one_before_ends(workspace, adviser) -> None:
    be_present(workspace=workspace, state="available", by=adviser, at=NOW)

    spell = be_present(workspace=workspace, state="paused", reason="lunch", by=adviser, at=LATER)

    first = Presence.objects.get(state="available")
    assert first.ended_at == LATER
    assert (spell.reason, spell.ended_at) == ("lunch", None)
    assert verbs(workspace) == ["presence.changed", "presence.changed"]


def test_the_same_state_goes_on_and_keeps_the_wish(workspace, adviser) -> None:
    first = be_present(workspace=workspace, state="available", by=adviser, at=NOW)

    same = be_present(workspace=workspace, state="available", takes_next=True, by=adviser, at=LATER)

    assert (same.pk, same.takes_next, same.seen_at) == (first.pk, True, LATER)
    assert verbs(workspace) == ["presence.changed"]


def test_a_pause_without_its_reason_is_refused_and_writes_nothing(workspace, adviser) -> None:
    with pytest.raises(errors.ReasonMissing):
        be_present(workspace=workspace, state="paused", by=adviser, at=NOW)

    assert not Presence.objects.exists()


def test_nobody_begins_a_spell_at_a_sealed_desk(workspace, adviser) -> None:
    accounts.sealed(workspace)

    with pytest.raises(WorkspaceSealed):
        be_present(workspace=workspace, state="available", by=adviser, at=NOW)


def test_leaving_ends_the_spell_once(workspace, adviser) -> None:
    be_present(workspace=workspace, state="available", by=adviser, at=NOW)

    leave(workspace=workspace, by=adviser, at=LATER)
    leave(workspace=workspace, by=adviser, at=LATER + timedelta(seconds=5))

    assert Presence.objects.get().ended_at == LATER
    assert verbs(workspace) == ["presence.changed", "presence.left"]


def test_a_sign_of_life_is_noted(workspace, adviser) -> None:
    queues.presence(workspace, adviser)

    spell = give_sign(workspace=workspace, by=adviser, at=LATER)

    assert spell is not None
    assert spell.seen_at == LATER


def test_a_silence_ends_the_spell_at_its_last_sign(workspace, adviser) -> None:
    queues.presence(workspace, adviser)

    assert give_sign(workspace=workspace, by=adviser, at=NOW + timedelta(minutes=10)) is None
    assert Presence.objects.get().ended_at == NOW
    assert queries.presence_of(workspace, adviser, NOW) is None


# ---- Queues and skills ----


def test_a_queue_is_made_changed_and_removed_by_the_supervisor(workspace, supervisor) -> None:
    values = {"key": "sav", "name": "SAV", "channels": ["chat"], "hours": {"0": ["09:00-12:00"]}}
    queue = keep_queue(workspace=workspace, queue=None, values=values, by=supervisor, at=NOW)

    keep_queue(workspace=workspace, queue=queue, values={"priority": 2}, by=supervisor, at=NOW)
    kept = Queue.objects.get()
    assert (kept.name, kept.priority) == ("SAV", 2)

    remove_queue(queue=kept, by=supervisor, at=NOW)
    assert not Queue.objects.exists()
    assert verbs(workspace) == ["queue.kept", "queue.kept", "queue.removed"]


def test_an_adviser_sets_no_queue_and_no_skill(workspace, adviser) -> None:
    queue = queues.queue(workspace)

    with pytest.raises(errors.NotTheSupervisor):
        keep_queue(workspace=workspace, queue=queue, values={"priority": 1}, by=adviser, at=NOW)
    with pytest.raises(errors.NotTheSupervisor):
        remove_queue(queue=queue, by=adviser, at=NOW)
    with pytest.raises(errors.NotTheSupervisor):
        keep_skills(workspace=workspace, adviser=adviser, skills={}, by=adviser, at=NOW)
    assert verbs(workspace) == []


def test_two_queues_of_a_desk_never_have_one_code(workspace, supervisor) -> None:
    queues.queue(workspace, key="sav")

    with pytest.raises(errors.QueueKeyTaken):
        keep_queue(
            workspace=workspace,
            queue=None,
            values={"key": "sav", "name": "Autre", "channels": []},
            by=supervisor,
            at=NOW,
        )


def test_hours_that_are_none_are_refused(workspace, supervisor) -> None:
    with pytest.raises(errors.HoursUnreadable):
        keep_queue(
            workspace=workspace,
            queue=None,
            values={"key": "sav", "name": "SAV", "hours": {"0": ["matin"]}},
            by=supervisor,
            at=NOW,
        )


def test_skills_are_said_in_place_of_those_before(workspace, adviser, supervisor) -> None:
    queues.skill(workspace, adviser, skill="Technique")

    keep_skills(
        workspace=workspace, adviser=adviser, skills={"Facturation": 3}, by=supervisor, at=NOW
    )

    row = AdviserSkill.objects.get()
    assert (row.skill, row.level) == ("Facturation", 3)


def test_a_stranger_has_no_skills_at_this_desk(workspace, supervisor) -> None:
    stranger = accounts.user(Role.ADVISER)

    with pytest.raises(errors.NotOfThisDesk):
        keep_skills(workspace=workspace, adviser=stranger, skills={}, by=supervisor, at=NOW)


# ---- Handing over ----


def test_an_exchange_handed_over_waits_again_with_its_note(workspace, adviser) -> None:
    colleague = make.adviser(workspace.organisation)
    chat = make.open_conversation(workspace, adviser)

    hand_over(conversation=chat, adviser=colleague, note=" Déjà remboursé. ", by=adviser, at=NOW)

    chat.refresh_from_db()
    assert (chat.state, chat.adviser) == (Conversation.State.WAITING, None)
    assert chat.placement.note == "Déjà remboursé."
    coming = queries.next_for(workspace, colleague, NOW)
    assert coming is not None
    assert coming.place.conversation == chat
    assert queries.next_for(workspace, adviser, NOW) is None
    assert verbs(workspace) == ["conversation.handed_over"]


def test_handing_over_again_replaces_the_place(workspace, supervisor) -> None:
    waiting = make.conversation(workspace)
    queue = queues.queue(workspace)
    hand_over(conversation=waiting, queue=queue, by=supervisor, at=NOW)

    hand_over(conversation=waiting, priority=1, by=supervisor, at=LATER)

    place = Placement.objects.get()
    assert (place.queue, place.priority) == (None, 1)


@pytest.mark.parametrize(
    ("refusal", "case"),
    [
        (errors.AlreadyOver, "ended"),
        (errors.NotYoursToMove, "others"),
        (errors.LiveCall, "call"),
        (errors.NowhereToGo, "nowhere"),
        (errors.NotOfThisDesk, "queue"),
        (errors.NotOfThisDesk, "person"),
        (WorkspaceSealed, "sealed"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_and_nothing_is_written(
    workspace, adviser, refusal, case
) -> None:
    chat = make.open_conversation(workspace, adviser)
    where = {"queue": queues.queue(workspace)}
    if case == "ended":
        chat = make.ended_conversation(workspace, adviser)
    elif case == "others":
        chat = make.open_conversation(workspace, make.adviser(workspace.organisation))
    elif case == "call":
        chat = make.open_conversation(workspace, adviser, channel=Conversation.Channel.PHONE)
    elif case == "nowhere":
        where = {"priority": 1}
    elif case == "queue":
        where = {"queue": queues.queue(make.desk())}
    elif case == "person":
        where = {"adviser": accounts.user(Role.ADVISER)}
    else:
        accounts.sealed(workspace)

    with pytest.raises(refusal):
        hand_over(conversation=chat, **where, by=adviser, at=NOW)

    assert not Placement.objects.exists()
    assert verbs(workspace) == []


# ---- Reading ----


def test_the_queue_of_a_contact_is_its_place_or_that_of_its_channel(workspace, adviser) -> None:
    chats = queues.queue(workspace, priority=2, skill="Facturation")
    apart = queues.queue(workspace, key="vip", name="VIP", channels=[], priority=1)
    known = make.customer(workspace)
    make.ended_conversation(workspace, adviser, customer=known)
    first = make.conversation(workspace, customer=known)
    second = make.conversation(workspace)
    queues.placement(second, queue=apart, priority=9)
    letter = make.conversation(workspace, channel=Conversation.Channel.LETTER)

    places = {one.conversation.pk: one for one in queries.waiting(workspace, [apart, chats])}

    assert places[first.pk].queue == chats
    assert places[first.pk].waiting.skill == "Facturation"
    assert places[first.pk].waiting.last_adviser == adviser.pk
    assert (places[second.pk].queue, places[second.pk].waiting.priority) == (apart, 9)
    assert (places[letter.pk].queue, places[letter.pk].waiting.priority) == (None, 5)


def test_nobody_is_proposed_what_they_may_not_take(workspace, adviser) -> None:
    assert queries.next_for(workspace, adviser, NOW) is None
    queues.queue(workspace, skill="Technique")
    make.conversation(workspace)

    assert queries.next_for(workspace, adviser, NOW) is None


def test_a_spell_of_the_period_is_cut_at_its_bounds(workspace, adviser) -> None:
    hour = timedelta(hours=1)
    queues.presence(workspace, adviser, started_at=NOW - hour, ended_at=NOW + hour)

    found = queries.spells(workspace, NOW, NOW + 2 * hour, NOW + 3 * hour)

    assert found == {adviser.pk: [(NOW, NOW + hour)]}
