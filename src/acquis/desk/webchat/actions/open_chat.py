from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from acquis.desk.conversations import policy as conversations
from acquis.desk.conversations.errors import MessageTooLong
from acquis.desk.shell import refuse_if_sealed
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.actions._chat import checked_email
from acquis.desk.webchat.actions.answer_automatically import answer_automatically
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.errors import ChatInvalid, TokenInvalid, TooManyChats
from acquis.desk.webchat.models import Chat, ChatLine, Site, Visitor
from acquis.kernel import trace

NAME_CHARS = 120
SUBJECT_CHARS = 200
TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """What a visitor tells of themself, and the page they came from."""

    name: str
    email: str
    question: str
    client_key: str
    page_url: str = ""
    page_title: str = ""
    language: str = "fr"


@transaction.atomic
def open_chat(
    *,
    site: Site,
    said: Opening,
    token: str,
    token_digest: str,
    address_digest: str,
    at: datetime,
) -> Chat:
    """Begin an exchange: the same `client_key` of the same visitor gives the one already begun.

    The automatic answer speaks first where the site wants it; else an adviser is asked for at
    once. Raises TokenInvalid, ChatInvalid, MessageTooLong, EmailNeeded (malformed, or absent outside
    opening hours when nobody answers automatically), TooManyChats or WorkspaceSealed; nothing is
    written then.
    """
    name, email, question = said.name.strip(), said.email.strip(), said.question.strip()
    if not policy.is_token(token):
        raise TokenInvalid
    if not name or not question or not 0 < len(said.client_key) <= conversations.LONGEST_KEY:
        raise ChatInvalid
    if len(question) > conversations.LONGEST_MESSAGE:
        raise MessageTooLong(limit=conversations.LONGEST_MESSAGE)
    if email:
        email = checked_email(email)
    site = Site.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=site.pk)
    refuse_if_sealed(site.workspace)
    known = Chat.objects.filter(
        visitor__site=site, visitor__token_digest=token_digest, client_key=said.client_key
    ).first()
    if known is not None:
        return known
    since = at - policy.CHATS_WINDOW
    if queries.chats_begun_from(site, address_digest, since=since) >= policy.MOST_CHATS:
        raise TooManyChats
    facts = {
        "site": site,
        "address_digest": address_digest,
        "name": name[:NAME_CHARS],
        "email": email,
        "language": "en" if said.language.startswith("en") else "fr",
    }
    visitor, _new = Visitor.objects.update_or_create(
        workspace=site.workspace,
        token_digest=token_digest,
        defaults=facts,
        create_defaults={**facts, "first_seen_at": at},
    )
    chat = Chat.objects.create(
        workspace=site.workspace,
        visitor=visitor,
        client_key=said.client_key,
        subject=" ".join(question.split())[:SUBJECT_CHARS],
        page_url=policy.page_address(said.page_url),
        page_title=said.page_title.strip()[:TITLE_CHARS],
        begun_at=at,
    )
    ChatLine.objects.create(
        workspace=site.workspace,
        chat=chat,
        position=1,
        author=ChatLine.Author.VISITOR,
        body=question,
        sent_at=at,
        client_key=said.client_key,
    )
    trace.record(
        "webchat.begun",
        chat,
        by=None,
        at=at,
        site=site.name,
        automatic=site.automatic,
        personal={"name": visitor.name, "email": visitor.email},
    )
    if site.automatic:
        answer_automatically(chat=chat, question=question, at=at)
        return chat
    return hand_over(chat=chat, at=at)
