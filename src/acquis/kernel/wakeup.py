"""Wakes the worker of this process as soon as there is something to do."""

import threading

_bell = threading.Event()


def ring() -> None:
    _bell.set()


def wait(seconds: float) -> bool:
    """Wait for the bell or the delay, then silence it; True when it rang."""
    rang = _bell.wait(seconds)
    _bell.clear()
    return rang
