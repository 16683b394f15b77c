"""An exchange that the desk begins: once, and what was typed stays when it may not leave."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.messaging.actions.begin_exchange import begin_exchange
from acquis.desk.messaging.errors import (
    OptedOut,
)
from acquis.desk.messaging.models import Gateway
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import messaging as known

pytestmark = pytest.mark.django_db


def test_an_exchange_begins_once(workspace: Workspace, adviser: User, now: Any) -> None:
    customer = make.customer(workspace, phone=known.NUMBER)
    fields = {"customer": customer, "channel": "sms", "address": known.NUMBER, "body": "Bonjour",
              "client_key": "k1", "by": adviser, "at": now}  # fmt: skip

    assert begin_exchange(**fields) == begin_exchange(**fields)
    assert Message.objects.count() == 1


def test_the_desk_is_held_before_one_looks_whether_the_exchange_began(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    customer = make.customer(workspace, phone=known.NUMBER)
    with CaptureQueriesContext(connection) as captured:
        begin_exchange(
            customer=customer, channel="sms", address=known.NUMBER, body="Bonjour",
            client_key="k1", by=adviser, at=now,
        )  # fmt: skip

    read = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
    held = next(at for at, sql in enumerate(read) if 'FROM "accounts_workspace"' in sql)
    looked = next(at for at, sql in enumerate(read) if 'FROM "conversations_message"' in sql)
    assert held < looked
    assert ("FOR UPDATE" in read[held]) == connection.features.has_select_for_update


def test_the_same_key_begins_another_exchange_with_another_customer(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    fields = {"channel": "sms", "body": "Bonjour", "client_key": "k1", "by": adviser, "at": now}

    one, other = (
        begin_exchange(customer=make.customer(workspace), address=number, **fields)
        for number in (known.NUMBER, "+33639980012")
    )

    assert one != other


def test_a_refused_first_message_leaves_no_exchange(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    known.opt_out(workspace, said_at=now)
    with pytest.raises(OptedOut):
        begin_exchange(
            customer=make.customer(workspace), channel="sms", address=known.NUMBER, body="x",
            client_key="k", by=adviser, at=now,
        )  # fmt: skip
    assert not Conversation.objects.exists()


def test_what_was_typed_stays_when_the_message_may_not_leave(
    signed_in: StrictClient, workspace: Workspace, now: Any
) -> None:
    customer = make.customer(workspace, phone=known.NUMBER)
    known.opt_out(workspace, said_at=now)
    write = reverse("messaging:write", args=[workspace.pk, customer.pk])

    refused = signed_in.post(
        write, {"channel": "sms", "address": known.NUMBER, "body": "Votre colis", "client_key": "k"}
    )

    assert refused.status_code == 422
    assert "STOP" in refused.content.decode()
    assert ">\nVotre colis</textarea>" in refused.content.decode()
    assert not Conversation.objects.exists()


def test_what_was_typed_stays_when_a_gateway_is_refused(workspace: Workspace) -> None:
    boss = StrictClient()
    boss.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    known.gateway(workspace)
    new = reverse("messaging:gateway_new", args=[workspace.pk])
    typed = {"channel": "sms", "name": "Autre opérateur", "address": "https://sms.example/",
             "sender": "", "is_active": "on", "closed_answer": ""}  # fmt: skip

    refused = boss.post(new, typed)

    assert refused.status_code == 422
    assert 'value="Autre opérateur"' in refused.content.decode()
    assert Gateway.objects.count() == 1
