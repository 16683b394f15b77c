from django.db.models import Count, Prefetch, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.certification.registrations.policy import Readiness


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
            queryset=Enrolment.objects.select_related("version__framework").defer(
                "version__content"
            ),
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
        .prefetch_related("sessions__session", "sessions__summonses", "sessions__documents")
    )
