import json
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.council.errors import PackNotReady
from acquis.certification.council.models import CouncilPack
from acquis.certification.juries.models import Juror
from acquis.kernel import crypto, trace


@transaction.atomic
def read_key(*, pack: CouncilPack, by: User, at: datetime) -> list[tuple[str, Juror]]:
    """Which juror each letter of a pack stands for, in the order of the letters; traced.

    Raises PackNotReady.
    """
    if pack.state != CouncilPack.State.READY:
        raise PackNotReady
    named = json.loads(crypto.unseal(bytes(pack.sealed_key)))["jurors"]
    jurors = Juror.objects.in_bulk(named.values())
    trace.record("council.key_read", pack, by=by, at=at, year=pack.year, number=pack.number)
    ordered = sorted(named, key=lambda letter: (len(letter), letter))
    return [(letter, jurors[named[letter]]) for letter in ordered]
