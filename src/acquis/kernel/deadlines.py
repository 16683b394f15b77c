"""What each application must have done by a day, gathered without knowing any of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise

ALERT = timedelta(days=7)  # from J-7 what is not done is told as near


class Urgency(StrEnum):
    """In the order in which somebody should look."""

    LATE = "late"
    TROUBLE = "trouble"  # in time so far, but something went wrong
    SOON = "soon"
    LATER = "later"
    DONE = "done"


ORDER = {urgency: rank for rank, urgency in enumerate(Urgency)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One thing to do. `due` None: no rule says until when; `troubles` ask for a hand now."""

    kind: str
    title: str
    text: str
    url: str
    due: date | None
    done: bool
    facts: tuple[tuple[str, int], ...] = ()  # words and how many, the troubles first
    marks: frozenset[str] = frozenset()  # what filters know it by
    troubles: int = 0
    exam: str = ""  # the certification concerned, as people call it
    people: frozenset[int] = frozenset()  # keys of those who answer for it; empty: all who see it
    alert: timedelta = ALERT  # how long before its day it is told as near

    def urgency(self, today: date) -> Urgency:
        if self.due is not None and not self.done and self.due < today:
            return Urgency.LATE
        if self.troubles:
            return Urgency.TROUBLE
        if self.done:
            return Urgency.DONE
        near = self.due is not None and self.due - today <= self.alert
        return Urgency.SOON if near else Urgency.LATER


Deadlines = Callable[[Any, Any, datetime], Iterable[Deadline]]


@dataclass(frozen=True, slots=True)
class Kind:
    """An application writes these in its `deadlines.py`, in a list named `KINDS`.

    `find(user, organisation, now)` is called for a person who holds `verb` in `organisation`.
    """

    code: str
    label: str | Promise
    verb: str
    find: Deadlines


@cache
def kinds() -> tuple[Kind, ...]:
    found: list[Kind] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.deadlines"
        # The kernel's own `deadlines` is this module.
        if name != __name__ and find_spec(name) is not None:
            found += import_module(name).KINDS
    return tuple(found)


def board(
    user: Any, organisation: Any, now: datetime, today: date, allows: Callable[[str], bool]
) -> list[Deadline]:
    """Everything that the person may see, the most urgent first, then by day."""
    found = [
        deadline
        for kind in kinds()
        if allows(kind.verb)
        for deadline in kind.find(user, organisation, now)
    ]
    return sorted(
        found, key=lambda one: (ORDER[one.urgency(today)], one.due or date.max, one.title)
    )
