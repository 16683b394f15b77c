"""A link is made, and sent where the customer can read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.models import Resource
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.desk.mail.actions.send_mail import send_mail
from acquis.desk.messaging.actions.begin_exchange import begin_exchange
from acquis.desk.shell import PARIS, refuse_if_sealed
from acquis.desk.video import policy
from acquis.desk.video.actions._invitation import locked
from acquis.desk.video.actions._planning import book_slot, free_slot, move_slot
from acquis.desk.video.errors import (
    InvitationOver,
    SlotRefused,
    VideoNotOffered,
    WayRefused,
    WithoutSlot,
)
from acquis.desk.video.models import VideoInvitation
from acquis.desk.video.news import announce
from acquis.desk.webchat.queries import offers_video
from acquis.kernel import trace

LABEL_CHARS, SUBJECT_CHARS = 160, 200
WRITTEN = frozenset({"chat", "sms", "whatsapp", "social"})  # channels on which a link is a message
Way = VideoInvitation.Way


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to invite, when (None: now) and by what; `address` is that of a mail or an SMS.

    A slot takes `length` of the planning of `resource`, where one is given.
    """

    way: str
    subject: str = ""
    slot: datetime | None = None
    address: str = ""
    customer: Customer | None = None
    source: Conversation | None = None
    resource: Resource | None = None
    length: timedelta = policy.MEETING


@transaction.atomic
def invite(
    *,
    workspace: Workspace,
    asked: Asked,
    link: Callable[[VideoInvitation], str],
    by: User,
    at: datetime,
) -> VideoInvitation:
    """Invite a customer to a video call, and send the link by the way that was chosen.

    `link` gives the whole address of an invitation. Raises SlotRefused, VideoNotOffered,
    WayRefused, what booking the planning or sending raises, or WorkspaceSealed; nothing is written
    then.
    """
    refuse_if_sealed(workspace)
    try:
        starts = policy.starts_at(asked.slot, at)
    except ValueError as error:
        raise SlotRefused from error
    source = asked.source
    if source is not None and not offers_video(source):
        raise VideoNotOffered
    customer = asked.customer or (source.customer if source else None)
    label = customer.display_name if customer else (source.contact_label if source else "")
    invitation = VideoInvitation.objects.create(
        workspace=workspace,
        customer=customer,
        label=label[:LABEL_CHARS],
        subject=asked.subject.strip()[:SUBJECT_CHARS],
        source=source,
        way=asked.way,
        address=_address(asked),
        inviter=by,
        inviter_label=by.full_name[:LABEL_CHARS],
        created_at=at,
        starts_at=starts,
        expires_at=policy.expires_at(asked.slot, at),
    )
    if asked.slot is not None and asked.resource is not None:
        book_slot(invitation, asked.resource, asked.length, by=by, at=at)
    trace.record(
        "video.invited",
        invitation,
        by=by,
        at=at,
        way=invitation.way,
        starts_at=starts,
        customer_id=customer.pk if customer else None,
        conversation_id=source.pk if source else None,
    )
    _send(invitation, words_of(invitation, link(invitation)), by=by, at=at)
    announce(invitation, at=at)
    return invitation


def _address(asked: Asked) -> str:
    if asked.way in {Way.MAIL, Way.SMS}:
        return asked.address
    return asked.source.contact_address if asked.way == Way.EXCHANGE and asked.source else ""


def _send(
    invitation: VideoInvitation, words: str, *, about: str = "", by: User, at: datetime
) -> None:
    """Tell the customer; `about` names what is told, so that it is told once.

    Raises WayRefused where that way leads nowhere for this customer.
    """
    customer, source = invitation.customer, invitation.source
    key = f"video:{invitation.pk}:{invitation.generation}{about}"
    match invitation.way:
        case Way.COPY:
            return
        case Way.EXCHANGE if source is not None and source.channel in WRITTEN:
            send_message(
                conversation=source,
                author=Message.Author.ADVISER,
                body=words,
                author_label=by.full_name,
                client_key=key,
                by=by,
                at=at,
            )
        case Way.MAIL if invitation.address:
            subject = _("Votre rendez-vous vidéo avec %(house)s") % {"house": house_of(invitation)}
            send_mail(
                workspace=invitation.workspace,
                conversation=None,
                customer=customer,
                parts={"to": invitation.address, "subject": subject, "body": words},
                by=by,
                at=at,
            )
        case Way.SMS if customer is not None and invitation.address:
            begin_exchange(
                customer=customer,
                channel=Conversation.Channel.SMS,
                address=invitation.address,
                body=words,
                client_key=key,
                by=by,
                at=at,
            )
        case _:
            raise WayRefused


def house_of(invitation: VideoInvitation) -> str:
    """In whose name the customer is invited."""
    workspace = invitation.workspace
    return str(workspace.identity.get("name") or workspace.name)


def words_of(invitation: VideoInvitation, link: str) -> str:
    """What the customer reads; the hour is that of Paris."""
    values = {
        "name": invitation.inviter_label,
        "house": house_of(invitation),
        "link": link,
        "until": date_format(invitation.expires_at.astimezone(PARIS), "j F à H:i"),
        "when": date_format(invitation.starts_at.astimezone(PARIS), "l j F à H:i"),
    }
    if invitation.has_slot:
        return (
            _(
                "%(name)s (%(house)s) vous donne rendez-vous en vidéo le %(when)s, heure de Paris. "
                "Ouvrez ce lien à l’heure dite, sans rien installer ; il sert une seule fois :\n"
                "%(link)s"
            )
            % values
        )
    return (
        _(
            "%(name)s (%(house)s) vous invite à un échange vidéo. Ouvrez ce lien, sans rien "
            "installer ; il sert une seule fois, jusqu’au %(until)s, heure de Paris :\n%(link)s"
        )
        % values
    )


def words_of_change(invitation: VideoInvitation, link: str = "") -> str:
    """What the customer reads when the hour changes."""
    if not link:
        return _(
            "Votre rendez-vous vidéo avec %(name)s (%(house)s) est déplacé au %(when)s, heure de "
            "Paris. Le lien que vous avez reçu reste le même."
        ) % _facts(invitation)
    return _(
        "Votre rendez-vous vidéo avec %(name)s (%(house)s) est déplacé au %(when)s, heure de "
        "Paris. Le lien reste le même :\n%(link)s"
    ) % {**_facts(invitation), "link": link}


def words_of_end(invitation: VideoInvitation) -> str:
    """What the customer reads when an agreed moment is given up."""
    return _(
        "Votre rendez-vous vidéo du %(when)s avec %(name)s (%(house)s) est annulé. "
        "Son lien ne sert plus."
    ) % _facts(invitation)


def _facts(invitation: VideoInvitation) -> dict[str, str]:
    return {
        "name": invitation.inviter_label,
        "house": house_of(invitation),
        "when": date_format(invitation.starts_at.astimezone(PARIS), "l j F à H:i"),
    }


def can_tell(invitation: VideoInvitation) -> bool:
    """Whether a change reaches the customer by the way that the invitation took."""
    source = invitation.source
    match invitation.way:
        case Way.COPY:
            return False
        case Way.EXCHANGE:
            return source is not None and source.state == Conversation.State.OPEN
    return bool(invitation.address)


@transaction.atomic
def move(
    *,
    invitation: VideoInvitation,
    slot: datetime,
    link: Callable[[VideoInvitation], str],
    by: User,
    at: datetime,
) -> VideoInvitation:
    """Give an agreed meeting another hour: the planning follows, and the customer is told.

    The same hour changes nothing. Raises WithoutSlot, SlotRefused, InvitationOver once the
    customer came or the link expired, what moving in the planning raises, or WorkspaceSealed.
    """
    row = locked(invitation)
    if not row.has_slot:
        raise WithoutSlot
    if row.door(at) not in {policy.Door.EARLY, policy.Door.OPEN} or row.state != row.State.SENT:
        raise InvitationOver
    try:
        starts = policy.starts_at(slot, at)
    except ValueError as error:
        raise SlotRefused from error
    if starts == row.starts_at:
        return row
    before = row.starts_at
    row.starts_at, row.expires_at = starts, policy.expires_at(slot, at)
    row.save(update_fields=["starts_at", "expires_at"])
    move_slot(row, by=by, at=at)
    _tell_moved(row, before, words_of_change(row, link(row)), by=by, at=at)
    return row


@transaction.atomic
def follow_slot(
    *, invitation: VideoInvitation, starts: datetime, by: User, at: datetime
) -> VideoInvitation:
    """Take the hour that the planning gave to an invitation not yet used, and tell the customer.

    The link stays, and is not written again. Raises WorkspaceSealed.
    """
    row = locked(invitation)
    before = row.starts_at
    row.starts_at, row.expires_at = starts, policy.expires_at(starts, at)
    row.save(update_fields=["starts_at", "expires_at"])
    _tell_moved(row, before, words_of_change(row), by=by, at=at)
    return row


def _tell_moved(
    row: VideoInvitation, before: datetime, words: str, *, by: User, at: datetime
) -> None:
    trace.record("video.moved", row, by=by, at=at, before=before, starts_at=row.starts_at)
    if can_tell(row):
        _send(row, words, about=f":{int(at.timestamp())}", by=by, at=at)
    announce(row, at=at)


@transaction.atomic
def withdraw(*, invitation: VideoInvitation, by: User, at: datetime) -> VideoInvitation:
    """Close the door before the call, free the planning, and tell who had an hour agreed.

    Withdrawing twice changes nothing.
    Raises InvitationOver once the call is under way or over, or WorkspaceSealed.
    """
    row = locked(invitation)
    if row.state == VideoInvitation.State.WITHDRAWN:
        return row
    if row.state not in {VideoInvitation.State.SENT, VideoInvitation.State.ARRIVED}:
        raise InvitationOver
    row.state = VideoInvitation.State.WITHDRAWN
    row.save(update_fields=["state"])
    free_slot(row, by=by, at=at)
    trace.record("video.withdrawn", row, by=by, at=at)
    if row.has_slot and row.expires_at > at and can_tell(row):
        _send(row, words_of_end(row), about=":end", by=by, at=at)
    announce(row, at=at)
    return row


@transaction.atomic
def renew(*, invitation: VideoInvitation, by: User, at: datetime) -> VideoInvitation:
    """Void the link and make another, for another device; it is copied, not sent again.

    Raises InvitationOver once the call is under way, over or expired, or WorkspaceSealed.
    """
    row = locked(invitation)
    if row.door(at) not in {policy.Door.EARLY, policy.Door.OPEN}:
        raise InvitationOver
    row.generation += 1
    row.device = ""
    row.state = VideoInvitation.State.SENT
    row.arrived_at = row.seen_at = None
    row.save(update_fields=["generation", "device", "state", "arrived_at", "seen_at"])
    trace.record("video.link_renewed", row, by=by, at=at)
    announce(row, at=at)
    return row
