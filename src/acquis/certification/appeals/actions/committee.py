"""The committee of an appeal: named, heard, and its decision (X-09)."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.access import roles_of
from acquis.accounts.models import User
from acquis.certification.appeals import policy, queries
from acquis.certification.appeals.actions.holding import release
from acquis.certification.appeals.actions.locking import lock
from acquis.certification.appeals.actions.write_letter import write_letter
from acquis.certification.appeals.errors import (
    AlreadyNamed,
    JurorOfSession,
    NotAMember,
    NotTheDirection,
    OwnAppeal,
    ReasonMissing,
    VoicesMissing,
    WrongQuality,
)
from acquis.certification.appeals.models import Appeal, AppealLetter, CommitteeMember
from acquis.certification.registrations.actions import grant_retake
from acquis.certification.registrations.models import RetakeRight
from acquis.kernel import trace

State, Voice = Appeal.State, CommitteeMember.Voice


@transaction.atomic
def name_member(
    *, appeal: Appeal, quality: str, user: User, by: User, at: datetime
) -> CommitteeMember:
    """Name who examines an appeal in a quality; another person named later takes their place.

    Raises StateRefused, JurorOfSession, OwnAppeal, WrongQuality or AlreadyNamed.
    """
    appeal = lock(appeal.pk, {State.ADMISSIBLE})
    _refuse_person(appeal, user)
    if policy.ROLES_OF[quality] not in roles_of(user, appeal.organisation):
        raise WrongQuality(name=user.full_name)
    if appeal.members.filter(user=user).exclude(quality=quality).exists():
        raise AlreadyNamed(name=user.full_name)
    member, _new = CommitteeMember.objects.update_or_create(
        appeal=appeal,
        quality=quality,
        defaults={"user": user, "named_at": at, "voice": "", "reason": "", "voiced_at": None},
    )
    trace.record("appeal.member_named", appeal, by=by, at=at, quality=quality, user=user.pk)
    return member


def _refuse_person(appeal: Appeal, user: User) -> None:
    bar = queries.bar_of(appeal, user)
    if bar == "juror":
        raise JurorOfSession(name=user.full_name)
    if bar == "candidate":
        raise OwnAppeal


@transaction.atomic
def give_voice(
    *, appeal: Appeal, voice: str, reason: str, by: User, at: datetime
) -> CommitteeMember:
    """Say one's opinion with its reason; it may change until the decision.

    Raises StateRefused, NotAMember, JurorOfSession, OwnAppeal or ReasonMissing.
    """
    appeal = lock(appeal.pk, {State.ADMISSIBLE})
    member = appeal.members.filter(user=by).first()
    if member is None:
        raise NotAMember
    _refuse_person(appeal, by)  # they may have become a juror since they were named
    if not reason.strip():
        raise ReasonMissing
    member.voice, member.reason, member.voiced_at = voice, reason.strip(), at
    member.save(update_fields=["voice", "reason", "voiced_at"])
    trace.record(
        "appeal.voice",
        appeal,
        by=by,
        at=at,
        quality=member.quality,
        voice=voice,
        personal={"reason": member.reason},
    )
    return member


@transaction.atomic
def decide(*, appeal: Appeal, reason: str, by: User, at: datetime) -> Appeal:
    """Pronounce what the three voices decided, and answer the candidate.

    Accepted, a new sitting is owed that counts for no attempt; the minutes stay as they are. Raises
    StateRefused, NotTheDirection, VoicesMissing or ReasonMissing.
    """
    appeal = lock(appeal.pk, {State.ADMISSIBLE})
    members = list(appeal.members.all())
    if by.pk not in {one.user_id for one in members if one.quality == policy.DIRECTION}:
        raise NotTheDirection
    outcome = policy.outcome({one.quality: one.voice for one in members})
    if not outcome:
        raise VoicesMissing
    if not reason.strip():
        raise ReasonMissing
    appeal.state = State(outcome)
    appeal.decided_at, appeal.decided_by, appeal.decision_reason = at, by, reason.strip()
    appeal.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    trace.record(
        f"appeal.{outcome}",
        appeal,
        by=by,
        at=at,
        number=appeal.number,
        voices={one.quality: one.voice for one in members},
        personal={"reason": appeal.decision_reason},
    )
    if outcome == State.ACCEPTED:
        grant_retake(
            enrolment=appeal.seat.enrolment,
            source=RetakeRight.Source.APPEAL,
            reference=appeal.number,
            by=by,
            at=at,
        )
    release(appeal, by=by, at=at)
    write_letter(appeal=appeal, kind=AppealLetter.Kind(outcome), by=by, at=at)
    return appeal
