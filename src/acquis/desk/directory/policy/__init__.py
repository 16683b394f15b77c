"""How people look for a customer, and how what they type becomes comparable. Pure."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from rapidfuzz import fuzz, process

Certainty = Literal["known", "likely", "possible"]
HOME_REGION = "FR"
FRENCH_PREFIX = "33"
SHORTEST_FRAGMENT = 3  # digits: fewer would name half of the file
CLOSE_ENOUGH = 80  # of 100: « Lefevbre » finds Lefebvre, « Martin » does not find Marin alone
CLOSEST_SHOWN = 20
ARTICLES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l", "et", "au", "aux", "en"})
SPELLINGS_TRIED = 5
BELOW_THE_STREET = ("lieu dit", "bp ", "cs ", "cedex")

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9@]+")
_ONLY_A_NUMBER = re.compile(r"[\d\s+./()\-\u00a0\u202f]+")
_TRUNK_IN_BRACKETS = re.compile(r"\(0\)")


def fold(text: str) -> str:
    """Lower case without accents or ligatures; every run of other signs becomes one space.

    Folding twice changes nothing. The at sign stays: it tells an e-mail address.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _NOT_ALPHANUMERIC.sub(" ", bare.casefold().translate(_LIGATURES)).strip()


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())


def e164(text: str, region: str = HOME_REGION) -> str | None:
    """The number in international form (+33612345678), or None if no telephone rings there."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken_phone(number: str, region: str = HOME_REGION) -> str:
    """A kept number as people of `region` read it: « 06 12 34 56 78 », « +32 2 555 12 12 »."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    home = parsed.country_code == phonenumbers.country_code_for_region(region)
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, form)


def phone_digits(number: str) -> str:
    """The digits under which a number is found: international, then as dialled at home."""
    figures = digits(number)
    if figures.startswith(FRENCH_PREFIX) and number.startswith("+"):
        return f"{figures} 0{figures[len(FRENCH_PREFIX) :]}"
    return figures


def searchable(texts: Iterable[str], phones: Iterable[str]) -> str:
    """What is kept beside a row so that any spelling of its parts finds it."""
    words = [fold(text) for text in texts if text]
    compact = [
        word.replace(" ", "") for word in words if " " in word and any(map(str.isdigit, word))
    ]
    numbers = [phone_digits(phone) for phone in phones if phone]
    # The space before the first word lets a beginning of two letters be found by its index too.
    return "".join(f" {part}" for part in [*words, *compact, *numbers] if part)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person typed, understood: every word must be found, or the digits alone."""

    words: tuple[str, ...]
    fragment: str = ""  # of a telephone number, as dialled in France or from abroad

    def __bool__(self) -> bool:
        return bool(self.words or self.fragment)

    @property
    def terms(self) -> list[list[str]]:
        """What the text must hold, one spelling each; articles tell nothing beside two words."""
        if self.fragment:
            return [[self.fragment]]
        telling = [word for word in self.words if word not in ARTICLES]
        return [[word] for word in (telling if len(telling) > 1 else self.words)]


def understand(typed: str) -> Asked:
    """Tell a fragment of a telephone number, in any spelling, from words.

    « 06.12.34 », « +33 (0)6 12 34 » and « 0033 6 12 34 » ask for the same person. A run of
    digits may also be part of a reference, of a postcode or of an invoice number: the caller
    looks there too.
    """
    text = typed.strip()
    if not text:
        return Asked(words=())
    figures = digits(_TRUNK_IN_BRACKETS.sub("", text))
    if not _ONLY_A_NUMBER.fullmatch(text) or len(figures) < SHORTEST_FRAGMENT:
        return Asked(words=tuple(word for part in text.split() for word in _words(part)))
    figures = figures.removeprefix("00")
    return Asked(words=(), fragment=figures)


def _words(part: str) -> list[str]:
    """« Lille-Sud » is two words; « C-00042 », with its figures, is one: « c00042 »."""
    folded = fold(part)
    return [folded.replace(" ", "")] if any(map(str.isdigit, folded)) else folded.split()


def like_spellings(word: str, words: Iterable[str]) -> list[str]:
    """Those of `words` that `word` may be a misspelling of, the closest first."""
    found = process.extract(
        word, [*words], scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=SPELLINGS_TRIED
    )
    return [spelling for spelling, _score, _rank in found if spelling != word]


def closest(typed: str, names: Mapping[int, str]) -> list[int]:
    """The keys of the names most like `typed`, best first, for a spelling that nobody has.

    Each word of the name is worth as much wherever it stands. Source: desk study (b)1 and (b)2.
    """
    asked = fold(typed)
    if len(asked) < SHORTEST_FRAGMENT:
        return []
    found = process.extract(
        asked,
        {key: fold(name) for key, name in names.items()},
        scorer=_likeness,
        score_cutoff=CLOSE_ENOUGH,
        limit=CLOSEST_SHOWN,
    )
    return [key for _, _, key in found]


def _likeness(
    asked: Sequence[Hashable], name: Sequence[Hashable], /, *, score_cutoff: float | None = 0
) -> float:
    """The mean, over the words asked, of the best likeness with a word of the name (0 to 100)."""
    of_name = str(name).split()
    if not of_name:
        return 0
    best = [max(fuzz.ratio(word, other) for other in of_name) for word in str(asked).split()]
    mean = sum(best) / len(best)
    return mean if mean >= (score_cutoff or 0) else 0


def certainty(*, current: bool, shared_by: int, same_range: bool) -> Certainty:
    """How sure it is that a caller is this customer.

    Known: their number, theirs alone. Likely: theirs among a few (a household, a shop). Possible:
    a number they no longer have, or the neighbour of a company's number.
    """
    if same_range or not current:
        return "possible"
    return "known" if shared_by == 1 else "likely"


def postal_lines(parts: Mapping[str, str], home_country: str = "France") -> list[str]:
    """The address lines of an envelope in the order of the French postal norm.

    Who lives where inside (building, stairs) comes above the street, a hamlet or a box below it,
    whichever field they were typed in. Nothing is cut. The last line of an inland address is in
    capitals without punctuation; a foreign country stands alone below.
    """
    inland = parts.get("country", home_country) in {"", home_country}
    town = f"{parts.get('postcode', '')} {parts.get('city', '')}".strip()
    lines = [parts.get("address_1", "").strip(), parts.get("address_2", "").strip()]
    lines.sort(key=_postal_rank)
    lines.append(_capitals(town))
    if not inland:
        lines.append(_capitals(parts["country"]))
    return [line for line in lines if line]


def _postal_rank(line: str) -> int:
    if line[:1].isdigit():
        return 1
    return 2 if fold(line).startswith(BELOW_THE_STREET) else 0


def _capitals(text: str) -> str:
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    return re.sub(r"[^A-Z0-9]+", " ", bare.upper()).strip()
