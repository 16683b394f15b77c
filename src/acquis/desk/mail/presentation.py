"""Mail as pages show it: what one writes, what became of it, what came."""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.channels import Mark
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.mail import policy, queries, reading
from acquis.desk.mail.forms import DraftForm
from acquis.desk.mail.models import Mail
from acquis.desk.shell import may_write
from acquis.kernel import files

LARGEST_IMAGE = 2 * 1024 * 1024  # bytes of one image shown inside a mail
LARGEST_IMAGES = 8 * 1024 * 1024  # of all of them
FIRST_LOOK_MS = 600  # after the instant a mail leaves, for the worker
TONES = {
    Mail.State.RECEIVED: "info",
    Mail.State.SENDING: "neutral",
    Mail.State.SENT: "success",
    Mail.State.FAILED: "danger",
    Mail.State.BOUNCED: "danger",
}


def writing_context(
    workspace: Workspace,
    user: User,
    *,
    conversation: Conversation | None = None,
    mail: Mail | None = None,
    at: datetime,
) -> dict[str, Any]:
    """What `mail/_writing.html` needs: of an exchange, or of one mail written from a record."""
    rows = queries.being_written(workspace, user)
    rows = rows.filter(conversation=conversation) if conversation else rows.filter(pk=mail.pk)  # type: ignore[union-attr]
    found = list(rows)
    draft = next((one for one in found if one.state == Mail.State.DRAFT), None)
    leaving = [
        {
            "mail": one,
            "seconds": seconds_left(one, at),
            "look_again_ms": seconds_left(one, at) * 1000 + FIRST_LOOK_MS,
        }
        for one in found
        if one.state == Mail.State.SCHEDULED
    ]
    last = queries.answerable(conversation) if conversation else None
    place = conversation or mail
    name = "mail:exchange" if conversation else "mail:draft"
    return {
        "workspace": workspace,
        "conversation": conversation,
        "customer": conversation.customer if conversation else mail and mail.customer,
        "mail": mail,
        "address": reverse(name, args=[workspace.pk, place.pk if place else 0]),
        "draft": draft,
        "form": DraftForm(mail=draft) if draft else None,
        "dead": queries.dead(workspace, (draft.to, draft.cc, draft.bcc)) if draft else [],
        "leaving": leaving,
        "last": last,
        "to_all": last is not None and others_written(workspace, last),
        "failed": list(queries.failed(conversation)) if conversation else [],
        "largest": policy.LARGEST_FILES // 1024 // 1024,
        "refusal": None,
        "may_write": may_write(user, workspace),
    }


def seconds_left(mail: Mail, at: datetime) -> int:
    """Whole seconds in which a mail may still be called back."""
    return max(0, round((mail.leaves_at - at).total_seconds())) if mail.leaves_at else 0


def others_written(workspace: Workspace, mail: Mail) -> bool:
    """Whether an answer to all would reach anybody but the sender."""
    sender = mail.reply_to or mail.from_address
    to, cc = policy.everybody(sender, mail.to, mail.cc, queries.own_addresses(workspace))
    return len(to) + len(cc) > 1


def marks(messages: Sequence[Message]) -> Mapping[int, Mark]:
    """What became of each mail, in words."""
    return {
        pk: Mark(state_of(mail), tone_of(mail), reason_of(mail))
        for pk, mail in queries.mails_of(messages).items()
        if mail.state != Mail.State.RECEIVED or mail.kind != Mail.Kind.NORMAL
    }


def state_of(mail: Mail) -> str:
    if mail.state == Mail.State.RECEIVED and mail.kind != Mail.Kind.NORMAL:
        return str(mail.get_kind_display())
    if mail.state == Mail.State.SENDING and mail.attempts:
        return _("Retenu")
    return str(mail.get_state_display())


def tone_of(mail: Mail) -> str:
    if mail.state == Mail.State.RECEIVED and mail.kind != Mail.Kind.NORMAL:
        return "neutral"
    return "warning" if mail.attempts and mail.state == Mail.State.SENDING else TONES[mail.state]  # type: ignore[index]


def reason_of(mail: Mail) -> str:
    """Why a mail is where it is, for whoever reads the journal or the exchange."""
    if mail.state == Mail.State.BOUNCED:
        return " ; ".join(
            f"{one['address']} : {one['reason'] or one['status']}" for one in mail.refused
        )
    if mail.state == Mail.State.FAILED:
        return str(mail.last_error)
    if mail.state == Mail.State.SENDING and mail.attempts:
        return _("%s Nouvel essai bientôt.") % mail.last_error
    if mail.state != Mail.State.RECEIVED:
        return _("Accusé de réception") if mail.kind == Mail.Kind.AUTOMATIC else ""
    return {
        Mail.Kind.AUTOMATIC.value: _("Elle n’ouvre pas d’échange et ne reçoit pas d’accusé."),
        Mail.Kind.LIST.value: _("Envoi à une liste : il ne reçoit pas d’accusé."),
        Mail.Kind.BOUNCE.value: _("Le courriel dont il parle porte sa raison."),
        Mail.Kind.OWN.value: _("Un courriel parti d’ici est revenu : il est ignoré."),
    }.get(mail.kind, "")


def details(messages: Sequence[Message]) -> Mapping[int, Mapping[str, Any]]:
    """Headers, quoted text and original form of each mail, below its words."""
    return {pk: detail_of(mail) for pk, mail in queries.mails_of(messages).items()}


def detail_of(mail: Mail) -> dict[str, Any]:
    return {
        "template": "mail/_detail.html",
        "mail": mail,
        "remote": reading.has_remote_images(mail.html),
        "whole": len(mail.body) > len(mail.message.body) if mail.message else False,
    }


def html_shown(mail: Mail, *, remote: bool) -> str:
    """The HTML of a received mail as its frame shows it: its own images inside, others if asked."""
    return reading.images_shown(mail.html, _own_images(mail), remote=remote)


def _own_images(mail: Mail) -> dict[str, str]:
    left = LARGEST_IMAGES
    shown: dict[str, str] = {}
    for one in mail.files.select_related("file").exclude(content_id=""):
        if one.file.size > min(LARGEST_IMAGE, left):
            continue
        left -= one.file.size
        kind = re.sub(r"[^a-z/+.-]", "", one.file.media_type)
        content = base64.b64encode(files.read(one.file)).decode()
        shown[one.content_id] = f"data:{kind};base64,{content}"
    return shown
