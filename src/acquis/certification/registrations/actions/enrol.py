from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import policy
from acquis.certification.registrations.errors import (
    AlreadyEnrolled,
    BlockUnknown,
    VaeQuotaReached,
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
    employer: str = "",
    training_body: str = "",
    by: User,
    at: datetime,
) -> Enrolment:
    """Enrol a candidate to a certification (`block` empty) or one of its blocks.

    Raises VersionNotPublished, BlockUnknown, AlreadyEnrolled or VaeQuotaReached.
    """
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if version.state != FrameworkVersion.State.PUBLISHED:
        raise VersionNotPublished
    if block and block not in {each["code"] for each in version.content.get("blocks", [])}:
        raise BlockUnknown(block=block)
    scope = block or str(version.framework)
    if Enrolment.objects.filter(candidate=candidate, version=version, block=block).exists():
        raise AlreadyEnrolled(name=candidate.full_name, scope=scope)
    if route == Enrolment.Route.VAE and not block:
        _refuse_beyond_quota(candidate, version, at)
    enrolment = Enrolment.objects.create(
        candidate=candidate,
        version=version,
        block=block,
        route=route,
        employer=employer.strip(),
        training_body=training_body.strip(),
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


@transaction.atomic
def revise_enrolment(
    *, enrolment: Enrolment, employer: str, training_body: str, by: User, at: datetime
) -> Enrolment:
    """Correct who employs or trains the candidate; what was written before stays in the trace.

    Jurors linked to these organisations may not judge this candidate (X-03).
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    after = {"employer": employer.strip(), "training_body": training_body.strip()}
    before = {name: getattr(enrolment, name) for name in after}
    changed = sorted(name for name in after if after[name] != before[name])
    if not changed:
        return enrolment
    for name in changed:
        setattr(enrolment, name, after[name])
    enrolment.save(update_fields=changed)
    trace.record(
        "candidate.enrolment_revised",
        enrolment,
        by=by,
        at=at,
        enrolment=enrolment.pk,
        fields=changed,
        personal={"before": before, "after": after},
    )
    return enrolment


_QUOTA = {
    "certification": gettext_lazy("un seul par certification et par année civile"),
    "year": gettext_lazy("trois certifications au plus par année civile"),
}


def _refuse_beyond_quota(candidate: Candidate, version: FrameworkVersion, at: datetime) -> None:
    """One VAE file a certification and three a calendar year, blocks apart (X-12)."""
    filed = Enrolment.objects.filter(
        candidate=candidate,
        route=Enrolment.Route.VAE,
        block="",
        created_at__year=timezone.localtime(at).year,
    )
    same = filed.filter(version__framework=version.framework_id).count()
    others = filed.exclude(version__framework=version.framework_id)
    passed = policy.vae_quota(same, others.values("version__framework").distinct().count())
    if passed:
        raise VaeQuotaReached(name=candidate.full_name, reason=_QUOTA[passed])
