"""Pure rules of what is kept of a session, and until when (G-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from acquis.regulation import calendars


class Kind(StrEnum):
    """What is destroyed together. PV, results and certificates are in none: they are kept for good."""

    FILES = "files"  # recordings, documents handed in, sealed files of the exam
    TEXTS = "texts"  # what candidates wrote, and every save of it
    OBSERVATIONS = "observations"  # what jurors wrote in their grids, never their verdicts
    DRAFTS = "drafts"  # the saves before the last one
    ARRANGEMENTS = "arrangements"  # the details of accommodations, never their effect
    PACKAGES = "packages"  # exported archives


# Which parameters of the regulation add up to the time of a kind.
TERMS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FILES: ("retention.exam_file",),
    Kind.TEXTS: ("retention.exam_file",),
    Kind.OBSERVATIONS: ("retention.exam_file",),
    Kind.DRAFTS: ("retention.exam_appeal", "retention.exam_drafts"),
    Kind.ARRANGEMENTS: ("retention.exam_appeal",),
    Kind.PACKAGES: ("retention.exam_file",),
}
# Counted from the minutes; the others bear their own day, written when they were kept.
FROM_THE_MINUTES = frozenset({Kind.TEXTS, Kind.OBSERVATIONS, Kind.DRAFTS, Kind.ARRANGEMENTS})


@dataclass(frozen=True, slots=True)
class Term:
    """How long, in months, with the sources in words."""

    months: int
    source: str

    def last_day(self, start: date) -> date:
        """The last day on which it is kept, from the day that starts its clock."""
        return calendars.add_months(start, self.months)

    def latest_start(self, today: date) -> date:
        """What started before this day is over today: `last_day(start) < today`.

        Months differ in length, so the day is looked for rather than reckoned backwards.
        """
        start = calendars.add_months(today, -self.months)
        while self.last_day(start) >= today:
            start = calendars.add_calendar_days(start, -1)
        return calendars.add_calendar_days(start, 1)


def is_over(last_day: date, today: date) -> bool:
    """The last day itself is still kept."""
    return last_day < today
