from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.models import Customer
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def open_customer(*, customer: Customer, view_key: str, by: User, at: datetime) -> bool:
    """Record that a person looked at a record; the same page view is recorded once.

    Return whether this call recorded it.
    """
    refuse_if_sealed(customer.workspace)
    stream = f"workspace:{customer.workspace_id}"
    seen = trace.lines(stream).filter(
        verb="customer.opened", object_id=str(customer.pk), data__view=view_key
    )
    if seen.exists():
        return False
    trace.record(
        "customer.opened",
        customer,
        by=by,
        at=at,
        stream=stream,
        view=view_key,
        reference=customer.reference,
    )
    return True
