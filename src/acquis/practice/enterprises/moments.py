"""From the days of a pack to the days of a workspace."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from acquis.practice.enterprises.offsets import moved_back, with_dates

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Clock:
    """Counts days from the reference day of one workspace."""

    reference: date

    def day(self, offset: int) -> date:
        return self.reference + timedelta(days=offset)

    def day_if_any(self, offset: int | None) -> date | None:
        return None if offset is None else self.day(offset)

    def at(self, offset: int, time: str, seconds: int = 0) -> datetime:
        """The instant, in Paris time; `seconds` are counted from it."""
        return self._instant(self.reference + timedelta(days=offset), time, seconds)

    def at_work(self, offset: int, time: str, seconds: int = 0) -> datetime:
        """The same on a worked day: a phone contact that falls on a Sunday is told on Friday."""
        return self._instant(moved_back(self.reference + timedelta(days=offset)), time, seconds)

    def text(self, value: str) -> str:
        return with_dates(value, self.reference)

    @staticmethod
    def _instant(day: date, time: str, seconds: int) -> datetime:
        hours, minutes = map(int, time.split(":"))
        start = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=PARIS)
        return start + timedelta(seconds=seconds)


def reference_day(identity: dict[str, Any]) -> date:
    """The day that the texts and records of a workspace call today.

    Raises KeyError for a workspace that comes from no pack.
    """
    return date.fromisoformat(identity["reference_on"])
