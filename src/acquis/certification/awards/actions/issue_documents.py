from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.awards import copies, wording
from acquis.certification.awards.actions.freeze import freeze
from acquis.certification.awards.actions.write_documents import (
    Correction,
    deliberated,
    write,
)
from acquis.certification.awards.errors import (
    DecidedByCertificationJury,
    DecisionAnnulled,
    NotAdmitted,
    NothingKept,
    PvNotSigned,
)
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.queries import (
    annulment_of,
    booklets_due,
    certificates_due,
    current_pv,
)
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.grading.models import Deliberation
from acquis.certification.incidents.access import refuse_while_held
from acquis.certification.registrations.actions import record_result
from acquis.certification.registrations.models import Result
from acquis.kernel import crypto

Kind, State = IssuedDocument.Kind, IssuedDocument.State


def issue_documents(
    *,
    session: ExamSession,
    by: User,
    at: datetime,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _message: None,
) -> list[IssuedDocument]:
    """Issue every waiting result sheet, then a certificate for each admitted candidate.

    Then the livret de certification of whoever keeps blocks and not the whole. A decision that was
    annulled gives neither, and its sheet says so (X-09). Each in its own transaction, so that work
    interrupted is taken up where it stopped. Raises PvNotSigned, or ResultsHeld while an incident waits for a decision.
    """
    signed_pv(session)
    refuse_while_held(session)
    sheets = (
        IssuedDocument.objects.filter(
            session=session, kind=Kind.RESULT_SHEET, state=State.SIGNING, corrections__isnull=True
        )
        .select_related("candidate__session", "candidate__enrolment__candidate")
        .order_by("candidate__order", "pk")
    )
    work: list[Callable[[], IssuedDocument]] = [
        lambda sheet=sheet: _issue_sheet(sheet, by, at)  # type: ignore[misc]
        for sheet in sheets
    ]
    work += [
        lambda one=one: issue_certificate(candidate=one, by=by, at=at)  # type: ignore[misc]
        for one in certificates_due(session)
    ]
    work += [
        lambda one=one: issue_booklet(candidate=one, by=by, at=at)  # type: ignore[misc]
        for one in booklets_due(session)
    ]
    issued = []
    for done, act in enumerate(work):
        progress(done, len(work), _("Documents officiels"))
        issued.append(act())
    progress(len(work), len(work), _("Documents officiels émis"))
    return issued


@transaction.atomic
def issue_certificate(*, candidate: SessionCandidate, by: User, at: datetime) -> IssuedDocument:
    """The certificate of an admitted candidate, once; a second call gives the first back.

    What the candidate obtained is written in their livret de certification.

    Raises PvNotSigned, ResultsHeld, NotAdmitted, DecisionAnnulled, DecidedByCertificationJury,
    SessionNotDeliberated or GridsOpen.
    """
    session = deliberated(candidate.session)
    pv = signed_pv(session)
    refuse_while_held(session)
    candidate = session.candidates.select_related(
        "session__version__framework", "enrolment__candidate", "deliberation"
    ).get(pk=candidate.pk)
    existing = candidate.documents.filter(kind=Kind.CERTIFICATE).order_by("-pk").first()
    if existing is not None:
        return existing
    refuse_unless_admitted(candidate)
    if copies.is_synthesis(session):
        raise DecidedByCertificationJury
    code = crypto.verification_code()
    record_result(
        enrolment=candidate.enrolment,
        obtained_on=timezone.localtime(candidate.deliberation.closed_at).date(),
        pv_reference=pv.number,
        by=by,
        at=at,
    )
    document = write(
        Kind.CERTIFICATE,
        session,
        data=copies.certificate(
            candidate,
            pv_number=pv.number,
            code=code,
            address=verification_address(code),
            at=at,
        ),
        candidate=candidate,
        code=code,
        by=by,
        at=at,
    )
    return freeze(document=document, by=by, at=at)


@transaction.atomic
def issue_booklet(*, candidate: SessionCandidate, by: User, at: datetime) -> IssuedDocument:
    """The livret de certification after an exam that gave blocks and not the whole, once (X-13).

    The blocks are written in the livret for good, with their date and the number of the minutes.
    Raises PvNotSigned, ResultsHeld, DecisionAnnulled, NothingKept, SessionNotDeliberated or GridsOpen.
    """
    session = deliberated(candidate.session)
    pv = signed_pv(session)
    refuse_while_held(session)
    candidate = session.candidates.select_related(
        "session__version__framework", "enrolment__candidate", "deliberation"
    ).get(pk=candidate.pk)
    existing = candidate.documents.filter(kind=Kind.BOOKLET).order_by("-pk").first()
    if existing is not None:
        return existing
    refuse_annulled(candidate)
    if not booklets_due(session).filter(pk=candidate.pk).exists():
        raise NothingKept
    kept = candidate.deliberation.units.filter(kind="block", verdict="acquired").exclude(code="")
    for block in kept.values_list("code", flat=True):
        record_result(
            enrolment=candidate.enrolment,
            block=block,
            obtained_on=timezone.localtime(candidate.deliberation.closed_at).date(),
            pv_reference=pv.number,
            by=by,
            at=at,
        )
    document = write(
        Kind.BOOKLET,
        session,
        data=copies.booklet(candidate, pv_number=pv.number, at=at),
        candidate=candidate,
        by=by,
        at=at,
    )
    return freeze(document=document, by=by, at=at)


def signed_pv(session: ExamSession) -> IssuedDocument:
    """The minutes in force. Raises PvNotSigned while they are not signed by all."""
    pv = current_pv(session)
    if pv is None or pv.state != State.ISSUED:
        raise PvNotSigned
    return pv


def refuse_unless_admitted(candidate: SessionCandidate) -> None:
    deliberation = getattr(candidate, "deliberation", None)
    if (
        deliberation is None
        or deliberation.closed_at is None
        or deliberation.outcome != Deliberation.Outcome.PASSED
    ):
        raise NotAdmitted
    refuse_annulled(candidate)


def refuse_annulled(candidate: SessionCandidate) -> None:
    """Raises DecisionAnnulled: what the jury decided of this seat counts no more (X-09)."""
    annulment = annulment_of(candidate)
    if annulment is not None:
        raise DecisionAnnulled(reason=annulment.annulment_reason)


def _issue_sheet(sheet: IssuedDocument, by: User, at: datetime) -> IssuedDocument:
    """A sheet as it was written; where its decision was annulled since, the one that says it."""
    candidate = sheet.candidate
    annulment = annulment_of(candidate) if candidate is not None else None
    if candidate is None or annulment is None or "annulled" in sheet.data:
        return freeze(document=sheet, by=by, at=at)
    return _issue_annulled_sheet(sheet, candidate, annulment, by, at)


@transaction.atomic
def _issue_annulled_sheet(
    sheet: IssuedDocument, candidate: SessionCandidate, annulment: Result, by: User, at: datetime
) -> IssuedDocument:
    session = deliberated(candidate.session)
    candidate.session = session
    written = write(
        Kind.RESULT_SHEET,
        session,
        data=copies.result_sheet(candidate, pv_number=signed_pv(session).number, at=at),
        candidate=candidate,
        correction=Correction(sheet, wording.annulment(annulment.annulment_reason)),
        by=by,
        at=at,
    )
    return freeze(document=written, by=by, at=at)


def verification_address(code: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}{reverse('verification:certificate', args=[code])}"
