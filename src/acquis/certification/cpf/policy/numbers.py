"""How deposits, files and passages are named, and what the codes of a register look like."""

import re
from datetime import date

SHIPPED_VERSION = "1.1.2"
SPLIT_AT = 50_000  # passages in one file
KEEP_DAYS = 30  # after a deposit is closed, its files are erased; their fingerprints stay
KEEP_DAYS_MOST = 365
EIGHT = r"^[A-Za-z0-9]{8}$"

_CODES = {"RNCP": re.compile(r"RNCP\d{1,6}(BC\d{2})?"), "RS": re.compile(r"RS\d{1,6}")}


def code_fault(register: str, code: str, *, block: bool) -> str:
    """`unknown_register`, `malformed`, `block_of_rs`, `block_code` or nothing.

    The RNCP numbers its blocks (RNCP35304BC01); the RS has none.
    """
    shape = _CODES.get(register)
    if shape is None:
        return "unknown_register"
    if not shape.fullmatch(code):
        return "malformed"
    if block and register == "RS":
        return "block_of_rs"
    return "block_code" if block != ("BC" in code) else ""


def guessed(code: str, block: str) -> dict[str, str]:
    """The register and code that a framework's own code already says, to be read over by a person.

    >>> guessed("RNCP35304", "BC01")
    {'register': 'RNCP', 'code': 'RNCP35304BC01'}
    """
    whole = "".join(code.split()).upper()
    found = whole + "".join(block.split()).upper() if block and "BC" not in whole else whole
    for register in _CODES:
        if not code_fault(register, found, block=bool(block)):
            return {"register": register, "code": found}
    return {}


def deposit_number(year: int, rank: int) -> str:
    return f"CPF-{year}-{rank:04}"


def technical_id(deposit: str, rank: int) -> str:
    """One a line and deposit, that says nothing of the person.

    >>> technical_id("CPF-2026-0001", 12)
    'CPF-2026-0001-000012'
    """
    return f"{deposit}-{rank:06}"


def flux_id(client: str, deposit: str, number: int) -> str:
    """At most 50 characters; of this client only."""
    return f"{client}-{deposit}-{number}"


def file_name(client: str, deposit: str, number: int, day: date) -> str:
    return f"accrochage-{client}-{deposit}-{number}-{day:%Y%m%d}.xml"
