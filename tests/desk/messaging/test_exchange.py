"""Messages in and out: signed, once, delivered or not, STOP, the 24 hours, files."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Consent
from acquis.desk.messaging import events, queries
from acquis.desk.messaging.actions.receive import receive_receipt
from acquis.desk.messaging.errors import (
    AddressUnknown,
    OptedOut,
    WindowClosed,
)
from acquis.desk.messaging.models import Delivery, Gateway, OptOut, ReceivedEvent
from acquis.desk.messaging.tasks import MOST_ATTEMPTS
from acquis.kernel.models import OutboxMessage
from acquis.kernel.testing import StrictClient
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from tests.desk.messaging.exchanging import call, deliver_all, incoming, send
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import messaging as known

pytestmark = pytest.mark.django_db


def test_a_customer_writes_and_their_exchange_goes_on(
    client: StrictClient, workspace: Workspace
) -> None:
    gateway = known.gateway(workspace)
    customer = make.customer(workspace, phone=known.NUMBER)

    assert call(client, gateway, incoming()).status_code == 202
    assert call(client, gateway, incoming()).status_code == 200
    assert call(client, gateway, incoming("e2", text="Encore")).status_code == 202

    conversation = Conversation.objects.get()
    assert (conversation.customer, conversation.contact_address) == (customer, known.NUMBER)
    assert list(conversation.messages.values_list("body", flat=True)) == ["Bonjour", "Encore"]


def test_a_stranger_and_a_network_are_named_as_they_say(
    client: StrictClient, workspace: Workspace
) -> None:
    for _ in range(2):
        make.customer(workspace, phone_alt=known.NUMBER)
    call(client, known.gateway(workspace), incoming(name="Odile"))
    social = known.gateway(workspace, channel="social")
    call(client, social, incoming("s1", **{"from": "@odile"}))

    labels = Conversation.objects.order_by("pk").values_list("contact_label", "customer")
    assert list(labels) == [("Odile", None), ("@odile", None)]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Acquis-Signature": "sha256=00"}, 401),
        ({"X-Acquis-Timestamp": "1"}, 401),
        ({"X-Acquis-Timestamp": ""}, 401),
    ],
)
def test_what_is_not_signed_now_is_refused(
    client: StrictClient, workspace: Workspace, headers: dict[str, str], status: int
) -> None:
    assert call(client, known.gateway(workspace), incoming(), **headers).status_code == status
    assert not Conversation.objects.exists()


def test_a_gateway_that_is_unknown_off_or_copied_is_not_heard(
    client: StrictClient, workspace: Workspace, now: Any
) -> None:
    off = known.gateway(workspace, is_active=False)
    assert call(client, off, incoming()).status_code == 404
    on = known.gateway(workspace)
    copy = copy_workspace(source=workspace, name="Copie", by=None, at=now)
    assert queries.gateway_of(copy, "sms") is None
    assert call(client, on, incoming()).status_code == 202
    assert Conversation.objects.get().workspace == workspace


@pytest.mark.parametrize(
    "event",
    [
        b"{", b"[]", {}, {"id": "1"}, {"id": "1", "type": "message"}, incoming(text=3),
        incoming(text="x" * 5000), incoming(media="x"), incoming(media=[1]),
        incoming(media=[{"name": "a", "content": "é"}]), incoming(media=[{}] * 6),
        {"id": "1", "type": "receipt", "message": "m", "state": "lu"},
        {"id": "1", "type": "receipt", "state": "sent"},
    ],
)  # fmt: skip
def test_an_event_that_is_malformed_says_which_part(
    client: StrictClient, workspace: Workspace, event: Any
) -> None:
    answer = call(client, known.gateway(workspace), event)

    assert answer.status_code == 422
    assert answer.json()["code"] == "messaging.event_invalid"
    assert not ReceivedEvent.objects.exists()


def test_files_are_kept_for_what_they_are(client: StrictClient, workspace: Workspace) -> None:
    def media(name: str, content: bytes) -> dict[str, str]:
        return {"name": name, "content": base64.b64encode(content).decode()}

    event = incoming(
        text="", media=[media("photo.png", b"\x89PNG\r\n\x1a\nxx"), media("x.png", b"<html>")]
    )
    call(client, known.gateway(workspace), event)

    first, second = Message.objects.order_by("position")
    assert [one.name for one in first.attachments.all()] == ["photo.png"]
    assert second.author == "system"
    assert "x.png" in second.body


def test_stop_holds_from_its_instant_until_the_person_writes_again(
    client: StrictClient, workspace: Workspace, adviser: User
) -> None:
    gateway = known.gateway(workspace)
    customer = make.customer(workspace, phone=known.NUMBER)
    call(client, gateway, incoming(text="Stop"))
    conversation = Conversation.objects.get()
    Conversation.objects.update(state="open", adviser=adviser)
    at = timezone.now()

    consent = Consent.objects.get()
    assert (consent.customer, consent.given, consent.channel) == (customer, False, "sms_offers")
    customer.refresh_from_db()
    assert customer.consents["sms_offers"]["granted"] is False
    with pytest.raises(OptedOut):
        send(conversation, adviser, at)
    assert not Delivery.objects.exists()

    call(client, gateway, incoming("e2", text="Où est mon colis ?"))
    assert send(conversation, adviser, timezone.now()).delivery.state == "queued"
    call(client, gateway, incoming("e3", text="START"))
    call(client, gateway, incoming("e4", text="START"))
    assert not OptOut.objects.exists()


def test_stop_of_a_stranger_is_kept_too(client: StrictClient, workspace: Workspace) -> None:
    call(client, known.gateway(workspace), incoming(text="STOP"))

    assert OptOut.objects.get().address == known.NUMBER
    assert not Consent.objects.exists()


def test_whatsapp_takes_a_template_only_after_24_hours(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    chat = known.exchange(workspace, adviser, channel="whatsapp")
    with pytest.raises(WindowClosed):
        send(chat, adviser, now)
    make.message(chat, sent_at=now)
    assert send(chat, adviser, now + timedelta(hours=1))
    late = now + timedelta(hours=30)
    with pytest.raises(WindowClosed):
        send(chat, adviser, late)
    known.template(workspace, body="Bonjour {client}.")
    assert send(chat, adviser, late, "Bonjour Odile.").delivery.segments == 0


def test_the_embedded_gateway_writes_and_says_delivered(
    workspace: Workspace, adviser: User, settings: Any, tmp_path: Path, now: Any
) -> None:
    settings.MESSAGING_FOLDER = tmp_path / "messages"
    message = send(known.exchange(workspace, adviser), adviser, now)
    deliver_all()

    (file,) = settings.MESSAGING_FOLDER.iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["text"] == "Bien reçu."
    delivery = Delivery.objects.get(message=message)
    assert (delivery.state, delivery.segments) == ("delivered", 1)


def test_a_gateway_takes_a_message_and_its_receipt_is_shown(
    client: StrictClient, signed_in: StrictClient, workspace: Workspace, adviser: User, now: Any
) -> None:
    with known.FakeGateway((202, {"id": "op-7"})) as fake:
        gateway = known.gateway(workspace, address=fake.address, sender="Valbrenne")
        chat = known.exchange(workspace, adviser)
        send(chat, adviser, now)
        deliver_all()
        (told,) = fake.told

    assert (told["to"], told["from"], told["channel"]) == (known.NUMBER, "Valbrenne", "sms")
    assert fake.keys == [told["id"]]
    assert Delivery.objects.get().state == "sent"
    receipt = {"id": "r1", "type": "receipt", "message": "op-7", "state": "failed",
               "reason": "Numéro non attribué"}  # fmt: skip
    assert call(client, gateway, receipt).status_code == 202
    assert call(client, gateway, receipt).status_code == 200
    late = receipt | {"id": "r2", "state": "sent"}
    assert call(client, gateway, late).status_code == 200
    assert call(client, gateway, receipt | {"id": "r3", "message": "?"}).status_code == 200
    thread = reverse("conversations:thread", args=[workspace.pk, chat.pk])
    for asked in ({}, {"apres": "99"}):
        shown = signed_in.get(thread, asked).content.decode()
        assert "Non remis" in shown
        assert "Numéro non attribué" in shown


def test_a_file_leaves_by_whatsapp_and_never_by_sms(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    def attach(to: Conversation, content: bytes = b"%PDF-1.4 bon", name: str = "bon.pdf") -> Any:
        address = reverse("conversations:attach", args=[workspace.pk, to.pk])
        fields = {"file": SimpleUploadedFile(name, content), "client_key": "f1"}
        return signed_in.post(address, fields, headers=htmx)

    whatsapp = known.exchange(workspace, adviser, channel="whatsapp")
    make.message(whatsapp, sent_at=timezone.now())
    sms = known.exchange(workspace, adviser)
    with known.FakeGateway((202, {"id": "op-8"})) as fake:
        known.gateway(workspace, address=fake.address, channel="whatsapp", key="w")
        refused = (
            attach(whatsapp, b"MZ\x00\x01"),
            attach(sms),
            signed_in.post(
                reverse("conversations:attach", args=[workspace.pk, whatsapp.pk]), {}, headers=htmx
            ),
        )
        assert attach(whatsapp).status_code == attach(whatsapp).status_code == 204
        deliver_all()
        (told,) = fake.told

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "SMS" in refused[1].content.decode()
    assert told["text"] == ""
    (media,) = told["media"]
    assert (media["name"], media["type"]) == ("bon.pdf", "application/pdf")
    assert base64.b64decode(media["content"]) == b"%PDF-1.4 bon"
    desk = reverse("conversations:desk", args=[workspace.pk])
    assert "data-attach" in signed_in.get(desk, {"c": whatsapp.pk}).content.decode()
    assert "data-attach" not in signed_in.get(desk, {"c": sms.pk}).content.decode()


def test_the_number_of_somebody_at_a_company_names_the_company(
    client: StrictClient, workspace: Workspace
) -> None:
    company = make.customer(workspace, kind="company", company_name="Ateliers Rivoire")
    speaks = make.company_contact(company)
    make.contact_point(company, contact=speaks, value=known.NUMBER)
    gateway = known.gateway(workspace)

    call(client, gateway, incoming())

    assert Conversation.objects.get().customer == company


def test_a_gateway_out_of_reach_is_tried_again_then_given_up(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    with known.FakeGateway((503, {}), (429, b"plus tard"), (200, [])) as fake:
        known.gateway(workspace, address=fake.address)
        send(known.exchange(workspace, adviser), adviser, now)
        deliver_all(3)
        assert len(fake.told) == 3
    assert Delivery.objects.get().state == "sent"

    Delivery.objects.all().delete()
    Gateway.objects.update(address=fake.address)
    send(known.exchange(workspace, adviser), adviser, now)
    deliver_all(MOST_ATTEMPTS)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("failed", MOST_ATTEMPTS)
    assert "Refused" in delivery.reason


@pytest.mark.parametrize(
    ("answer", "reason"), [((400, {"reason": "trop long"}), "trop long"), ((404, {}), "HTTP 404")]
)
def test_a_refusal_for_good_is_kept_with_its_reason(
    workspace: Workspace, adviser: User, now: Any, answer: Any, reason: str
) -> None:
    with known.FakeGateway(answer) as fake:
        known.gateway(workspace, address=fake.address)
        send(known.exchange(workspace, adviser), adviser, now)
        deliver_all(2)
        assert len(fake.told) == 1
    assert Delivery.objects.get().reason == reason


def test_without_an_address_a_real_gateway_takes_nothing(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    chat = known.exchange(workspace, adviser, contact_address="")
    assert send(chat, adviser, now).delivery.recipient == ""
    known.gateway(workspace)
    with pytest.raises(AddressUnknown):
        send(chat, adviser, now)


def test_a_delivery_that_is_gone_is_passed_over(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    send(known.exchange(workspace, adviser), adviser, now)
    Delivery.objects.all().delete()

    deliver_all()

    assert not OutboxMessage.objects.filter(delivered_at=None).exists()


def test_a_sealed_desk_takes_no_event(client: StrictClient, workspace: Workspace, now: Any) -> None:
    gateway = known.gateway(workspace)
    accounts.sealed(workspace)

    assert call(client, gateway, incoming()).status_code == 422
    gateway.refresh_from_db()
    with pytest.raises(WorkspaceSealed):
        receive_receipt(gateway=gateway, receipt=events.Receipt("1", "m", "sent", ""), at=now)
