from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.documents import policy
from acquis.desk.documents.models import Letter
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def start_letter(
    *, customer: Customer, conversation: Conversation | None = None, by: User, at: datetime
) -> Letter:
    """Begin a draft, with what usage gives: place, day, the forms that open and close it.

    Raises WorkspaceSealed; nothing is written then.
    """
    workspace = customer.workspace
    refuse_if_sealed(workspace)
    letter = Letter.objects.create(
        workspace=workspace,
        customer=customer,
        conversation=conversation,
        place=policy.town_of(workspace.identity),
        dated_on=day_in_paris(at),
        salutation=policy.salutation_for(customer.title),
        closing=policy.closing_for(customer.title),
        signature=by.full_name,
        author=by,
        author_label=by.full_name,
        created_at=at,
        saved_at=at,
    )
    trace.record(
        "letter.started",
        letter,
        by=by,
        at=at,
        customer_id=customer.pk,
        conversation_id=conversation.pk if conversation else None,
    )
    realtime.publish(letter.trace_stream, at=at, what="letter", letter=letter.pk)
    return letter
