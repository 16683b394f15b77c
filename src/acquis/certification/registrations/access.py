from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.registrations.models import Accommodation, Candidate, Enrolment


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
