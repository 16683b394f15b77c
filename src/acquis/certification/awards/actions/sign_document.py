from datetime import datetime

from django.db import transaction

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import policy
from acquis.certification.awards.actions.freeze import freeze
from acquis.certification.awards.actions.identity import prove_identity
from acquis.certification.awards.errors import (
    DocumentAltered,
    NotASignatory,
    NotSignable,
    NotTheManager,
    SignaturesMissing,
)
from acquis.certification.awards.models import IssuedDocument, Signature
from acquis.certification.awards.queries import signatories
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.kernel import jobs, realtime, trace

Quality = Signature.Quality


def sign_document(
    *, document: IssuedDocument, by: User, at: datetime, password: str, otp: str = ""
) -> Signature:
    """A juror signs the fingerprint of what the minutes print; signing twice is one signature.

    Raises NotASignatory, NotSignable, DocumentAltered, SecondFactorNeeded, WrongPassword or WrongOtp.
    """
    seat = _seat(document, by)
    method = prove_identity(
        person=by, centre=document.session.organisation, password=password, otp=otp, at=at
    )
    president = seat.function == SessionJuror.Function.PRESIDENT
    quality = Quality.PRESIDENT if president else Quality.JUROR
    return _sign(document, by=by, at=at, quality=quality, method=method)


def countersign(
    *, document: IssuedDocument, by: User, at: datetime, password: str, otp: str = ""
) -> Signature:
    """The session's manager countersigns after every juror: the minutes are then issued, frozen.

    Results and certificates follow in the background. Raises NotTheManager, SignaturesMissing,
    NotSignable, DocumentAltered, SecondFactorNeeded, WrongPassword or WrongOtp.
    """
    session = document.session
    if by.pk != session.manager_id or not may(by, Verb.PV_COUNTERSIGN, session.organisation):
        raise NotTheManager
    _refuse_before_the_jury(document)
    method = prove_identity(
        person=by, centre=session.organisation, password=password, otp=otp, at=at
    )
    with transaction.atomic():
        signature = _sign(document, by=by, at=at, quality=Quality.COUNTERSIGN, method=method)
        issued = IssuedDocument.objects.get(pk=document.pk)
        if issued.state == IssuedDocument.State.SIGNING:
            _refuse_before_the_jury(issued)
            freeze(document=issued, by=by, at=at)
            _issue_session(issued, by, at)
    return signature


def _seat(document: IssuedDocument, by: User) -> SessionJuror:
    for seat in signatories(document.session):
        if seat.juror.user_id == by.pk:
            return seat
    raise NotASignatory


def _refuse_before_the_jury(document: IssuedDocument) -> None:
    required = {seat.juror.user_id: seat.juror.full_name for seat in signatories(document.session)}
    signed = document.signatures.values_list("signer_id", flat=True)
    missing = policy.missing_signers([pk or 0 for pk in required], signed)
    if missing or not required:
        raise SignaturesMissing(names=", ".join(required[pk] for pk in missing))


@transaction.atomic
def _sign(
    document: IssuedDocument, *, by: User, at: datetime, quality: Signature.Quality, method: str
) -> Signature:
    document = IssuedDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    existing = document.signatures.filter(signer=by).first()
    if existing is not None:
        return existing
    if (
        document.kind != IssuedDocument.Kind.PV
        or document.state != IssuedDocument.State.SIGNING
        or document.corrections.exists()
    ):
        raise NotSignable
    if policy.fingerprint(document.data) != document.data_sha256:
        raise DocumentAltered
    signature = Signature.objects.create(
        document=document,
        signer=by,
        quality=quality,
        name=by.full_name,
        method=method,
        data_sha256=document.data_sha256,
        signed_at=at,
    )
    trace.record(
        "document.signed",
        document,
        by=by,
        at=at,
        number=document.number,
        quality=quality.value,
        method=method,
        fingerprint=document.data_sha256,
    )
    realtime.publish(f"session:{document.session_id}", at=at, what="document.signed")
    return signature


def _issue_session(document: IssuedDocument, by: User, at: datetime) -> None:
    ExamSession.objects.filter(pk=document.session_id, state=ExamSession.State.DELIBERATED).update(
        state=ExamSession.State.ISSUED
    )
    jobs.enqueue(
        "awards.issue",
        by=by,
        at=at,
        args={"session": document.session_id, "by": by.pk},
        unique_key=f"awards.issue:{document.session_id}",
    )
