"""Sessions on their way to official documents."""

from typing import Any

from acquis.accounts.enums import SigningRule
from acquis.accounts.models import User
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.actions.write_documents import write_documents
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.conclude_session import conclude_session
from tests.factories import grading


def deliberated_session(
    *,
    passed: tuple[bool, ...] = (True, False),
    signing: str = SigningRule.WHEN_ENROLLED,
    content: dict[str, Any] | None = None,
) -> ExamSession:
    """Concluded; each candidate admitted or refused as said."""
    session = grading.session(candidates=len(passed), signing=signing, content=content)
    for candidate, admitted in zip(session.candidates.all(), passed, strict=True):
        grading.decided(session, candidate, passed=admitted)
    conclude_session(session=session, by=grading.first_juror(session), at=grading.AT)
    session.refresh_from_db()
    return session


def jurors(session: ExamSession) -> list[User]:
    seats = session.jurors.select_related("juror__user").order_by("pk")
    return [seat.juror.user for seat in seats if seat.juror.user is not None]


def written(session: ExamSession) -> IssuedDocument:
    return write_documents(session=session, by=session.manager, at=grading.AT)


def signed(session: ExamSession) -> IssuedDocument:
    """By every juror, not yet countersigned."""
    pv = written(session)
    for juror in jurors(session):
        sign_document(document=pv, by=juror, at=grading.AT, password=grading.PASSWORD)
    return pv


def issued_pv(session: ExamSession) -> IssuedDocument:
    pv = signed(session)
    countersign(document=pv, by=session.manager, at=grading.AT, password=grading.PASSWORD)
    pv.refresh_from_db()
    return pv


def issued(session: ExamSession) -> IssuedDocument:
    """Everything: minutes, result sheets, certificates. Gives the minutes."""
    pv = issued_pv(session)
    issue_documents(session=session, by=session.manager, at=grading.AT)
    return pv
