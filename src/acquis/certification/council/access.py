"""The only ways to a pack, and to a candidate's own questionnaire, from outside."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.council.models import CouncilPack, SurveyTicket
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate


def packs_for(user: User, organisation: Organisation) -> QuerySet[CouncilPack]:
    """The packs that one may read. Who does not prepare them reads the last of each year alone.

    Two packs of a year, some candidates apart, would tell of those few by subtraction.
    """
    found = CouncilPack.objects.filter(organisation=organisation).select_related(
        "framework", "ordered_by", "organisation", "file"
    )
    if may(user, Verb.COUNCIL_PREPARE, organisation=organisation):
        return found
    if not may(user, Verb.COUNCIL_READ, organisation=organisation):
        return found.none()
    later = CouncilPack.objects.filter(
        organisation=OuterRef("organisation"),
        framework=OuterRef("framework"),
        year=OuterRef("year"),
        number__gt=OuterRef("number"),
        state=CouncilPack.State.READY,
    )
    return found.filter(~Exists(later), state=CouncilPack.State.READY)


def readable_pack(user: User, organisation: Organisation, pk: int) -> CouncilPack:
    found = packs_for(user, organisation).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def prepared_pack(user: User, organisation: Organisation, pk: int) -> CouncilPack:
    """A pack for who prepares it: its key, its counting again."""
    if not may(user, Verb.COUNCIL_PREPARE, organisation=organisation):
        raise Http404
    return readable_pack(user, organisation, pk)


def asked_seats(user: User) -> QuerySet[SessionCandidate]:
    """One's own seats in sessions whose results left, and of which one has said nothing yet."""
    return (
        SessionCandidate.objects.filter(
            ~Exists(SurveyTicket.objects.filter(seat=OuterRef("pk"))),
            enrolment__candidate__user_id=user.pk or 0,
            session__state=ExamSession.State.ISSUED,
        )
        .exclude(present=False)
        .select_related("session__version__framework", "session__organisation")
        .order_by("-session__starts_at", "pk")
    )


def asked_seat(user: User, pk: int) -> SessionCandidate:
    """One's own seat, answered already or not; anybody else's does not exist."""
    found = (
        SessionCandidate.objects.filter(
            pk=pk,
            enrolment__candidate__user_id=user.pk or 0,
            session__state=ExamSession.State.ISSUED,
        )
        .exclude(present=False)
        .select_related("session__version__framework", "session__organisation")
        .first()
    )
    if found is None or not may(user, Verb.AWARD_OWN_READ, organisation=found.session.organisation):
        raise Http404
    return found
