from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.awards.errors import (
    AlreadyRevoked,
    NotRevocable,
    ReplacedCertificate,
    RevocationReasonMissing,
)
from acquis.certification.awards.following import certificate_revoked
from acquis.certification.awards.models import IssuedDocument, Revocation
from acquis.certification.registrations.actions import revoke_result
from acquis.kernel import realtime, trace


@transaction.atomic
def revoke_certificate(
    *, document: IssuedDocument, reason: str, by: User, at: datetime
) -> Revocation:
    """Withdraw a certificate for good; its file stays, its page and its badge say it.

    The livret no longer holds what it attested. Only a new certificate that corrects this one undoes
    it. Raises RevocationReasonMissing, NotRevocable, ReplacedCertificate or AlreadyRevoked.
    """
    if not reason.strip():
        raise RevocationReasonMissing
    document = (
        IssuedDocument.objects.select_for_update(of=("self",))
        .select_related("candidate__enrolment")
        .get(pk=document.pk)
    )
    candidate = document.candidate
    if (
        document.kind != IssuedDocument.Kind.CERTIFICATE
        or document.state != IssuedDocument.State.ISSUED
        or candidate is None
    ):
        raise NotRevocable
    later = document.corrections.first()
    if later is not None:
        raise ReplacedCertificate(number=later.number)
    if Revocation.objects.filter(document=document).exists():
        raise AlreadyRevoked
    revocation = Revocation.objects.create(
        document=document, reason=reason.strip(), revoked_at=at, revoked_by=by
    )
    revoke_result(enrolment=candidate.enrolment, reason=revocation.reason, by=by, at=at)
    trace.record(
        "document.revoked",
        document,
        by=by,
        at=at,
        number=document.number,
        personal={"reason": revocation.reason},
    )
    certificate_revoked(document, by, at)
    realtime.publish(f"session:{document.session_id}", at=at, what="document.revoked")
    return revocation
