from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.registrations import files, policy
from acquis.certification.registrations.errors import CopyMissing, CopyNotKept, ProofNotAsked
from acquis.certification.registrations.models import Enrolment, Proof
from acquis.kernel import trace
from acquis.kernel.models import StoredFile


@transaction.atomic
def deposit_proof(
    *, enrolment: Enrolment, kind: str, file: StoredFile | None, by: User, at: datetime
) -> Proof:
    """Keep a paper of the enrolment; another copy takes its place and is to be verified again.

    Raises ProofNotAsked, CopyNotKept for an identity document, or CopyMissing for the others.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("version__framework")
        .get(pk=enrolment.pk)
    )
    if kind not in files.papers_asked(enrolment, date.max):  # what may be asked one day
        raise ProofNotAsked
    if kind in policy.WITHOUT_COPY and file is not None:
        raise CopyNotKept
    if kind not in policy.WITHOUT_COPY and file is None:
        raise CopyMissing
    seen = kind in policy.WITHOUT_COPY  # seen is verified: there is nothing to look at later
    proof, _new = Proof.objects.update_or_create(
        enrolment=enrolment,
        kind=kind,
        defaults={
            "file": file,
            "deposited_at": at,
            "deposited_by": by,
            "verified_at": at if seen else None,
            "verified_by": by if seen else None,
        },
    )
    trace.record(
        "candidate.proof_deposited",
        enrolment,
        by=by,
        at=at,
        proof=proof.pk,
        kind=kind,
        sha256=file.sha256 if file else "",
    )
    return proof


@transaction.atomic
def verify_proof(*, proof: Proof, by: User, at: datetime) -> Proof:
    """Say that a paper is what it should be; said twice, the first one counts."""
    proof = Proof.objects.select_for_update(of=("self",)).get(pk=proof.pk)
    if proof.verified_at is not None:
        return proof
    proof.verified_at, proof.verified_by = at, by
    proof.save(update_fields=["verified_at", "verified_by"])
    trace.record(
        "candidate.proof_verified", proof.enrolment, by=by, at=at, proof=proof.pk, kind=proof.kind
    )
    return proof
