"""Wakes the worker of this process as soon as there is something to do."""

import threading


class Bell:
    """Rung by whoever leaves work, heard by the one thread that does it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """Wait for a ring or the delay, then silence it; True when it rang."""
        rang = self._event.wait(seconds)
        self._event.clear()
        return rang


messages = Bell()  # something waits in the outbox
work = Bell()  # something waits in the queue of jobs
