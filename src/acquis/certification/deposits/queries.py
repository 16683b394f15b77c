from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from acquis.accounts.models import User
from acquis.certification.deposits import policy
from acquis.certification.deposits.models import DepositHour, EarlyDeposit
from acquis.certification.exam_sessions.deliverables import Deliverable, asked_at
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.phases import PhasePlan, phases_from
from acquis.certification.exam_sessions.policy import COMPOSABLE


@dataclass(frozen=True, slots=True)
class Part:
    """A document that an exam asks for before its day; a part of the exam may ask for several."""

    plan: PhasePlan
    document: Deliverable
    due: datetime

    @property
    def title(self) -> str:
        """As the framework names the document, else the part in which it is handed in."""
        return self.document.title or self.plan.title


def own_hour(session: ExamSession) -> datetime | None:
    """The session's own hour, which wins over the framework's."""
    return DepositHour.objects.filter(session=session).values_list("until", flat=True).first()


def parts_of(session: ExamSession, own: datetime | None) -> list[Part]:
    """What is to be handed in before the day of a session; `own` is its own hour."""
    dues = policy.dues(_plans(session), session.starts_at, own)
    return [
        Part(plan, document, dues[plan.code])
        for plan, document in documents_of(session)
        if plan.code in dues
    ]


def documents_of(session: ExamSession) -> list[tuple[PhasePlan, Deliverable]]:
    """Each document that the exam of a session has handed in, with its part, in their order."""
    content, block = session.version.content, session.block
    plans = policy.deposits_of(_plans(session))
    return [(plan, one) for plan in plans for one in asked_at(content, block, plan.code)]


def _plans(session: ExamSession) -> list[PhasePlan]:
    return phases_from(session.version.content, session.block)


def asks_for_documents(session: ExamSession) -> bool:
    """Whether the exam of a session has a document handed in, before its day or on it."""
    return bool(policy.deposits_of(_plans(session)))


def deposits_of(seats: Sequence[SessionCandidate]) -> dict[int, dict[str, list[EarlyDeposit]]]:
    """By seat and document, the versions handed in, the last first.

    Those that an earlier exam of the same enrolment took over are not of this one.
    """
    by_enrolment: dict[int, list[int]] = defaultdict(list)
    for seat in seats:
        by_enrolment[seat.enrolment_id].append(seat.pk)
    rows = (
        EarlyDeposit.objects.filter(enrolment__in=by_enrolment)
        .filter(Q(taken_over_by__isnull=True) | Q(taken_over_by__in=[seat.pk for seat in seats]))
        .select_related("file")
        .order_by("-version")
    )
    found: dict[int, dict[str, list[EarlyDeposit]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for pk in by_enrolment[row.enrolment_id]:
            if row.taken_over_by_id in (None, pk):
                found[pk][row.code].append(row)
    return found


def own_seats(user: User) -> QuerySet[SessionCandidate]:
    """The seats of a candidate in sessions that they are summoned to, the nearest first."""
    return (
        SessionCandidate.objects.filter(
            enrolment__candidate__user_id=user.pk or 0, session__state=ExamSession.State.SUMMONED
        )
        .select_related("session__version__framework", "session__organisation", "enrolment")
        .order_by("session__starts_at", "pk")
    )


def asked_of(seat: SessionCandidate) -> list[dict[str, Any]]:
    """What is asked of a candidate, with what they handed in: `part`, `versions`, `last`."""
    given = deposits_of([seat]).get(seat.pk, {})
    return [
        {
            "part": part,
            "versions": given.get(part.document.key, []),
            "last": next(iter(given.get(part.document.key, [])), None),
        }
        for part in parts_of(seat.session, own_hour(seat.session))
    ]


def is_composable(session: ExamSession) -> bool:
    return session.state in COMPOSABLE
