from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from django.apps import apps
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from acquis.accounts.models import Organisation
from acquis.certification.juries import policy
from acquis.certification.juries.models import DeclaredLink, Juror

EXPIRES_SOON = timedelta(days=60)


def register(
    organisation: Organisation,
    search: str = "",
    *,
    inactive: bool = False,
    state: str = "",
    today: date | None = None,
) -> QuerySet[Juror]:
    """The organisation's jurors, those whose name, employer or address holds every word.

    `state` keeps those to look after from `today`: `habilitation` or `cessation`.
    """
    jurors = (
        Juror.objects.filter(organisation=organisation)
        .annotate(link_count=Count("links", filter=Q(links__ended_at__isnull=True)))
        .order_by("last_name", "first_name", "pk")
    )
    if not inactive:
        jurors = jurors.filter(is_active=True)
    if state and today:
        jurors = jurors.filter(_to_look_after(state, today))
    for word in search.split():
        jurors = jurors.filter(
            Q(last_name__icontains=word)
            | Q(first_name__icontains=word)
            | Q(employer__icontains=word)
            | Q(email__icontains=word)
        )
    return jurors


def _to_look_after(state: str, today: date) -> Q:
    """Accreditations that end within two months; jobs left nearly five years ago (X-03)."""
    if state == "habilitation":
        return Q(accredited_to__range=(today, today + EXPIRES_SOON))
    if state == "cessation":
        soon = today + EXPIRES_SOON
        oldest, nearest = (policy.years_before(day, policy.LEFT_YEARS_MAX) for day in (today, soon))
        return Q(left_job_on__range=(oldest, nearest))
    return Q()


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
        briefing_hours=None if juror.briefing_hours is None else Fraction(juror.briefing_hours),
        represents=juror.represents,
        specialities=tuple(juror.specialities),
    )


def links_with(
    jurors: Iterable[Juror],
    candidates: Mapping[int, str],
    bodies: Mapping[int, Sequence[str]] | None = None,
) -> Sequence[policy.Link]:
    """Links in force of these jurors with these candidates `{id: name}`.

    `bodies` names who employs and trains each of them: a link with one of those is a link with them.
    """
    found = DeclaredLink.objects.filter(juror__in=list(jurors), ended_at__isnull=True).order_by(
        "pk"
    )
    return [
        policy.Link(member=link.juror_id, candidate_name=name, nature=link.nature)
        for link in found
        for pk, name in candidates.items()
        if link.candidate_id == pk
        or any(_same(link.organisation_name, body) for body in (bodies or {}).get(pk, ()))
    ]


def _same(one: str, other: str) -> bool:
    return bool(one) and policy.folded(one) == policy.folded(other)


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


def known_addresses(organisation: Organisation, addresses: Iterable[str]) -> dict[str, Juror]:
    """The jurors of the register by their address in lower case, of those asked for."""
    found = Juror.objects.filter(organisation=organisation).annotate(address=Lower("email"))
    return {juror.email.lower(): juror for juror in found.filter(address__in=set(addresses))}


def organisations_linked(jurors: Iterable[Juror]) -> dict[tuple[int, str], list[str]]:
    """The organisations with which links hold, by juror and nature."""
    found: dict[tuple[int, str], list[str]] = {}
    links = DeclaredLink.objects.filter(juror__in=list(jurors), ended_at__isnull=True).exclude(
        organisation_name=""
    )
    for link in links.order_by("organisation_name"):
        found.setdefault((link.juror_id, link.nature), []).append(link.organisation_name)
    return found
