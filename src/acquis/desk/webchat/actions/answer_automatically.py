from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from acquis.desk.shell import day_in_paris
from acquis.desk.webchat import queries
from acquis.desk.webchat.models import Chat, ChatLine
from acquis.kernel import trace


@transaction.atomic
def answer_automatically(*, chat: Chat, question: str, at: datetime) -> ChatLine:
    """Propose articles that treat of the question, in an answer that says what it is.

    A person must be told at the first word that no person answers them (AI Act, art. 50(1); G-17).
    """
    found = queries.proposals(chat.workspace, question, today=day_in_paris(at))
    last = chat.lines.order_by("-position").first()
    position = last.position + 1 if last else 1
    with override(chat.visitor.language):
        text = (
            ngettext(
                "Réponse automatique : cette page répond peut-être à votre question. Vous pouvez "
                "parler à un conseiller à tout moment.",
                "Réponse automatique : ces pages répondent peut-être à votre question. Vous pouvez "
                "parler à un conseiller à tout moment.",
                len(found),
            )
            if found
            else _(
                "Réponse automatique : je n’ai rien trouvé qui réponde à votre question. Un "
                "conseiller peut vous aider."
            )
        )
    line = ChatLine.objects.create(
        workspace_id=chat.workspace_id,
        chat=chat,
        position=position,
        author=ChatLine.Author.AUTOMATIC,
        body=text,
        articles=found,
        sent_at=at,
        client_key=f"automatic-{position}",
    )
    trace.record(
        "webchat.answered_automatically",
        chat,
        by=None,
        at=at,
        articles=[article["slug"] for article in found],
    )
    return line
