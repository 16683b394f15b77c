from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.awards import copies, policy
from acquis.certification.awards.errors import GridsOpen, SessionNotDeliberated
from acquis.certification.awards.models import IssuedDocument, NumberSeries
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.models import Grid
from acquis.certification.papers.actions import reveal_seeds
from acquis.kernel import trace

Kind, State = IssuedDocument.Kind, IssuedDocument.State
_DELIBERATED = {ExamSession.State.DELIBERATED, ExamSession.State.ISSUED}


@dataclass(frozen=True, slots=True)
class Correction:
    """Which document a new one corrects, and why."""

    first: IssuedDocument
    reason: str


@transaction.atomic
def write_documents(*, session: ExamSession, by: User, at: datetime) -> IssuedDocument:
    """Write the minutes of the session and the result sheet of each candidate; gives the minutes.

    Writing again changes nothing. Raises SessionNotDeliberated or GridsOpen.
    """
    pv = write_pv(session=session, by=by, at=at)
    write_result_sheets(session=session, by=by, at=at)
    return pv


@transaction.atomic
def write_pv(*, session: ExamSession, by: User, at: datetime) -> IssuedDocument:
    """Copy all that the minutes print and let the jury sign its fingerprint (X-05, X-09)."""
    session = deliberated(session)
    existing = IssuedDocument.objects.filter(session=session, kind=Kind.PV).first()
    if existing is not None:
        return existing
    reveal_seeds(session=session, by=by, at=at)  # for sessions that ended without
    return write(Kind.PV, session, data=copies.pv(session, at=at), by=by, at=at)


@transaction.atomic
def write_result_sheets(*, session: ExamSession, by: User, at: datetime) -> list[IssuedDocument]:
    """One sheet a deliberated candidate; they are issued once the minutes are fully signed."""
    session = deliberated(session)
    pv = IssuedDocument.objects.filter(session=session, kind=Kind.PV).latest("pk")
    waiting = (
        session.candidates.filter(deliberation__closed_at__isnull=False)
        .exclude(documents__kind=Kind.RESULT_SHEET)
        .select_related("session__version__framework", "enrolment__candidate", "deliberation")
        .prefetch_related("enrolment__results", "deliberation__units")
        .order_by("order", "pk")
    )
    return [
        write(
            Kind.RESULT_SHEET,
            session,
            data=copies.result_sheet(candidate, pv_number=pv.number, at=at),
            candidate=candidate,
            by=by,
            at=at,
        )
        for candidate in waiting
    ]


def deliberated(session: ExamSession) -> ExamSession:
    """The session, locked. Raises SessionNotDeliberated or GridsOpen."""
    session = (
        ExamSession.objects.select_for_update(of=("self",))
        .select_related("version__framework", "organisation", "manager")
        .get(pk=session.pk)
    )
    if session.state not in _DELIBERATED:
        raise SessionNotDeliberated
    if Grid.objects.filter(candidate__session=session, closed_at__isnull=True).exists():
        raise GridsOpen
    return session


def write(
    kind: IssuedDocument.Kind,
    session: ExamSession,
    *,
    data: dict[str, object],
    by: User,
    at: datetime,
    candidate: SessionCandidate | None = None,
    code: str | None = None,
    correction: Correction | None = None,
) -> IssuedDocument:
    """Number and keep a document to sign or issue; call inside a transaction."""
    number = take_number(session.organisation_id, kind, at)
    printed = data | {"number": number, "kind": kind.value}
    if correction is not None:
        printed["corrects"] = copies.correction(correction.first, correction.reason)
    document = IssuedDocument.objects.create(
        organisation_id=session.organisation_id,
        session=session,
        candidate=candidate,
        kind=kind,
        number=number,
        state=State.SIGNING,
        data=printed,
        data_sha256=policy.fingerprint(printed),
        verification_code=code,
        corrects=correction.first if correction else None,
        correction_reason=correction.reason if correction else "",
        written_at=at,
        written_by=by,
    )
    trace.record(
        "document.written",
        document,
        by=by,
        at=at,
        kind=kind.value,
        number=number,
        fingerprint=document.data_sha256,
        corrects=correction.first.number if correction else "",
    )
    return document


def take_number(organisation_id: int, kind: str, at: datetime) -> str:
    """The next number of the series: its row stays locked until the document is kept, or neither."""
    year = timezone.localtime(at).year
    name = policy.series_name(organisation_id, kind, year)
    NumberSeries.objects.get_or_create(name=name)
    series = NumberSeries.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return policy.number(kind, year, series.last)
