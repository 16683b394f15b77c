"""The files of a deposit: written, sealed and read again by the schema, passage by passage."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from django.core.files import File
from django.db import transaction
from django.db.models import F

from acquis.accounts.models import User
from acquis.certification.cpf import checking, policy, presentation, queries, schemata, writing
from acquis.certification.cpf.entries import entry_of
from acquis.certification.cpf.errors import DepositNotWriting, FileInvalid, NothingReady
from acquis.certification.cpf.models import (
    Deposit,
    DepositFile,
    Passage,
    RegisteredCertification,
)
from acquis.certification.cpf.schemas.reading import Schema
from acquis.certification.cpf.sealing import Sealer, Unsealed
from acquis.kernel import files, trace
from acquis.kernel.models import StoredFile

Progress = Callable[[int, int], None]
State = Deposit.State
_AT_ONCE = 1000


@dataclass
class _Written:
    """One file before the deposit knows it."""

    number: int
    stored: StoredFile
    sha256: str
    size: int
    ranks: list[int]


@dataclass
class _Aside:
    """Lines that cannot be written, by rank, with the sentence that says why."""

    reasons: dict[int, str] = field(default_factory=dict)


def write_deposit(
    *,
    deposit: Deposit,
    by: User,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> Deposit:
    """Write the files of a deposit and make it ready to be sent.

    A line that can no longer be written (its record changed since) is set aside with its reason
    and never dropped in silence. Run again, it begins anew: the bytes are the same as long as the
    records are. Raises DepositNotWriting, UnknownSchema, FileInvalid or NothingReady: the deposit
    then says why, and may be written again or cancelled.
    """
    if deposit.state != State.WRITING:
        raise DepositNotWriting
    schema = schemata.compiled(deposit.organisation, deposit.schema_version)
    written: list[_Written] = []
    aside = _Aside()
    try:
        entries = _entries(deposit, aside, progress)
        while (ahead := next(entries, None)) is not None:
            mine = itertools.islice(itertools.chain([ahead], entries), deposit.split_at)
            written.append(_write(deposit, len(written) + 1, mine, schema, by, at))
        return _keep(deposit, written, aside, by, at)
    except BaseException as fault:
        for one in written:
            files.forget(one.stored)
        if isinstance(fault, FileInvalid | NothingReady):
            Deposit.objects.filter(pk=deposit.pk).update(
                problem="\n".join([str(fault), *aside.reasons.values()])
            )
        raise


def _entries(deposit: Deposit, aside: _Aside, progress: Progress) -> Iterator[policy.Entry]:
    """The lines in the order of their ranks, those that have a fault left out and remembered."""
    certifications = {
        (one.framework_id, one.block): one
        for one in RegisteredCertification.objects.filter(organisation=deposit.organisation_id)
    }
    total = deposit.total
    for first in range(1, total + 1, _AT_ONCE):
        progress(first - 1, total)
        batch = list(
            deposit.passages.filter(rank__gte=first, rank__lt=first + _AT_ONCE).order_by("rank")
        )
        rows = {row.candidate_id: row for row in queries.of_seats(deposit.organisation, batch)}
        for passage in batch:
            row = rows[passage.seat_id]
            certification = certifications.get((row.session.version.framework_id, passage.block))
            gaps = queries.gaps_of(row)
            if certification is None or gaps or row.outside:
                aside.reasons[passage.rank] = presentation.set_aside(row, gaps)
                continue
            entry = entry_of(row, certification, technical_id=passage.technical_id)
            faults = policy.faults(entry)
            if faults:
                aside.reasons[passage.rank] = presentation.faulty(row, faults)
                continue
            yield entry
    progress(total, total)


def _write(
    deposit: Deposit,
    number: int,
    entries: Iterator[policy.Entry],
    schema: Schema,
    by: User,
    at: datetime,
) -> _Written:
    """One file, sealed as it is written, then read again against the schema. Raises FileInvalid."""
    flux = writing.Flux(
        policy.flux_id(deposit.client_id, deposit.number, number),
        deposit.opened_at,
        writing.Sender(
            deposit.client_id, deposit.certifier_id, deposit.contract_id, deposit.depositor
        ),
    )
    with tempfile.TemporaryFile() as out:
        sealer = Sealer(out)
        ranks = [
            int(entry.technical_id.rsplit("-", 1)[1])
            for entry in writing.write(sealer, flux, entries, schema)  # type: ignore[arg-type]
        ]
        sealer.end()
        _check(deposit, out, schema, len(ranks))
        out.seek(0)
        stored = files.store_file(
            File(out, name=f"{flux.flux_id}.scelle"),
            media_type="application/octet-stream",
            by=by,
            at=at,
        )
    return _Written(number, stored, sealer.sha256, sealer.size, ranks)


def _check(deposit: Deposit, sealed: IO[bytes], schema: Schema, count: int) -> None:
    sealed.seek(0)
    valid, seen = checking.is_valid(Unsealed(sealed), schema)  # type: ignore[arg-type]
    if valid and seen == count:
        return
    sealed.seek(0)
    violation = checking.first_violation(Unsealed(sealed), schema)  # type: ignore[arg-type]
    passage = deposit.passages.filter(technical_id=violation.technical_id).first()
    raise FileInvalid(
        version=schema.version,
        where=presentation.place_of_violation(passage),
        text=violation.text,
    )


@transaction.atomic
def _keep(
    deposit: Deposit, written: list[_Written], aside: _Aside, by: User, at: datetime
) -> Deposit:
    if not written:
        raise NothingReady
    deposit = Deposit.objects.select_for_update(of=("self",)).get(pk=deposit.pk)
    if deposit.state != State.WRITING:  # cancelled, or written by another worker meanwhile
        raise DepositNotWriting
    for one in written:
        _keep_file(deposit, one)
    for rank, reason in aside.reasons.items():
        deposit.passages.filter(rank=rank).update(state=Passage.State.ERROR, message=reason)
    deposit.state, deposit.problem = State.READY, ""
    deposit.save(update_fields=["state", "problem"])
    trace.record(
        "cpf.deposit_written",
        deposit,
        by=by,
        at=at,
        number=deposit.number,
        files=[one.sha256 for one in written],
        passages=sum(len(one.ranks) for one in written),
        set_aside=len(aside.reasons),
    )
    return deposit


def _keep_file(deposit: Deposit, one: _Written) -> None:
    day = deposit.opened_at.astimezone(writing.PARIS).date()
    file = DepositFile.objects.create(
        deposit=deposit,
        number=one.number,
        flux_id=policy.flux_id(deposit.client_id, deposit.number, one.number),
        name=policy.file_name(deposit.client_id, deposit.number, one.number, day),
        sha256=one.sha256,
        size=one.size,
        count=len(one.ranks),
        sealed=one.stored,
    )
    for first, last, line in _runs(one.ranks):
        deposit.passages.filter(rank__gte=first, rank__lte=last).update(
            file=file, line=F("rank") - first + line
        )


def _runs(ranks: list[int]) -> Iterator[tuple[int, int, int]]:
    """Ranks that follow each other, with the line of the first: who was set aside parts them."""
    start = 0
    for place in range(1, len(ranks) + 1):
        if place == len(ranks) or ranks[place] != ranks[place - 1] + 1:
            yield ranks[start], ranks[place - 1], start + writing.FIRST_LINE
            start = place
