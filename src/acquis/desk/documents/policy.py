"""What a French letter is made of, and whether it says what was agreed. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from acquis.kernel.typography import NBSP, grouped

# The longest text of each part, in signs.
PARTS: Mapping[str, int] = {
    "subject": 200,
    "references": 200,
    "place": 80,
    "dated_on": 10,
    "salutation": 120,
    "body": 20_000,
    "closing": 300,
    "signature": 160,
    "enclosures": 300,
}
NEEDED = ("subject", "place", "dated_on", "salutation", "body", "closing", "signature")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
          "octobre", "novembre", "décembre")  # fmt: skip
_AMOUNT = re.compile(
    r"(\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+)(?:[,.](\d{1,2}))?\s*(?:€|euros?\b)", re.IGNORECASE
)
_WRITTEN_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})\s+(\d{{4}})\b", re.IGNORECASE
)
_FIGURED_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
CALLED = {"M.": "Monsieur", "Mme": "Madame"}
ANYBODY = "Madame, Monsieur"


def called(title: str) -> str:
    """How the recipient is addressed; a company, or somebody of unknown title, as anybody."""
    return CALLED.get(title, ANYBODY)


def salutation_for(title: str) -> str:
    return f"{called(title)},"


def closing_for(title: str) -> str:
    return f"Je vous prie d’agréer, {called(title)}, l’expression de mes salutations distinguées."


def paragraphs(body: str) -> list[list[str]]:
    """The body as paragraphs, a blank line apart, each a list of its lines."""
    found: list[list[str]] = []
    current: list[str] = []
    for line in [*body.splitlines(), ""]:
        if line.strip():
            current.append(line.strip())
        elif current:
            found.append(current)
            current = []
    return found


def sender_lines(identity: Mapping[str, Any], fallback: str) -> list[str]:
    """The letterhead of an enterprise, from what its workspace knows; its name comes first."""
    place = identity.get("address")
    address = place if isinstance(place, Mapping) else {}
    town = f"{address.get('postcode', '')} {address.get('city', '')}".strip()
    lines = [
        identity.get("name") or fallback,
        *_texts(address.get("lines", [])),
        *(place.splitlines() if isinstance(place, str) else []),
        town,
        identity.get("phone", ""),
        identity.get("email", ""),
    ]
    return [str(line).strip() for line in lines if str(line).strip()]


def footer_line(identity: Mapping[str, Any], fallback: str) -> str:
    """Name, legal form, capital and registration, as the foot of a commercial paper bears them."""
    capital = grouped(str(identity.get("capital", "")).removesuffix(".00"))
    parts = [
        " ".join(
            part for part in (identity.get("name") or fallback, identity.get("legal_form")) if part
        ),
        f"capital {capital}{NBSP}€" if capital else "",
        f"SIREN {identity['siren']}" if identity.get("siren") else "",
        f"RCS {identity['rcs']}" if identity.get("rcs") else "",
    ]
    return " – ".join(part for part in parts if part)


def town_of(identity: Mapping[str, Any]) -> str:
    address = identity.get("address")
    return str(address.get("city", "")) if isinstance(address, Mapping) else ""


def tracking_number(typed: str) -> str:
    """A number of the post without its spaces, in capitals; "" when it cannot be one.

    La Poste prints 11 to 15 letters and figures in groups: « 1A 012 345 6789 0 ».
    """
    plain = re.sub(r"[\s.\-]", "", typed).upper()
    return plain if re.fullmatch(r"[0-9A-Z]{11,15}", plain, re.ASCII) else ""


def _texts(value: Any) -> Sequence[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a letter is not what was agreed.

    `kind` is amount_missing, amount_added, date_missing, date_added or name_missing; `text` is the
    amount in euros (15.00), the day (2026-12-01) or the name.
    """

    kind: str
    text: str


def amounts_in(text: str) -> set[Decimal]:
    """The amounts in euros that a text names, to the cent."""
    return {
        Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents.ljust(2, '0')}")
        for whole, cents in _AMOUNT.findall(text)
    }


def dates_in(text: str) -> set[date]:
    """The days that a text names: « 1er décembre 2026 », « 01/12/2026 »; what is no day is none."""
    written = (
        (int(year), MONTHS.index(month.lower()) + 1, int(day))
        for day, month, year in _WRITTEN_DAY.findall(text)
    )
    figured = ((int(year), int(month), int(day)) for day, month, year in _FIGURED_DAY.findall(text))
    return {day for parts in (*written, *figured) for day in _day(*parts)}


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def differences(agreed: Mapping[str, Sequence[str]], text: str, *, on: date) -> list[Difference]:
    """What a letter of the day `on` lacks or adds against what was agreed; nothing agreed, nothing.

    A day before the letter is a fact that it tells; a later one that was not agreed is a promise
    added. Amounts count to the cent, names without regard to case.
    """
    if not agreed:
        return []
    amounts = {Decimal(one).quantize(Decimal("0.01")) for one in agreed.get("amounts", ())}
    days = {date.fromisoformat(one) for one in agreed.get("dates", ())}
    written, told = amounts_in(text), dates_in(text)
    folded = text.casefold()
    return [
        *(Difference("amount_missing", str(one)) for one in sorted(amounts - written)),
        *(Difference("amount_added", str(one)) for one in sorted(written - amounts)),
        *(Difference("date_missing", one.isoformat()) for one in sorted(days - told)),
        *(Difference("date_added", one.isoformat()) for one in sorted(told - days) if one > on),
        *(
            Difference("name_missing", name)
            for name in agreed.get("names", ())
            if name.casefold() not in folded
        ),
    ]
