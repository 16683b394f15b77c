"""Which of the articles found answers best. Pure, so that both engines give the same order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from acquis.desk.directory.policy import fold
from acquis.desk.knowledge.words import Group, Run, run, words_of

# How much one word weighs in the title, among the keywords and in the text.
FIELDS = (10.0, 6.0, 1.0)
# How much a reading weighs: the word itself, its expression word by word, what it begins with, and
# what means the same.
ITSELF, APART, BEGUN, OTHERWISE = 1.0, 0.75, 0.7, 0.55
# What is said word for word as it was asked, in each field.
IN_A_ROW = (6.0, 4.0, 2.0)
WHOLE_TITLE = 5.0  # when the title says nothing but what is asked; in proportion otherwise
A_KEYWORD = 5.0  # one keyword is what is asked, neither more nor less
SATURATION, LENGTH_WEIGHT, USUAL_LENGTH = 1.2, 0.5, 250  # as BM25 has them, for the text
LEAST_RARITY = 0.3  # of a word that every candidate holds, on the scale of BM25
LEAST_SHARE = 0.3  # of what is asked, rarer words counting for more
OVER, NOT_YET, TO_BE_REVIEWED = 0.5, 0.7, 0.97
FRESHER = 0.06  # at most, for what was published today
OLD = 730  # days after which nothing is fresh


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article as the search reads it; the three `stems_` as `words.indexed` made them."""

    key: int
    title: str
    keywords: Sequence[str]
    stems_title: str
    stems_keywords: str
    stems_body: str
    valid_from: date | None = None
    valid_until: date | None = None  # last day of its validity
    review_on: date | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    key: int
    score: float
    answered: int  # groups of the question that the article answers


def ranked(
    candidates: Sequence[Candidate], asked: Sequence[Group], typed: str, *, today: date | None
) -> list[Ranked]:
    """The candidates, the best first; those that answer hardly anything of the question are left out.

    A word that few candidates hold tells more than one that all do; one that none holds tells
    nothing. Without `today`, what is in force and what is fresh do not count.
    """
    weighed = [(one, [_weights(one, group) for group in asked]) for one in candidates]
    rarity = _rarities([[any(fields) for fields in row] for _one, row in weighed])
    sought = run(typed)
    found = []
    for one, row in weighed:
        answered = [any(fields) for fields in row]
        told = sum(rare for rare, yes in zip(rarity, answered, strict=True) if yes)
        share = told / sum(rarity) if told else 0
        if share < LEAST_SHARE:
            continue
        score = sum(
            rare * sum(weight * field for weight, field in zip(FIELDS, fields, strict=True))
            for rare, fields in zip(rarity, row, strict=True)
        )
        score += _closeness(one, asked, typed, sought)
        score *= share * share * _standing(one, today)
        found.append((-round(score, 6), fold(one.title), one.key, sum(answered)))
    return [Ranked(key, -negative, count) for negative, _title, key, count in sorted(found)]


def _rarities(rows: Sequence[Sequence[bool]]) -> list[float]:
    """How much each group tells, the rarest 1; 0 for one that no candidate answers."""
    found = []
    for column in zip(*rows, strict=True):
        holders = sum(column)
        rare = math.log(1 + (len(rows) - holders + 0.5) / (holders + 0.5)) + LEAST_RARITY
        found.append(rare if holders else 0.0)
    most = max(found, default=0)
    return [rare / most if most else 0.0 for rare in found]


def _weights(one: Candidate, group: Group) -> tuple[float, float, float]:
    """How well each field answers a group, from 0 to about 2."""
    title, keywords, body = (f" {text} " for text in _texts(one))
    return (
        _reading(title, group, once=True),
        _reading(keywords, group, once=True),
        _reading(body, group, once=False),
    )


def _reading(padded: str, group: Group, *, once: bool) -> float:
    length = 0 if once else padded.count(" ")

    def said(runs: Sequence[Run]) -> float:
        times = max((padded.count(f" {' '.join(one)} ") for one in runs), default=0)
        return float(times > 0) if once else _often(times, length)

    def apart() -> float:
        every = [[(token,) for token in one] for one in group.apart]
        return max((min(said([token]) for token in tokens) for tokens in every), default=0)

    begun = padded.count(f" {group.prefix}") if group.prefix else 0
    return max(
        ITSELF * said([*((token,) for token in group.tokens), *group.phrases]),
        APART * apart(),
        BEGUN * (float(begun > 0) if once else _often(begun, length)),
        OTHERWISE * said(group.others),
    )


def _often(times: int, length: int) -> float:
    """Said twice is more than once, said ten times hardly more than five; less in a long text."""
    usual = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / USUAL_LENGTH
    return times * (SATURATION + 1) / (times + SATURATION * usual) if times else 0


def _closeness(one: Candidate, asked: Sequence[Group], typed: str, sought: Run) -> float:
    """What is said as it was asked: in a row, by the whole title, by one keyword."""
    row = f" {' '.join(sought)} "
    more = 0.0
    if len(sought) > 1:
        texts = (f" {text} " for text in _texts(one))
        more += max(
            (weight for weight, text in zip(IN_A_ROW, texts, strict=True) if row in text), default=0
        )
    title = words_of(one.title)
    told = sum(
        max(_reading(f" {_read(word)} ", group, once=True) for group in asked) for word in title
    )
    more += WHOLE_TITLE * told / max(1, len(title))
    meant = run(" ".join(words_of(typed)))
    if any(run(" ".join(words_of(keyword))) == meant for keyword in one.keywords):
        more += A_KEYWORD
    return more


def _read(word: str) -> str:
    return " ".join(run(word))


def _texts(one: Candidate) -> tuple[str, str, str]:
    return one.stems_title, one.stems_keywords, one.stems_body


def _standing(one: Candidate, today: date | None) -> float:
    if today is None:
        return 1
    factor = 1.0
    if one.valid_until is not None and one.valid_until < today:
        factor *= OVER
    elif one.valid_from is not None and one.valid_from > today:
        factor *= NOT_YET
    elif one.review_on is not None and one.review_on < today:
        factor *= TO_BE_REVIEWED
    since = one.published_on or one.valid_from
    age = OLD if since is None else min(max((today - since).days, 0), OLD)
    return factor * (1 + FRESHER * (1 - age / OLD))
