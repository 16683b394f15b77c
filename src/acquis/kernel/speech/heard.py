"""What a recogniser gives, and the lines that are made of it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

PAUSE = 1.2  # seconds of silence after which another line begins
LONGEST = 160  # characters of a line that no sentence ends
ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it was heard, in seconds from the beginning of the sound, and how surely, 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or what stands between two silences. It has a word at least."""

    words: Sequence[Word]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return max(word.end for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of its words, 0 to 1."""
        return sum(word.confidence for word in self.words) / len(self.words)


class Transcriber(Protocol):
    """Hears one voice at a time. Entered before it is used, left once it is no longer."""

    @property
    def model(self) -> str:
        """The model's name, known once it is entered."""

    @property
    def version(self) -> str:
        """The SHA-256 of the model's weights, known once it is entered."""

    @property
    def engine(self) -> str:
        """The library that runs it and its version, known once it is entered."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def words(self, sound: bytes) -> Iterator[Word]:
        """The words of an Ogg/Opus file as they are heard, in their order.

        Raises SpeechUnavailable when the sound or the model cannot be read, SpeechInterrupted when the
        work was cut and may be begun again.
        """


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Cut where a sentence ends, where nobody speaks for a while, and before a line grows too long."""
    lines: list[Line] = []
    current: list[Word] = []
    for word in words:
        if current and (
            word.start - current[-1].end > PAUSE
            or current[-1].text.endswith(ENDS)
            or sum(len(one.text) + 1 for one in current) + len(word.text) > LONGEST
        ):
            lines.append(Line(tuple(current)))
            current = []
        current.append(word)
    if current:
        lines.append(Line(tuple(current)))
    return lines
