from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.papers import policy
from acquis.certification.papers.models import Draw, DrawCommitment, Subject, SubjectOpening

FEWEST = 2  # subjects of a kind below which a draw has no chance in it


def bank(organisation: Organisation) -> QuerySet[Subject]:
    """The subjects of an organisation, each with how often it was drawn and last when."""
    return (
        Subject.objects.filter(organisation=organisation)
        .defer("sealed")
        .select_related("author", "validated_by")
        .annotate(exposure=Count("draws"), last_drawn_at=Max("draws__drawn_at"))
    )


@dataclass(frozen=True, slots=True)
class BankFilter:
    """What a person looks for in the bank; empty asks for nothing. `exposure`: « 0 », or « 3+ »."""

    text: str = ""
    kind: str = ""
    state: str = ""
    exam: str = ""
    exposure: str = ""

    @property
    def asks(self) -> bool:
        return any((self.text, self.kind, self.state, self.exam, self.exposure))


def filtered(found: QuerySet[Any], chosen: BankFilter) -> QuerySet[Any]:
    """Of the `bank`, what the filter asks for."""
    for word in chosen.text.split():
        found = found.filter(
            Q(reference__icontains=word) | Q(title__icontains=word) | Q(pack__icontains=word)
        )
    if chosen.kind in Subject.Kind.values:
        found = found.filter(kind=chosen.kind)
    if chosen.state in Subject.State.values:
        found = found.filter(state=chosen.state)
    if chosen.exam:
        code, _sign, block = chosen.exam.partition(":")
        found = found.filter(framework_code=code, block=block)
    if chosen.exposure == "0":
        found = found.filter(exposure=0)
    elif chosen.exposure.removesuffix("+").isdecimal() and len(chosen.exposure) < 6:
        found = found.filter(exposure__gte=int(chosen.exposure.removesuffix("+")))
    return found


def exams_of_bank(organisation: Organisation) -> list[tuple[str, str]]:
    """The exams for which the bank holds subjects: value and words."""
    rows = (
        Subject.objects.filter(organisation=organisation)
        .order_by("framework_code", "block")
        .values_list("framework_code", "block")
        .distinct()
    )
    return [(f"{code}:{block}", " · ".join(filter(None, (code, block)))) for code, block in rows]


def packs_of(organisation: Organisation) -> list[tuple[str, str]]:
    """The fictitious enterprises of an organisation: the pack and the name of each."""
    rows = Workspace.objects.filter(organisation=organisation, kind=WorkspaceKind.MODEL)
    return list(rows.exclude(pack="").order_by("name").values_list("pack", "name").distinct())


def drawable(session: ExamSession, kind: str) -> QuerySet[Subject]:
    """Validated subjects of the session's framework, block and enterprise."""
    return Subject.objects.filter(
        organisation=session.organisation_id,
        kind=kind,
        state=Subject.State.VALIDATED,
        framework_code=session.version.framework.code,
        block=session.block,
        pack=pack_of(session),
    ).defer("sealed")


def pack_of(session: ExamSession) -> str:
    """The pack that the session's enterprise came from; empty without enterprise."""
    return (
        Workspace.objects.filter(pk=session.enterprise_id or 0)
        .values_list("pack", flat=True)
        .first()
        or ""
    )


def kinds_of(session: ExamSession) -> list[str]:
    """The kinds of subjects that the exam of a session draws, in the order of the day."""
    return policy.kinds_used(phases_from(session.version.content, session.block))


def pools_of(session: ExamSession) -> dict[str, dict[str, str]]:
    """For each kind, the subjects that may be drawn now: references with their fingerprints."""
    return {
        kind: dict(drawable(session, kind).values_list("reference", "sha256"))
        for kind in kinds_of(session)
    }


def commitment_of(session: ExamSession) -> DrawCommitment | None:
    """The commitment in force."""
    return DrawCommitment.objects.filter(
        session=session, replaced_at__isnull=True, supplement=False
    ).first()


def commitment_for(session: ExamSession, kind: str) -> DrawCommitment | None:
    """The commitment in force that froze subjects of this kind: the session's, or a supplement."""
    found = DrawCommitment.objects.filter(session=session, replaced_at__isnull=True)
    return next(
        (one for one in found.order_by("supplement", "pk") if one.frozen["pools"].get(kind)), None
    )


def still_valid(session: ExamSession, frozen: Mapping[str, str]) -> dict[str, Subject]:
    """Of the subjects frozen by a commitment, those that are still what they were, for this exam.

    What was frozen before the session became one of another exam is not drawn.
    """
    found = Subject.objects.filter(
        organisation=session.organisation_id,
        reference__in=frozen,
        state=Subject.State.VALIDATED,
        framework_code=session.version.framework.code,
        block=session.block,
        pack=pack_of(session),
    ).defer("sealed")
    return {each.reference: each for each in found if each.sha256 == frozen[each.reference]}


def seen_by(candidate: SessionCandidate, references: Iterable[str]) -> set[str]:
    """Of these references, those of which the same person drew a version in another session."""
    families = (
        Draw.objects.filter(
            candidate__enrolment__candidate=candidate.enrolment.candidate_id,
            subject__organisation=candidate.session.organisation_id,
        )
        .exclude(candidate=candidate)
        .values("subject__family")
    )
    return set(
        Subject.objects.filter(
            organisation=candidate.session.organisation_id,
            reference__in=list(references),
            family__in=families,
        ).values_list("reference", flat=True)
    )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A kind of subject of which a session has too few: for `people` none is left unseen."""

    session: ExamSession
    kind: str
    stock: int
    people: int


def shortages(sessions: Sequence[ExamSession]) -> list[Shortage]:
    """What sessions lack, told before the day: nothing to draw, one subject only, or none unseen.

    One subject only is a draw without chance. What was drawn already lacks nothing.
    """
    packs = dict(
        Workspace.objects.filter(pk__in=[one.enterprise_id or 0 for one in sessions]).values_list(
            "pk", "pack"
        )
    )
    stock = _stock(sessions)
    seats = _seats(sessions)
    drawn, seen = _history(seats)
    found = []
    for session in sessions:
        for kind in kinds_of(session):
            waiting = [seat for seat in seats[session.pk] if (seat.pk, kind) not in drawn]
            families = stock.get(_shelf(session, kind, packs.get(session.enterprise_id or 0, "")))
            known = families or set()
            people = sum(
                not known - seen.get(seat.enrolment.candidate_id, {}).get(kind, set())
                for seat in waiting
            )
            if waiting and (people or len(known) < FEWEST):
                found.append(Shortage(session, kind, len(known), people))
    return found


def _shelf(session: ExamSession, kind: str, pack: str) -> tuple[int, str, str, str, str]:
    code = session.version.framework.code
    return session.organisation_id, kind, code, session.block, pack


def _stock(sessions: Sequence[ExamSession]) -> dict[tuple[int, str, str, str, str], set[str]]:
    rows = Subject.objects.filter(
        organisation__in={one.organisation_id for one in sessions}, state=Subject.State.VALIDATED
    ).values_list("organisation", "kind", "framework_code", "block", "pack", "family")
    stock: dict[tuple[int, str, str, str, str], set[str]] = defaultdict(set)
    for *shelf, family in rows:
        stock[tuple(shelf)].add(family)  # type: ignore[index]
    return stock


def _seats(sessions: Sequence[ExamSession]) -> dict[int, list[SessionCandidate]]:
    seats: dict[int, list[SessionCandidate]] = defaultdict(list)
    for seat in SessionCandidate.objects.filter(session__in=sessions).select_related("enrolment"):
        seats[seat.session_id].append(seat)
    return seats


def _history(
    seats: Mapping[int, Sequence[SessionCandidate]],
) -> tuple[set[tuple[int, str]], dict[int, dict[str, set[str]]]]:
    """What was drawn for these seats, and the families that each person has seen, by kind."""
    people = {seat.enrolment.candidate_id for row in seats.values() for seat in row}
    rows = Draw.objects.filter(candidate__enrolment__candidate__in=people).values_list(
        "candidate", "candidate__enrolment__candidate", "kind", "subject__family"
    )
    drawn: set[tuple[int, str]] = set()
    seen: dict[int, dict[str, set[str]]] = {}
    for seat, person, kind, family in rows:
        drawn.add((seat, kind))
        seen.setdefault(person, {}).setdefault(kind, set()).add(family)
    return drawn, seen


def proofs_of(session: ExamSession) -> list[dict[str, Any]]:
    """What recomputes the draws of a session, a commitment each; an empty seed is not told yet."""
    commitments = session.draw_commitments.prefetch_related(
        Prefetch(
            "draws",
            Draw.objects.select_related("subject", "candidate__enrolment__candidate")
            .defer("subject__sealed")
            .order_by("candidate__order", "candidate", "kind"),
        )
    )
    return [
        {
            "session": session.reference,
            "commitment": one.commitment,
            "committed_at": one.committed_at.isoformat(),
            "seed": one.seed,
            "frozen": one.frozen,
            "draws": [
                {
                    "candidate": draw.candidate.enrolment.candidate.reference,
                    "kind": draw.kind,
                    "subject": draw.subject.reference,
                    "excluded": draw.excluded,
                }
                for draw in one.draws.all()
            ],
        }
        for one in commitments
    ]


def draws_of(session: ExamSession) -> QuerySet[Draw]:
    return (
        Draw.objects.filter(session=session)
        .select_related("subject", "candidate__enrolment__candidate", "drawn_by")
        .defer("subject__sealed")
    )


def has_opened(draw: Draw, user: User) -> bool:
    """Whether this person opened the drawn subject; reading again then needs no new act."""
    return SubjectOpening.objects.filter(draw=draw, opened_by=user).exists()


def has_reviewed(subject: Subject, user: User) -> bool:
    """Whether this person opened the content of a subject of the bank, which is kept."""
    return SubjectOpening.objects.filter(
        subject=subject, draw__isnull=True, opened_by=user, purpose="review"
    ).exists()


def version_of(subject: Subject) -> FrameworkVersion | None:
    """The published edition whose criteria the subject is written for: the last one."""
    found = FrameworkVersion.objects.filter(
        framework__code=subject.framework_code, state=FrameworkVersion.State.PUBLISHED
    )
    return found.select_related("framework").order_by("-pk").first()
