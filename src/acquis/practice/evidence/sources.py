"""What evidence is read from, as plain values: pure, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Said:
    """One message of an exchange; or, with a recording, one line of its transcript: `pk` numbers it."""

    pk: int
    author: str  # customer, adviser or system
    body: str
    at: datetime
    recording: int | None = None
    second: float = 0  # of the recording

    @property
    def ref(self) -> str:
        """Its anchor in the candidate's file."""
        if self.recording is None:
            return f"message-{self.pk}"
        return f"line-{self.recording}-{self.pk}"

    @property
    def is_spoken(self) -> bool:
        return self.recording is not None


@dataclass(frozen=True)
class Answer:
    """What the desk asks of a contact besides its codes: what was recorded, what was expected."""

    label: str
    recorded: str
    expected: str  # empty when the scenario says nothing


@dataclass(frozen=True)
class Talk:
    """One exchange of the exam with what the scenario expects of it (empty when nothing is known)."""

    pk: int
    key: str
    label: str
    started_at: datetime
    ended_at: datetime | None
    messages: Sequence[Said]
    customer: str
    reason: tuple[str, str]  # code, label; empty when not qualified
    outcome: tuple[str, str]
    summary: str
    qualified_at: datetime | None
    expected_reasons: Sequence[tuple[str, str]] = ()
    expected_outcomes: Sequence[tuple[str, str]] = ()
    details: Sequence[Answer] = ()
    agreed: Sequence[Mapping[str, Any]] = ()
    procedures: Sequence[str] = ()
    heard: Sequence[Said] = ()  # what a machine wrote down of its recorded calls

    @property
    def said(self) -> Sequence[Said]:
        """What was written and what was heard, in the order of time."""
        if not self.heard:
            return self.messages
        return sorted([*self.messages, *self.heard], key=lambda one: one.at)


@dataclass(frozen=True)
class Written:
    """One field of the written work."""

    key: str
    label: str
    text: str
    saved_at: datetime


@dataclass(frozen=True)
class Act:
    """One line of the private copy's trace."""

    position: int
    verb: str
    object_id: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Sources:
    talks: Sequence[Talk] = ()
    written: Sequence[Written] = ()
    letter_received: Talk | None = None  # the contact that the written part answers
    letter_agreed: Sequence[Mapping[str, Any]] = ()
    written_procedures: Sequence[str] = ()
    acts: Sequence[Act] = ()
    known_words: Sequence[str] = ()  # names and products: never a spelling mistake
    gestures: Mapping[str, str] = field(
        default_factory=dict
    )  # codes of the matrix with their names
    # What the adviser grants alone, by the name of the gesture; None is no limit.
    ceilings: Sequence[tuple[str, Decimal | None]] = ()

    @property
    def letter(self) -> Sequence[Written]:
        return [one for one in self.written if one.key.startswith("letter_")]


@dataclass(frozen=True)
class Moment:
    """Where to look: `ref` is the anchor in the candidate's file."""

    ref: str
    label: str
    at: datetime | None = None
    excerpt: str = ""
    second: int | None = None  # of the recording, when it was heard there


@dataclass(frozen=True)
class Seen:
    """A fact and its moments; never a judgement."""

    title: str
    statement: str
    moments: Sequence[Moment] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


def position(second: float) -> str:
    """A position in a recording, as players write it: 65 → « 1:05 »."""
    whole = int(second)
    return f"{whole // 60}:{whole % 60:02d}"


def moment_of(said: Said, label: str, excerpt: str) -> Moment:
    """Where something was written; or said, with its position in the recording."""
    if not said.is_spoken:
        return Moment(said.ref, label, said.at, excerpt)
    return Moment(
        said.ref, f"{label} · à {position(said.second)}", said.at, excerpt, int(said.second)
    )
