from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from acquis.accounts.models import Organisation, User
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.cpf import policy, queries, schemata
from acquis.certification.cpf.errors import (
    DepositOpen,
    NoAccount,
    NothingReady,
    PassagesNotReady,
)
from acquis.certification.cpf.models import CdcAccount, Deposit, Passage
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job

JOB = "cpf.write"
_NAMED = 5
_AT_ONCE = 2000


@transaction.atomic
def open_deposit(
    *,
    organisation: Organisation,
    chosen: Collection[int] | None,
    by: User,
    at: datetime,
    schema_version: str = "",
) -> Deposit:
    """Put what is ready in a new deposit, whose files are then written in the background.

    `chosen` are keys of first certificates; None takes all that is ready. The schema is the
    centre's unless another version is named. Raises NoAccount, DepositOpen, UnknownSchema,
    NothingReady or PassagesNotReady; nothing is written then.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    account = queries.account_of(organisation)
    if account is None:
        raise NoAccount
    current = queries.open_deposit_of(organisation)
    if current is not None:
        raise DepositOpen(number=current.number)
    version = schema_version or account.schema_version
    schemata.refuse_unknown(organisation, version)
    rows = _ready(organisation, chosen)
    deposit = _deposit(account, version, by, at)
    deposit.total = _put(deposit, rows)
    if not deposit.total:
        raise NothingReady
    deposit.save(update_fields=["total"])
    trace.record(
        "cpf.deposit_opened",
        deposit,
        by=by,
        at=at,
        number=deposit.number,
        passages=deposit.total,
        schema=version,
    )
    enqueue_writing(deposit, by, at)
    return deposit


def enqueue_writing(deposit: Deposit, by: User, at: datetime) -> Job:
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"deposit": deposit.pk, "by": by.pk},
        unique_key=f"{JOB}:{deposit.pk}",
    )


def _ready(organisation: Organisation, chosen: Collection[int] | None) -> QuerySet[Any]:
    found = queries.deliveries(organisation).filter(is_open=True, lacks=False)
    if chosen is None:
        return found
    known = set(found.filter(pk__in=chosen).values_list("pk", flat=True))
    missing = set(chosen) - known
    if missing:
        rows = IssuedDocument.objects.filter(pk__in=missing, organisation=organisation)
        people = rows.select_related("candidate__enrolment__candidate").order_by("pk")
        names = [str(row.candidate.enrolment.candidate) for row in people[:_NAMED] if row.candidate]
        if len(missing) > len(names):
            names.append("…")
        raise PassagesNotReady(names=", ".join(names))
    return found.filter(pk__in=known)


def _deposit(account: CdcAccount, version: str, by: User, at: datetime) -> Deposit:
    year = timezone.localtime(at).year
    mine = Deposit.objects.filter(
        organisation=account.organisation_id, number__startswith=f"CPF-{year}-"
    )
    return Deposit.objects.create(
        organisation_id=account.organisation_id,
        number=policy.deposit_number(year, mine.count() + 1),
        schema_version=version,
        client_id=account.client_id,
        certifier_id=account.certifier_id,
        contract_id=account.contract_id,
        depositor=account.depositor,
        split_at=account.split_at,
        opened_at=at,
        opened_by=by,
    )


def _put(deposit: Deposit, rows: QuerySet[Any]) -> int:
    """One passage a row, by register, code and certificate: the order of the files."""
    sought = rows.order_by("register", "code", "number", "pk").values_list(
        "candidate", F("session__block")
    )
    passages = [
        Passage(
            deposit=deposit,
            seat_id=seat,
            block=block,
            rank=rank,
            technical_id=policy.technical_id(deposit.number, rank),
        )
        for rank, (seat, block) in enumerate(sought, start=1)
    ]
    Passage.objects.bulk_create(passages, batch_size=_AT_ONCE)
    return len(passages)
