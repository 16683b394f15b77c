"""The time to qualify: its limit, more of it with a reason, its end told, the codes of a queue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.errors import CodeOfAnotherQueue
from acquis.desk.conversations.forms import QualificationForm
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import errors, policy, queries, tasks
from acquis.desk.queues.actions.extend_wrapup import extend_wrapup
from acquis.desk.queues.models import Queue, WrapUpExtension
from acquis.kernel import trace
from acquis.kernel.models import OutboxMessage
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, queues
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def after(seconds: int):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def workspace():
    return make.desk()


@pytest.fixture
def adviser(workspace):
    return make.adviser(workspace.organisation)


@pytest.fixture
def queue(workspace):
    return queues.queue(workspace, wrapup_seconds=60)


@pytest.fixture
def ended(workspace, adviser, queue):
    chat = make.open_conversation(workspace, adviser)
    return end_conversation(conversation=chat, by=adviser, at=NOW)


def due():
    rows = OutboxMessage.objects.filter(topic="queues.wrapup_due").order_by("pk")
    return [row.next_attempt_at for row in rows]


def told() -> set[str]:
    rows = OutboxMessage.objects.filter(topic="news").values_list("payload", flat=True)
    return {one["topic"] for one in rows if one.get("what") == "wrapup_over"}


def test_a_wrap_up_without_a_limit_has_no_end() -> None:
    assert policy.wrapup_end(NOW, limit=0, extra=60) is None
    assert policy.wrapup_end(NOW, limit=60, extra=30) == after(90)


def test_the_end_of_an_exchange_starts_the_clock_of_its_queue(ended) -> None:
    wrapup = queries.wrapup_of(ended)

    assert wrapup.ends_at == after(60)
    assert (wrapup.is_over(after(59)), wrapup.is_over(after(60))) == (False, True)
    assert due() == [after(60)]


def test_an_exchange_of_no_queue_has_no_clock(workspace, adviser) -> None:
    chat = make.open_conversation(workspace, adviser)
    end_conversation(conversation=chat, by=adviser, at=NOW)

    assert queries.wrapup_of(chat).ends_at is None
    assert due() == []
    with pytest.raises(errors.NothingToExtend):
        extend_wrapup(conversation=chat, seconds=60, reason="Long", by=adviser, at=NOW)


def test_more_time_is_taken_with_a_reason_and_qualifies_nothing(ended, adviser) -> None:
    extend_wrapup(conversation=ended, seconds=120, reason=" Devis ", by=adviser, at=after(30))

    assert queries.wrapup_of(ended).ends_at == after(180)
    assert due() == [after(60), after(180)]
    ended.refresh_from_db()
    assert ended.qualified_at is None
    line = trace.lines(ended.trace_stream).get(verb="wrapup.extended")
    assert line.data["reason"] == "Devis"


def test_more_time_counts_from_now_once_the_time_is_over(ended, adviser) -> None:
    extend_wrapup(conversation=ended, seconds=60, reason="Devis", by=adviser, at=after(100))

    assert queries.wrapup_of(ended).ends_at == after(160)


def test_more_time_is_refused_to_others_and_without_a_reason(workspace, ended, adviser) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    other = make.adviser(workspace.organisation)

    def extend(by=adviser, seconds=60, reason="Devis", chat=ended):
        extend_wrapup(conversation=chat, seconds=seconds, reason=reason, by=by, at=after(1))

    with pytest.raises(errors.NothingToExtend):
        extend(by=other)
    with pytest.raises(errors.NothingToExtend):
        extend(chat=make.conversation(workspace))
    for wrong in ({"seconds": 7}, {"reason": " "}):
        with pytest.raises(errors.ExtensionUnclear):
            extend(**wrong)
    assert not WrapUpExtension.objects.exists()
    extend(by=boss)


def test_the_adviser_and_the_desk_are_told_when_it_is_over(ended, adviser) -> None:
    tasks.on_wrapup_due({"conversation": ended.pk})  # NOW is in the past
    assert told() == {f"user:{adviser.pk}", f"workspace:{ended.workspace_id}"}


def test_nobody_is_told_of_what_was_qualified_extended_or_removed(ended) -> None:
    queues.extension(ended, seconds=30_000)
    type(ended).objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    tasks.on_wrapup_due({"conversation": ended.pk})
    type(ended).objects.filter(pk=ended.pk).update(qualified_at=NOW)
    tasks.on_wrapup_due({"conversation": ended.pk})
    tasks.on_wrapup_due({"conversation": 0})

    assert told() == set()


def test_the_bar_counts_down_and_takes_more_time(workspace, adviser, ended) -> None:
    client = StrictClient()
    client.force_login(adviser)
    bar = reverse("queues:bar", args=[workspace.pk])
    shown = client.get(bar).content.decode()
    assert "Après-contact" in shown
    assert "queue-bar-over" in shown

    there = reverse("queues:extend", args=[workspace.pk, ended.pk])
    assert client.post(there, {"seconds": "x", "reason": "Devis"}).status_code == 422
    shown = client.post(
        there, {"seconds": "300", "reason": "Devis"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "queue-bar-over" not in shown


def test_the_codes_of_a_queue_qualify_its_contacts(workspace, adviser, ended) -> None:
    kept, other = make.reason(workspace, code="K1"), make.reason(workspace, code="O1")
    outcome = make.outcome(workspace)
    Queue.objects.update(codes=[["reason", "K1"]])

    form = QualificationForm(workspace=workspace, conversation=ended)
    assert list(form.fields["reason"].queryset) == [kept]
    assert list(form.fields["outcome"].queryset) == [outcome]

    ended.reason = other
    form = QualificationForm(workspace=workspace, conversation=ended)
    assert set(form.fields["reason"].queryset) == {kept, other}
    client = StrictClient()
    client.force_login(adviser)
    refused = client.post(
        reverse("conversations:qualify", args=[workspace.pk, ended.pk]),
        {"reason": other.pk, "outcome": outcome.pk, "summary": "Réponse donnée."},
    )
    assert refused.status_code == 422
    assert "Réponse donnée." in refused.content.decode()
    # The act refuses it too, whatever page or program asks.
    given = {"outcome": outcome, "summary": "Réponse donnée.", "by": adviser, "at": NOW}
    with pytest.raises(CodeOfAnotherQueue):
        qualify_conversation(conversation=ended, reason=other, **given)
    Conversation.objects.filter(pk=ended.pk).update(reason=other)
    assert qualify_conversation(conversation=ended, reason=other, **given).reason == other


def test_the_supervisor_chooses_the_codes_of_a_queue(workspace, queue) -> None:
    make.reason(workspace, code="K1")
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    there = reverse("queues:edit", args=[workspace.pk, queue.pk])
    form = {
        "name": "Chat", "key": "chat", "channels": ["chat"], "priority": "5", "target_seconds": "20",
        "target_percent": "80", "short_abandon_seconds": "5", "wrapup_seconds": "60",
    }  # fmt: skip

    client.post(there, form | {"codes": ["reason:K1"]})

    queue.refresh_from_db()
    assert queue.codes == [["reason", "K1"]]
    assert "checked" in client.get(there).content.decode().split("reason:K1")[1][:120]
    assert client.post(there, form | {"codes": ["reason:X"]}).status_code == 422
