from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import files, policy
from acquis.certification.registrations.errors import (
    AlreadyEnrolled,
    AlreadyObtained,
    BlockUnknown,
    FinalInterviewOnly,
    RemainingBlocksOnly,
    RetakeTooLate,
    TooManyAttempts,
    VaeQuotaReached,
    VersionNotPublished,
)
from acquis.certification.registrations.models import Candidate, Enrolment, Result
from acquis.certification.registrations.presentation import day_words
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

    Somebody whose earlier exam failed, or succeeded in part, comes again by a new enrolment, within
    the framework's own rules (X-06, X-09). Raises VersionNotPublished, BlockUnknown,
    AlreadyEnrolled, AlreadyObtained, RemainingBlocksOnly, FinalInterviewOnly, TooManyAttempts,
    RetakeTooLate or VaeQuotaReached.
    """
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    if version.state != FrameworkVersion.State.PUBLISHED:
        raise VersionNotPublished
    if block and block not in {each["code"] for each in version.content.get("blocks", [])}:
        raise BlockUnknown(block=block)
    scope = block or str(version.framework)
    same = Enrolment.objects.filter(candidate=candidate, version=version, block=block)
    if same.exclude(pk__in=files.in_force(Result.objects.all()).values("enrolment")).exists():
        raise AlreadyEnrolled(name=candidate.full_name, scope=scope)
    _refuse_what_is_held(candidate, version, block, route)
    _refuse_retake(candidate, version, block, route, at)
    if route == Enrolment.Route.VAE and not block:
        _refuse_beyond_quota(candidate, version, at)
    enrolment = Enrolment.objects.create(
        candidate=candidate,
        version=version,
        block=block,
        attempt=same.count() + 1,
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
        attempt=enrolment.attempt,
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


def _refuse_what_is_held(
    candidate: Candidate, version: FrameworkVersion, block: str, route: str
) -> None:
    """A block is obtained once and for good; after it only the others are taken (X-02, X-06).

    From the moment the jury has pronounced it, whether or not a document attests it yet. The whole is
    then asked for by the final interview of a capitalisation, or by a certification jury, which
    decides on the blocks themselves (X-10). Where there is a single block, it is the whole.
    """
    held = files.obtained_blocks(candidate, version)
    codes = [one["code"] for one in version.content.get("blocks", [])]
    if block in held or (block and "" in held) or (held and len(codes) == 1):
        scope = block or str(version.framework)
        raise AlreadyObtained(name=candidate.full_name, scope=scope)
    over_blocks = route == Enrolment.Route.CAPITALISATION or decides_over_blocks(version.content)
    if not held or block or over_blocks:
        return
    kept = {"name": candidate.full_name, "held": ", ".join(sorted(held))}
    left = [code for code in codes if code not in held]
    if not left:
        raise FinalInterviewOnly(**kept)
    raise RemainingBlocksOnly(**kept, blocks=", ".join(left))


def _refuse_retake(
    candidate: Candidate, version: FrameworkVersion, block: str, route: str, at: datetime
) -> None:
    """What no paper can mend: too many attempts, or too late (X-09)."""
    rules = policy.retake_rules(version.content, version.framework.kind)
    attempts = files.attempts_of(candidate, version, block, route)
    name, scope = candidate.full_name, block or str(version.framework)
    for bar in policy.retake_bars(rules, route, attempts, timezone.localtime(at).date()):
        if bar.code == "attempts_used":
            raise TooManyAttempts(name=name, scope=scope, **bar.params)
        if bar.code == "retake_window":
            raise RetakeTooLate(name=name, scope=scope, day=day_words(bar.params["day"]))


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
