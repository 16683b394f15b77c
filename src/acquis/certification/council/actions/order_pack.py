from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.council.errors import NothingJudged, PackInWriting
from acquis.certification.council.models import CouncilPack
from acquis.certification.council.season import judged_in
from acquis.certification.frameworks.models import Framework
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job

JOB = "council.write"


@transaction.atomic
def order_pack(
    *, organisation: Organisation, framework: Framework, year: int, by: User, at: datetime
) -> CouncilPack:
    """A new pack of a certification and a civil year, written in the background.

    It counts what was decided until `at`; earlier packs of the same year stay as they are.
    Raises NothingJudged or PackInWriting; nothing is written then.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not judged_in(organisation, framework, year).exists():
        raise NothingJudged(framework=framework.title, year=year)
    earlier = CouncilPack.objects.filter(organisation=organisation, framework=framework, year=year)
    if earlier.filter(state=CouncilPack.State.WRITING).exists():
        raise PackInWriting
    pack = CouncilPack.objects.create(
        organisation=organisation,
        framework=framework,
        year=year,
        number=earlier.count() + 1,
        as_of=at,
        ordered_by=by,
    )
    trace.record(
        "council.pack_ordered",
        pack,
        by=by,
        at=at,
        framework=framework.code,
        year=year,
        number=pack.number,
    )
    enqueue_writing(pack, by, at)
    return pack


def enqueue_writing(pack: CouncilPack, by: User, at: datetime) -> Job:
    return jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"pack": pack.pk, "by": by.pk},
        unique_key=f"{JOB}:{pack.pk}",
    )
