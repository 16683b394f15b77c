"""The only ways from outside to the chat: a seat in the desk, or the token of a visitor."""

import hashlib
import hmac

from django.conf import settings
from django.core import signing
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may, may_write_in, workspace_for
from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.conversations.access import conversation_for
from acquis.desk.conversations.models import Attachment
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.errors import SupervisorNeeded, TokenInvalid
from acquis.desk.webchat.models import CallBack, Chat, Site
from acquis.kernel.standing import Standing

LINK_SECONDS = 3600  # how long the address of a file opens it
_FILE = "webchat.file"
_CALL_BACK = "webchat.call_back"


def digest(secret: str) -> str:
    """What is kept of a token or of a network address: nobody finds it back from the table."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()


def _open_at(key: str, *, through: str = "") -> Q:
    """Which site a public address names, while it is open; `through` leads from a row to its site."""
    wanted = {
        "key": key,
        "key_issued_for": F(f"{through}workspace_id"),
        "is_active": True,
        "workspace__sealed_at__isnull": True,
    }
    return Q(**{f"{through}{name}": value for name, value in wanted.items()})


def site_of_key(key: str) -> Site:
    """The site that a public address names, while it is open. Raises Http404."""
    rows = Site.objects.filter(_open_at(key))
    return get_object_or_404(rows.select_related("workspace__organisation"))


def chat_of(site: Site, token: str) -> Chat:
    """The last exchange of the visitor whose token it is, on this site alone. Raises TokenInvalid."""
    found = None
    if policy.is_token(token):
        chats = Chat.objects.filter(visitor__site=site, visitor__token_digest=digest(token))
        found = chats.select_related("visitor", "conversation").first()
    if found is None:
        raise TokenInvalid
    found.visitor.site = site
    found.workspace = site.workspace
    return found


def _chats_at(*, key: str, secret: str) -> QuerySet[Chat]:
    chats = Chat.objects.filter(
        _open_at(key, through="visitor__site__"), visitor__token_digest=secret
    )
    rows = queries.with_last_position(chats)
    rows = rows.select_related("visitor__site__workspace", "conversation")
    return rows.only(*_ACT_ASKS)[:1]


# What the acts of a socket ask of a chat: a hundred other columns stay where they are.
_ACT_ASKS = (
    "workspace_id", "closed_at", "read_by_adviser", "read_by_visitor", "visitor__name",
    "visitor__site__key", "visitor__site__workspace__sealed_at", "conversation__state",
    "conversation__adviser_label",
)  # fmt: skip


_CHAT_AT = Standing(_chats_at, key=str, secret=str)


def chat_at(key: str, token: str) -> Chat:
    """`chat_of` the site that a public address names, in one query: what each act of a socket asks.

    It bears the position of the last message (`queries.last_position`). Raises Http404, TokenInvalid.
    """
    found = _CHAT_AT.first(key=key, secret=digest(token)) if policy.is_token(token) else None
    if found is None:
        site_of_key(key)
        raise TokenInvalid
    found.workspace = found.visitor.site.workspace
    return found


def file_link(chat: Chat, attachment: Attachment) -> str:
    """The signature that opens one file of an exchange to its visitor for an hour."""
    return signing.dumps([chat.pk, attachment.pk], salt=_FILE)


def file_of_link(site: Site, signature: str) -> Attachment:
    """The file that a signature of this site opens. Raises Http404."""
    try:
        chat, attachment = signing.loads(signature, salt=_FILE, max_age=LINK_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    rows = Attachment.objects.filter(
        message__conversation__webchat=chat,
        message__conversation__webchat__visitor__site=site,
    )
    return get_object_or_404(rows.select_related("file"), pk=attachment)


def call_back_link(call_back: CallBack) -> str:
    """The signature that opens a call-back to whom asked for it."""
    return signing.dumps(call_back.pk, salt=_CALL_BACK)


def call_back_of_link(site: Site, signature: str) -> CallBack:
    """Raises Http404."""
    try:
        pk = signing.loads(signature, salt=_CALL_BACK)
    except signing.BadSignature as error:
        raise Http404 from error
    return get_object_or_404(site.call_backs.select_related("site__workspace"), pk=pk)


def may_supervise(user: User, workspace: Workspace) -> bool:
    """Who sets up sites: a supervisor, or in an enterprise of exercise whoever writes there."""
    if workspace.kind == WorkspaceKind.LIVE:
        return may(user, Verb.DESK_SUPERVISE, workspace.organisation)
    return may_write_in(user, workspace)


def supervised(user: User, workspace_id: int) -> Workspace:
    """The desk, to set up. Raises Http404, SupervisorNeeded, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    if not may_supervise(user, workspace):
        raise SupervisorNeeded
    return workspace


def site_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Site]:
    """A site of a desk, to read. Raises Http404."""
    workspace = workspace_for(user, workspace_id)
    site = get_object_or_404(Site.objects.filter(workspace=workspace), pk=pk)
    site.workspace = workspace
    return workspace, site


def chat_for(
    user: User, workspace_id: int, conversation_pk: int, *, write: bool = False
) -> tuple[Workspace, Chat]:
    """The chat of a conversation of a desk. Raises Http404, or the refusal to write there."""
    workspace, conversation = conversation_for(user, workspace_id, conversation_pk, write=write)
    chat = get_object_or_404(Chat.objects.filter(conversation=conversation))
    chat.conversation = conversation
    return workspace, chat


def call_back_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, CallBack]:
    """Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = CallBack.objects.filter(workspace=workspace).select_related("customer", "site")
    call_back = get_object_or_404(rows, pk=pk)
    call_back.workspace = workspace
    return workspace, call_back
