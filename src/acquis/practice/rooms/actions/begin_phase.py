from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from acquis.accounts.models import User, Workspace, WorkspaceMember
from acquis.certification.papers import queries as papers
from acquis.certification.papers.actions.draw_subject import draw_subject
from acquis.certification.papers.actions.open_content import Purpose, open_content
from acquis.certification.papers.models import Draw, Subject
from acquis.certification.papers.policy import kind_used_by
from acquis.certification.sittings.actions.start_phase import start_phase
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.phone.actions.set_line import set_line
from acquis.kernel import trace
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.rooms.errors import NoEnterprise, NoSubjectDrawn
from acquis.practice.scenarios.actions.open_subject import open_subject, put_letters_away

# Reports are handed in and defended, and questions answered, without an enterprise.
_AT_A_DESK = frozenset({Phase.Kind.WRITTEN, Phase.Kind.PREPARATION, Phase.Kind.EXCHANGES})


@transaction.atomic
def begin_phase(*, phase: Phase, by: User, at: datetime) -> Phase:
    """Start a phase with what it needs: the private copy, the drawn subject, its first letters.

    Written work opens the dossier drawn when the session opened; exchanges, from their preparation on,
    draw their own subject by lot. Begun twice, nothing is done twice. Raises what `start_phase`
    raises, NoEnterprise or NoSubjectDrawn; nothing is written then.
    """
    started = start_phase(phase=phase, by=by, at=at)
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=started.sitting_id)
    kind = _subject_kind(started)
    at_desk = started.kind in _AT_A_DESK
    workspace = ensure_copy(sitting=sitting, by=by, at=at) if at_desk else None
    if workspace is not None and started.kind != Phase.Kind.WRITTEN:
        put_letters_away(workspace=workspace, by=by, at=at)
    if kind is not None:
        draw = _drawn(sitting, kind, by, at)
        content = open_content(draw=draw, by=by, at=at, purpose=Purpose.SIT)
        if workspace is not None:
            open_subject(workspace=workspace, content=content, by=by, at=at)
    return started


def prepared(sitting: Sitting, phase: Phase) -> bool:
    """Whether a running phase has all it needs: started on the invigilator's wall, it may not yet."""
    if phase.kind in _AT_A_DESK and sitting.workspace_id is None:
        return False
    kind = _subject_kind(phase)
    return (
        kind is None
        or sitting.candidate.draws.filter(kind=kind, openings__purpose=Purpose.SIT).exists()
    )


def _subject_kind(phase: Phase) -> str | None:
    """What a phase opens, if it is not open yet: exchanges without a preparation open their own.

    Where the bank holds no recording, the jury brings its own and the part is oral.
    """
    kind = kind_used_by(phase)
    if kind == Subject.Kind.RECORDING:
        session = phase.sitting.candidate.session
        return kind if papers.drawable(session, kind).exists() else None
    return kind


def ensure_copy(*, sitting: Sitting, by: User, at: datetime) -> Workspace:
    """The candidate's private copy of the session's enterprise, made once, at the first phase."""
    if sitting.workspace is not None:
        return sitting.workspace
    session = sitting.candidate.session
    origin = Workspace.objects.filter(pk=session.enterprise_id or 0).first()
    if origin is None:
        raise NoEnterprise(reference=session.reference)
    name = f"{origin.name} · {sitting.candidate.enrolment.candidate.reference}"
    workspace = copy_workspace(source=origin, name=name, by=by, at=at)
    candidate = sitting.candidate.enrolment.candidate.user
    if candidate is not None:
        WorkspaceMember.objects.create(workspace=workspace, user=candidate, may_write=True)
    for row in session.jurors.select_related("juror"):
        if row.juror.user_id:
            WorkspaceMember.objects.get_or_create(
                workspace=workspace, user_id=row.juror.user_id, defaults={"may_write": False}
            )
    _set_telephone(sitting, workspace, by, at)
    sitting.workspace = workspace
    sitting.save(update_fields=["workspace"])
    trace.record("sitting.copy_made", sitting, by=by, at=at, workspace=workspace.pk)
    return workspace


def _set_telephone(sitting: Sitting, workspace: Workspace, by: User, at: datetime) -> None:
    """Have every call of the exam recorded, without an announcement on the line.

    The pages told the candidate and the jury beforehand; the trace keeps that they did (G-08).
    """
    purpose = gettext("l’évaluation de l’épreuve et son dossier")
    values = {"public": False, "voicemail": False, "played": True, "recording_purpose": purpose}
    set_line(workspace=workspace, values=values, by=by, at=at)
    trace.record("sitting.recording_announced", sitting, by=by, at=at, purpose=purpose)


def _drawn(sitting: Sitting, kind: str, by: User, at: datetime) -> Draw:
    draw = sitting.candidate.draws.filter(kind=kind).select_related("subject").first()
    if draw is None and kind != Subject.Kind.WRITTEN:
        return draw_subject(candidate=sitting.candidate, kind=kind, by=by, at=at)
    if draw is None:
        raise NoSubjectDrawn
    return draw
