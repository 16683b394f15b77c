import json
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.council import measuring, policy, season
from acquis.certification.council.errors import PackNotReady
from acquis.certification.council.models import CouncilPack
from acquis.kernel import crypto, jobs, trace
from acquis.kernel.models import Job

RECOUNT = "council.recount"


def enqueue_recount(pack: CouncilPack, by: User, at: datetime) -> Job:
    return jobs.enqueue(
        RECOUNT,
        by=by,
        at=at,
        args={"pack": pack.pk, "by": by.pk},
        unique_key=f"{RECOUNT}:{pack.pk}",
    )


def recount_pack(*, pack: CouncilPack, by: User, at: datetime) -> list[str]:
    """Count again, from the records and with the same letters; the sections that now differ.

    Nothing of the pack is changed. Opinions are anonymous and undated, so that those given since
    make « satisfaction » differ. Raises PackNotReady.
    """
    if pack.state != CouncilPack.State.READY:
        raise PackNotReady
    now, before = (
        season.read(pack.organisation, pack.framework, year, pack.as_of)
        for year in (pack.year, pack.year - 1)
    )
    seed = bytes.fromhex(json.loads(crypto.unseal(bytes(pack.sealed_key)))["seed"])
    letters = policy.shuffled(seed, measuring.jurors_of([now, before]))
    again = json.loads(json.dumps(measuring.measured(now, before, letters)))
    kept = pack.data["sections"]
    differ = [name for name, rows in again["sections"].items() if rows != kept.get(name)]
    trace.record(
        "council.pack_recounted",
        pack,
        by=by,
        at=at,
        year=pack.year,
        number=pack.number,
        differ=differ,
    )
    return differ
