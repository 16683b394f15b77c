"""What each route of access asks for: the recevabilité of a VAE, the lines of a livret."""

from datetime import date, datetime
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.registrations import files
from acquis.certification.registrations.errors import (
    AlreadyHeld,
    DatesReversed,
    HeldByResult,
    NotThisRoute,
)
from acquis.certification.registrations.models import Admissibility, Enrolment, HeldBlock
from acquis.kernel import trace


class AdmissibilityData(TypedDict):
    """`decision` empty and `decided_on` None: nothing has been answered yet."""

    requested_on: date
    authority: str
    decision: str
    decided_on: date | None
    reason: str


@transaction.atomic
def record_admissibility(
    *, enrolment: Enrolment, data: AdmissibilityData, by: User, at: datetime
) -> Admissibility:
    """Write where a VAE file stands (X-12). Raises NotThisRoute or DatesReversed."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.route != Enrolment.Route.VAE:
        raise NotThisRoute
    decided = data["decided_on"]
    if decided and decided < data["requested_on"]:
        raise DatesReversed
    written, _new = Admissibility.objects.update_or_create(enrolment=enrolment, defaults={**data})
    trace.record(
        "candidate.admissibility",
        enrolment,
        by=by,
        at=at,
        requested_on=data["requested_on"],
        decision=data["decision"],
        decided_on=decided,
    )
    return written


@transaction.atomic
def record_held(
    *,
    enrolment: Enrolment,
    block: str,
    obtained_on: date,
    pv_reference: str,
    by: User,
    at: datetime,
) -> HeldBlock:
    """Write a line of the livret: a block, or the whole title (`block` empty). Raises AlreadyHeld."""
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=enrolment.pk)
    )
    held, written = HeldBlock.objects.get_or_create(
        candidate_id=enrolment.candidate_id,
        version_id=enrolment.version_id,
        block=block,
        withdrawn_at=None,
        defaults={
            "framework_id": enrolment.version.framework_id,
            "obtained_on": obtained_on,
            "pv_reference": pv_reference.strip(),
        },
    )
    if not written:
        raise AlreadyHeld
    trace.record(
        "candidate.block_held", enrolment, by=by, at=at, block=block, obtained_on=obtained_on
    )
    return held


@transaction.atomic
def record_result(
    *,
    enrolment: Enrolment,
    obtained_on: date,
    pv_reference: str,
    by: User | None,
    at: datetime,
    block: str | None = None,
) -> HeldBlock:
    """Write in the livret what an exam of the centre gave: its block, or the whole (X-02).

    `block` is one of those that an exam of the whole gave; None: what the enrolment is for.

    The result of the jury stands before what was typed by hand for the same block, which is kept
    beside it for the day its decision would fall; told twice, it is written once.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("version")
        .get(pk=enrolment.pk)
    )
    block = enrolment.block if block is None else block
    fields = {"obtained_on": obtained_on, "pv_reference": pv_reference, "earned_by": enrolment}
    held, new = HeldBlock.objects.get_or_create(
        candidate_id=enrolment.candidate_id,
        version_id=enrolment.version_id,
        block=block,
        withdrawn_at=None,
        defaults=fields | {"framework_id": enrolment.version.framework_id},
    )
    if not new and held.earned_by_id is not None:
        return held
    if not new:
        typed = {"typed_on": held.obtained_on, "typed_pv": held.pv_reference}
        HeldBlock.objects.filter(pk=held.pk).update(**fields, **typed)
        held.refresh_from_db()
    trace.record(
        "candidate.block_held",
        enrolment,
        by=by,
        at=at,
        block=block,
        obtained_on=obtained_on,
        pv=pv_reference,
    )
    return held


@transaction.atomic
def revoke_result(*, enrolment: Enrolment, reason: str, by: User, at: datetime) -> list[HeldBlock]:
    """Withdraw from the livret all that the exam of this enrolment gave: its decision fell (X-06).

    The lines stay written, with when, by whom and why, and count no more. What was typed by hand,
    before this exam or apart from it, and what another enrolment gave, stays in force; told twice,
    it is withdrawn once. Gives the lines withdrawn.
    """
    lines = list(files.lines_in_force().select_for_update(of=("self",)).filter(earned_by=enrolment))
    for line in lines:
        line.withdrawn_at, line.withdrawn_by, line.withdrawal_reason = at, by, reason.strip()
        line.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
        trace.record(
            "candidate.block_revoked",
            enrolment,
            by=by,
            at=at,
            block=line.block,
            obtained_on=line.obtained_on,
            pv=line.pv_reference,
            personal={"reason": line.withdrawal_reason},
        )
        if line.typed_on is not None:
            _write_again(line, line.typed_on, by, at)
    return lines


def _write_again(line: HeldBlock, typed_on: date, by: User, at: datetime) -> None:
    """What was typed of a line before the exam that confirmed it: that exam alone fell."""
    HeldBlock.objects.create(
        candidate_id=line.candidate_id,
        framework_id=line.framework_id,
        version_id=line.version_id,
        block=line.block,
        obtained_on=typed_on,
        pv_reference=line.typed_pv,
    )
    trace.record(
        "candidate.block_held",
        line.earned_by,
        by=by,
        at=at,
        block=line.block,
        obtained_on=typed_on,
        pv=line.typed_pv,
    )


@transaction.atomic
def withdraw_held(*, held: HeldBlock, by: User, at: datetime) -> None:
    """Remove a line written by mistake; the trace keeps that it was there.

    Raises HeldByResult for what a jury decided.
    """
    if held.earned_by_id is not None:
        raise HeldByResult
    trace.record(
        "candidate.block_withdrawn",
        held.candidate,
        by=by,
        at=at,
        block=held.block,
        obtained_on=held.obtained_on,
    )
    held.delete()
