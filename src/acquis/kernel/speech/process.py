"""The recogniser in a process of its own, of the lowest priority, which dies with whoever began it.

What passes between them: the sound of one voice goes in as a line that says its length, then its
bytes; what was heard comes out as lines of JSON. The process takes a lock, so that a machine
transcribes one recording at a time, whatever the number of its workers.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.speech.heard import Word

PATIENCE = 5.0  # seconds that a process has to end by itself
# Nothing is fetched, whatever a library would like to.
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


class SpeechUnavailable(DomainRefusal):
    code = "speech.unavailable"
    message = _("La transcription n’a pas pu se faire : %(reason)s")


class SpeechInterrupted(DomainRefusal):
    code = "speech.interrupted"
    message = _("La transcription s’est interrompue.")


class SeparateTranscriber:
    """A Transcriber (`heard`) that speaks with a process begun by `command`."""

    def __init__(self, command: Sequence[str]) -> None:
        self.model, self.version, self.engine = "", "", ""
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Begin the process and wait until its model is read. Raises as `words` does."""
        self._process = subprocess.Popen(  # noqa: S603  our own command
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | OFFLINE,
        )
        try:
            told = self._told()
        except BaseException:
            self._end()
            raise
        self.model, self.version, self.engine = told["model"], told["version"], told["engine"]
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int:
        return self._running.pid

    def words(self, sound: bytes) -> Iterator[Word]:
        try:
            pipe = _open(self._running.stdin)
            pipe.write(json.dumps({"bytes": len(sound)}).encode() + b"\n" + sound)
            pipe.flush()
        except BrokenPipeError:
            raise SpeechInterrupted from None
        while "done" not in (told := self._told()):
            for text, start, end, confidence in told["words"]:
                yield Word(str(text), float(start), float(end), float(confidence))

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "entered before it is used"  # noqa: S101
        return self._process

    def _told(self) -> Mapping[str, Any]:
        line = _open(self._running.stdout).readline()
        if not line.endswith(b"\n"):
            raise SpeechInterrupted
        told: Mapping[str, Any] = json.loads(line)
        if "fault" in told:
            raise SpeechUnavailable(reason=told["fault"])
        return told

    def _end(self) -> None:
        process = self._running
        _open(process.stdin).close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _open(process.stdout).close()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101  both were asked for
    return pipe


def whisper(*, model: Path, threads: int, lock: Path) -> SeparateTranscriber:
    """faster-whisper on a model of this folder, in a process of its own."""
    return SeparateTranscriber(
        [sys.executable, "-m", "acquis.kernel.speech", str(model), str(threads), str(lock)]
    )
