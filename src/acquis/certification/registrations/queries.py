from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import files
from acquis.certification.registrations.candidate_list import Exam, Row
from acquis.certification.registrations.models import (
    Accommodation,
    Candidate,
    Enrolment,
    Proof,
)
from acquis.certification.registrations.policy import (
    Arrangement,
    CandidateData,
    ExtraTime,
    Readiness,
)
from acquis.kernel.lists.reading import folded


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


def same_person(organisation: Organisation, data: CandidateData) -> QuerySet[Candidate]:
    """Who of the organisation has this identity.

    Without a birth date two people may share a name: the address tells them apart.
    """
    same = Candidate.objects.filter(
        organisation=organisation,
        birth_name__iexact=data["birth_name"],
        first_name__iexact=data["first_name"],
    )
    born = data["birth_date"]
    return same.filter(birth_date=born) if born else same.filter(email__iexact=data["email"])


def incomplete() -> Q:
    """Those that the CPF file would refuse: the same rule as `policy.missing_fields`."""
    return Q(sex="") | Q(birth_date__isnull=True) | Q(birth_city="") | Q(birth_country="")


def readiness(organisation: Organisation) -> Readiness:
    """The same count as `policy.readiness`, in one query however many they are."""
    fields = {
        "sex": Q(sex=""),
        "birth_date": Q(birth_date__isnull=True),
        "birth_city": Q(birth_city=""),
        "birth_country": Q(birth_country=""),
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


def exams_by_name(versions: Iterable[FrameworkVersion]) -> dict[str, Exam]:
    """The editions that a list may name, by code, acronym or title; the latest of a framework."""
    found: dict[str, Exam] = {}
    for version in sorted(versions, key=lambda each: (each.valid_from or date.min, each.pk)):
        framework, content = version.framework, version.content
        exam = Exam(
            version.pk,
            {folded(block["code"]): block["code"] for block in content.get("blocks", [])},
            whole=any(each["scope"]["type"] == "whole" for each in content.get("assessments", [])),
        )
        for name in (framework.title, framework.acronym, framework.code):
            if name:
                found[folded(name)] = exam
    return found


def already_there(
    organisation: Organisation, rows: Sequence[Row]
) -> tuple[dict[int, Candidate], dict[int, Candidate]]:
    """By line: who is known with the same identity, and who only has the same address."""
    people = Candidate.objects.filter(organisation=organisation).filter(
        Q(birth_date__in={row.birth_date for row in rows if row.birth_date})
        | Q(email__in={row.email for row in rows})
    )
    by_identity: dict[tuple[str, str, date | None, str], Candidate] = {}
    by_email: dict[str, Candidate] = {}
    for person in people:
        by_identity[_identity(person)] = person
        by_email[person.email.casefold()] = person
    known = {row.line: by_identity[_identity(row)] for row in rows if _identity(row) in by_identity}
    alike = {
        row.line: by_email[row.email.casefold()]
        for row in rows
        if row.line not in known and row.email.casefold() in by_email
    }
    return known, alike


def _identity(person: Candidate | Row) -> tuple[str, str, date | None, str]:
    born = person.birth_date
    address = "" if born else person.email.casefold()
    return folded(person.birth_name), folded(person.first_name), born, address


def proofs_of(enrolment: Enrolment, on: date) -> list[tuple[str, Proof | None]]:
    """Each paper that sitting that day asks for, with what was brought, in the order of the list."""
    brought = {
        proof.kind: proof
        for proof in enrolment.proofs.select_related("file", "deposited_by", "verified_by")
    }
    return [(kind, brought.get(kind)) for kind in files.papers_asked(enrolment, on)]
