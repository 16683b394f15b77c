from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User
from acquis.certification.frameworks.content import criteria
from acquis.certification.sittings.models import Sitting
from acquis.kernel import trace
from acquis.practice.evidence.errors import ExchangesNotOver
from acquis.practice.evidence.gathering import gather
from acquis.practice.evidence.models import Observation
from acquis.practice.evidence.queries import readable
from acquis.practice.evidence.sources import Moment
from acquis.practice.evidence.units import UNITS


@transaction.atomic
def read_evidence(*, sitting: Sitting, by: User | None, at: datetime) -> list[Observation]:
    """Read the trace and productions of a sitting and keep what was seen, as a new numbered set.

    Facts only: no observation holds a verdict, a score or a colour (AI Act art. 5, G-17).
    Raises ExchangesNotOver.
    """
    if not readable(sitting):
        raise ExchangesNotOver
    candidate = sitting.candidate
    lines = list(criteria(candidate.session.version.content, candidate.session.block))
    sources = gather(sitting)
    last = Observation.objects.filter(candidate=candidate).aggregate(last=Max("reading"))["last"]
    reading = (last or 0) + 1
    rows: list[Observation] = []
    for unit in UNITS:
        codes = [line["code"] for line in lines if unit.may_serve(line["text"])]
        if not codes:
            continue
        for seen in unit.read(sources):
            rows.append(
                Observation(
                    candidate=candidate,
                    reading=reading,
                    unit=unit.key,
                    criteria=codes,
                    title=seen.title[:200],
                    statement=seen.statement,
                    moments=[_moment(moment) for moment in seen.moments],
                    figures=dict(seen.figures),
                    computed_at=at,
                    position=len(rows),
                )
            )
    kept = Observation.objects.bulk_create(rows)
    trace.record("evidence.read", sitting, by=by, at=at, reading=reading, observations=len(kept))
    return kept


def _moment(moment: Moment) -> dict[str, Any]:
    """What was heard is kept as its place: its words stay in the transcript, and go with it."""
    kept: dict[str, Any] = {
        "ref": moment.ref,
        "label": moment.label,
        "at": moment.at.isoformat() if moment.at else None,
        "excerpt": moment.excerpt,
    }
    return kept if moment.second is None else kept | {"excerpt": "", "second": moment.second}
