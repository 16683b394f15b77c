from collections.abc import Iterable, Sequence

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.juries import policy
from acquis.certification.juries.models import DeclaredLink, Juror


def register(
    organisation: Organisation, search: str = "", *, inactive: bool = False
) -> QuerySet[Juror]:
    """The organisation's jurors, those whose name, employer or address holds every word."""
    jurors = (
        Juror.objects.filter(organisation=organisation)
        .annotate(link_count=Count("links", distinct=True))
        .order_by("last_name", "first_name", "pk")
    )
    if not inactive:
        jurors = jurors.filter(is_active=True)
    for word in search.split():
        jurors = jurors.filter(
            Q(last_name__icontains=word)
            | Q(first_name__icontains=word)
            | Q(employer__icontains=word)
            | Q(email__icontains=word)
        )
    return jurors


def as_member(juror: Juror) -> policy.Member:
    """A juror as the rules see them."""
    return policy.Member(
        key=juror.pk,
        name=juror.full_name,
        is_external=juror.is_external,
        experience_years=juror.experience_years,
        left_job_on=juror.left_job_on,
        briefed_on=juror.briefed_on,
        accredited_from=juror.accredited_from,
        accredited_to=juror.accredited_to,
    )


def links_with(jurors: Iterable[Juror], candidates: dict[int, str]) -> Sequence[policy.Link]:
    """Declared links of these jurors with these candidates `{id: name}`."""
    found = DeclaredLink.objects.filter(juror__in=list(jurors), candidate_id__in=list(candidates))
    return [
        policy.Link(
            member=link.juror_id,
            candidate_name=candidates[link.candidate_id],
            nature=link.nature,
        )
        for link in found
    ]


def candidate_names(organisation: Organisation) -> dict[int, str]:
    """The organisation's candidates, by key: links are declared with one of them.

    Candidates live beside this room: their table is read by name, not imported.
    """
    candidates = apps.get_model("registrations", "Candidate").objects.filter(
        organisation=organisation
    )
    return {
        pk: f"{last} {first}"
        for pk, last, first in candidates.values_list("pk", "birth_name", "first_name")
    }
