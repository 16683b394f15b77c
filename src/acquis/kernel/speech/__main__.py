"""The process that hears: `python -m acquis.kernel.speech MODEL THREADS LOCK`. See `process`."""

import fcntl
import json
import os
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOWEST = 19


def main(folder: str, threads: str, lock: str) -> int:
    os.nice(LOWEST)
    # Whatever a library prints must not stand between the lines of JSON.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(**told: Any) -> None:
        out.write(json.dumps(told, ensure_ascii=False) + "\n")
        out.flush()

    asked: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    with Path(lock).open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            from acquis.kernel.speech.whisper import Whisper  # noqa: PLC0415  the extra may be absent

            ears = Whisper(Path(folder), threads=int(threads))
        except Exception as fault:  # noqa: BLE001  told to whoever began this process
            tell(fault=f"{type(fault).__name__}: {fault}")
            return 1
        tell(model=ears.model, version=ears.version, engine=ears.engine)
        while True:
            try:
                for words in ears.heard(asked.get()):
                    tell(words=words)
            except Exception as fault:  # noqa: BLE001  same
                tell(fault=f"{type(fault).__name__}: {fault}")
            else:
                tell(done=True)


def _listen(asked: "queue.Queue[bytes]") -> None:
    """Hand over each sound; end the whole process when the other side has gone."""
    for sound in _sounds():
        asked.put(sound)
    os._exit(0)


def _sounds() -> Iterator[bytes]:
    source = sys.stdin.buffer
    while line := source.readline():
        size = json.loads(line)["bytes"]
        sound = source.read(size)
        if len(sound) < size:
            return
        yield sound


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
