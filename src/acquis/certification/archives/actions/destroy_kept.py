import hashlib
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.archives import queries, terms
from acquis.certification.archives.errors import SessionHeld
from acquis.certification.archives.models import Destruction
from acquis.certification.archives.policy import Kind
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.erase_observations import erase_observations
from acquis.certification.sittings.models import SoundTake
from acquis.kernel import files, trace

Gone = list[str]  # the fingerprint of each piece that is no more


def destroy_due(
    *,
    chosen: list[tuple[ExamSession, Kind]],
    by: User,
    at: datetime,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _message: None,
) -> list[Destruction]:
    """Destroy what is due of these sessions and kinds; a session that is held is passed over.

    Each in its own transaction, so that work interrupted is taken up where it stopped.
    """
    records = []
    for done, (session, kind) in enumerate(chosen):
        progress(done, len(chosen), session.reference)
        try:
            record = destroy_kind(session=session, kind=kind, by=by, at=at)
        except SessionHeld:
            continue
        if record is not None:
            records.append(record)
    progress(len(chosen), len(chosen), _("Destruction terminée"))
    return records


@transaction.atomic
def destroy_kind(*, session: ExamSession, kind: Kind, by: User, at: datetime) -> Destruction | None:
    """Destroy what is due of one kind in a session, and record it; None when nothing is.

    What is due is looked for again under the lock. PV, results and certificates are never among it
    (G-02). Raises SessionHeld.
    """
    session = ExamSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    today = terms.day(at)
    found = queries.due_of(session, kind, today)
    if found.held:
        raise SessionHeld(session=session.reference, reason=found.held)
    if not found.count:
        return None
    gone = DESTROYERS[kind](session, today, by, at)
    record = Destruction.objects.create(
        organisation_id=session.organisation_id,
        session=session,
        kind=kind.value,
        rule=terms.term(kind, on=today).source[:300],
        count=len(gone),
        size=found.size,
        fingerprints=gone,
        at=at,
        by=by,
    )
    trace.record(
        "archive.destroyed",
        record,
        by=by,
        at=at,
        kind=kind.value,
        rule=record.rule,
        count=len(gone),
        size=found.size,
        fingerprints=gone,
    )
    return record


def _destroy_files(session: ExamSession, today: date, _by: User, _at: datetime) -> Gone:
    gone = []
    for one in queries.files_of(_alone(session), today).select_related("file").order_by("pk"):
        gone.append(one.file.sha256)
        SoundTake.objects.filter(kept=one).delete()  # its pieces go with it
        one.delete()
        files.forget(one.file)
    return gone


def _destroy_texts(session: ExamSession, today: date, _by: User, _at: datetime) -> Gone:
    gone = []
    for one in queries.texts_of(_alone(session), today).order_by("pk"):
        gone.append(_print(one.content))
        one.revisions.all().delete()
        one.delete()
    return gone


def _erase_observations(session: ExamSession, today: date, by: User, at: datetime) -> Gone:
    """The verdicts stay, and what the jury decided together; one fingerprint a grid."""
    return [
        erase_observations(grid=one, by=by, at=at)
        for one in queries.observations_of(_alone(session), today).order_by("pk")
    ]


def _destroy_drafts(session: ExamSession, today: date, _by: User, _at: datetime) -> Gone:
    found = queries.drafts_of(_alone(session), today).order_by("pk")
    gone = [_print(one.content) for one in found]
    found.order_by().delete()
    return gone


def _erase_arrangements(session: ExamSession, today: date, _by: User, _at: datetime) -> Gone:
    """The kind, the share and the decision stay: the PV tells the effect."""
    gone = []
    for one in queries.arrangements_of(_alone(session), today).order_by("pk"):
        gone.append(_print(one.details))
        one.details = ""
        one.save(update_fields=["details"])
    return gone


def _destroy_packages(session: ExamSession, today: date, _by: User, _at: datetime) -> Gone:
    """The row stays: it says what was exported, when, and its fingerprint."""
    gone = []
    for one in queries.packages_of(_alone(session), today).select_related("file").order_by("pk"):
        gone.append(one.sha256)
        file, one.file = one.file, None
        one.save(update_fields=["file"])
        files.forget(file)
    return gone


DESTROYERS: dict[Kind, Callable[[ExamSession, date, User, datetime], Gone]] = {
    Kind.FILES: _destroy_files,
    Kind.TEXTS: _destroy_texts,
    Kind.OBSERVATIONS: _erase_observations,
    Kind.DRAFTS: _destroy_drafts,
    Kind.ARRANGEMENTS: _erase_arrangements,
    Kind.PACKAGES: _destroy_packages,
}


def _alone(session: ExamSession) -> QuerySet[ExamSession]:
    return ExamSession.objects.filter(pk=session.pk)


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
