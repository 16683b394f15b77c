"""How long answers took. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

CUSTOMER = "customer"
ADVISER = "adviser"
LONGEST_MESSAGE = 4000  # signs
LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as far as time goes."""

    pk: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The message that waited, the adviser's that answered it, the seconds between them.

    `waited_pk` is None for the first answer to a contact in which the customer had written nothing.
    """

    waited_pk: int | None
    answer_pk: int
    seconds: int


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    answers: tuple[Answer, ...]
    unanswered_since: datetime | None

    @property
    def first_seconds(self) -> int | None:
        """From the beginning of the contact to its first answer; None if none was given."""
        return self.answers[0].seconds if self.answers else None

    @property
    def following_seconds(self) -> tuple[int, ...]:
        return tuple(answer.seconds for answer in self.answers[1:])

    @property
    def average_seconds(self) -> int | None:
        """The mean of all answers, first one included, to the second below."""
        if not self.answers:
            return None
        return sum(answer.seconds for answer in self.answers) // len(self.answers)


def response_times(started_at: datetime, messages: Iterable[Said]) -> ResponseTimes:
    """Measure each answer from the first customer's message it leaves nobody waiting for.

    The first answer is measured from the beginning of the contact, or from the customer's
    first message if that came earlier. Several messages in a row wait once; an adviser who goes
    on writing answers once; system messages count for nothing. `messages` are in the order they
    were sent.
    """
    answers: list[Answer] = []
    waiting: Said | None = None
    since: datetime | None = started_at
    for message in messages:
        if message.author == CUSTOMER:
            if waiting is None:
                waiting = message
                since = message.at if since is None else min(since, message.at)
        elif message.author == ADVISER and since is not None:
            pk = waiting.pk if waiting else None
            answers.append(Answer(pk, message.pk, _seconds(message.at - since)))
            waiting, since = None, None
    return ResponseTimes(tuple(answers), since if waiting else None)


def _seconds(delay: timedelta) -> int:
    """Whole seconds, never negative: two clocks may disagree by a little."""
    return max(0, int(delay.total_seconds()))
