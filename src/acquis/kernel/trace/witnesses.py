"""What rows say against what the trace says: an application declares it in its `tasks.py`."""

from collections.abc import Callable, Iterator

from acquis.kernel.trace.verification import TraceFault

Witness = Callable[[str | None], Iterator[TraceFault]]
WITNESSES: list[Witness] = []


def witness(function: Witness) -> Witness:
    """Declare what compares rows with the lines of one stream, or of all (None).

    A fault's nature is `row_altered` when a row no longer says what its last line says, `file_altered`
    when a file is no longer what its line says.
    """
    WITNESSES.append(function)
    return function


def key_in(stream: str, kind: str) -> int:
    """« session:12 » asked for as `session` gives 12; another stream gives 0, which no row has."""
    name, _colon, key = stream.partition(":")
    return int(key) if name == kind and key.isdecimal() else 0


def confront(stream: str | None = None) -> list[TraceFault]:
    """Everything that no longer says what the trace says of it."""
    return [fault for function in WITNESSES for fault in function(stream)]
