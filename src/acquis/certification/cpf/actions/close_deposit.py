"""A deposit is sent, answered, or given up before it was sent."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.cpf.errors import DepositAlreadySent, DepositNotReady, DepositNotSent
from acquis.certification.cpf.models import Deposit, DepositFile, Passage
from acquis.kernel import files, trace

State = Deposit.State


@transaction.atomic
def send_deposit(*, deposit: Deposit, by: User, at: datetime) -> Deposit:
    """Say that every file was put on the portal. Raises DepositNotReady."""
    deposit = locked(deposit)
    if deposit.state != State.READY:
        raise DepositNotReady
    mark_sent(deposit, by, at)
    return deposit


def mark_sent(deposit: Deposit, by: User, at: datetime) -> None:
    """Of a locked deposit that is ready; call inside a transaction."""
    deposit.files.filter(state=DepositFile.State.WRITTEN).update(state=DepositFile.State.SENT)
    deposit.passages.filter(state=Passage.State.READY).update(state=Passage.State.SENT)
    deposit.state, deposit.sent_at = State.SENT, at
    deposit.save(update_fields=["state", "sent_at"])
    trace.record("cpf.deposit_sent", deposit, by=by, at=at, number=deposit.number)


@transaction.atomic
def cancel_deposit(*, deposit: Deposit, by: User, at: datetime) -> Deposit:
    """Give up a deposit that was not sent: its passages are free again, its files erased.

    Raises DepositAlreadySent.
    """
    deposit = locked(deposit)
    if deposit.state not in {State.WRITING, State.READY}:
        raise DepositAlreadySent
    deposit.passages.update(state=Passage.State.CANCELLED)
    erase(deposit, at)
    deposit.state, deposit.closed_at = State.CANCELLED, at
    deposit.save(update_fields=["state", "closed_at"])
    trace.record("cpf.deposit_cancelled", deposit, by=by, at=at, number=deposit.number)
    return deposit


@transaction.atomic
def close_deposit(*, deposit: Deposit, by: User, at: datetime) -> Deposit:
    """Wait no longer: what got no answer is free for another deposit.

    Should the first have been taken all the same, the next report says that it is already there,
    which counts as accepted. Raises DepositNotSent.
    """
    deposit = locked(deposit)
    if deposit.state != State.SENT:
        raise DepositNotSent
    unanswered = deposit.passages.filter(state=Passage.State.SENT).update(
        state=Passage.State.ERROR, message=_("Sans réponse à la clôture du dépôt."), answered_at=at
    )
    mark_closed(deposit, by, at, unanswered=unanswered)
    return deposit


def mark_closed(deposit: Deposit, by: User, at: datetime, *, unanswered: int = 0) -> None:
    """Of a locked deposit; call inside a transaction."""
    deposit.state, deposit.closed_at = State.CLOSED, at
    deposit.save(update_fields=["state", "closed_at"])
    trace.record(
        "cpf.deposit_closed",
        deposit,
        by=by,
        at=at,
        number=deposit.number,
        unanswered=unanswered,
    )


def locked(deposit: Deposit) -> Deposit:
    return Deposit.objects.select_for_update(of=("self",)).get(pk=deposit.pk)


def erase(deposit: Deposit, at: datetime) -> int:
    """Erase the sealed files and reports; their names and fingerprints stay. Gives how many."""
    rows: list[Any] = [
        *deposit.files.exclude(sealed=None).select_related("sealed"),
        *deposit.reports.exclude(sealed=None).select_related("sealed"),
    ]
    for row in rows:
        stored, row.sealed = row.sealed, None
        row.save(update_fields=["sealed"])
        files.forget(stored)
    deposit.purged_at = at
    deposit.save(update_fields=["purged_at"])
    return len(rows)
