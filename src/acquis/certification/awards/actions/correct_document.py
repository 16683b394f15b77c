from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
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
from acquis.certification.awards.errors import AlreadyCorrected, ReasonMissing
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import crypto

Kind = IssuedDocument.Kind


@transaction.atomic
def correct_document(
    *, document: IssuedDocument, reason: str, by: User, at: datetime
) -> IssuedDocument:
    """Write a new document that refers to the first; the first stays as it was.

    The new one copies the records as they now stand. Minutes are signed again; a result sheet or a
    certificate is issued at once under the signed minutes. Raises ReasonMissing, AlreadyCorrected,
    PvNotSigned or NotAdmitted.
    """
    if not reason.strip():
        raise ReasonMissing
    session = deliberated(document.session)
    document = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    later = document.corrections.first()
    if later is not None:
        raise AlreadyCorrected(number=later.number)
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
