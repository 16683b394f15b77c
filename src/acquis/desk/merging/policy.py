"""Whether two records speak of one customer, and what their merged record says. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

from rapidfuzz import fuzz

from acquis.desk.directory.policy import fold

PROBABLE = 60  # of 100: from here on a pair is shown
MOST = 100
SAME_NAME = 95  # likeness of two folded names, 0 to 100
LIKE_NAME = 85
OTHER_NAME = 60
OTHER_FIRST_NAME = 75
LIKE_ADDRESS = 88

Reason = Literal[
    "siret", "siren", "siren_differs", "email", "phone", "same_name", "like_name", "other_name",
    "other_first_name", "postcode", "address", "birth_year", "birth_year_differs", "kind_differs",
]  # fmt: skip
# What each observation is worth. A telephone or a postcode is shared by a household, a name by
# strangers: none of them is enough alone.
POINTS: Mapping[Reason, int] = {
    "siret": 70,
    "siren": 50,
    "siren_differs": -70,
    "email": 45,
    "phone": 35,
    "same_name": 35,
    "like_name": 25,
    "other_name": -30,
    "other_first_name": -40,
    "postcode": 10,
    "address": 15,
    "birth_year": 10,
    "birth_year_differs": -40,
    "kind_differs": -40,
}
_SOUNDS = (
    (r"ph", "f"), (r"qu|ck|[cq](?=[^eiyh]|$)", "k"), (r"sch|sh|ch", "j"), (r"gn", "n"),
    (r"eaux?|aux?|ault|aud", "o"), (r"ai|ei|ay|ey", "e"), (r"y", "i"), (r"w", "v"), (r"z", "s"),
    (r"h", ""), (r"oe|eu", "e"), (r"(.)\1+", r"\1"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What identifies a customer. Telephones in E.164, e-mails in lower case, the rest as kept."""

    kind: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    siren: str = ""
    siret: str = ""
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    postcode: str = ""
    address: str = ""
    birth_year: int | None = None

    @property
    def name(self) -> str:
        if self.kind == "company":
            return fold(self.company_name)
        return fold(f"{self.last_name} {self.first_name}")


@dataclass(frozen=True, slots=True)
class Likeness:
    """0 to 100, and what it was made of, for and against."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def probable(self) -> bool:
        return self.score >= PROBABLE


def sound(name: str) -> str:
    """How a French name sounds, roughly: « Lefèvre » and « Lefebvre » alike, silent ends dropped."""
    words = []
    for word in fold(name).split():
        heard = word.replace("bv", "v")
        for pattern, spelling in _SOUNDS:
            heard = re.sub(pattern, spelling, heard)
        words.append(re.sub(r"(?<=..)[estdxp]+$", "", heard))
    return " ".join(sorted(words))


def keys(of: Identity) -> frozenset[str]:
    """Under which a record is compared with others: two records without a common key never are.

    Sixteen hexadecimal figures each, a digest: the keys themselves say nothing of the person.
    """
    plain = {f"t{number}" for number in of.phones} | {f"e{address}" for address in of.emails}
    if of.siren or of.siret:
        plain.add(f"s{of.siren or of.siret[:9]}")
    if of.name and of.postcode:
        name = of.company_name if of.kind == "company" else of.last_name
        plain.add(f"n{sound(name)}|{of.postcode}")
    return frozenset(blake2b(one.encode(), digest_size=8).hexdigest() for one in plain)


def compare(one: Identity, other: Identity) -> Likeness:
    """How likely it is that two records are one customer; the same both ways round."""
    reasons = [
        *_numbers(one, other),
        *_names(one, other),
        *_places(one, other),
    ]
    if one.kind != other.kind:
        reasons.append("kind_differs")
    score = sum(POINTS[reason] for reason in reasons)
    return Likeness(max(0, min(MOST, score)), tuple(reasons))


def _numbers(one: Identity, other: Identity) -> Iterable[Reason]:
    if one.siret and one.siret == other.siret:
        yield "siret"
    elif one.siren and one.siren == other.siren:
        yield "siren"
    elif one.siren and other.siren:
        yield "siren_differs"
    if one.emails & other.emails:
        yield "email"
    if one.phones & other.phones:
        yield "phone"


def _names(one: Identity, other: Identity) -> Iterable[Reason]:
    if not one.name or not other.name:
        return
    first = fold(one.first_name), fold(other.first_name)
    names = one.name, other.name
    half = one.kind == other.kind == "person" and bool(first[0]) != bool(first[1])
    if half:  # one record has no first name: the last names alone can be compared
        names = fold(one.last_name), fold(other.last_name)
    likeness = fuzz.token_sort_ratio(*names)
    if likeness >= SAME_NAME and not half:
        yield "same_name"
    elif likeness >= LIKE_NAME or sound(names[0]) == sound(names[1]):
        yield "like_name"
    elif likeness < OTHER_NAME:
        yield "other_name"
    if all(first) and one.kind == other.kind == "person" and fuzz.ratio(*first) < OTHER_FIRST_NAME:
        yield "other_first_name"


def _places(one: Identity, other: Identity) -> Iterable[Reason]:
    if one.postcode and one.postcode == other.postcode:
        yield "postcode"
        address = fold(one.address), fold(other.address)
        if all(address) and fuzz.ratio(*address) >= LIKE_ADDRESS:
            yield "address"
    if one.birth_year and other.birth_year:
        yield "birth_year" if one.birth_year == other.birth_year else "birth_year_differs"


def default_choice(values: Sequence[Any]) -> int:
    """Which record's value stays when nobody chose: the first that says something."""
    return next((place for place, value in enumerate(values) if value not in ("", None)), 0)


def union(lists: Iterable[Sequence[Any]]) -> list[Any]:
    """All the tags, each once, in the order of the records."""
    return list(dict.fromkeys(tag for tags in lists for tag in tags))


def filled(mappings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values by key: those of the first record, completed by the next ones."""
    merged: dict[str, Any] = {}
    for values in mappings:
        merged = {**values, **merged}
    return merged


def opposed(last_words: Sequence[Mapping[tuple[str, str], bool]]) -> frozenset[tuple[str, str]]:
    """Channels and purposes for which one record agrees and another refuses: the refusal stays.

    `last_words` holds, a record, what was said last for each channel and purpose. Source: RGPD
    art. 7(3) and P-07: doubt about a person's agreement is no agreement.
    """
    everything = {key for words in last_words for key in words}
    return frozenset(
        key
        for key in everything
        if {True, False} <= {words[key] for words in last_words if key in words}
    )
