"""A call asked for, from its slot to its result."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.webchat import presentation, queries
from acquis.desk.webchat.access import call_back_link
from acquis.desk.webchat.actions.call_backs import (
    Asked,
    cancel_call_back,
    record_attempt,
    request_call_back,
    take_call_back,
)
from acquis.desk.webchat.errors import (
    CallBackInvalid,
    CallBackNotTaken,
    CallBackOver,
    CallBacksClosed,
    CallBackTaken,
    PhoneInvalid,
    SlotNotOffered,
    TooManyCalls,
)
from acquis.desk.webchat.models import CallBack, Site
from acquis.kernel import outbox
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import OutboxMessage, TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def site(workspace: Workspace) -> Site:
    return webchat.site(workspace, slot_capacity=1)


def asked(site: Site, now: datetime, **fields: Any) -> Asked:
    slot = queries.free_slots(site, now=now)[0]
    values = {
        "name": "Odile",
        "phone": "06 39 98 00 01",
        "subject": "Mon colis",
        "slot_start": slot.start,
        "client_key": webchat.token(),
        "proof": {"wording": "Rappelez-moi."},
    }
    return Asked(**(values | fields))


def request(site: Site, now: datetime, **fields: Any) -> CallBack:
    return request_call_back(site=site, asked=asked(site, now, **fields), by=None, at=now)


def test_a_call_is_promised_in_its_slot_with_its_proof(site: Site, now: datetime) -> None:
    known = make.customer(site.workspace, phone_alt="+33639980001")

    made = request(site, now)

    assert made.reference.startswith("RAP-")
    assert made.phone == "+33639980001"
    assert made.customer == known
    assert made.due_at == made.slot_start
    assert made.proof == {"wording": "Rappelez-moi."}
    line = TraceLine.objects.get(verb="call_back.requested")
    assert line.data["proof"] == {"wording": "Rappelez-moi."}
    assert "Odile" not in str(line.data)
    due = OutboxMessage.objects.filter(topic="webchat.call_back").order_by("next_attempt_at")
    assert [one.next_attempt_at for one in due] == [
        made.slot_start - timedelta(minutes=5),
        made.slot_start,
    ]


def test_a_form_sent_twice_makes_one_promise(site: Site, now: datetime) -> None:
    said = asked(site, now)

    first = request_call_back(site=site, asked=said, by=None, at=now)
    again = request_call_back(site=site, asked=said, by=None, at=now)

    assert first == again
    assert CallBack.objects.count() == 1


def test_a_slot_is_never_promised_above_its_capacity(site: Site, now: datetime) -> None:
    said = asked(site, now)
    first = request_call_back(site=site, asked=said, by=None, at=now)
    late = Asked("Paul", "0639980002", "Facture", said.slot_start, "autre", {})

    with pytest.raises(SlotNotOffered):
        request_call_back(site=site, asked=late, by=None, at=now)
    cancel_call_back(call_back=first, by=None, at=now)
    assert request_call_back(site=site, asked=late, by=None, at=now).slot_start == said.slot_start


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"name": " "}, CallBackInvalid),
        ({"subject": ""}, CallBackInvalid),
        ({"client_key": ""}, CallBackInvalid),
        ({"client_key": "k" * 81}, CallBackInvalid),
        ({"phone": "demain"}, PhoneInvalid),
        ({"phone": "0612"}, PhoneInvalid),
        ({"slot_start": webchat.NIGHT}, SlotNotOffered),
    ],
)
def test_a_request_is_refused_and_writes_nothing(
    site: Site, now: datetime, fields: dict[str, Any], refusal: type[DomainRefusal]
) -> None:
    with pytest.raises(refusal):
        request(site, now, **fields)

    assert not CallBack.objects.exists()


def test_a_number_has_two_promises_at_most(site: Site, now: datetime) -> None:
    request(site, now)
    request(site, now)

    with pytest.raises(TooManyCalls):
        request(site, now)


def test_a_site_without_call_backs_promises_none(site: Site, now: datetime) -> None:
    said = asked(site, now)
    Site.objects.update(calls_open=False)

    with pytest.raises(CallBacksClosed):
        request_call_back(site=site, asked=said, by=None, at=now)


def test_a_sealed_desk_promises_and_cancels_nothing(site: Site, now: datetime) -> None:
    said, made = asked(site, now), webchat.call_back(site)
    accounts.sealed(site.workspace)

    for act in (
        lambda: request_call_back(site=site, asked=said, by=None, at=now),
        lambda: cancel_call_back(call_back=made, by=None, at=now),
    ):
        with pytest.raises(WorkspaceSealed):
            act()


def test_cancelling_twice_changes_nothing(site: Site, now: datetime) -> None:
    made = webchat.call_back(site)

    cancel_call_back(call_back=made, by=None, at=now)
    cancel_call_back(call_back=made, by=None, at=now)

    assert TraceLine.objects.filter(verb="call_back.cancelled").count() == 1


def test_the_call_opens_an_outgoing_contact(site: Site, adviser: User, now: datetime) -> None:
    known = make.customer(site.workspace)
    made = webchat.call_back(site, customer=known)

    begun = take_call_back(call_back=made, by=adviser, at=now)
    again = take_call_back(call_back=made, by=adviser, at=now)

    assert begun == again
    assert begun.channel == Conversation.Channel.PHONE
    assert begun.direction == Conversation.Direction.OUT
    assert (begun.contact_address, begun.customer, begun.adviser) == (made.phone, known, adviser)
    other = make.adviser(site.workspace.organisation)
    with pytest.raises(CallBackTaken):
        take_call_back(call_back=made, by=other, at=now)
    with pytest.raises(CallBackOver):
        cancel_call_back(call_back=made, by=None, at=now)


def attempt(made: CallBack, by: User, now: datetime, result: str) -> CallBack:
    take_call_back(call_back=made, by=by, at=now)
    return record_attempt(
        call_back=made, result=result, note=" Messagerie ", again_in=HOUR, by=by, at=now
    )


def test_who_was_reached_is_called_no_more(site: Site, adviser: User, now: datetime) -> None:
    made = attempt(webchat.call_back(site), adviser, now, "reached")

    assert made.state == CallBack.State.REACHED
    with pytest.raises(CallBackOver):
        take_call_back(call_back=made, by=adviser, at=now)
    with pytest.raises(CallBackNotTaken):
        record_attempt(call_back=made, result="absent", note="", again_in=HOUR, by=adviser, at=now)


def test_who_was_absent_is_called_again_until_the_last_attempt(
    site: Site, adviser: User, now: datetime
) -> None:
    made = webchat.call_back(site)

    again = attempt(made, adviser, now, "absent")
    assert (again.state, again.due_at, again.adviser) == ("planned", now + HOUR, None)
    attempt(made, adviser, now, "retry")
    last = attempt(made, adviser, now, "absent")

    assert last.state == CallBack.State.UNREACHED
    found = made.attempts.order_by("position").values_list("position", "result", "note")
    assert list(found) == [
        (1, "absent", "Messagerie"),
        (2, "retry", "Messagerie"),
        (3, "absent", "Messagerie"),
    ]


def test_only_who_calls_notes_the_result(site: Site, adviser: User, now: datetime) -> None:
    made = webchat.call_back(site)
    take_call_back(call_back=made, by=adviser, at=now)
    other = make.adviser(site.workspace.organisation)

    with pytest.raises(CallBackTaken):
        record_attempt(call_back=made, result="reached", note="", again_in=HOUR, by=other, at=now)


def test_the_desk_is_told_when_a_call_is_due_unless_it_moved(site: Site, now: datetime) -> None:
    made = request(site, now)

    def told(at: datetime) -> list[str]:
        before = set(OutboxMessage.objects.filter(topic="news").values_list("pk", flat=True))
        outbox.deliver(now=at)
        fresh = OutboxMessage.objects.filter(topic="news").exclude(pk__in=before)
        return [one.payload["what"] for one in fresh.order_by("pk")]

    assert told(made.slot_start - timedelta(minutes=6)) == []
    assert told(made.slot_start - timedelta(minutes=5)) == ["call_back_soon"]
    CallBack.objects.update(due_at=made.due_at + HOUR)
    assert told(made.slot_start) == []


def test_how_much_a_call_presses(site: Site) -> None:
    made = webchat.call_back(site)

    def tone(minutes: int) -> str:
        return presentation.tone_of(made, at=made.slot_start + timedelta(minutes=minutes))

    assert [tone(-6), tone(-5), tone(0), tone(30), tone(31)] == [
        "later", "soon", "now", "now", "late",
    ]  # fmt: skip


# The public form


@pytest.fixture
def open_site(workspace: Workspace) -> Site:
    """A site whose slots are free at any hour of the clock of these tests."""
    return webchat.site(workspace, hours=webchat.ALWAYS, on_holidays=True, slot_capacity=1)


def form(site: Site, client: StrictClient, **fields: str) -> dict[str, str]:
    answer = client.get(reverse("call_back:ask", args=[site.key]))
    bound = answer.context["form"]
    values = {
        "name": "Odile",
        "phone": "06 39 98 00 01",
        "subject": "Mon colis",
        "slot": bound.fields["slot"].choices[1][1][0][0],
        "client_key": bound.initial["client_key"],
    }
    return values | fields


def test_a_customer_asks_sees_and_cancels(open_site: Site, client: StrictClient) -> None:
    address = reverse("call_back:ask", args=[open_site.key])
    sent = form(open_site, client)

    answer = client.post(address, sent)
    again = client.post(address, sent)

    made = CallBack.objects.get()
    assert answer.status_code == 302
    assert made.proof["medium"] == "web_form"
    assert "Ateliers Valbrenne" in made.proof["wording"]
    shown = client.get(answer["Location"])
    assert made.reference in shown.content.decode()
    assert "06 39 98 00 01" in shown.content.decode()
    assert client.get(again["Location"]).context["call_back"] == made
    cancelled = client.post(reverse("call_back:cancel", args=[open_site.key, call_back_link(made)]))
    assert "Votre rappel est annulé" in client.get(cancelled["Location"]).content.decode()


def test_the_form_says_what_is_wrong(open_site: Site, client: StrictClient) -> None:
    address = reverse("call_back:ask", args=[open_site.key])

    answer = client.post(address, form(open_site, client, phone="demain", slot="hier"))

    assert answer.status_code == 422
    assert "numéro de téléphone" in answer.content.decode()
    assert "plus libre" in answer.content.decode()
    assert not CallBack.objects.exists()


def test_a_slot_gone_meanwhile_is_said_on_the_form(
    open_site: Site, client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = form(open_site, client)

    def gone(**_asked: object) -> CallBack:
        raise SlotNotOffered

    monkeypatch.setattr("acquis.desk.webchat.call_back_views.request_call_back", gone)
    answer = client.post(reverse("call_back:ask", args=[open_site.key]), sent)

    assert answer.status_code == 422
    assert "plus libre" in answer.content.decode()


def test_a_link_of_another_site_or_forged_opens_nothing(
    open_site: Site, client: StrictClient
) -> None:
    other = webchat.site(make.desk())
    theirs = webchat.call_back(other)

    for signature in (call_back_link(theirs), "faux", call_back_link(theirs) + "x"):
        for name in ("call_back:asked", "call_back:cancel"):
            address = reverse(name, args=[open_site.key, signature])
            answer = client.post(address) if name.endswith("cancel") else client.get(address)
            assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == CallBack.State.PLANNED


def test_without_slots_the_page_says_so(workspace: Workspace, client: StrictClient) -> None:
    empty = webchat.site(workspace, hours={})
    closed = webchat.site(workspace, calls_open=False)

    for site, words in ((empty, "Aucun créneau libre"), (closed, "proposé ici")):
        answer = client.get(reverse("call_back:ask", args=[site.key]))
        assert words in answer.content.decode()


# The desk


def test_an_adviser_calls_and_notes(site: Site, signed_in: StrictClient, adviser: User) -> None:
    made = webchat.call_back(site)
    place = [site.workspace_id, made.pk]

    listed = signed_in.get(reverse("webchat:call_backs", args=place[:1])).content.decode()
    assert "Odile" in listed
    assert "En retard" in listed or "Appeler" in listed
    begun = signed_in.post(reverse("webchat:take", args=place))
    assert f"?c={Conversation.objects.get().pk}" in begun["Location"]
    page = signed_in.get(reverse("webchat:call_back", args=place)).content.decode()
    assert "Noter le résultat" in page
    refused = signed_in.post(reverse("webchat:attempt", args=place), {"result": "?"})
    assert refused.status_code == 422
    fields = {"result": "reached", "again_in": "60", "note": "Ravie"}
    signed_in.post(reverse("webchat:attempt", args=place), fields)
    page = signed_in.get(reverse("webchat:call_back", args=place)).content.decode()
    assert "Ravie" in page
    assert (
        "Rappels terminés"
        in signed_in.get(reverse("webchat:call_backs", args=place[:1])).content.decode()
    )


def test_an_adviser_cancels_for_the_customer(site: Site, signed_in: StrictClient) -> None:
    made = webchat.call_back(site)

    signed_in.post(reverse("webchat:cancel", args=[site.workspace_id, made.pk]))

    made.refresh_from_db()
    assert made.state == CallBack.State.CANCELLED


def test_the_list_asks_the_same_for_one_row_and_for_fifty(
    site: Site, signed_in: StrictClient, count_queries: Any, adviser: User
) -> None:
    address = reverse("webchat:call_backs", args=[site.workspace_id])
    webchat.call_back(site, customer=make.customer(site.workspace))
    one = count_queries(lambda: signed_in.get(address))
    for _ in range(49):
        made = webchat.call_back(site, customer=make.customer(site.workspace))
        made.attempts.create(
            workspace=site.workspace, position=1, at=webchat.NOW, by_label="C", result="absent"
        )

    assert count_queries(lambda: signed_in.get(address)) == one
