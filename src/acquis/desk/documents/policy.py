"""What a French letter is made of. Pure."""

from collections.abc import Mapping, Sequence
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
CALLED = {"M.": "Monsieur", "Mme": "Madame"}
ANYBODY = "Madame, Monsieur"


def called(title: str) -> str:
    """How the recipient is addressed; a company, or somebody of unknown title, as anybody."""
    return CALLED.get(title, ANYBODY)


def salutation_for(title: str) -> str:
    return f"{called(title)},"


def closing_for(title: str) -> str:
    return f"Je vous prie d'agréer, {called(title)}, l'expression de mes salutations distinguées."


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


def _texts(value: Any) -> Sequence[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []
