from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.certification.registrations.models import Accommodation, Candidate, Enrolment
from acquis.certification.registrations.policy import Arrangement, ExtraTime, Readiness


def candidates(organisation: Organisation, search: str = "") -> QuerySet[Candidate]:
    """The organisation's candidates whose name, reference or address holds every word."""
    found = Candidate.objects.filter(organisation=organisation)
    for word in search.split():
        found = found.filter(
            Q(birth_name__icontains=word)
            | Q(usual_name__icontains=word)
            | Q(first_name__icontains=word)
            | Q(reference__icontains=word)
            | Q(email__icontains=word)
        )
    return found.prefetch_related(
        Prefetch(
            "enrolments",
            queryset=Enrolment.objects.select_related("version__framework")
            .defer("version__content")
            .prefetch_related("accommodations"),
        )
    )


def incomplete() -> Q:
    """Those that the CPF file would refuse: the same rule as `policy.missing_fields`."""
    return Q(sex="") | Q(birth_date__isnull=True) | Q(birth_city="")


def readiness(organisation: Organisation) -> Readiness:
    """The same count as `policy.readiness`, in one query however many they are."""
    fields = {
        "sex": Q(sex=""),
        "birth_date": Q(birth_date__isnull=True),
        "birth_city": Q(birth_city=""),
    }
    counts = Candidate.objects.filter(organisation=organisation).aggregate(
        total=Count("pk"),
        left=Count("pk", filter=incomplete()),
        **{name: Count("pk", filter=empty) for name, empty in fields.items()},
    )
    missing = sorted((name for name in fields if counts[name]), key=lambda name: -counts[name])
    return Readiness(counts["total"] - counts["left"], counts["left"], missing)


def enrolments_of(candidate: Candidate) -> QuerySet[Enrolment]:
    """A candidate's enrolments, each with the sessions it was presented to."""
    return (
        candidate.enrolments.select_related("version__framework")
        .defer("version__content")
        .prefetch_related(
            "accommodations", "sessions__session", "sessions__summonses", "sessions__documents"
        )
    )


def accommodations_of(enrolment: Enrolment) -> list[Accommodation]:
    """Those in force; read from what was prefetched."""
    return [each for each in enrolment.accommodations.all() if each.is_in_force]


def extra_time_of(enrolment: Enrolment) -> ExtraTime:
    """What the plan, the clock and the documents add to the times of this person (X-11)."""
    return ExtraTime(
        tuple(
            Arrangement(each.factor, each.break_minutes, frozenset(each.scope))
            for each in accommodations_of(enrolment)
        )
    )


def session_days(enrolment: Enrolment) -> list[tuple[str, date]]:
    """Reference and day of each session where this enrolment has a seat, cancelled ones apart."""
    seats = enrolment.sessions.exclude(session__state="cancelled").select_related("session")
    return [
        (seat.session.reference, timezone.localtime(seat.session.starts_at).date())
        for seat in seats.order_by("session__starts_at")
    ]
