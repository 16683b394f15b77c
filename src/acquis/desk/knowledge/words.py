"""French words as a search compares them: stems, synonyms, spellings close enough. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as version_of

import snowballstemmer
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from acquis.desk.directory.policy import fold
from acquis.desk.knowledge.french import ABBREVIATIONS, FAMILIES, STOPWORDS

MOST_WORDS = 12  # of a search; what follows is left aside
SHORTEST_PREFIX = 2
SHORTEST_MISSPELT = 4
LONGEST_WORD = 40  # of the vocabulary
CLOSE_ENOUGH = (
    78  # of 100: « rembousement » finds « remboursement », « colis » does not find « coli »
)
SLIPS = {0: 1, 6: 2, 10: 3}
"""By the shortest length of a word: letters wrong, missing, too many or swapped, at most."""
CLOSEST = 3
WAY_OF_INDEXING = 2  # to be raised when `indexed` or `vocabulary` keep something else

_RAW_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_QUOTED = re.compile('"([^"]+)"|«([^»]+)»|“([^”]+)”')

_ACCENTED = {
    "a": "àâäáã", "c": "ç", "e": "éèêë", "i": "îïí", "n": "ñ", "o": "ôöóõ", "u": "ùûüú", "y": "ÿ",
}  # fmt: skip
_ACCENTED |= dict.fromkeys("'’", "'’")
# Capitals are written out: an engine may not know that « É » is « é ».
_SPELLINGS = {sign: f"{sign}{others}{others.upper()}" for sign, others in _ACCENTED.items()}
_OE = f"[{_SPELLINGS['o']}][{_SPELLINGS['e']}]"
_AE = f"[{_SPELLINGS['a']}][{_SPELLINGS['e']}]"

Run = tuple[str, ...]  # stems that follow each other


def version() -> str:
    """Twelve signs that change when what is kept of an article for the search would."""
    known = [WAY_OF_INDEXING, version_of("snowballstemmer"), *sorted(STOPWORDS)]
    return sha256(" ".join(map(str, known)).encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _stemmer() -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer("french")


@lru_cache(maxsize=1)
def _stopped() -> frozenset[str]:
    return frozenset(map(fold, STOPWORDS))


@lru_cache(maxsize=50_000)
def stems(word: str) -> Run:
    """What is left of a word without its endings, read with and without its accents.

    The first is that of the word as it is written, the last that of the word without its accents.
    « retournée », « Retours » and « retournee » share one at least.
    """
    lower = word.casefold()
    bare = _bare(lower)
    read = (fold(_stemmer().stemWord(lower)), _stemmer().stemWord(bare))
    found = (one.replace(" ", "").replace("@", "") for one in read)
    return tuple(dict.fromkeys(one for one in found if one))


def run(text: str) -> Run:
    """The stems of all the words of a text in order, accents or not: an expression to be found."""
    return tuple(stems(word)[-1] for word in _RAW_WORD.findall(text) if stems(word))


def words_of(text: str) -> list[str]:
    """The words of a text that carry meaning, in order; all of them when none does."""
    written = _RAW_WORD.findall(text)
    meant = [word for word in written if fold(word) not in _stopped()]
    return meant or written


def telling(typed: str) -> list[str]:
    """What was typed between spaces, as « ROB-12 », without the words that carry no meaning."""
    written = typed.split()
    return [word for word in written if fold(word) not in _stopped()] or written


def indexed(text: str) -> str:
    """What is kept beside a text so that it is found: its `run`, then every other reading.

    Words follow each other as in the text, none left out, so that an expression is found whole;
    « rendez-vous » is also found as « rendezvous ».
    """
    ordered = run(text)
    others = {
        other
        for word in _RAW_WORD.findall(text)
        for other in (*stems(word)[:-1], *fold(word).split())
    }
    others.update(
        _bare(word) for word in _JOINED.findall(text) if _RAW_WORD.fullmatch(word) is None
    )
    return " ".join([*ordered, *sorted(others - set(ordered) - {""})])


def vocabulary(*texts: str) -> set[str]:
    """The words of texts that a misspelt one may have stood for: letters alone, without accents."""
    return {
        word
        for text in texts
        for word in fold(text).split()
        if SHORTEST_MISSPELT <= len(word) <= LONGEST_WORD
        and word.isascii()
        and word.isalpha()
        and word not in _stopped()
    }


@dataclass(frozen=True, slots=True)
class Group:
    """One word or expression asked: any of its readings answers, or what means the same."""

    typed: str
    tokens: Run
    phrases: tuple[Run, ...] = ()  # itself, in several words
    others: tuple[Run, ...] = ()  # of its family, or synonyms: they answer for less
    prefix: str = ""  # the word may be unfinished: what it begins with, "" when it is whole
    quoted: bool = False  # between quotes: those words, in that order

    @property
    def apart(self) -> tuple[Run, ...]:
        """Its expressions, each word anywhere; between quotes nothing but the whole answers."""
        return () if self.quoted else tuple(tuple(_meant(one)) for one in self.phrases)


def understood(typed: str, synonyms: Iterable[Collection[str]] = ()) -> list[Group]:
    """Tell what a search asks, each word with its synonyms; the last may be unfinished.

    What stands between quotes is asked as it is. An expression of several words that has a synonym
    is one group.
    """
    known = _Synonyms([*ABBREVIATIONS, *(tuple(group) for group in synonyms)])
    quotes = [next(filter(None, match.groups())) for match in _QUOTED.finditer(typed)]
    groups = [Group(one.strip(), (), (run(one),), quoted=True) for one in quotes if run(one)]
    free = _QUOTED.sub(" ", typed)
    unfinished = not free[-1:].isspace()
    groups += _free_groups(free, known, unfinished=unfinished)
    return groups[:MOST_WORDS]


def _free_groups(free: str, known: "_Synonyms", *, unfinished: bool) -> list[Group]:
    written = _JOINED.findall(free)
    groups: list[Group] = []
    at = 0
    while at < len(written):
        taken, group = known.expression(written, at)
        if group is None:
            taken, group = 1, _group(written[at], known)
        if group is not None:
            last = unfinished and at + taken == len(written)
            groups.append(_begun(group, written[-1]) if last else group)
        at += taken
    if groups or not written:
        return groups
    # Nothing but words without a meaning of their own: « Où est-ce ? »
    words = _RAW_WORD.findall(free)
    alone = [Group(word, stems(word)) for word in words if stems(word)]
    return [*alone[:-1], _begun(alone[-1], words[-1])] if alone and unfinished else alone


def _group(word: str, known: "_Synonyms") -> Group | None:
    """None for a word that carries no meaning."""
    meant = [part for part in _RAW_WORD.findall(word) if fold(part) not in _stopped()]
    if not meant:
        return None
    if len(meant) == 1 and meant[0] == word:
        tokens = stems(word)
        return Group(word, tokens, others=known.of(tokens)) if tokens else None
    # « porte-monnaie », « portemonnaie » or « porte monnaie »; « peut-on » asks for one word alone.
    bare, phrase = _bare(word), run(word)
    if not bare:
        return None  # letters that no article is searched by
    tokens = (bare, *(stems(meant[0]) if len(meant) == 1 else ()))
    others = tuple(dict.fromkeys([*known.of(tokens), *known.of_run(phrase)]))
    return Group(word, tuple(dict.fromkeys(tokens)), (phrase,), others)


def _begun(group: Group, last: str) -> Group:
    bare = _bare(last)
    return replace(group, prefix=bare) if len(bare) >= SHORTEST_PREFIX else group


class _Synonyms:
    """Expressions that mean the same, by their stems."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._by_run: dict[Run, dict[Run, None]] = {}
        self._longest = 1
        for group in groups:
            runs = [one for one in map(run, group) if one]
            for one in runs:
                self._longest = max(self._longest, len(one))
                self._by_run.setdefault(one, {}).update(
                    dict.fromkeys(other for other in runs if other != one)
                )

    def of(self, tokens: Iterable[str]) -> tuple[Run, ...]:
        found: dict[Run, None] = {}
        for token in tokens:
            found.update(self._by_run.get((token,), {}))
            found.update(dict.fromkeys(_families().get(token, ())))
        return tuple(found)

    def of_run(self, expression: Run) -> tuple[Run, ...]:
        return tuple(self._by_run.get(expression, ()))

    def expression(self, written: Sequence[str], at: int) -> tuple[int, Group | None]:
        """The longest expression of several words that begins there, and how many words it takes."""
        for taken in range(min(self._longest, len(written) - at), 1, -1):
            text = " ".join(written[at : at + taken])
            phrase = run(text)
            if others := self.of_run(phrase):
                return taken, Group(text, (), (phrase,), others)
        return 0, None


@lru_cache(maxsize=1)
def _families() -> dict[str, tuple[Run, ...]]:
    """For each stem, the stems of the other words of its family."""
    families: dict[str, tuple[Run, ...]] = {}
    for family in FAMILIES:
        readings = [stems(word) for word in family]
        every = dict.fromkeys(token for reading in readings for token in reading)
        for token in every:
            families[token] = tuple((other,) for other in every if other != token)
    return families


def _bare(word: str) -> str:
    return fold(word).replace(" ", "").replace("@", "")


def _meant(expression: Run) -> list[str]:
    return [token for token in expression if token not in _stopped()] or list(expression)


def closest(word: str, known: Collection[str]) -> list[str]:
    """The words of a vocabulary written most like one that it does not hold, best first."""
    bare = _bare(word)
    if len(bare) < SHORTEST_MISSPELT:
        return []
    slips = max(most for shortest, most in SLIPS.items() if shortest <= len(bare))
    alike = [one for one in sorted(known) if OSA.distance(bare, one, score_cutoff=slips) <= slips]
    found = process.extract(
        bare, alike, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=CLOSEST
    )
    return [match for match, _score, _place in found]


def sqlite_query(groups: Sequence[Group], *, every: bool = True) -> str:
    """The question as FTS5 reads it; every token holds letters and digits only.

    With `every` each group must answer, else one of them does; what is quoted always must.
    """
    return _question(groups, _sqlite, " AND ", " OR ", every=every)


def postgresql_query(groups: Sequence[Group], *, every: bool = True) -> str:
    """The same as PostgreSQL's to_tsquery reads it, in what is weighed A, B or D alone."""
    return _question(groups, _postgresql, " & ", " | ", every=every)


def _question(
    groups: Sequence[Group], written: Callable[[Group], str], both: str, either: str, *, every: bool
) -> str:
    must = [written(group) for group in groups if every or group.quoted]
    may = [] if every else [written(group) for group in groups if not group.quoted]
    if may:
        must.append(f"({either.join(may)})")
    return both.join(must)


def _sqlite(group: Group) -> str:
    parts = [f'"{token}"' for token in group.tokens]
    parts += [f'"{" ".join(one)}"' for one in (*group.phrases, *group.others)]
    parts += ["(" + " AND ".join(f'"{token}"' for token in one) + ")" for one in group.apart]
    if group.prefix:
        parts.append(f'"{group.prefix}"*')
    return f"({' OR '.join(parts)})"


def _postgresql(group: Group) -> str:
    parts = [f"{token}:ABD" for token in group.tokens]
    parts += [
        "(" + " <-> ".join(f"{token}:ABD" for token in one) + ")"
        for one in (*group.phrases, *group.others)
    ]
    parts += ["(" + " & ".join(f"{token}:ABD" for token in one) + ")" for one in group.apart]
    if group.prefix:
        parts.append(f"{group.prefix}:*ABD")
    return f"({' | '.join(parts)})"


def places(text: str, groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Where the words of a text answer what is asked, in order."""
    tokens = {token for group in groups for token in group.tokens}
    for group in groups:
        for expression in (*group.phrases, *group.others):
            tokens.update(_meant(expression))
    prefixes = tuple(group.prefix for group in groups if group.prefix)
    return [
        match.span()
        for match in _RAW_WORD.finditer(text)
        if tokens.intersection(stems(match.group()))
        or (prefixes and fold(match.group()).startswith(prefixes))
    ]


def spelt(word: str) -> str:
    """A regular expression for a word in a short text: accents, case and a plural do not count.

    For lists too short to deserve an index; both engines read it alike.
    """
    bare = "".join(fold(sign) or sign for sign in word)
    if len(bare) >= SHORTEST_MISSPELT and bare.isalpha() and bare.endswith(("s", "x")):
        bare = bare[:-1]
    signs = (f"[{_SPELLINGS[one]}]" if one in _SPELLINGS else re.escape(one) for one in bare)
    return "".join(signs).replace(_OE, f"({_OE}|[œŒ])").replace(_AE, f"({_AE}|[æÆ])")


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
