from datetime import datetime, timedelta

from django.db import transaction

from acquis.certification.cpf import policy
from acquis.certification.cpf.actions.close_deposit import erase, locked
from acquis.certification.cpf.models import CdcAccount, Deposit
from acquis.kernel import trace


def erase_files(*, at: datetime) -> int:
    """Erase what was kept long enough after the end of its deposit; gives how many deposits."""
    kept = dict(CdcAccount.objects.values_list("organisation", "keep_days"))
    closed = Deposit.objects.filter(closed_at__isnull=False, purged_at=None).order_by("pk")
    erased = 0
    for deposit in closed:
        days = kept.get(deposit.organisation_id, policy.KEEP_DAYS)
        if deposit.closed_at and deposit.closed_at + timedelta(days=days) <= at:
            erased += _erase(deposit, at)
    return erased


@transaction.atomic
def _erase(deposit: Deposit, at: datetime) -> int:
    deposit = locked(deposit)
    if deposit.purged_at is not None:  # by another worker at the same time
        return 0
    count = erase(deposit, at)
    trace.record("cpf.files_erased", deposit, by=None, at=at, number=deposit.number, files=count)
    return 1
