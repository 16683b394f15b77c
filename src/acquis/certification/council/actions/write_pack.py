import json
import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.awards.policy import fingerprint
from acquis.certification.council import measuring, policy, rendering, season
from acquis.certification.council.models import CouncilPack
from acquis.kernel import crypto, files, trace

STAGES = 4
Progress = Callable[[int, int], None]


def write_pack(
    *,
    pack: CouncilPack,
    by: User,
    at: datetime,
    progress: Progress = lambda _done, _total: None,
) -> CouncilPack:
    """Count, print and freeze a pack. One that is ready already is given back as it is.

    Letters in place of jurors' names are drawn anew; the list is sealed beside the figures.
    """
    if pack.state == CouncilPack.State.READY:
        return pack
    progress(0, STAGES)
    now = season.read(pack.organisation, pack.framework, pack.year, pack.as_of)
    progress(1, STAGES)
    before = season.read(pack.organisation, pack.framework, pack.year - 1, pack.as_of)
    progress(2, STAGES)
    seed = secrets.token_bytes(policy.SEED_BYTES)
    letters = policy.shuffled(seed, measuring.jurors_of([now, before]))
    data = measuring.measured(now, before, letters)
    progress(3, STAGES)
    printed = rendering.pdf_of(pack, data)
    return _keep(pack, data, seed, letters, printed, by, at)


@transaction.atomic
def _keep(
    pack: CouncilPack,
    data: dict[str, object],
    seed: bytes,
    letters: dict[int, str],
    printed: bytes,
    by: User,
    at: datetime,
) -> CouncilPack:
    locked = CouncilPack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if locked.state == CouncilPack.State.READY:  # another worker was faster
        return locked
    locked.data, locked.data_sha256 = data, fingerprint(data)
    key = {"seed": seed.hex(), "jurors": {letter: one for one, letter in letters.items()}}
    locked.sealed_key = crypto.seal(json.dumps(key).encode())
    locked.file = files.store(
        printed, name=rendering.file_name(pack, "pdf"), media_type="application/pdf", by=by, at=at
    )
    locked.state, locked.written_at = CouncilPack.State.READY, at
    locked.save()
    trace.record(
        "council.pack_written",
        locked,
        by=by,
        at=at,
        year=locked.year,
        number=locked.number,
        sha256=locked.data_sha256,
    )
    return locked
