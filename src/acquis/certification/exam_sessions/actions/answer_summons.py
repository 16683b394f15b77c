from datetime import datetime

from django.db import transaction

from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.actions.locking import tell
from acquis.certification.exam_sessions.errors import AbsenceReasonMissing, SummonsVoid
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import outbox, trace

DECLINED = "summons.declined"


def _locked(summons: Summons, at: datetime) -> Summons:
    summons = (
        Summons.objects.select_for_update(of=("self",))
        .select_related("session", "candidate")
        .get(pk=summons.pk)
    )
    void = summons.replaced_by_id is not None or summons.withdrawn_at is not None
    if void or summons.is_elsewhere or policy.link_expired(summons.ends_at, at):
        raise SummonsVoid
    return summons


@transaction.atomic
def note_opening(*, summons: Summons, at: datetime) -> Summons:
    """The personal page was opened; the first time stays. Raises SummonsVoid."""
    summons = _locked(summons, at)
    if summons.opened_at is None:
        summons.opened_at = at
        summons.save(update_fields=["opened_at"])
        trace.record("summons.opened", summons.session, by=None, at=at, number=summons.number)
        tell(summons.session, "summons", at=at)
    return summons


@transaction.atomic
def answer_summons(*, summons: Summons, answer: str, reason: str = "", at: datetime) -> Summons:
    """« J'ai bien reçu, je serai présent » or « je ne pourrai pas venir », which warns the manager.

    Given again, the last answer counts; the same again changes nothing. Raises SummonsVoid or
    AbsenceReasonMissing.
    """
    summons = _locked(summons, at)
    declined = answer == Summons.Answer.NOT_COMING
    reason = reason.strip()[:500] if declined else ""
    if declined and not reason:
        raise AbsenceReasonMissing
    if (summons.answer, summons.answer_reason) == (answer, reason):
        return summons
    summons.answer, summons.answer_reason, summons.answered_at = answer, reason, at
    summons.opened_at = summons.opened_at or at
    summons.save(update_fields=["answer", "answer_reason", "answered_at", "opened_at"])
    trace.record(
        "summons.declined" if declined else "summons.acknowledged",
        summons.session,
        by=None,
        at=at,
        number=summons.number,
        personal={"name": summons.data["name"], "reason": reason},
    )
    if declined:
        outbox.put(DECLINED, {"summons": summons.pk}, at=at)
    tell(summons.session, "summons", at=at)
    return summons
