"""Until when a document is handed in before the exam; pure.

The framework may say it of a step (`deposit_before`: days before the day of the exam, and the hour);
the session may have its own hour, which wins. Without either, the document is handed in in the room.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan

PARIS = ZoneInfo("Europe/Paris")


def deposits_of(plans: Iterable[PhasePlan]) -> list[PhasePlan]:
    """The phases that hand a document in, in the order of the exam."""
    return [plan for plan in plans if plan.kind == PhaseKind.DEPOSIT]


def until(plan: PhasePlan, starts_at: datetime, own: datetime | None) -> datetime | None:
    """The hour by which the document of a phase is due, in Paris time when the framework says it.

    `own` is the session's. Days are counted back from the day of the exam in France.

    >>> plan = PhasePlan(1, "portfolio.1", "portfolio", PhaseKind.DEPOSIT, "", "", 0, 0, 0, False,
    ...     False, False, deposit_days=8, deposit_hour="18:00")
    >>> until(plan, datetime(2026, 11, 20, 8, tzinfo=PARIS), None).isoformat()
    '2026-11-12T18:00:00+01:00'
    """
    if own is not None or plan.deposit_days is None:
        return own
    day = starts_at.astimezone(PARIS).date() - timedelta(days=plan.deposit_days)
    return datetime.combine(day, time.fromisoformat(plan.deposit_hour), tzinfo=PARIS)


def dues(
    plans: Sequence[PhasePlan], starts_at: datetime, own: datetime | None
) -> dict[str, datetime]:
    """By the code of the phase, what is due before the exam and when."""
    found = ((plan.code, until(plan, starts_at, own)) for plan in deposits_of(plans))
    return {code: due for code, due in found if due is not None}


def is_late(due: datetime, at: datetime) -> bool:
    """The hour itself is in time."""
    return at > due
