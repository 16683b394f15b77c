"""Pages of messages: the first word, what left, the composer, gateways and templates."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.messaging.models import ApprovedTemplate, Gateway
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import messaging as known

pytestmark = pytest.mark.django_db


def test_an_adviser_writes_first_and_follows_what_left(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    customer = make.customer(workspace, phone=known.NUMBER)
    write = reverse("messaging:write", args=[workspace.pk, customer.pk])
    page = signed_in.get(write)
    fields = {"channel": "sms", "address": known.NUMBER, "body": "Bonjour",
              "client_key": page.context["form"]["client_key"].value()}  # fmt: skip

    assert signed_in.post(write, fields | {"body": ""}).status_code == 422
    desk = signed_in.post(write, fields).url
    assert "passerelle intégrée" in signed_in.get(desk).content.decode()
    listed = reverse("messaging:deliveries", args=[workspace.pk])
    assert b"Bonjour" in signed_in.get(listed, {"canal": "sms", "etat": "queued"}).content
    assert b"Bonjour" not in signed_in.get(listed, {"etat": "failed"}).content
    bare = make.customer(workspace)
    none = signed_in.get(reverse("messaging:write", args=[workspace.pk, bare.pk]))
    assert "Aucun numéro" in none.content.decode()


def test_the_composer_says_stop_the_24_hours_and_the_templates(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    chat = known.exchange(workspace, adviser, channel="whatsapp")
    known.template(workspace, name="Suivi", body="Bonjour {client}.")
    desk = f"{reverse('conversations:desk', args=[workspace.pk])}?c={chat.pk}"

    assert "Suivi" in signed_in.get(desk).content.decode()
    make.message(chat, sent_at=timezone.now())
    assert "Réponse libre" in signed_in.get(desk).content.decode()
    known.opt_out(workspace, channel="whatsapp", said_at=timezone.now())
    assert "STOP reçu" in signed_in.get(desk).content.decode()


def test_a_supervisor_keeps_gateways_and_templates(workspace: Workspace) -> None:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))

    def at(name: str, *args: Any) -> str:
        return reverse(f"messaging:{name}", args=[workspace.pk, *args])

    fields = {"channel": "sms", "name": "Opérateur", "address": "https://sms.example/",
              "is_active": "on"}  # fmt: skip
    assert client.get(at("gateways")).status_code == 200
    assert client.get(at("gateway_new")).status_code == 200
    assert client.post(at("gateway_new"), fields | {"name": ""}).status_code == 422
    made = client.post(at("gateway_new"), fields)
    gateway = Gateway.objects.get()
    assert made.context["secret"] in made.content.decode()
    shown = client.get(at("gateway", gateway.pk)).content.decode()
    assert gateway.key in shown
    assert made.context["secret"] not in shown
    assert client.post(at("gateway", gateway.pk), fields | {"name": "B"}).status_code == 302
    assert client.post(at("secret", gateway.pk)).context["secret"] != made.context["secret"]
    assert client.post(at("template"), {"name": "x", "body": "{zzz}"}).status_code == 422
    for body in ("Bonjour", "Bonsoir"):
        assert client.post(at("template"), {"name": "x", "body": body}).status_code == 302
    template = ApprovedTemplate.objects.get()
    assert template.body == "Bonsoir"
    assert b"Bonsoir" in client.get(at("gateways")).content
    assert client.post(at("template_remove", template.pk)).status_code == 302


def test_an_adviser_does_not_see_gateways(signed_in: StrictClient, workspace: Workspace) -> None:
    gateway = known.gateway(workspace)
    for name, args in (("gateways", []), ("gateway", [gateway.pk]), ("gateway_new", [])):
        address = reverse(f"messaging:{name}", args=[workspace.pk, *args])
        assert signed_in.get(address).status_code == 404


def test_the_list_of_what_left_asks_the_same_for_one_and_fifty(
    signed_in: StrictClient, workspace: Workspace, adviser: User, count_queries: Any
) -> None:
    chat = known.exchange(workspace, adviser)
    gateway = known.gateway(workspace)
    address = reverse("messaging:deliveries", args=[workspace.pk])
    known.delivery(make.message(chat), gateway=gateway)
    one = count_queries(lambda: signed_in.get(address))
    for _ in range(39):
        known.delivery(make.message(chat), gateway=gateway)

    assert count_queries(lambda: signed_in.get(address)) == one
