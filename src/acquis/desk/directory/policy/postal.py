"""The French postal norm (NF Z10-011): six lines of 38 characters, the last in capitals. Pure."""

import re
import unicodedata
from collections.abc import Mapping

LINE_CHARS = 38
HOME_COUNTRY = "France"
LINES = ("recipient", "inside", "outside", "street", "locality")
FRENCH_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-578])\d{3}")


def envelope(parts: Mapping[str, str], name: str) -> list[str]:
    """The lines to print, empty ones left out; `name` stands for a recipient that is not said.

    The last line of an inland address is in capitals without accents or punctuation; abroad, the
    country stands alone below, in capitals too.
    """
    lines = [parts.get(line, "").strip() for line in LINES]
    lines[0] = lines[0] or name.strip()[:LINE_CHARS].strip()
    lines.append(capitals(f"{parts.get('postcode', '')} {parts.get('city', '')}"))
    if not is_inland(parts.get("country", "")):
        lines.append(capitals(parts["country"]))
    return [line for line in lines if line]


def faults(parts: Mapping[str, str]) -> dict[str, str]:
    """What the norm refuses, by part: `postcode`, `long`, `street_or_box`; empty when it holds."""
    found = {line: "long" for line in LINES if len(parts.get(line, "").strip()) > LINE_CHARS}
    last = f"{parts.get('postcode', '')} {parts.get('city', '')}".strip()
    if len(last) > LINE_CHARS:
        found["city"] = "long"
    inland = is_inland(parts.get("country", ""))
    if inland and not FRENCH_POSTCODE.fullmatch(parts.get("postcode", "").strip()):
        found["postcode"] = "postcode"
    if not parts.get("street", "").strip() and not parts.get("locality", "").strip():
        found["street"] = "street_or_box"
    return found


def is_inland(country: str) -> bool:
    return country.strip().casefold() in {"", HOME_COUNTRY.casefold()}


def capitals(text: str) -> str:
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    return re.sub(r"[^A-Z0-9]+", " ", bare.upper()).strip()
