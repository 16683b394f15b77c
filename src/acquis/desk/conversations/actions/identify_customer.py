from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.errors import CustomerOfAnotherDesk
from acquis.desk.conversations.models import Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.directory.models import Customer
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def identify_customer(
    *, conversation: Conversation, customer: Customer, by: User, at: datetime
) -> Conversation:
    """Say which customer this contact is with; the record before and after is traced.

    Raises CustomerOfAnotherDesk or WorkspaceSealed; nothing is written then.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    if customer.workspace_id != row.workspace_id:
        raise CustomerOfAnotherDesk
    if row.customer_id == customer.pk:
        return row
    before = row.customer_id
    row.customer = customer
    row.save(update_fields=["customer"])
    trace.record(
        "conversation.identified",
        row,
        by=by,
        at=at,
        customer_before=before,
        customer_id=customer.pk,
        reference=customer.reference,
    )
    announce(row, what="identified", at=at)
    return row
