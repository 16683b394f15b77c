"""The records of a desk are compared with each other, a bounded batch at a time."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.merging import policy, queries
from acquis.desk.merging.models import DuplicateScan, MatchKey, Suspicion
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import jobs
from acquis.kernel.models import Job

JOB = "merging.scan"
BATCH = 400  # records a transaction
STILL_WRITING = timedelta(minutes=2)


@transaction.atomic
def start_scan(*, workspace: Workspace, by: User | None, at: datetime) -> Job:
    """Queue the comparison of what changed since the last one; one at a time for a desk.

    Raises WorkspaceSealed.
    """
    refuse_if_sealed(workspace)
    scan, _made = DuplicateScan.objects.get_or_create(workspace=workspace)
    job = jobs.enqueue(
        JOB, by=by, at=at, args={"workspace": workspace.pk}, unique_key=f"{JOB}:{workspace.pk}"
    )
    scan.job_key = job.pk
    scan.save(update_fields=["job_key"])
    return job


@transaction.atomic
def scan_batch(*, workspace: Workspace, at: datetime) -> int:
    """Compare the next records that changed; how many were read, 0 when all are.

    A batch that is begun again finds the same: keys and pairs are written once.
    """
    scan = DuplicateScan.objects.select_for_update(of=("self",)).get(workspace=workspace)
    records = _changed_since(workspace, scan)
    if not records:
        scan.finished_at = at
        # What another act is still writing bears an instant that has passed: read it next time.
        scan.seen_until = min(scan.seen_until or at, at - STILL_WRITING)
        scan.save(update_fields=["finished_at", "seen_until"])
        return 0
    found = queries.identities(records)
    keys = _write_keys(workspace, found)
    _write_pairs(workspace, found, keys)
    scan.seen_until, scan.seen_key = records[-1].updated_at, records[-1].pk
    scan.save(update_fields=["seen_until", "seen_key"])
    return len(records)


def _changed_since(workspace: Workspace, scan: DuplicateScan) -> list[Customer]:
    """The next records in the order of their last change, read by an index however many there are.

    An import leaves thousands of the same instant: the rest of that instant is read first, by key.
    """
    ours = Customer.objects.filter(workspace=workspace).order_by("updated_at", "pk")
    if scan.seen_until is None:
        return list(ours[:BATCH])
    same = list(ours.filter(updated_at=scan.seen_until, pk__gt=scan.seen_key)[:BATCH])
    if len(same) == BATCH:
        return same
    return same + list(ours.filter(updated_at__gt=scan.seen_until)[: BATCH - len(same)])


def _write_keys(workspace: Workspace, found: dict[int, policy.Identity]) -> dict[str, set[int]]:
    """The keys of the batch, and by each key who else has it."""
    own = {pk: policy.keys(one) for pk, one in found.items()}
    MatchKey.objects.filter(customer__in=found).delete()
    MatchKey.objects.bulk_create(
        MatchKey(workspace=workspace, customer_id=pk, key=key)
        for pk, keys in own.items()
        for key in sorted(keys)
    )
    shared: dict[str, set[int]] = defaultdict(set)
    wanted = sorted({key for keys in own.values() for key in keys})
    for at in range(0, len(wanted), 500):
        rows = MatchKey.objects.filter(workspace=workspace, key__in=wanted[at : at + 500])
        for key, pk in rows.order_by().values_list("key", "customer_id"):
            if len(shared[key]) <= queries.MOST_PER_KEY:
                shared[key].add(pk)
    return {key: who for key, who in shared.items() if 1 < len(who) <= queries.MOST_PER_KEY}


def _write_pairs(
    workspace: Workspace, found: dict[int, policy.Identity], shared: dict[str, set[int]]
) -> None:
    pairs = {
        (min(one, other), max(one, other))
        for who in shared.values()
        for one in who & found.keys()
        for other in who
        if one != other
    }
    others = {pk for pair in pairs for pk in pair} - found.keys()
    known = {**found, **queries.identities(list(Customer.objects.filter(pk__in=others)))}
    kept: dict[tuple[int, int], Any] = {
        (row.first_id, row.second_id): row
        for row in Suspicion.objects.filter(
            Q(first__in=found) | Q(second__in=found), workspace=workspace
        )
    }
    likeness = {
        pair: policy.compare(known[pair[0]], known[pair[1]])
        for pair in sorted(pairs)
        if pair[0] in known and pair[1] in known
    }
    gone, rescored = [], []
    for pair, row in kept.items():
        now = likeness.get(pair)
        if now is not None and now.probable:
            if row.score != now.score:
                row.score, row.reasons = now.score, list(now.reasons)
                rescored.append(row)
        elif row.state == Suspicion.State.OPEN:
            gone.append(row.pk)
    Suspicion.objects.filter(pk__in=gone).delete()
    Suspicion.objects.bulk_update(rescored, ["score", "reasons"], batch_size=BATCH)
    Suspicion.objects.bulk_create(
        [
            Suspicion(
                workspace=workspace, first_id=pair[0], second_id=pair[1],
                score=one.score, reasons=list(one.reasons),
            )
            for pair, one in likeness.items()
            if one.probable and pair not in kept
        ],
        ignore_conflicts=True,
    )  # fmt: skip
