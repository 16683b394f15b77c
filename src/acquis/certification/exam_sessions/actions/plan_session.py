from datetime import datetime
from typing import TypedDict

from django.db import transaction

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions import revising
from acquis.certification.exam_sessions.actions.keep_hours import shift_hours
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.errors import (
    BlockNotExamined,
    EnterpriseUnknown,
    ReferenceTaken,
    SessionFrozen,
    VersionNotUsable,
)
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.content import assessment_for
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.kernel import trace


class SessionData(TypedDict):
    """What a person decides of a session; an empty reference asks for the next one."""

    reference: str
    version: FrameworkVersion
    block: str
    starts_at: datetime
    place: str
    address: str
    room: str
    enterprise_id: int | None


@transaction.atomic
def plan_session(
    *, organisation: Organisation, data: SessionData, by: User, at: datetime
) -> ExamSession:
    """Create a session in preparation; whoever creates it is responsible for it.

    Raises ReferenceTaken, VersionNotUsable, BlockNotExamined or EnterpriseUnknown.
    """
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse(organisation, data, keep=None)
    reference = data["reference"] or _next_reference(organisation, data["starts_at"])
    session = ExamSession.objects.create(
        **{**data, "reference": reference}, organisation=organisation, manager=by, created_at=at
    )
    trace.record(
        "session.planned",
        session,
        by=by,
        at=at,
        reference=reference,
        version=session.version_id,
        block=session.block,
        starts_at=session.starts_at.isoformat(),
    )
    return session


@transaction.atomic
def revise_session(
    *, session: ExamSession, data: SessionData, by: User, at: datetime
) -> ExamSession:
    """Change a session not yet open; its exam cannot change once people are in it.

    Raises SessionFrozen and what planning refuses.
    """
    session = lock_composable(session.pk)
    _refuse(session.organisation, data, keep=session)
    wanted = {**data, "reference": data["reference"] or session.reference}
    changed = sorted(name for name, value in wanted.items() if getattr(session, name) != value)
    if {"version", "block"} & set(changed) and session.candidates.exists():
        raise SessionFrozen(reference=session.reference, state=session.get_state_display().lower())
    if not changed:
        return session
    if "starts_at" in changed:
        shift_hours(session, data["starts_at"] - session.starts_at)
    for name in changed:
        setattr(session, name, wanted[name])
    session.save(update_fields=changed)
    trace.record("session.revised", session, by=by, at=at, fields=changed)
    if {"version", "block", "enterprise_id"} & set(changed):
        revising.tell(session, by=by, at=at)
    tell(session, "revised", at=at)
    return session


def _refuse(organisation: Organisation, data: SessionData, *, keep: ExamSession | None) -> None:
    same = ExamSession.objects.filter(organisation=organisation, reference=data["reference"])
    if data["reference"] and same.exclude(pk=keep.pk if keep else 0).exists():
        raise ReferenceTaken(reference=data["reference"])
    version = data["version"]
    if version.state != FrameworkVersion.State.PUBLISHED:
        raise VersionNotUsable
    if assessment_for(version.content, data["block"]) is None:
        raise BlockNotExamined(block=data["block"] or version.framework.title)
    enterprise = data["enterprise_id"]
    models = Workspace.objects.filter(organisation=organisation, kind=WorkspaceKind.MODEL)
    if enterprise is not None and not models.filter(pk=enterprise).exists():
        raise EnterpriseUnknown


def _next_reference(organisation: Organisation, day: datetime) -> str:
    """« S26-003 »: the year of the session, then a number of the centre."""
    prefix = f"S{day:%y}-"
    numbers = [
        int(reference.removeprefix(prefix))
        for reference in ExamSession.objects.filter(
            organisation=organisation, reference__startswith=prefix
        ).values_list("reference", flat=True)
        if reference.removeprefix(prefix).isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:03}"
