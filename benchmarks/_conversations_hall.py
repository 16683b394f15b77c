"""What the pages of a run share: the web processes, what was acknowledged, what was shown, when."""

import asyncio
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks._server import Server

TOKEN = re.compile(r"\[([0-9a-f]{32})\]")  # ends each text that is written
CROWD = 3.0  # seconds after the restart in which what waited passes


@dataclass(slots=True)
class Written:
    """One acknowledged message, and when the other side's page had it."""

    conversation: int
    key: str
    body: str
    to: str  # adviser or visitor
    at: float
    shown_at: float | None = None
    shown_by: str = ""  # thread, queue (the exchange is not the one shown), or visitor


@dataclass
class Hall:
    """The web processes, and all that was written and shown."""

    servers: list[Server]
    written: dict[str, Written] = field(default_factory=dict)  # by key
    shown: dict[str, tuple[float, str]] = field(default_factory=dict)  # before the answer came
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    asked_for: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # http, socket
    said: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    noticed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    sent_again: int = 0
    refused: int = 0
    killed_at: float = 0.0
    back_at: float = 0.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False

    def acknowledge(self, one: Written) -> None:
        self.written[one.key] = one
        if one.to == "adviser":
            self.said[one.conversation].append(one.key)
            if len(self.said[one.conversation]) <= self.noticed[one.conversation]:
                self._show(one, one.at, "queue")
        early = self.shown.pop(one.key, None)
        if early is not None:
            self._show(one, *early)

    def show(self, text: str, by: str) -> None:
        """A page has these texts now."""
        now = time.perf_counter()
        for key in TOKEN.findall(text):
            one = self.written.get(key)
            if one is None:
                self.shown.setdefault(key, (now, by))
            else:
                self._show(one, now, by)

    def notice(self, conversation: int, count: int) -> None:
        """A queue says that the visitor has written so many messages."""
        now = time.perf_counter()
        for key in self.said[conversation][self.noticed[conversation] : count]:
            self._show(self.written[key], now, "queue")
        self.noticed[conversation] = max(count, self.noticed[conversation])

    def _show(self, one: Written, at: float, by: str) -> None:
        # The writer's own page has it too: that is no delivery.
        if one.shown_at is None and (by == "visitor") == (one.to == "visitor"):
            one.shown_at, one.shown_by = max(at, one.at), by

    def recovers(self, at: float) -> bool:
        """Whether an instant lies in what the kill disturbs."""
        return bool(self.killed_at) and self.killed_at <= at < (self.back_at or at + 1) + CROWD
