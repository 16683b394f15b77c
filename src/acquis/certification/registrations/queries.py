from django.db.models import Prefetch, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.registrations.models import Candidate, Enrolment


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
