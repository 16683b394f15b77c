"""What an abusive contact calls for, in which order, and how long it is kept. Pure.

Source: K-07 (warn twice, end, write down; escalate on insult after warning).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from acquis.desk.cases.policy.procedures import may_end_contact

KEPT_DAYS = 365  # of an event, from its day: long enough to see a repetition (our choice, G-02)
REPEATED = 2  # contacts that were ended, or threats, after which a measure is proposed
REPEATED_DAYS = 90  # over which they are counted
MEASURE_DAYS = 183  # proposed length of a measure
LONGEST_MEASURE_DAYS = 365


class Step(StrEnum):
    RECALL = "recall"
    FIRST_WARNING = "first_warning"
    SECOND_WARNING = "second_warning"
    END = "end"


SAID = (Step.RECALL, Step.FIRST_WARNING, Step.SECOND_WARNING)
WARNINGS = (Step.FIRST_WARNING, Step.SECOND_WARNING)
# Said to a customer: in French whatever the language of the desk. One idea a sentence (K-11); "je"
# and what can be done, never a judgement of the person (DESC).
WORDS = {
    Step.RECALL: (
        "Je suis là pour traiter votre demande. Pour que je puisse vous aider, j’ai besoin que "
        "nous échangions dans le respect. Reprenons : dites-moi ce que vous attendez."
    ),
    Step.FIRST_WARNING: (
        "J’entends votre mécontentement et je traite votre demande. Les propos que vous venez de "
        "tenir m’empêchent de le faire. S’ils continuent, je mettrai fin à notre échange."
    ),
    Step.SECOND_WARNING: (
        "C’est mon second avertissement. Si ces propos se répètent, je mets fin à notre échange. "
        "Votre demande reste enregistrée et sera traitée."
    ),
    Step.END: (
        "Je mets fin à notre échange. Votre demande reste enregistrée, et vous pouvez nous écrire, "
        "y compris pour contester cette décision."
    ),
}


def next_step(done: Collection[str], *, threat: bool) -> Step | None:
    """The first step not taken yet; a threat goes straight to the end. None once it is ended."""
    if Step.END in done:
        return None
    order = (Step.END,) if threat else tuple(Step)
    return next(step for step in order if step not in done)


def may_say(step: str, done: Collection[str]) -> bool:
    """Whether these words may be said now: once, after those before them, before the end."""
    if step not in SAID or step in done or Step.END in done:
        return False
    return all(before in done for before in SAID[: SAID.index(Step(step))])


def may_end(warnings: int, *, threat: bool) -> bool:
    """Whether the adviser may end the contact: after two warnings the same day, or on a threat."""
    return threat or may_end_contact(warnings)


def kept_until(on: date) -> date:
    """The last day on which the event is read."""
    return on + timedelta(days=KEPT_DAYS)


def is_repeated(events: Iterable[datetime], now: datetime) -> bool:
    """Whether the events of the last 90 days call for a measure; somebody decides of it."""
    since = now - timedelta(days=REPEATED_DAYS)
    return sum(at >= since for at in events) >= REPEATED


def until_is_allowed(until: date, today: date) -> bool:
    """Whether a measure may last until that day: it ends, within a year."""
    return today <= until <= today + timedelta(days=LONGEST_MEASURE_DAYS)
