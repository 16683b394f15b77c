"""faster-whisper, the recogniser of the `transcription` extra. Imported by its own process only."""

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from faster_whisper import WhisperModel

from acquis.kernel.media.mixing import decoded

RATE = 16_000  # samples a second that the model hears
LANGUAGE = "fr"
WEIGHTS = "model.bin"
# The SHA-256 of weights that are known by a name.
KNOWN = {
    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9": "Systran/faster-whisper-base",
}
Words = list[tuple[str, float, float, float]]


class Whisper:
    """The model of a folder, on the processor, in 8-bit integers."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        with (folder / WEIGHTS).open("rb") as weights:
            self.version = hashlib.file_digest(weights, "sha256").hexdigest()
        self.model = KNOWN.get(self.version, folder.name)
        self.engine = f"faster-whisper {version('faster-whisper')}"
        self._model = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
        )

    def heard(self, sound: bytes) -> Iterator[Words]:
        """The words of each stretch of speech: text, start, end (seconds), confidence (0 to 1).

        One leg is silent while the other speaks: silences are left out first, or the model fills them
        with sentences that nobody said, and what it heard before never suggests what it hears next.
        """
        segments, _told = self._model.transcribe(
            decoded(sound, rate=RATE),
            language=LANGUAGE,
            beam_size=5,
            word_timestamps=True,
            vad_filter=True,
            condition_on_previous_text=False,
        )
        for segment in segments:
            words: Any = segment.words or []
            yield [
                (
                    one.word.strip(),
                    round(one.start, 2),
                    round(one.end, 2),
                    round(one.probability, 3),
                )
                for one in words
                if one.word.strip()
            ]
