"""Reads of the file of an enrolment: its route, its papers, and whether the person may sit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import policy
from acquis.certification.registrations.models import (
    Admissibility,
    Candidate,
    Enrolment,
    HeldBlock,
    Proof,
    Result,
)

_OVER = ("deliberated", "issued")  # sessions whose jury has decided ask for no paper any more


def way_of(enrolment: Enrolment) -> policy.Way:
    """An enrolment as the rules of routes and of retakes see it."""
    held = carried_blocks(enrolment.candidate, enrolment.version)
    found = Admissibility.objects.filter(enrolment=enrolment).first()
    own = in_force(Result.objects.filter(enrolment=enrolment)).first()
    version = enrolment.version
    return policy.Way(
        route=enrolment.route,
        block=enrolment.block,
        blocks=[block["code"] for block in version.content.get("blocks", [])],
        held=held - {""},
        title_held="" in held,
        request=policy.Request(found.requested_on, found.decision, found.decided_on, found.reason)
        if found
        else None,
        attempts=attempts_of(enrolment.candidate, version, enrolment.block, enrolment.route),
        rules=policy.retake_rules(version.content, version.framework.kind),
        brought=frozenset(enrolment.proofs.values_list("kind", flat=True)),
        decided_on=own.sat_on if own else None,
        valid_to=version.valid_to,
    )


def in_force(results: QuerySet[Result]) -> QuerySet[Result]:
    return results.filter(annulled_at__isnull=True)


def attempts_of(
    candidate: Candidate, version: FrameworkVersion, block: str, route: str
) -> list[policy.Attempt]:
    """The exams of this certification, or of this block, that were decided and not obtained.

    Through all its editions, and those that they replace under another code of the registers;
    oldest first. The exam of the whole is one of each of its blocks; the final interview of a
    capitalisation is an exam of the whole only by that route.
    """
    chain = [one.pk for one in editions_to(version)]
    results = in_force(
        Result.objects.filter(enrolment__candidate=candidate)
        .filter(
            Q(enrolment__version__framework=version.framework_id) | Q(enrolment__version__in=chain)
        )
        .exclude(outcome=Result.Outcome.PASSED)
    )
    rows = results.order_by("sat_on", "pk").values_list(
        "sat_on", "outcome", "enrolment__route", "enrolment__block", "enrolment__version"
    )
    return attempts_among([Sat(*row) for row in rows], version, block, route)


@dataclass(frozen=True, slots=True)
class Sat:
    """A decided exam as it was sat: its route, its block (empty: the whole) and its edition."""

    on: date
    outcome: str
    route: str
    block: str
    edition: int


def attempts_among(
    exams: Iterable[Sat], version: FrameworkVersion, block: str, route: str
) -> list[policy.Attempt]:
    """Those of these exams, of the editions of this certification, that are attempts at this one."""
    several = len(version.content.get("blocks", [])) > 1
    editions = _editions(editions_to(version))
    return [
        policy.Attempt(one.on, one.outcome, one.route)
        for one in exams
        if any(
            policy.counts_for(code, one.route, block=block, route=route, several=several)
            for code in policy.attempted(one.block, one.edition, editions)
        )
    ]


def replaces(version: FrameworkVersion, block: str, exam: Sat) -> bool:
    """Whether this exam, of an edition before under another code, is of what `block` replaces."""
    chain = editions_to(version)
    if exam.edition not in {one.pk for one in chain if one.framework_id != version.framework_id}:
        return False
    codes = policy.attempted(exam.block, exam.edition, _editions(chain))
    return not block or block in codes or "" in codes


def load_editions(versions: Iterable[FrameworkVersion]) -> None:
    """Load what these editions replace, a generation at a time: `editions_to` then asks nothing."""
    known = {one.pk: one for one in versions}
    young = list(known.values())
    while young:
        wanted = {one.previous_id for one in young if one.previous_id is not None}
        older = FrameworkVersion.objects.in_bulk(wanted - known.keys())
        known |= older
        for one in young:
            one.previous = known.get(one.previous_id or 0)
        young = list(older.values())


def editions_to(version: FrameworkVersion) -> list[FrameworkVersion]:
    """Gives this edition after those that it replaces, oldest first."""
    chain, seen = [version], {version.pk}
    while (before := chain[0].previous) is not None and before.pk not in seen:
        seen.add(before.pk)
        chain.insert(0, before)
    return chain


def lines_in_force() -> QuerySet[HeldBlock]:
    """The lines of livrets that nothing withdrew."""
    return HeldBlock.objects.filter(withdrawn_at__isnull=True)


def carried_blocks(candidate: Candidate, version: FrameworkVersion) -> frozenset[str]:
    """The blocks of this edition that the person's livret holds, of it and of those before it.

    « » is the whole certification.
    """
    return _carried(_lines_of(candidate), version)


def obtained_blocks(candidate: Candidate, version: FrameworkVersion) -> frozenset[str]:
    """What the livret holds, and what juries have pronounced that no document attests yet.

    « » is the whole certification. A synthesis test that was passed counts until the certification
    jury has pronounced (X-10).
    """
    results = (
        in_force(Result.objects.filter(enrolment__candidate=candidate))
        .select_related("enrolment__version")
        .order_by("decided_at", "pk")
    )
    withdrawn = HeldBlock.objects.filter(
        candidate=candidate, withdrawn_at__isnull=False, earned_by__isnull=False
    ).values_list("earned_by", "block", "withdrawn_at")
    pronounced = policy.obtained(
        [
            policy.Decision(
                enrolment=one.enrolment_id,
                edition=one.enrolment.version_id,
                block=one.enrolment.block,
                outcome=one.outcome,
                blocks=tuple(one.blocks),
                at=one.decided_at,
                proposes=bool(one.enrolment.block)
                and decides_over_blocks(one.enrolment.version.content),
            )
            for one in results
        ],
        [policy.Withdrawal(earned_by, block, at) for earned_by, block, at in withdrawn if at],
    )
    return _carried(pronounced | _lines_of(candidate), version)


def _lines_of(candidate: Candidate) -> frozenset[tuple[int, str]]:
    lines = lines_in_force().filter(candidate=candidate)
    return frozenset(lines.values_list("version_id", "block"))


def _carried(held: Iterable[tuple[int, str]], version: FrameworkVersion) -> frozenset[str]:
    return policy.carried(held, _editions(editions_to(version)))


def _editions(chain: Sequence[FrameworkVersion]) -> list[policy.Edition]:
    """As the rules see them, with the correspondences between blocks that were confirmed."""
    return [
        policy.Edition(
            each.pk,
            tuple(
                (one["from"], one["to"])
                for one in each.correspondences
                if one.get("kind", "block") == "block"
            ),
            renumbered=before is not None and before.framework_id != each.framework_id,
            sole=len(each.content.get("blocks", [])) == 1,
        )
        for before, each in zip([None, *chain], chain, strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person is with one block: what the livret says, else the last result of its exam."""

    code: str
    title: str
    held: HeldBlock | None = None  # the line that gives it, of this edition or of one before
    result: Result | None = None

    @property
    def acquired(self) -> bool:
        passed = self.result is not None and self.result.outcome == Result.Outcome.PASSED
        return self.held is not None or passed


def standings(enrolment: Enrolment) -> list[Standing]:
    """Each block of the certification for this person, in the order of the document (X-10, X-13)."""
    version = enrolment.version
    carried = carried_blocks(enrolment.candidate, version)
    lines = list(held_blocks(enrolment).exclude(block=""))
    results = {
        one.enrolment.block: one
        for one in in_force(
            Result.objects.filter(
                enrolment__candidate=enrolment.candidate_id, enrolment__version=version
            )
        )
        .select_related("enrolment__candidate")
        .order_by("sat_on", "pk")
    }
    return [
        Standing(
            block["code"],
            block["title"],
            _line_of(block["code"], lines, version) if block["code"] in carried else None,
            results.get(block["code"]),
        )
        for block in version.content.get("blocks", [])
    ]


def _line_of(block: str, lines: list[HeldBlock], version: FrameworkVersion) -> HeldBlock | None:
    """The line of the livret that gives a block, followed back through the editions."""
    wanted = {block}
    for edition in reversed(editions_to(version)):
        found = [one for one in lines if one.version_id == edition.pk and one.block in wanted]
        if found:
            return found[-1]
        wanted = {one["from"] for one in edition.correspondences if one["to"] in wanted}
    return None


def interview_due(enrolment: Enrolment) -> bool:
    """Whether every CCP of the title is held and the final interview is not asked for yet (X-02)."""
    version, candidate = enrolment.version, enrolment.candidate
    codes = {block["code"] for block in version.content.get("blocks", [])}
    if version.framework.kind != "titre_professionnel" or len(codes) < 2:
        return False
    held = carried_blocks(candidate, version)
    asked = Enrolment.objects.filter(
        candidate=candidate,
        version=version,
        block="",
        route=Enrolment.Route.CAPITALISATION,
    ).exclude(pk__in=in_force(Result.objects.all()).values("enrolment"))
    return codes <= held and "" not in held and not asked.exists()


def held_blocks(enrolment: Enrolment) -> QuerySet[HeldBlock]:
    """The livret of the person for the certification of this enrolment, through its editions."""
    return held_through(enrolment.candidate, enrolment.version)


def held_through(candidate: Candidate, version: FrameworkVersion) -> QuerySet[HeldBlock]:
    """What a person holds of a certification, of this edition and of those it replaces."""
    chain = [each.pk for each in editions_to(version)]
    return (
        lines_in_force()
        .filter(candidate=candidate)
        .filter(Q(framework=version.framework_id) | Q(version__in=chain))
        .select_related("version")
    )


def withdrawn_lines(enrolment: Enrolment) -> QuerySet[HeldBlock]:
    """What the livret held for this certification and holds no more, each with its reason."""
    return HeldBlock.objects.filter(
        candidate=enrolment.candidate_id,
        framework=enrolment.version.framework_id,
        withdrawn_at__isnull=False,
    ).select_related("version")


def with_missing_papers(organisation: Organisation) -> QuerySet[Enrolment]:
    """Enrolments to which a paper is missing, those already decided apart."""
    lacks = Q(pk__in=())
    for kind in Proof.Kind.values:
        absent = ~Exists(Proof.objects.filter(enrolment=OuterRef("pk"), kind=kind))
        for route in Enrolment.Route.values:
            lacks |= Q(absent, _asked(kind, route), route=route)
    lacks |= Q(
        ~Exists(Proof.objects.filter(enrolment=OuterRef("pk"), kind=Proof.Kind.EXPERIENCE)),
        attempt__gt=1,
        version__content__rules__retake_proof="experience",
    )
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


def papers_asked(enrolment: Enrolment, on: date) -> tuple[str, ...]:
    """The papers of an enrolment: those of its route, then those of coming again."""
    version = enrolment.version
    return (
        *policy.required(enrolment.route, version.framework.kind),
        *policy.retake_papers(
            policy.retake_rules(version.content, version.framework.kind),
            enrolment.route,
            attempts_of(enrolment.candidate, version, enrolment.block, enrolment.route),
            on,
        ),
    )


def right_to_come_again(result: Result) -> policy.Retake | None:
    """What this result leaves: None when it was a success."""
    if result.outcome == Result.Outcome.PASSED:
        return None
    enrolment = result.enrolment
    version = enrolment.version
    block, route = enrolment.block, enrolment.route
    attempts = attempts_of(enrolment.candidate, version, block, route)
    return policy.retake(
        policy.retake_rules(version.content, version.framework.kind),
        route,
        attempts or [policy.Attempt(result.sat_on, result.outcome, route)],
    )


def papers_due(days: Sequence[tuple[str, date]], today: date) -> date | None:
    """Until when the papers are asked for, by the first session to come."""
    coming = [day for _reference, day in days if day >= today]
    return policy.due_on(min(coming)) if coming else None
