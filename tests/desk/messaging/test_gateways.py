"""Gateways: one a channel, over https, kept by supervisors; a closed queue answers the first word."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.messaging import events
from acquis.desk.messaging.access import gateway_for
from acquis.desk.messaging.actions import keep_gateway as keep
from acquis.desk.messaging.actions.receive import receive_message
from acquis.desk.messaging.errors import (
    ChannelTaken,
    GatewayAddressInvalid,
)
from acquis.desk.messaging.models import Delivery, Gateway
from acquis.desk.queues.errors import NotOfThisDesk
from tests.factories import accounts, queues
from tests.factories import desk as make
from tests.factories import messaging as known

pytestmark = pytest.mark.django_db


def given(**fields: Any) -> dict[str, Any]:
    values = {
        "gateway": None, "channel": "sms", "name": "A", "address": "https://sms.example/",
        "sender": "", "is_active": True,
    }  # fmt: skip
    return values | fields


def test_gateways_are_one_a_channel_over_https(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    who = {"workspace": workspace, "by": adviser, "at": now}
    first, secret = keep.keep_gateway(**given(), **who)
    assert len(secret) == keep.SECRET_LENGTH
    with pytest.raises(ChannelTaken):
        keep.keep_gateway(**given(), **who)
    for wrong in ("http://sms.example/", "ftp://sms.example/", "https://"):
        with pytest.raises(GatewayAddressInvalid):
            keep.keep_gateway(**given(address=wrong), **who)
    again, none = keep.keep_gateway(**given(gateway=first, name="B"), **who)
    assert (again.pk, again.name, none) == (first.pk, "B", "")
    assert keep.keep_gateway(**given(is_active=False, address="http://localhost/x"), **who)
    assert keep.renew_secret(gateway=first, by=adviser, at=now) != secret
    with pytest.raises(IntegrityError), transaction.atomic():
        known.gateway(workspace)


def test_a_gateway_never_waits_in_the_queue_of_another_desk(
    workspace: Workspace, adviser: User, now: Any
) -> None:
    with pytest.raises(NotOfThisDesk):
        keep.keep_gateway(
            **given(queue=queues.queue(make.desk())), workspace=workspace, by=adviser, at=now
        )

    assert not Gateway.objects.exists()


def test_a_queue_that_is_closed_answers_the_first_word_and_never_a_stop(
    workspace: Workspace, now: Any
) -> None:
    mornings = {str(day): ["09:00-12:00"] for day in range(5)}
    queue = queues.queue(workspace, channels=["sms"], hours=mornings)
    gateway = known.gateway(workspace, queue=queue, closed_answer="Nous rouvrons lundi.")
    evening = now + timedelta(hours=9)

    for event_id, text, number, at in (
        ("e1", "Bonjour", "+33639980013", now),
        ("e2", "Bonjour", known.NUMBER, evening),
        ("e3", "Encore", known.NUMBER, evening),
        ("e4", "STOP", "+33639980012", evening),
    ):
        said = events.Incoming(event_id=event_id, address=number, name="", text=text)
        receive_message(gateway=gateway, incoming=said, at=at)

    left = Delivery.objects.get()
    assert (left.message.body, left.recipient) == ("Nous rouvrons lundi.", known.NUMBER)


def test_a_supervisor_who_only_reads_a_desk_does_not_see_its_gateways(
    workspace: Workspace,
) -> None:
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    gateway = known.gateway(workspace)
    assert gateway_for(boss, workspace.pk, gateway.pk) == (workspace, gateway)

    accounts.seat(workspace, boss, may_write=False)

    with pytest.raises(Http404):
        gateway_for(boss, workspace.pk, gateway.pk)


def test_a_sealed_desk_keeps_its_gateways(workspace: Workspace, adviser: User, now: Any) -> None:
    gateway, template = known.gateway(workspace), known.template(workspace)
    accounts.sealed(workspace)
    workspace.refresh_from_db()
    gateway.workspace = template.workspace = workspace
    who = {"by": adviser, "at": now}

    for act in (
        lambda: keep.keep_gateway(workspace=workspace, **given(), **who),
        lambda: keep.renew_secret(gateway=gateway, **who),
        lambda: keep.keep_template(workspace=workspace, name="a", body="b", **who),
        lambda: keep.remove_template(template=template, **who),
    ):
        with pytest.raises(WorkspaceSealed):
            act()
