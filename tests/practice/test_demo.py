import pytest
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.desk.conversations.models import Conversation
from acquis.kernel import trace
from acquis.practice.demo.visitors import let_visitors_wait
from acquis.practice.enterprises.actions.load_pack import load_pack

pytestmark = pytest.mark.django_db


def test_a_stranger_and_a_known_customer_wait_on_the_training_desk() -> None:
    centre = Organisation.objects.create(name="Centre", slug="centre")
    now = timezone.now()
    desk = load_pack(organisation=centre, slug="valbrenne", by=None, at=now)

    let_visitors_wait(desk=desk, at=now)

    waiting = Conversation.objects.filter(workspace=desk, state=Conversation.State.WAITING)
    known, stranger = waiting.order_by("started_at")
    assert known.channel == Conversation.Channel.MAIL
    assert known.customer is not None
    assert known.customer.orders.filter(number__in=known.subject.split()).exists()
    assert stranger.channel == Conversation.Channel.CHAT
    assert stranger.customer is None
    assert [message.position for message in stranger.messages.all()] == [1]
    assert trace.verify() == []
