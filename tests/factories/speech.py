"""What hears in tests: a Transcriber that says what it was told to, and the process that it stands for."""

from collections.abc import Iterator, Sequence
from typing import Self

from acquis.kernel.speech import Word


def said(*sentences: str, start: float = 0.5, confidence: float = 0.9) -> list[Word]:
    """The words of sentences one after the other, half a second a word, a second between sentences."""
    words, at = [], start
    for sentence in sentences:
        for text in sentence.split():
            words.append(Word(text, at, at + 0.4, confidence))
            at += 0.5
        at += 1.0
    return words


class Ears:
    """Hears, for each sound in turn, the words that it was made with; a fault is raised instead.

    Like the real one it begins anew each time it is entered, and tells its model only then.
    """

    def __init__(
        self,
        *heard: Sequence[Word] | Exception,
        model: str = "modele-essai",
        version: str = "a" * 64,
    ) -> None:
        self.heard = list(heard)
        self.sounds: list[bytes] = []
        self.entered = 0
        self.model = self.version = self.engine = ""
        self._names = (model, version, "essai 1.0")

    def __enter__(self) -> Self:
        self.model, self.version, self.engine = self._names
        self.entered += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.left = True

    def words(self, sound: bytes) -> Iterator[Word]:
        self.sounds.append(sound)
        found = self.heard.pop(0)
        if isinstance(found, Exception):
            raise found
        yield from found
