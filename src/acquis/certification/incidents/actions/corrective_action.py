"""A corrective action from its opening to the check that it worked (X-09)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts.access import members_of
from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.certification.incidents import policy
from acquis.certification.incidents.errors import (
    ActionAlreadyDone,
    ActionClosed,
    ActionNotDone,
    CheckedByOwner,
    DayMissing,
    OtherSession,
    OwnerUnknown,
    WordsMissing,
)
from acquis.certification.incidents.models import ActionStep, CorrectiveAction
from acquis.kernel import trace

Kind = ActionStep.Kind


@transaction.atomic
def open_action(
    *,
    session: ExamSession,
    incident: Incident | None,
    title: str,
    details: str,
    owner: User,
    due_on: date,
    by: User,
    at: datetime,
) -> CorrectiveAction:
    """Charge somebody of the centre with an action until a day.

    Raises WordsMissing, OtherSession, OwnerUnknown or DayMissing.
    """
    if not title.strip():
        raise WordsMissing
    if incident is not None and incident.session_id != session.pk:
        raise OtherSession
    if not members_of(session.organisation).filter(pk=owner.pk, is_active=True).exists():
        raise OwnerUnknown
    _refuse_past(due_on, at)
    action = CorrectiveAction.objects.create(
        organisation=session.organisation,
        session=session,
        incident=incident,
        title=title.strip(),
        details=details.strip(),
        owner=owner,
        due_on=due_on,
        opened_at=at,
        opened_by=by,
    )
    return _step(action, Kind.OPENED, "", by, at)


@transaction.atomic
def move_action(
    *, action: CorrectiveAction, due_on: date, reason: str, by: User, at: datetime
) -> CorrectiveAction:
    """Give an action that is not done another day. Raises ActionClosed, ActionAlreadyDone, WordsMissing or DayMissing."""
    action = _undone(action)
    if not reason.strip():
        raise WordsMissing
    _refuse_past(due_on, at)
    action.due_on = due_on
    action.save(update_fields=["due_on"])
    return _step(action, Kind.MOVED, reason, by, at)


@transaction.atomic
def finish_action(
    *, action: CorrectiveAction, note: str, by: User, at: datetime
) -> CorrectiveAction:
    """Say that it is done, and how. Raises ActionClosed, ActionAlreadyDone or WordsMissing."""
    action = _undone(action)
    if not note.strip():
        raise WordsMissing
    action.done_at = at
    action.save(update_fields=["done_at"])
    return _step(action, Kind.DONE, note, by, at)


@transaction.atomic
def check_action(
    *,
    action: CorrectiveAction,
    effective: bool,
    note: str,
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> CorrectiveAction:
    """Say whether it worked; what did not is taken up again until `due_on`.

    Raises ActionClosed, ActionNotDone, CheckedByOwner, WordsMissing or DayMissing.
    """
    action = _locked(action)
    if action.done_at is None:
        raise ActionNotDone
    if not policy.may_check(owner_id=action.owner_id, checker_id=by.pk):
        raise CheckedByOwner
    if not note.strip():
        raise WordsMissing
    if effective:
        action.effective, action.closed_at = True, at
        action.save(update_fields=["effective", "closed_at"])
        return _step(action, Kind.EFFECTIVE, note, by, at)
    if due_on is None:
        raise DayMissing
    _refuse_past(due_on, at)
    action.done_at, action.due_on = None, due_on
    action.save(update_fields=["done_at", "due_on"])
    return _step(action, Kind.INEFFECTIVE, note, by, at)


@transaction.atomic
def drop_action(
    *, action: CorrectiveAction, reason: str, by: User, at: datetime
) -> CorrectiveAction:
    """Give an action up, with the reason. Raises ActionClosed or WordsMissing."""
    action = _locked(action)
    if not reason.strip():
        raise WordsMissing
    action.closed_at = at
    action.save(update_fields=["closed_at"])
    return _step(action, Kind.DROPPED, reason, by, at)


def _locked(action: CorrectiveAction) -> CorrectiveAction:
    found = CorrectiveAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if found.closed_at is not None:
        raise ActionClosed
    return found


def _undone(action: CorrectiveAction) -> CorrectiveAction:
    found = _locked(action)
    if found.done_at is not None:
        raise ActionAlreadyDone
    return found


def _refuse_past(due_on: date, at: datetime) -> None:
    if due_on < timezone.localtime(at).date():
        raise DayMissing


def _step(
    action: CorrectiveAction, kind: ActionStep.Kind, text: str, by: User, at: datetime
) -> CorrectiveAction:
    ActionStep.objects.create(
        action=action, kind=kind, text=text.strip(), due_on=action.due_on, at=at, by=by
    )
    trace.record(
        f"corrective_action.{kind.value}",
        action,
        by=by,
        at=at,
        action=action.pk,
        owner=action.owner_id,
        due_on=action.due_on,
        personal={"text": text.strip()} if text.strip() else None,
    )
    return action
