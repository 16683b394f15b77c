from datetime import UTC, datetime, timedelta

import pytest

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.actions.book import cancel
from acquis.desk.agenda.actions.book import move as move_appointment
from acquis.desk.agenda.errors import OutsideHours, SlotTaken
from acquis.desk.agenda.models import Appointment, TakenQuarter
from acquis.desk.agenda.policy import Span
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail.models import Mail
from acquis.desk.phone.actions.hang_up import customer_hangs_up, hang_up
from acquis.desk.phone.errors import AlreadyOnTheLine
from acquis.desk.phone.models import Call, Leg
from acquis.desk.video import queries
from acquis.desk.video.access import device_digest
from acquis.desk.video.actions.invite import Asked, can_tell, invite, move, renew, withdraw
from acquis.desk.video.actions.let_in import end_video, let_in
from acquis.desk.video.actions.wait import arrive, go_away, stay
from acquis.desk.video.errors import (
    InvitationOver,
    NobodyWaits,
    NotOpenYet,
    OtherDevice,
    PlanningOfAnotherDesk,
    SlotRefused,
    VideoNotOffered,
    WayRefused,
    WithoutSlot,
)
from acquis.desk.video.models import VideoInvitation
from acquis.desk.webchat.models import Site
from acquis.kernel.models import OutboxMessage, TraceLine
from tests.factories import accounts, phone, video, webchat
from tests.factories import desk as make
from tests.factories.desk import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
State = VideoInvitation.State
SOON = NOW + timedelta(seconds=3)


def link(_invitation: VideoInvitation) -> str:
    return "https://desk.example/visio/1/"


def verbs(workspace: Workspace) -> list[str]:
    lines = TraceLine.objects.filter(stream=workspace.trace_stream)
    return [line.verb for line in lines.order_by("position")]


def news(workspace: Workspace) -> int:
    """How often open pages of the desk were told of a video call."""
    told = [str(one.payload) for one in OutboxMessage.objects.all()]
    return sum(f"workspace:{workspace.pk}" in one and "invitation" in one for one in told)


def asked(workspace: Workspace, by: User, **fields: object) -> VideoInvitation:
    values = {"way": "copy", "subject": " La pièce "}
    return invite(
        workspace=workspace,
        asked=Asked(**(values | fields)),  # type: ignore[arg-type]
        link=link,
        by=by,
        at=NOW,
    )


def planned(workspace: Workspace, by: User, **fields: object) -> VideoInvitation:
    return asked(workspace, by, **({"slot": THURSDAY} | fields))


def sealed(workspace: Workspace) -> Workspace:
    workspace.sealed_at = NOW
    workspace.save()
    return workspace


# Inviting


def test_an_invitation_to_be_copied_sends_nothing(workspace: Workspace, adviser: User) -> None:
    customer = make.customer(workspace)

    made = asked(workspace, adviser, customer=customer)

    assert (made.label, made.subject) == (customer.display_name, "La pièce")
    assert (made.starts_at, made.expires_at) == (NOW, NOW + timedelta(hours=2))
    assert made.inviter_label == adviser.full_name
    assert not Message.objects.exists()
    assert verbs(workspace) == ["video.invited"]
    assert news(workspace) == 1


def test_an_invitation_for_later_names_its_hour(workspace: Workspace, adviser: User) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="chat")
    slot = NOW + timedelta(days=2)

    made = asked(workspace, adviser, source=exchange, way="exchange", slot=slot)

    assert (made.starts_at, made.expires_at) == (slot, slot + timedelta(hours=1))
    body = exchange.messages.get().body
    assert "rendez-vous" in body
    assert "https://desk.example/visio/1/" in body


@pytest.mark.parametrize("channel", ["chat", "sms", "social"])
def test_an_exchange_in_writing_carries_the_link(
    workspace: Workspace, adviser: User, channel: str
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel=channel)

    made = asked(workspace, adviser, source=exchange, way="exchange")

    message = exchange.messages.get()
    assert message.author == Message.Author.ADVISER
    assert "vous invite à un échange vidéo" in message.body
    assert made.label == exchange.contact_label
    assert made.source == exchange


def test_a_mail_carries_the_link(workspace: Workspace, adviser: User) -> None:
    customer = make.customer(workspace, email="odile@maison.example")

    asked(workspace, adviser, customer=customer, way="mail", address=customer.email)

    mail = Mail.objects.get()
    assert mail.to == "odile@maison.example"
    assert "https://desk.example/visio/1/" in mail.body


def test_an_sms_carries_the_link(workspace: Workspace, adviser: User) -> None:
    customer = make.customer(workspace, phone="+33639981122")

    asked(workspace, adviser, customer=customer, way="sms", address=customer.phone)

    message = Message.objects.get()
    assert message.conversation.channel == Conversation.Channel.SMS
    assert message.conversation.contact_address == "+33639981122"


@pytest.mark.parametrize("way", ["exchange", "mail", "sms"])
def test_a_way_that_leads_nowhere_is_refused(workspace: Workspace, adviser: User, way: str) -> None:
    with pytest.raises(WayRefused):
        asked(workspace, adviser, way=way, source=make.open_conversation(
            workspace, adviser, channel="phone"))  # fmt: skip

    assert not VideoInvitation.objects.exists()


def test_a_slot_that_is_past_is_refused(workspace: Workspace, adviser: User) -> None:
    with pytest.raises(SlotRefused):
        asked(workspace, adviser, slot=NOW - timedelta(minutes=1))

    assert not VideoInvitation.objects.exists()


def test_a_sealed_desk_invites_nobody(workspace: Workspace, adviser: User) -> None:
    with pytest.raises(WorkspaceSealed):
        asked(sealed(workspace), adviser)


def test_a_site_that_offers_no_video_refuses_it_from_its_chats(
    workspace: Workspace, adviser: User
) -> None:
    site = webchat.site(workspace, video_offered=False)
    chat = webchat.open_chat(site, adviser).conversation

    with pytest.raises(VideoNotOffered):
        asked(workspace, adviser, source=chat, way="exchange")
    assert not VideoInvitation.objects.exists()

    Site.objects.update(video_offered=True)
    assert asked(workspace, adviser, source=chat, way="exchange").source == chat


# The planning


THURSDAY = datetime(2027, 1, 7, 9, 0, tzinfo=UTC)  # 10:00 in Paris


def test_a_slot_takes_the_planning_that_is_chosen(workspace: Workspace, adviser: User) -> None:
    resource = make.resource(workspace, name=adviser.full_name)
    customer = make.customer(workspace)

    made = planned(workspace, adviser, resource=resource, customer=customer)

    booked = Appointment.objects.get()
    assert made.appointment == booked
    assert (booked.resource, booked.customer) == (resource, customer)
    assert (booked.starts_at, booked.ends_at) == (THURSDAY, THURSDAY + timedelta(minutes=30))
    assert booked.title == f"Visio avec {customer.display_name}"
    assert queries.own_planning(adviser, workspace) == resource


def test_an_invitation_for_now_takes_no_planning(workspace: Workspace, adviser: User) -> None:
    made = asked(workspace, adviser, resource=make.resource(workspace))

    assert made.appointment is None
    assert not Appointment.objects.exists()


def test_a_slot_that_is_taken_invites_nobody(workspace: Workspace, adviser: User) -> None:
    resource = make.resource(workspace)
    planned(workspace, adviser, resource=resource)

    with pytest.raises(SlotTaken):
        planned(workspace, adviser, resource=resource)
    with pytest.raises(OutsideHours):
        planned(workspace, adviser, resource=resource, slot=THURSDAY + timedelta(hours=12))

    assert VideoInvitation.objects.count() == Appointment.objects.count() == 1


def test_the_planning_of_another_desk_is_refused(workspace: Workspace, adviser: User) -> None:
    other = make.resource(accounts.workspace(name="Autre poste"))

    with pytest.raises(PlanningOfAnotherDesk):
        planned(workspace, adviser, resource=other)

    assert not VideoInvitation.objects.exists()


def test_moving_takes_another_hour_and_tells_the_customer(
    workspace: Workspace, adviser: User
) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="chat")
    made = planned(
        workspace, adviser, resource=make.resource(workspace), source=exchange, way="exchange",
        length=timedelta(hours=1),
    )  # fmt: skip
    later = THURSDAY + timedelta(days=1)

    for _twice in range(2):
        row = move(invitation=made, slot=later, link=link, by=adviser, at=SOON)

    booked = Appointment.objects.get()
    assert (row.starts_at, row.expires_at) == (later, later + timedelta(hours=1))
    assert (booked.starts_at, booked.ends_at) == (later, later + timedelta(hours=1))
    told = [one.body for one in exchange.messages.order_by("position")]
    assert len(told) == 2
    assert "est déplacé au" in told[1]
    assert link(row) in told[1]
    assert verbs(workspace).count("video.moved") == 1


def test_moving_to_an_hour_that_is_taken_changes_nothing(
    workspace: Workspace, adviser: User
) -> None:
    resource = make.resource(workspace)
    made = planned(workspace, adviser, resource=resource)
    other = THURSDAY + timedelta(hours=1)
    planned(workspace, adviser, resource=resource, slot=other)

    with pytest.raises(SlotTaken):
        move(invitation=made, slot=other, link=link, by=adviser, at=SOON)

    made.refresh_from_db()
    assert made.starts_at == THURSDAY


def test_what_has_no_hour_or_is_over_is_not_moved(workspace: Workspace, adviser: User) -> None:
    now = asked(workspace, adviser)
    made = planned(workspace, adviser)
    at_the_door = planned(workspace, adviser)
    at_the_door.state = State.ARRIVED
    at_the_door.save()

    with pytest.raises(WithoutSlot):
        move(invitation=now, slot=THURSDAY, link=link, by=adviser, at=SOON)
    with pytest.raises(InvitationOver):
        move(invitation=at_the_door, slot=THURSDAY, link=link, by=adviser, at=SOON)
    with pytest.raises(SlotRefused):
        move(invitation=made, slot=NOW, link=link, by=adviser, at=SOON)
    with pytest.raises(InvitationOver):
        move(
            invitation=made, slot=THURSDAY, link=link, by=adviser,
            at=THURSDAY + timedelta(hours=2),
        )  # fmt: skip
    assert move(
        invitation=made, slot=THURSDAY + timedelta(days=1), link=link, by=adviser, at=SOON
    ).starts_at == THURSDAY + timedelta(days=1)  # without a planning, nothing follows


def test_withdrawing_frees_the_planning_and_tells_the_customer(
    workspace: Workspace, adviser: User
) -> None:
    customer = make.customer(workspace, email="odile@maison.example")
    made = planned(
        workspace, adviser, resource=make.resource(workspace), customer=customer, way="mail",
        address=customer.email,
    )  # fmt: skip

    withdraw(invitation=made, by=adviser, at=SOON)

    assert Appointment.objects.get().state == Appointment.State.CANCELLED
    assert not TakenQuarter.objects.exists()
    assert "est annulé" in Mail.objects.order_by("pk").last().body  # type: ignore[union-attr]


def test_a_customer_is_told_where_the_link_went(workspace: Workspace, adviser: User) -> None:
    exchange = make.open_conversation(workspace, adviser, channel="chat")
    told = video.invitation(workspace, adviser, way="exchange", source=exchange)

    assert can_tell(told)
    exchange.state = Conversation.State.ENDED
    assert not can_tell(told)
    assert not can_tell(video.invitation(workspace, adviser, way="exchange"))
    assert not can_tell(video.invitation(workspace, adviser))
    assert can_tell(video.invitation(workspace, adviser, way="sms", address="+33639981122"))


# Withdrawing, renewing


def test_an_invitation_is_withdrawn_once(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)

    withdraw(invitation=made, by=adviser, at=SOON)
    again = withdraw(invitation=made, by=adviser, at=SOON)

    assert again.state == State.WITHDRAWN
    assert verbs(workspace) == ["video.withdrawn"]


def test_a_call_under_way_is_not_withdrawn(workspace: Workspace, adviser: User) -> None:
    made = video.invitation(workspace, adviser, state=State.CALLING)

    with pytest.raises(InvitationOver):
        withdraw(invitation=made, by=adviser, at=SOON)


def test_a_new_link_frees_the_invitation_of_its_device(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)

    row = renew(invitation=made, by=adviser, at=SOON)

    assert (row.generation, row.device, row.state) == (2, "", State.SENT)
    assert row.seen_at is None
    assert verbs(workspace) == ["video.link_renewed"]


def test_no_new_link_is_made_once_it_is_over(workspace: Workspace, adviser: User) -> None:
    made = video.invitation(workspace, adviser)

    with pytest.raises(InvitationOver):
        renew(invitation=made, by=adviser, at=NOW + timedelta(hours=3))


# Waiting


def test_the_first_browser_that_arrives_keeps_the_link(workspace: Workspace, adviser: User) -> None:
    made = video.invitation(workspace, adviser)

    row = arrive(invitation=made, device="first", at=SOON)

    assert (row.state, row.device) == (State.ARRIVED, device_digest("first"))
    with pytest.raises(OtherDevice):
        arrive(invitation=made, device="second", at=SOON)
    arrive(invitation=made, device="first", at=SOON)
    assert verbs(workspace) == ["video.arrived"]
    assert news(workspace) == 1


def test_nobody_enters_too_early_or_too_late(workspace: Workspace, adviser: User) -> None:
    later = NOW + timedelta(days=1)
    early = video.invitation(
        workspace, adviser, starts_at=later, expires_at=later + timedelta(hours=1)
    )
    gone = video.invitation(workspace, adviser, state=State.WITHDRAWN)

    with pytest.raises(NotOpenYet):
        arrive(invitation=early, device="first", at=NOW)
    with pytest.raises(InvitationOver):
        arrive(invitation=gone, device="first", at=NOW)
    with pytest.raises(InvitationOver):
        arrive(invitation=early, device="first", at=later + timedelta(hours=2))


def test_arriving_during_the_call_gives_it_back(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser, state=State.CALLING)

    assert arrive(invitation=made, device="first", at=SOON).state == State.CALLING
    assert verbs(workspace) == []


def test_a_page_that_waits_is_written_down_now_and_then(
    workspace: Workspace, adviser: User
) -> None:
    made = video.arrived(workspace, adviser)

    assert stay(invitation=made, device="first", at=SOON).seen_at == NOW
    assert news(workspace) == 0
    later = NOW + timedelta(seconds=12)
    assert stay(invitation=made, device="first", at=later).seen_at == later
    assert news(workspace) == 0
    back = later + timedelta(minutes=5)
    assert stay(invitation=made, device="first", at=back).seen_at == back
    assert news(workspace) == 1  # the page slept: the desk is told again


def test_a_page_that_does_not_wait_changes_nothing(workspace: Workspace, adviser: User) -> None:
    made = video.invitation(workspace, adviser)

    assert stay(invitation=made, device="", at=SOON).seen_at is None
    assert go_away(invitation=made, device="", at=SOON).state == State.SENT
    assert verbs(workspace) == []


def test_another_device_neither_waits_nor_leaves(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)

    with pytest.raises(OtherDevice):
        stay(invitation=made, device="second", at=SOON)
    with pytest.raises(OtherDevice):
        go_away(invitation=made, device="second", at=SOON)


def test_whoever_goes_away_may_come_again(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)

    assert go_away(invitation=made, device="first", at=SOON).state == State.SENT
    assert arrive(invitation=made, device="first", at=SOON).state == State.ARRIVED
    assert verbs(workspace) == ["video.went_away", "video.arrived"]


# The call


def test_letting_in_begins_a_call_by_video(workspace: Workspace, adviser: User) -> None:
    customer = make.customer(workspace)
    made = video.arrived(workspace, adviser, customer=customer, subject="La pièce")

    call = let_in(invitation=made, by=adviser, at=SOON)

    conversation = call.conversation
    assert conversation.channel == Conversation.Channel.VIDEO
    assert (conversation.customer, conversation.adviser) == (customer, adviser)
    assert conversation.subject == "La pièce"
    assert call.state == Call.State.ACTIVE
    assert call.answered_at == SOON
    assert {leg.side for leg in call.legs.filter(state=Leg.State.JOINED)} == {
        Leg.Side.ADVISER,
        Leg.Side.CUSTOMER,
    }
    made.refresh_from_db()
    assert made.state == State.CALLING
    assert made.leg_key == call.legs.get(side=Leg.Side.CUSTOMER).key
    assert let_in(invitation=made, by=adviser, at=SOON) == call
    assert verbs(workspace).count("video.let_in") == 1


def test_nobody_is_let_in_who_does_not_wait(workspace: Workspace, adviser: User) -> None:
    with pytest.raises(NobodyWaits):
        let_in(invitation=video.invitation(workspace, adviser), by=adviser, at=SOON)
    with pytest.raises(NobodyWaits):
        let_in(
            invitation=video.arrived(workspace, adviser), by=adviser, at=NOW + timedelta(hours=3)
        )


def test_who_speaks_already_lets_nobody_in(workspace: Workspace, adviser: User) -> None:
    phone.active_call(workspace, adviser)
    made = video.arrived(workspace, adviser)

    with pytest.raises(AlreadyOnTheLine):
        let_in(invitation=made, by=adviser, at=SOON)

    assert not Conversation.objects.filter(channel="video").exists()


def test_a_sealed_desk_lets_nobody_in(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)
    sealed(workspace)

    with pytest.raises(WorkspaceSealed):
        let_in(invitation=made, by=adviser, at=SOON)


def test_hanging_up_ends_the_exchange_and_the_link(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)
    call = let_in(invitation=made, by=adviser, at=SOON)

    hang_up(call=call, by=adviser, at=SOON + timedelta(minutes=1))

    call.refresh_from_db()
    made.refresh_from_db()
    assert (call.state, made.state) == (Call.State.ENDED, State.DONE)
    assert Conversation.objects.get(pk=call.conversation_id).state == Conversation.State.ENDED


def test_a_customer_who_hangs_up_ends_it_too(workspace: Workspace, adviser: User) -> None:
    made = video.arrived(workspace, adviser)
    call = let_in(invitation=made, by=adviser, at=SOON)

    customer_hangs_up(leg=call.legs.get(side=Leg.Side.CUSTOMER), at=SOON)

    made.refresh_from_db()
    assert made.state == State.DONE


def test_an_exchange_that_had_no_call_or_no_link_ends(workspace: Workspace, adviser: User) -> None:
    alone = make.open_conversation(workspace, adviser, channel="video")
    end_conversation(conversation=alone, by=adviser, at=SOON)
    call = phone.active_call(workspace, adviser)
    end_video(conversation=call.conversation, at=SOON)

    call.refresh_from_db()
    assert call.state == Call.State.ENDED
    assert not VideoInvitation.objects.exists()


# The planning moves or frees what an invitation booked


def test_an_invitation_follows_its_appointment_in_the_planning(
    workspace: Workspace, adviser: User
) -> None:
    known = make.customer(workspace, email="odile@client.example")
    invitation = planned(
        workspace,
        adviser,
        way="mail",
        address="odile@client.example",
        customer=known,
        resource=make.resource(workspace),
    )
    booked = invitation.appointment
    assert booked is not None
    later = Span(THURSDAY + timedelta(hours=1), THURSDAY + timedelta(hours=1, minutes=30))

    move_appointment(appointment=booked, resource=booked.resource, span=later, by=adviser, at=SOON)

    invitation.refresh_from_db()
    assert invitation.starts_at == later.start
    assert invitation.expires_at > later.end
    told = Mail.objects.order_by("pk").last()
    assert told is not None
    assert "est déplacé au" in told.body
    assert "Le lien que vous avez reçu reste le même" in told.body
    assert verbs(workspace).count("video.moved") == 1

    cancel(appointment=booked, reason="Conseiller malade", by=adviser, at=SOON)

    invitation.refresh_from_db()
    assert invitation.state == State.WITHDRAWN
    told = Mail.objects.order_by("pk").last()
    assert told is not None
    assert "est annulé" in told.body
    assert verbs(workspace).count("video.withdrawn") == 1


def test_an_appointment_given_to_another_resource_at_its_hour_tells_nobody(
    workspace: Workspace, adviser: User
) -> None:
    invitation = planned(workspace, adviser, resource=make.resource(workspace))
    booked = invitation.appointment
    assert booked is not None
    other = make.resource(workspace, name="Salle vidéo")

    move_appointment(appointment=booked, resource=other, span=booked.span, by=adviser, at=SOON)

    invitation.refresh_from_db()
    assert invitation.starts_at == THURSDAY
    assert "video.moved" not in verbs(workspace)


def test_an_invitation_already_used_stays_as_it_is(workspace: Workspace, adviser: User) -> None:
    invitation = planned(workspace, adviser, resource=make.resource(workspace))
    VideoInvitation.objects.filter(pk=invitation.pk).update(state=State.ARRIVED)
    booked = invitation.appointment
    assert booked is not None

    cancel(appointment=booked, reason="Congé", by=adviser, at=SOON)

    invitation.refresh_from_db()
    assert invitation.state == State.ARRIVED
    withdraw(invitation=invitation, by=adviser, at=SOON)
    booked.refresh_from_db()
    assert booked.reason == "Congé"
