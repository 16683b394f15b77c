from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.juries import policy as jury
from acquis.certification.juries import queries as jurors
from acquis.certification.registrations.models import Enrolment


def with_progress(grids: QuerySet[Grid]) -> QuerySet[Grid]:
    """Grids with `marked` and `total`, the numbers of criteria; nothing of their content."""
    return grids.annotate(total=Count("marks"), marked=Count("marks", filter=~Q(marks__verdict="")))


def own_grids(user: User) -> QuerySet[Grid]:
    return (
        with_progress(Grid.objects.filter(juror__juror__user=user))
        .select_related("candidate__session", "candidate__enrolment__candidate", "juror")
        .order_by("-candidate__session__starts_at", "candidate__order", "candidate_id")
    )


def is_present_juror(user: User, session_id: int) -> bool:
    return SessionJuror.objects.filter(session=session_id, juror__user=user, present=True).exists()


# What a deliberation refuses: who is linked, and a jury that is no longer independent enough.
_DEPENDENCE = frozenset({"linked", "too_few_external", "too_few_independent"})


def jury_faults(members: Sequence[SessionJuror], candidate: SessionCandidate) -> list[jury.Fault]:
    """What keeps these jurors from deciding for this candidate, by the links declared until now."""
    enrolment, session = candidate.enrolment, candidate.session
    people = [member.juror for member in members]
    faults = jury.jury_faults(
        [jurors.as_member(juror) for juror in people],
        jurors.links_with(
            people,
            {enrolment.candidate_id: enrolment.candidate.full_name},
            {enrolment.candidate_id: (enrolment.employer, enrolment.training_body)},
        ),
        jury.rules_from(session.version.content, session.block),
        timezone.localtime(session.starts_at).date(),
    )
    return [fault for fault in faults if fault.code in _DEPENDENCE]


def undecided_candidates(session: ExamSession) -> QuerySet[SessionCandidate]:
    """Candidates whose deliberation is not closed; those noted absent are not awaited."""
    return session.candidates.exclude(present=False).exclude(deliberation__closed_at__isnull=False)


def grids_open_for(candidate_id: int) -> int:
    return Grid.objects.filter(candidate=candidate_id, closed_at__isnull=True).count()


def closed_grids(candidate_id: int) -> list[Grid]:
    """The closed grids of a candidate with their marks, the president's first."""
    return list(
        Grid.objects.filter(candidate=candidate_id, closed_at__isnull=False)
        .select_related("juror__juror")
        .prefetch_related("marks")
        .order_by("-juror__function", "juror_id")
    )


def sessions_to_open(user: User) -> QuerySet[ExamSession]:
    """Sessions under way in which this juror is present and has no grid for someone present.

    Who is judged over blocks has none.
    """
    interviews = Q(session__block="", enrolment__route=Enrolment.Route.CAPITALISATION)
    found = ExamSession.objects.filter(
        Exists(SessionJuror.objects.filter(session=OuterRef("pk"), juror__user=user, present=True)),
        Exists(
            SessionCandidate.objects.filter(session=OuterRef("pk"), present=True)
            .exclude(interviews)
            .exclude(Exists(Grid.objects.filter(candidate=OuterRef("pk"), juror__juror__user=user)))
        ),
        state__in=[ExamSession.State.OPEN, ExamSession.State.CLOSED],
    )
    whole = found.filter(block="").select_related("version")
    over = [one.pk for one in whole if decides_over_blocks(one.version.content)]
    return found.exclude(pk__in=over)


def open_grids_of(user: User) -> QuerySet[Grid]:
    """Grids that this juror has still to close."""
    return Grid.objects.filter(juror__juror__user=user, closed_at__isnull=True)


def sessions_to_conclude(user: User) -> QuerySet[ExamSession]:
    """Sessions whose grids are all closed, or that need none, and whose jury has yet to conclude."""
    grids = Grid.objects.filter(candidate__session=OuterRef("pk"))
    over = Deliberation.objects.filter(candidate__session=OuterRef("pk"))
    return ExamSession.objects.filter(
        Exists(SessionJuror.objects.filter(session=OuterRef("pk"), juror__user=user, present=True)),
        Exists(grids) | Exists(over),
        ~Exists(grids.filter(closed_at__isnull=True)),
        state__in=[ExamSession.State.OPEN, ExamSession.State.CLOSED],
    )
