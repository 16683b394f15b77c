"""Words of an exam, as its tables keep them; pure, so that policies may use them."""

from enum import StrEnum


class ClockState(StrEnum):
    """What the clock of one phase says."""

    WAITING = "waiting"
    RUNNING = "running"
    OVER = "over"  # the time is out, nobody has closed the phase yet
    ENDED = "ended"


class EndReason(StrEnum):
    HANDED_IN = "handed_in"
    TIME_OVER = "time_over"
    INVIGILATOR = "invigilator"
    JURY = "jury"
    NOT_HELD = "not_held"  # closed without having begun
    ABORTED = "aborted"
