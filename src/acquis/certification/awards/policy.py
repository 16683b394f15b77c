"""Pure rules of official documents: what is signed, how it is numbered."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

# One series a kind and a year, each organisation its own.
PREFIXES = {"pv": "PV", "result_sheet": "FIR", "certificate": "CERT", "booklet": "LIV"}


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one way of writing these data: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(data: Mapping[str, Any]) -> str:
    """What signatories sign: SHA-256, in hex, of the canonical data."""
    return hashlib.sha256(canonical(data)).hexdigest()


def series_name(organisation_id: int, kind: str, year: int) -> str:
    return f"{organisation_id}:{PREFIXES[kind]}-{year}"


def number(kind: str, year: int, rank: int) -> str:
    """« PV-2026-0007 »."""
    return f"{PREFIXES[kind]}-{year}-{rank:04}"


def missing_signers(required: Iterable[int], signed: Iterable[int]) -> list[int]:
    """Those who have not signed yet, in the order given."""
    done = set(signed)
    return [one for one in required if one not in done]


def read_code(typed: str) -> str:
    """A verification code as people copy it: any case, with or without its hyphens; maybe empty."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(part for part in (letters[:4], letters[4:8], letters[8:]) if part)


_DURATION = re.compile(r"P(\d{1,3})([DW])")


def results_due(duration: str | None, day: date) -> date | None:
    """The last day to tell the results, by the framework's duration: « P10D », « P2W » (X-09).

    A session of 20 November and « P10D »: 30 November. None when the framework says none.
    """
    found = _DURATION.fullmatch(duration or "")
    if found is None:
        return None
    return day + timedelta(days=int(found[1]) * (7 if found[2] == "W" else 1))
