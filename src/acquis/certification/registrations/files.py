"""Reads of the file of an enrolment: its route, its papers, and whether the person may sit."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.registrations import policy
from acquis.certification.registrations.models import Admissibility, Enrolment, HeldBlock, Proof

_OVER = ("deliberated", "issued")  # sessions whose jury has decided ask for no paper any more


def way_of(enrolment: Enrolment) -> policy.Way:
    """An enrolment as the rules of routes see it."""
    held = set(held_blocks(enrolment).values_list("block", flat=True))
    found = Admissibility.objects.filter(enrolment=enrolment).first()
    return policy.Way(
        route=enrolment.route,
        block=enrolment.block,
        blocks=[block["code"] for block in enrolment.version.content.get("blocks", [])],
        held=held - {""},
        title_held="" in held,
        request=policy.Request(found.requested_on, found.decision, found.decided_on, found.reason)
        if found
        else None,
    )


def held_blocks(enrolment: Enrolment) -> QuerySet[HeldBlock]:
    """The livret of the person for the certification of this enrolment, through its editions."""
    return HeldBlock.objects.filter(
        candidate=enrolment.candidate_id, framework=enrolment.version.framework_id
    )


def with_missing_papers(organisation: Organisation) -> QuerySet[Enrolment]:
    """Enrolments to which a paper is missing, those already decided apart."""
    lacks = Q(pk__in=())
    for kind in Proof.Kind.values:
        absent = ~Exists(Proof.objects.filter(enrolment=OuterRef("pk"), kind=kind))
        for route in Enrolment.Route.values:
            lacks |= Q(absent, _asked(kind, route), route=route)
    return (
        Enrolment.objects.filter(lacks, candidate__organisation=organisation)
        .exclude(sessions__session__state__in=_OVER)
        .order_by()
    )


def _asked(kind: str, route: str) -> Q:
    """Whether this route asks for this paper: of every certification, of titles only, or never."""
    title = "titre_professionnel"
    if kind in policy.required(route, "rncp"):
        return Q()
    if kind in policy.required(route, title):
        return Q(version__framework__kind=title)
    return Q(pk__in=())


def papers_due(days: Sequence[tuple[str, date]], today: date) -> date | None:
    """Until when the papers are asked for, by the first session to come."""
    coming = [day for _reference, day in days if day >= today]
    return policy.due_on(min(coming)) if coming else None
