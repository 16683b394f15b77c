"""The only ways from outside to the chat: a seat in the desk, or the token of a visitor."""

import hashlib
import hmac
from collections.abc import Collection, Sequence

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
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.standing import Standing

LINK_SECONDS = 3600  # how long the address of a file opens it
_FILE = "webchat.file"
_CALL_BACK = "webchat.call_back"


def digest(secret: str) -> str:
    """What is kept of a token or of a network address: nobody finds it back from the table."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()


def _open_at_any(keys: Collection[str], *, through: str = "") -> Q:
    """Which sites public addresses name, while they are open; `through` leads from a row to its site."""
    wanted = {
        "key__in": keys,
        "key_issued_for": F(f"{through}workspace_id"),
        "is_active": True,
        "workspace__sealed_at__isnull": True,
    }
    return Q(**{f"{through}{name}": value for name, value in wanted.items()})


def _open_at(key: str, *, through: str = "") -> Q:
    return _open_at_any([key], through=through)


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
    open_there = _open_at(key, through="visitor__site__")
    return _bare(Chat.objects.filter(open_there, visitor__token_digest=secret))[:1]


def _bare(chats: QuerySet[Chat]) -> QuerySet[Chat]:
    """What the acts of a socket ask of a chat: a hundred other columns stay where they are."""
    rows = queries.with_last_position(chats)
    return rows.select_related("visitor__site__workspace", "conversation").only(
        "workspace_id", "closed_at", "read_by_adviser", "read_by_visitor", "visitor__name",
        "visitor__token_digest", "visitor__site__key", "visitor__site__workspace__sealed_at",
        "conversation__state", "conversation__adviser_label",
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


def chats_at(asked: Sequence[tuple[str, str]]) -> list[Chat | Http404 | DomainRefusal]:
    """`chat_at` for many at once, in one query: by the address of a site and a token."""
    secrets = [digest(token) if policy.is_token(token) else "" for _key, token in asked]
    rows = Chat.objects.filter(
        _open_at_any({key for key, _token in asked}, through="visitor__site__"),
        visitor__token_digest__in=set(secrets) - {""},
    )
    found: dict[tuple[str, str], Chat] = {}
    for chat in _bare(rows):
        chat.workspace = chat.visitor.site.workspace
        # The last exchange of each comes first.
        found.setdefault((chat.visitor.site.key, chat.visitor.token_digest), chat)
    return [
        found.get((key, secret)) or _why_no_chat(key)
        for (key, _token), secret in zip(asked, secrets, strict=True)
    ]


def _why_no_chat(key: str) -> Http404 | DomainRefusal:
    try:
        site_of_key(key)
    except Http404 as closed:
        return closed
    return TokenInvalid()


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
