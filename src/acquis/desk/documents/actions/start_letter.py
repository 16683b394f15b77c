from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.errors import CustomerOfAnotherDesk
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.documents import policy
from acquis.desk.documents.actions.keep_template import TEXTS
from acquis.desk.documents.errors import TemplateArchived
from acquis.desk.documents.models import Letter, LetterTemplate
from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.presentation import values_for
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def start_letter(
    *,
    customer: Customer,
    conversation: Conversation | None = None,
    template: LetterTemplate | None = None,
    by: User,
    at: datetime,
) -> Letter:
    """Begin a draft, with what usage gives: place, day, the forms that open and close it.

    A template gives its texts, the variables filled for this customer; what is not known is left
    to complete, and no letter leaves with such a place. Raises TemplateArchived,
    CustomerOfAnotherDesk when the exchange is of another desk, or WorkspaceSealed; nothing is
    written then.
    """
    workspace = customer.workspace
    refuse_if_sealed(workspace)
    if conversation is not None and conversation.workspace_id != workspace.pk:
        raise CustomerOfAnotherDesk
    if template is not None and template.archived_at is not None:
        raise TemplateArchived(title=template.title)
    texts = _texts(template, customer, conversation, by, at) if template else {}
    letter = Letter.objects.create(
        workspace=workspace,
        customer=customer,
        conversation=conversation,
        place=policy.town_of(workspace.identity),
        dated_on=day_in_paris(at),
        salutation=policy.salutation_for(customer.title),
        closing=texts.pop("closing", "") or policy.closing_for(customer.title),
        signature=by.full_name,
        author=by,
        author_label=by.full_name,
        created_at=at,
        saved_at=at,
        **texts,
        template_title=template.title if template else "",
        needs_release=template is not None and template.needs_release,
    )
    trace.record(
        "letter.started",
        letter,
        by=by,
        at=at,
        customer_id=customer.pk,
        conversation_id=conversation.pk if conversation else None,
        template=letter.template_title,
    )
    realtime.publish(letter.trace_stream, at=at, what="letter", letter=letter.pk)
    return letter


def _texts(
    template: LetterTemplate,
    customer: Customer,
    conversation: Conversation | None,
    by: User,
    at: datetime,
) -> dict[str, str]:
    """The parts of the letter that the template writes, none longer than a letter takes."""
    values = values_for(
        customer.workspace,
        by,
        customer,
        subject=conversation.subject if conversation else "",
        today=day_in_paris(at),
    )
    return {
        name: snippets.filled(getattr(template, name), values).text[: policy.PARTS[name]]
        for name in TEXTS
    }
