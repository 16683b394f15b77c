"""Ways into the rooms: one's own exam, the exams one plays or marks, those one manages."""

from django.db.models import QuerySet
from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings import access as sittings
from acquis.certification.sittings.models import Phase, Sitting


def played_sitting(user: User, candidate_id: int) -> Sitting:
    """The exam of a candidate whose jury one sits in."""
    found = Sitting.objects.filter(candidate_id=candidate_id).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    return sittings.sitting_for(user, found, Verb.SITTING_PLAY)


def seated_sitting(user: User, candidate_id: int) -> Sitting:
    """The exam of a candidate for a juror of its session, whatever the rest of their roles."""
    sitting = file_of(user, candidate_id)
    if not sitting.candidate.session.jurors.filter(juror__user_id=user.pk).exists():
        raise Http404
    return sitting


def played_sittings(user: User, organisation: Organisation) -> QuerySet[Sitting]:
    """The exams under way, or about to be, in which one plays or asks; by the name of the candidate."""
    return (
        Sitting.objects.filter(
            candidate__session__organisation=organisation,
            candidate__session__state=ExamSession.State.OPEN,
            candidate__session__jurors__juror__user_id=user.pk or 0,
            phases__kind__in=[
                Phase.Kind.EXCHANGES,
                Phase.Kind.REACTION,
                Phase.Kind.INTERVIEW,
                Phase.Kind.DEFENCE,
            ],
            state__in=[Sitting.State.WAITING, Sitting.State.RUNNING],
        )
        .select_related("candidate__session", "candidate__enrolment__candidate")
        .defer("candidate__session__version__content")
        .order_by("candidate__enrolment__candidate__birth_name", "pk")
        .distinct()
    )


def file_of(user: User, candidate_id: int) -> Sitting:
    """Everything a candidate produced: for the jurors of the session and those who manage it."""
    sitting = (
        Sitting.objects.select_related(
            "candidate__session__organisation", "candidate__enrolment__candidate", "workspace"
        )
        .filter(candidate_id=candidate_id)
        .first()
    )
    if sitting is None:
        raise Http404
    session = sitting.candidate.session
    sits = session.jurors.filter(juror__user_id=user.pk).exists()
    manages = may(user, Verb.AWARD_ISSUE, session.organisation)
    if not (sits and may(user, Verb.GRID_MARK, session.organisation)) and not manages:
        raise Http404
    return sitting
