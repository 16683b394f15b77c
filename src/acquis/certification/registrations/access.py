from collections.abc import Collection, Iterable
from datetime import date

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import files, policy, presentation
from acquis.certification.registrations.errors import MayNotSit
from acquis.certification.registrations.models import (
    Accommodation,
    Candidate,
    Enrolment,
    HeldBlock,
    Proof,
)
from acquis.kernel.models import StoredFile


def candidate_for(user: User, pk: int, verb: Verb = Verb.CANDIDATE_READ) -> Candidate:
    """A candidate of an organisation where one may `verb`; another's does not exist."""
    candidate = Candidate.objects.select_related("organisation", "user").filter(pk=pk).first()
    if candidate is None or not may(user, verb, organisation=candidate.organisation):
        raise Http404
    return candidate


def candidate_in(
    user: User, organisation: Organisation, pk: int, verb: Verb = Verb.CANDIDATE_READ
) -> Candidate:
    """The same within one organisation: a key of the API speaks for one only."""
    candidate = candidate_for(user, pk, verb)
    if candidate.organisation_id != organisation.pk:
        raise Http404
    return candidate


def enrolment_for(user: User, pk: int, verb: Verb = Verb.CANDIDATE_READ) -> Enrolment:
    """An enrolment of a candidate whom one may `verb`."""
    found = (
        Enrolment.objects.select_related("candidate__organisation", "version__framework")
        .filter(pk=pk)
        .first()
    )
    if found is None or not may(user, verb, organisation=found.candidate.organisation):
        raise Http404
    return found


def accommodation_for(user: User, pk: int, verb: Verb = Verb.CANDIDATE_EDIT) -> Accommodation:
    found = Accommodation.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.enrolment = enrolment_for(user, found.enrolment_id, verb)
    return found


def held_block_of(enrolment: Enrolment, pk: int) -> HeldBlock:
    """A line in force of the livret of this enrolment's candidate."""
    held = files.lines_in_force().filter(pk=pk, candidate=enrolment.candidate_id).first()
    if held is None:
        raise Http404
    return held


def proof_for(user: User, pk: int, verb: Verb = Verb.CANDIDATE_READ) -> Proof:
    found = Proof.objects.select_related("file").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.enrolment = enrolment_for(user, found.enrolment_id, verb)
    return found


def readable_proof(user: User, pk: int) -> StoredFile:
    """The file of a paper. A juror reads what X-02 names of the sessions where they sit."""
    found = Proof.objects.select_related("file", "enrolment__candidate__organisation").filter(
        pk=pk, file__isnull=False
    )
    proof = found.first()
    if proof is None or proof.file is None:
        raise Http404
    organisation = proof.enrolment.candidate.organisation
    if may(user, Verb.CANDIDATE_READ, organisation=organisation):
        return proof.file
    sits = proof.enrolment.sessions.filter(session__jurors__juror__user=user).exists()
    if not sits or proof.kind not in policy.for_jurors(proof.enrolment.route):
        raise Http404
    return proof.file


def papers_shown(
    user: User, organisation: Organisation, enrolments: Iterable[Enrolment], *, sits: bool
) -> dict[int, list[Proof]]:
    """The papers of a session that this person may open, by enrolment (as `readable_proof`).

    `sits`: they are of its jury, who read the DP and the ECF (X-02).
    """
    kinds: Collection[str] = policy.FOR_JURORS if sits else ()
    if may(user, Verb.CANDIDATE_READ, organisation=organisation):
        kinds = policy.FOR_SESSION
    found: dict[int, list[Proof]] = {}
    proofs = Proof.objects.filter(
        enrolment__in=[one.pk for one in enrolments], kind__in=kinds, file__isnull=False
    )
    for proof in proofs.order_by("-kind"):
        found.setdefault(proof.enrolment_id, []).append(proof)
    return found


def refuse_barred(enrolment: Enrolment, on: date) -> None:
    """Raises MayNotSit with all that keeps this person from sitting that day."""
    bars = policy.bars(files.way_of(enrolment), on)
    if bars:
        raise MayNotSit(
            name=enrolment.candidate.full_name,
            reasons=" ".join(presentation.bar_sentence(bar) for bar in bars),
        )
