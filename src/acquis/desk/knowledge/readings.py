"""Reading lists: what is read, what is asked again, what is late. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_QUESTIONS = 2
MOST_CHOICES = 3
LEAST_CHOICES = 2
LONGEST_DELAY = 366  # days after arrival
REMIND_AGAIN = timedelta(hours=20)  # once a working day

_FIRST_NUMBER = re.compile(r"\d+")


class Stage(StrEnum):
    """Where a person stands with one article of a list."""

    UNREAD = "unread"
    AGAIN = "again"  # read, in an edition that is no longer the current one
    DONE = "done"


class Standing(StrEnum):
    """Where a person stands with a whole list."""

    EMPTY = "empty"  # nothing to read
    DONE = "done"
    LATE = "late"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class Question:
    """`right` is the place of the right answer among `choices`, from 0."""

    text: str
    choices: tuple[str, ...]
    right: int


def edition(label: str) -> str:
    """What of a version's label asks to be read again when it changes: its first number.

    « 2.1 » and « 2.4 » are one edition, « 3 » is another; a label without a number is its own.
    """
    found = _FIRST_NUMBER.search(label)
    return str(int(found.group())) if found else label


def stage(read: Collection[str], current: str) -> Stage:
    """The stage of an article whose versions `read` were confirmed, `current` being published."""
    if edition(current) in {edition(label) for label in read}:
        return Stage.DONE
    return Stage.AGAIN if read else Stage.UNREAD


def due_day(
    *, due_on: date | None, due_days: int | None, arrived_on: date, made_on: date
) -> date | None:
    """The last day for one person; None when nothing is asked.

    Days count from the arrival, or from the making of a list that is younger: nobody is late the
    day a list appears.
    """
    if due_on is not None:
        return due_on
    if due_days is None:
        return None
    return max(arrived_on, made_on) + timedelta(days=due_days)


def standing(stages: Sequence[Stage], due: date | None, today: date) -> Standing:
    """Late from the day after `due`; a list without an article is neither done nor late."""
    if not stages:
        return Standing.EMPTY
    if all(one is Stage.DONE for one in stages):
        return Standing.DONE
    return Standing.LATE if due is not None and due < today else Standing.UNDER_WAY


def wrong(questions: Sequence[Question], answers: Sequence[int | None]) -> list[int]:
    """The places of the questions that are answered wrongly or not at all."""
    given = [*answers, *[None] * len(questions)]
    return [place for place, one in enumerate(questions) if given[place] != one.right]


def concerns(
    *,
    roles: Collection[str],
    groups: Collection[str],
    people: Collection[int],
    person: int,
    held: Collection[str],
    member_of: Collection[str],
) -> bool:
    """Whether a list is meant for a person: by a role, a group or by name; for all when it names none."""
    if not roles and not groups and not people:
        return True
    return bool(
        person in people or set(roles).intersection(held) or set(groups).intersection(member_of)
    )
