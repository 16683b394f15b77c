"""The only ways to an appeal from outside."""

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.appeals import queries
from acquis.certification.appeals.models import Appeal, AppealLetter
from acquis.certification.exam_sessions.models import SessionCandidate


def own_seat(user: User, pk: int) -> SessionCandidate:
    """One's own seat in a session; anybody else's does not exist."""
    seat = (
        SessionCandidate.objects.filter(pk=pk, enrolment__candidate__user_id=user.pk or 0)
        .select_related(
            "session__version__framework", "session__organisation", "enrolment__candidate"
        )
        .first()
    )
    if seat is None or not may(user, Verb.APPEAL_LODGE, organisation=seat.session.organisation):
        raise Http404
    return seat


def own_appeal(user: User, pk: int) -> Appeal:
    found = _appeal(pk)
    if found.seat.enrolment.candidate.user_id != user.pk:
        raise Http404
    return found


def readable_appeal(user: User, pk: int) -> Appeal:
    """An appeal that one handles for the centre, or that one is named to examine.

    Jurors of the session read none of it, whatever else they are.
    """
    found = _appeal(pk)
    if queries.bar_of(found, user) or not (
        handles(user, found) or found.members.filter(user=user).exists()
    ):
        raise Http404
    return found


def handled_appeal(user: User, pk: int) -> Appeal:
    found = readable_appeal(user, pk)
    if not handles(user, found):
        raise Http404
    return found


def handles(user: User, appeal: Appeal) -> bool:
    return may(user, Verb.APPEAL_MANAGE, organisation=appeal.organisation)


def own_letter(user: User, pk: int) -> AppealLetter:
    letter = _letter(pk)
    letter.appeal = own_appeal(user, letter.appeal_id)
    return letter


def readable_letter(user: User, pk: int) -> AppealLetter:
    letter = _letter(pk)
    letter.appeal = readable_appeal(user, letter.appeal_id)
    return letter


def handled_letter(user: User, pk: int) -> AppealLetter:
    letter = _letter(pk)
    letter.appeal = handled_appeal(user, letter.appeal_id)
    return letter


def _letter(pk: int) -> AppealLetter:
    found = AppealLetter.objects.select_related("file").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _appeal(pk: int) -> Appeal:
    found = (
        Appeal.objects.select_related(
            "organisation",
            "seat__session__version__framework",
            "seat__session__manager",
            "seat__enrolment__candidate",
            "judged_by",
            "decided_by",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found
