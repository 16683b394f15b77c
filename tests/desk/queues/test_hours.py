"""Opening hours come from the queue: of a site, of the telephone, of a gateway."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.desk.conversations.models import Message
from acquis.desk.messaging.actions.keep_gateway import keep_gateway
from acquis.desk.messaging.actions.receive import receive_message
from acquis.desk.messaging.events import Incoming
from acquis.desk.messaging.models import Delivery, Gateway
from acquis.desk.phone.actions.leave_message import leave_message
from acquis.desk.phone.actions.place_call import place_call
from acquis.desk.phone.actions.set_line import set_line
from acquis.desk.phone.errors import MessageTooEarly
from acquis.desk.phone.models import Line
from acquis.desk.phone.presentation import customer_state
from acquis.desk.queues import queries
from acquis.desk.queues.actions.place_contact import place_contact
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.queues.models import Placement
from acquis.desk.webchat import queries as webchat
from acquis.desk.webchat.actions.keep_site import change_site
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, messaging, queues
from tests.factories import desk as make
from tests.factories import webchat as sites

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 10 o'clock in Paris
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = {str(day): ["09:00-18:00"] for day in range(5)}


@pytest.fixture
def workspace():
    return make.desk()


@pytest.fixture
def boss(workspace):
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def queue(workspace):
    channels = ["chat", "phone", "sms", "whatsapp", "social"]
    return queues.queue(workspace, hours=WEEK, channels=channels, closures=["2026-11-24"])


@pytest.fixture
def supervising(boss) -> StrictClient:
    client = StrictClient()
    client.force_login(boss)
    return client


def test_a_site_keeps_the_hours_and_closures_of_its_queue(workspace, queue) -> None:
    site = sites.site(workspace, queue=queue, hours={})

    hours = webchat.hours_of(site)

    assert hours.is_open(FRIDAY)
    assert not hours.is_open(SUNDAY)
    assert not hours.is_open(FRIDAY + timedelta(days=4))  # closed besides
    assert hours.next_opening(SUNDAY) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_site_whose_queue_has_no_hours_is_always_open(workspace) -> None:
    always = queues.queue(workspace, closures=["2026-11-24"])
    site = sites.site(workspace, queue=always, hours={})

    hours = webchat.hours_of(site)

    assert hours.is_open(SUNDAY)
    assert hours.is_open(datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    assert not hours.is_open(FRIDAY + timedelta(days=4))
    assert webchat.free_slots(site, now=SUNDAY)


def test_a_call_waits_in_the_queue_of_the_line_and_may_leave_a_message_at_once_when_closed(
    workspace, queue, boss
) -> None:
    values = {
        "public": True, "ring_seconds": 30, "voicemail": True, "recording_percent": 0,
        "recording_purpose": "",
    }  # fmt: skip
    set_line(workspace=workspace, values=values | {"queue": queue}, by=boss, at=FRIDAY)
    set_line(workspace=workspace, values=values, by=boss, at=FRIDAY)
    assert Line.objects.get().queue == queue

    leg = place_call(workspace=workspace, number="", name="Odile", at=SUNDAY)
    assert Placement.objects.get().queue == queue
    assert customer_state(leg, now=SUNDAY)["may_leave_message"] is True
    assert leave_message(leg=leg, at=SUNDAY).state == "voicemail"

    open_leg = place_call(workspace=workspace, number="", name="Odile", at=FRIDAY)
    with pytest.raises(MessageTooEarly):
        leave_message(leg=open_leg, at=FRIDAY)
    with pytest.raises(NotOfThisDesk):
        set_line(
            workspace=workspace,
            values=values | {"queue": queues.queue(make.desk())},
            by=boss,
            at=FRIDAY,
        )


def received(gateway: Gateway, at: datetime, text: str = "Bonjour", number: str = "11"):
    incoming = Incoming(
        event_id=f"{text}{number}", address=f"+336399800{number}", name="", text=text, media=()
    )
    return receive_message(gateway=gateway, incoming=incoming, at=at)


def test_a_message_that_comes_when_closed_is_answered_once(workspace, queue) -> None:
    gateway = messaging.gateway(workspace, queue=queue, closed_answer="Nous rouvrons lundi.")

    said = received(gateway, SUNDAY)
    received(gateway, SUNDAY, "Encore")

    conversation = said.conversation
    assert Placement.objects.get(conversation=conversation).queue == queue
    answers = Message.objects.filter(conversation=conversation, author="system")
    assert [one.body for one in answers] == ["Nous rouvrons lundi."]
    assert Delivery.objects.get().message == answers[0]


def test_nothing_is_answered_when_open_nor_to_stop(workspace, queue) -> None:
    gateway = messaging.gateway(workspace, queue=queue, closed_answer="Nous rouvrons lundi.")

    received(gateway, FRIDAY)
    received(gateway, SUNDAY, "STOP", "22")

    assert not Delivery.objects.exists()


def test_a_queue_of_another_desk_is_refused(workspace, queue, boss) -> None:
    theirs = queues.queue(make.desk())
    site = sites.site(workspace)
    with pytest.raises(NotOfThisDesk):
        change_site(site=site, values={"origins": [], "queue": theirs}, by=boss, at=FRIDAY)
    with pytest.raises(NotOfThisDesk):
        keep_gateway(
            workspace=workspace, gateway=None, channel="sms", name="A", sender="", is_active=True,
            address="https://a.example/", queue=theirs, by=boss, at=FRIDAY,
        )  # fmt: skip


def test_a_contact_stays_where_it_was_placed(workspace, queue) -> None:
    chat = make.conversation(workspace)
    other = queues.queue(workspace, key="autre")
    place_contact(conversation=chat, queue=queue, label="Site", at=FRIDAY)

    assert place_contact(conversation=chat, queue=None, label="", at=FRIDAY) is None
    placed = place_contact(conversation=chat, queue=other, label="Site", at=FRIDAY)

    assert placed.queue == queue
    assert queries.is_open(None, SUNDAY)


def test_the_supervisor_chooses_the_queue_of_each(supervising, workspace, queue) -> None:
    mail = queues.queue(workspace, key="mail", name="Courriels", channels=["mail"])
    site = sites.site(workspace)
    gateway = messaging.gateway(workspace)
    pages = (
        reverse("webchat:site", args=[workspace.pk, site.pk]),
        reverse("phone:line", args=[workspace.pk]),
        reverse("messaging:gateway", args=[workspace.pk, gateway.pk]),
    )
    for address in pages:
        page = supervising.get(address).content.decode()
        assert f'<option value="{queue.pk}">' in page
        assert f'<option value="{mail.pk}">' not in page

    supervising.post(
        pages[2],
        {
            "channel": "sms", "name": "Opérateur", "address": "https://sms.example/envoi",
            "is_active": "on", "queue": queue.pk, "closed_answer": "Fermé.",
        },
    )  # fmt: skip
    gateway.refresh_from_db()
    assert (gateway.queue, gateway.closed_answer) == (queue, "Fermé.")
