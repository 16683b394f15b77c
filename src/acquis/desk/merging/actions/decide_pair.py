"""Two records that look alike are said not to be the same customer, or to be looked at again."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.models import Customer
from acquis.desk.merging.errors import NothingToMerge
from acquis.desk.merging.models import Suspicion
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def decide_pair(
    *, one: Customer, other: Customer, same: bool, by: User | None, at: datetime
) -> Suspicion:
    """Remember that they are not the same; with `same`, that they are to be looked at again.

    Said twice it changes nothing. Raises NothingToMerge or WorkspaceSealed.
    """
    refuse_if_sealed(one.workspace)
    if one.pk == other.pk or one.workspace_id != other.workspace_id:
        raise NothingToMerge
    first, second = sorted((one, other), key=lambda row: row.pk)
    row, _made = Suspicion.objects.select_for_update(of=("self",)).get_or_create(
        first=first, second=second, defaults={"workspace_id": one.workspace_id, "score": 0}
    )
    state = Suspicion.State.OPEN if same else Suspicion.State.DISMISSED
    if row.state == state:
        return row
    row.state, row.decided_at, row.decided_by_label = state, at, by.full_name if by else ""
    row.save(update_fields=["state", "decided_at", "decided_by_label"])
    trace.record(
        "customers.told_apart" if not same else "customers.to_compare_again",
        row,
        by=by,
        at=at,
        stream=f"workspace:{one.workspace_id}",
        customers=[first.pk, second.pk],
    )
    return row
