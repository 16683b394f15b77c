from datetime import datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import copies
from acquis.certification.awards.actions.freeze import freeze
from acquis.certification.awards.actions.issue_documents import (
    refuse_unless_admitted,
    signed_pv,
    verification_address,
)
from acquis.certification.awards.actions.write_documents import (
    Correction,
    deliberated,
    write,
)
from acquis.certification.awards.errors import AlreadyCorrected, ReasonMissing, RevokedByTheBody
from acquis.certification.awards.models import IssuedDocument, Revocation
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations.actions import record_result
from acquis.kernel import crypto

Kind = IssuedDocument.Kind


@transaction.atomic
def correct_document(
    *, document: IssuedDocument, reason: str, by: User, at: datetime
) -> IssuedDocument:
    """Write a new document that refers to the first; the first stays as it was.

    The new one copies the records as they now stand. Minutes are signed again; a result sheet or a
    certificate is issued at once under the signed minutes; only the certifying body gives a new one
    for a revoked certificate. Raises ReasonMissing, AlreadyCorrected, RevokedByTheBody, PvNotSigned
    or NotAdmitted.
    """
    if not reason.strip():
        raise ReasonMissing
    session = deliberated(document.session)
    document = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    later = document.corrections.first()
    if later is not None:
        raise AlreadyCorrected(number=later.number)
    revoked = Revocation.objects.filter(document=document).exists()
    if revoked and not may(by, Verb.AWARD_REVOKE, organisation=document.organisation):
        raise RevokedByTheBody
    correction = Correction(document, reason.strip())
    if document.kind == Kind.PV:
        data = copies.pv(session, at=at)
        return write(Kind.PV, session, data=data, correction=correction, by=by, at=at)
    candidate = session.candidates.select_related(
        "session__version__framework", "enrolment__candidate", "deliberation"
    ).get(documents=document)
    return _correct_own(session, candidate, correction, by, at)


def _correct_own(
    session: ExamSession,
    candidate: SessionCandidate,
    correction: Correction,
    by: User,
    at: datetime,
) -> IssuedDocument:
    kind = Kind(correction.first.kind)
    pv = signed_pv(session)
    code = None
    if kind == Kind.CERTIFICATE:
        refuse_unless_admitted(candidate)
        code = crypto.verification_code()
        address = verification_address(code)
        data = copies.certificate(candidate, pv_number=pv.number, code=code, address=address, at=at)
        _write_livret_again(correction.first, candidate, pv.number, by, at)
    elif kind == Kind.BOOKLET:
        data = copies.booklet(candidate, pv_number=pv.number, at=at)
    else:
        data = copies.result_sheet(candidate, pv_number=pv.number, at=at)
    written = write(
        kind,
        session,
        data=data,
        candidate=candidate,
        code=code,
        correction=correction,
        by=by,
        at=at,
    )
    return freeze(document=written, by=by, at=at)


def _write_livret_again(
    first: IssuedDocument, candidate: SessionCandidate, pv_number: str, by: User, at: datetime
) -> None:
    """The new certificate of a revoked one gives back to the livret what the revocation removed."""
    if Revocation.objects.filter(document=first).exists():
        record_result(
            enrolment=candidate.enrolment,
            obtained_on=timezone.localtime(candidate.deliberation.closed_at).date(),
            pv_reference=pv_number,
            by=by,
            at=at,
        )
