"""What of a centre has been kept long enough, by session and kind; what holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from acquis.accounts.models import Organisation
from acquis.certification.archives import terms
from acquis.certification.archives.models import Hold, SessionArchive
from acquis.certification.archives.policy import Kind
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.models import Grid, Mark
from acquis.certification.registrations.models import Accommodation
from acquis.certification.sittings.models import Production, ProductionRevision, SittingFile


@dataclass(frozen=True, slots=True)
class Due:
    """What of one session and kind may be destroyed; `held` says why it is not, for now."""

    session: ExamSession
    kind: Kind
    count: int
    size: int  # bytes of files; 0 for what lies in the database
    held: str = ""

    @property
    def key(self) -> str:
        return f"{self.session.pk}:{self.kind.value}"


def files_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[SittingFile]:
    return SittingFile.objects.filter(candidate_of(sessions), keep_until__lt=today)


def candidate_of(sessions: QuerySet[ExamSession]) -> Q:
    return Q(sitting__candidate__session__in=sessions)


def texts_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[Production]:
    return Production.objects.filter(candidate_of(_over(sessions, Kind.TEXTS, today)))


def observations_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[Grid]:
    """Closed grids in which a juror wrote something that is still there."""
    over = _over(sessions, Kind.OBSERVATIONS, today)
    written = Mark.objects.filter(grid=OuterRef("pk")).exclude(observation="")
    return Grid.objects.filter(
        Exists(written) | ~Q(general_observation=""),
        candidate__session__in=over,
        closed_at__isnull=False,
    )


def drafts_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[ProductionRevision]:
    """Every save but the one that stands."""
    return ProductionRevision.objects.filter(
        production__sitting__candidate__session__in=_over(sessions, Kind.DRAFTS, today)
    ).exclude(seq=F("production__seq"))


def arrangements_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[Accommodation]:
    """With details, and no other session to come that would need them."""
    to_come = ExamSession.objects.exclude(
        state__in=[ExamSession.State.ISSUED, ExamSession.State.CANCELLED]
    )
    return (
        Accommodation.objects.filter(
            enrolment__sessions__session__in=_over(sessions, Kind.ARRANGEMENTS, today)
        )
        .exclude(details="")
        .exclude(enrolment__sessions__session__in=to_come)
        .distinct()
    )


def packages_of(sessions: QuerySet[ExamSession], today: date) -> QuerySet[SessionArchive]:
    return SessionArchive.objects.filter(
        session__in=sessions, keep_until__lt=today, file__isnull=False
    )


def _over(sessions: QuerySet[ExamSession], kind: Kind, today: date) -> QuerySet[ExamSession]:
    """Sessions whose last minutes were issued so long ago that the time of this kind is over."""
    latest = terms.term(kind, on=today).latest_start(today)
    issued = (
        IssuedDocument.objects.filter(kind=IssuedDocument.Kind.PV, state="issued")
        .values("session")
        .annotate(last=Max("issued_at"))
        .filter(last__date__lt=latest)
    )
    return sessions.filter(pk__in=issued.values("session"))


def due(organisation: Organisation, today: date) -> list[Due]:
    """All that may be destroyed in a centre, the oldest session first; nothing is destroyed."""
    sessions = ExamSession.objects.filter(organisation=organisation)
    found = {
        (pk, kind): (count, size)
        for kind in Kind
        for pk, count, size in _counted(kind, sessions, today)
    }
    rows = {
        one.pk: one
        for one in ExamSession.objects.filter(pk__in={pk for pk, _kind in found}).select_related(
            "version__framework"
        )
    }
    holds = held(rows)
    return [
        Due(rows[pk], kind, count, size, holds.get(pk, ""))
        for (pk, kind), (count, size) in sorted(
            found.items(), key=lambda one: (rows[one[0][0]].starts_at, one[0][0], one[0][1])
        )
    ]


def due_of(session: ExamSession, kind: Kind, today: date) -> Due:
    """Of one session and kind; its count may be 0."""
    sessions = ExamSession.objects.filter(pk=session.pk)
    counted = {pk: (count, size) for pk, count, size in _counted(kind, sessions, today)}
    count, size = counted.get(session.pk, (0, 0))
    return Due(session, kind, count, size, held([session.pk]).get(session.pk, ""))


def _counted(
    kind: Kind, sessions: QuerySet[ExamSession], today: date
) -> Iterable[tuple[int, int, int]]:
    """Session, how many, how many bytes."""
    match kind:
        case Kind.FILES:
            return _grouped(
                files_of(sessions, today), "sitting__candidate__session", Sum("file__size")
            )
        case Kind.TEXTS:
            return _grouped(texts_of(sessions, today), "sitting__candidate__session")
        case Kind.OBSERVATIONS:
            return _grouped(observations_of(sessions, today), "candidate__session")
        case Kind.DRAFTS:
            path = "production__sitting__candidate__session"
            return _grouped(drafts_of(sessions, today), path)
        case Kind.ARRANGEMENTS:
            return _grouped(
                arrangements_of(sessions, today).filter(enrolment__sessions__session__in=sessions),
                "enrolment__sessions__session",
            )
        case Kind.PACKAGES:
            return _grouped(packages_of(sessions, today), "session", Sum("file__size"))


def _grouped(
    rows: QuerySet[SittingFile]
    | QuerySet[Production]
    | QuerySet[Grid]
    | QuerySet[ProductionRevision]
    | QuerySet[Accommodation]
    | QuerySet[SessionArchive],
    path: str,
    size: Sum | None = None,
) -> Iterable[tuple[int, int, int]]:
    counted = rows.order_by().values(path).annotate(count=Count("pk", distinct=True))
    if size is not None:
        counted = counted.annotate(size=size)
    return [(one[path], one["count"], one.get("size") or 0) for one in counted]


def held(sessions: Iterable[int]) -> dict[int, str]:
    """Why each of these sessions is held, when it is."""
    rows = Hold.objects.filter(session__in=list(sessions), lifted_at__isnull=True)
    return dict(rows.order_by("-pk").values_list("session", "reason"))


def minutes_day(session: ExamSession) -> date | None:
    """The day that starts the clocks: of the last minutes issued; None before."""
    last = session.documents.filter(kind=IssuedDocument.Kind.PV, state="issued").aggregate(
        last=Max("issued_at")
    )["last"]
    return terms.day(last) if last is not None else None
