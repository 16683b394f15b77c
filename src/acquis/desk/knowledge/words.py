"""French words as a search compares them: stems, synonyms, spellings close enough. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from rapidfuzz import fuzz, process

from acquis.desk.directory.policy import fold

MOST_WORDS = 12  # of a search; what follows is left aside
SHORTEST_PREFIX = 2
SHORTEST_MISSPELT = 4
CLOSE_ENOUGH = (
    78  # of 100: « rembousement » finds « remboursement », « colis » does not find « coli »
)
CLOSEST = 3
STOPWORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cet",
        "cette",
        "comment",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "eux",
        "il",
        "ils",
        "je",
        "la",
        "le",
        "les",
        "leur",
        "lui",
        "ma",
        "mais",
        "me",
        "mes",
        "moi",
        "mon",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "quel",
        "quelle",
        "qui",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "si",
        "son",
        "sont",
        "sur",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tu",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
        "d",
        "l",
        "j",
        "n",
        "m",
        "t",
        "c",
    ]
)

_RAW_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("french")


@lru_cache(maxsize=50_000)
def stems(word: str) -> tuple[str, ...]:
    """What is left of a word without its endings, read with and without its accents.

    The first is that of the word as it is written. « retournée », « Retours » and « retournee »
    share one at least.
    """
    lower = word.casefold()
    bare = fold(lower).replace(" ", "").replace("@", "")
    read = (fold(_stemmer().stemWord(lower)), _stemmer().stemWord(bare))
    found = (one.replace(" ", "").replace("@", "") for one in read)
    return tuple(dict.fromkeys(one for one in found if one))


def words_of(text: str) -> list[str]:
    """The words of a text that carry meaning, in order; all of them when none does."""
    written = _RAW_WORD.findall(text)
    meant = [word for word in written if fold(word) not in STOPWORDS]
    return meant or written


def indexed(text: str) -> str:
    """What is kept beside a text so that it is found: stems in order, then every other reading.

    Words follow each other as in the text, so that an expression of several words is found whole.
    """
    kept = words_of(text)
    first = [stems(word)[0] for word in kept if stems(word)]
    others = {other for word in kept for other in (*stems(word)[1:], *fold(word).split())}
    return " ".join([*first, *sorted(others - set(first))])


@dataclass(frozen=True, slots=True)
class Group:
    """One word asked: any of its readings answers, or any expression that means the same."""

    typed: str
    tokens: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    prefix: str = ""  # the word may be unfinished: what it begins with, "" when it is whole


def understood(typed: str, synonyms: Iterable[Collection[str]] = ()) -> list[Group]:
    """Tell what a search asks, each word with its synonyms; the last may be unfinished."""
    known = [list(group) for group in synonyms]
    asked = words_of(typed)[:MOST_WORDS]
    groups: list[Group] = []
    for place, word in enumerate(asked):
        tokens, phrases = list(stems(word)), []
        for others in known:
            if any(set(stems(one)) & set(stems(word)) for one in others if " " not in one.strip()):
                for other in others:
                    expression = [stems(one)[0] for one in words_of(other) if stems(one)]
                    if len(expression) == 1:
                        tokens.append(expression[0])
                    elif expression:
                        phrases.append(tuple(expression))
        bare = fold(word).replace(" ", "")
        last = place == len(asked) - 1 and not typed[-1:].isspace()
        prefix = bare if last and len(bare) >= SHORTEST_PREFIX else ""
        if tokens or prefix:
            groups.append(
                Group(word, tuple(dict.fromkeys(tokens)), tuple(dict.fromkeys(phrases)), prefix)
            )
    return groups


def closest(word: str, vocabulary: Collection[str]) -> list[str]:
    """The words of a vocabulary written most like one that it does not hold, best first."""
    bare = fold(word).replace(" ", "")
    if len(bare) < SHORTEST_MISSPELT:
        return []
    found = process.extract(
        bare, list(vocabulary), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=CLOSEST
    )
    return [match for match, _score, _place in found]


def sqlite_query(groups: Sequence[Group]) -> str:
    """The question as FTS5 reads it; every token holds letters and digits only."""
    return " AND ".join(f"({' OR '.join(_sqlite(group))})" for group in groups)


def _sqlite(group: Group) -> list[str]:
    parts = [f'"{token}"' for token in group.tokens]
    parts += [f'"{" ".join(phrase)}"' for phrase in group.phrases]
    return [*parts, f'"{group.prefix}"*'] if group.prefix else parts


def postgresql_query(groups: Sequence[Group]) -> str:
    """The same as PostgreSQL's to_tsquery reads it."""
    return " & ".join(f"({' | '.join(_postgresql(group))})" for group in groups)


def _postgresql(group: Group) -> list[str]:
    parts = list(group.tokens)
    parts += [f"({' <-> '.join(phrase)})" for phrase in group.phrases]
    return [*parts, f"{group.prefix}:*"] if group.prefix else parts


def places(text: str, groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Where the words of a text answer what is asked, in order."""
    tokens = {token for group in groups for token in group.tokens}
    tokens |= {token for group in groups for phrase in group.phrases for token in phrase}
    prefixes = tuple(group.prefix for group in groups if group.prefix)
    return [
        match.span()
        for match in _RAW_WORD.finditer(text)
        if tokens.intersection(stems(match.group()))
        or (prefixes and fold(match.group()).startswith(prefixes))
    ]


def without_personal(typed: str, names: Collection[str] = ()) -> str:
    """A search as the journal of what was not found keeps it: no number, no address, no name."""
    known = {fold(name) for name in names}
    kept = [
        word
        for part in typed.split()
        if "@" not in part and not any(sign.isdigit() for sign in part)
        for word in fold(part).split()
        if word not in known
    ]
    return " ".join(kept)[:80].strip()
