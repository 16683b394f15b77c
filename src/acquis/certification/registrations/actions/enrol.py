from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations.errors import (
    AlreadyEnrolled,
    BlockUnknown,
    VersionNotPublished,
)
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.kernel import trace


@transaction.atomic
def enrol(
    *,
    candidate: Candidate,
    version: FrameworkVersion,
    block: str,
    route: str,
    by: User,
    at: datetime,
) -> Enrolment:
    """Enrol a candidate to a certification (`block` empty) or one of its blocks.

    Raises VersionNotPublished, BlockUnknown or AlreadyEnrolled.
    """
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if version.state != FrameworkVersion.State.PUBLISHED:
        raise VersionNotPublished
    if block and block not in {each["code"] for each in version.content.get("blocks", [])}:
        raise BlockUnknown(block=block)
    scope = block or str(version.framework)
    if Enrolment.objects.filter(candidate=candidate, version=version, block=block).exists():
        raise AlreadyEnrolled(name=candidate.full_name, scope=scope)
    enrolment = Enrolment.objects.create(
        candidate=candidate,
        version=version,
        block=block,
        route=route,
        created_at=at,
    )
    trace.record(
        "candidate.enrolled",
        enrolment,
        by=by,
        at=at,
        version=version.pk,
        block=block,
        route=route,
    )
    return enrolment
