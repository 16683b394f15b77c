"""A letter as the preview, the reading over and the PDF show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, override

from acquis.desk.directory import presentation as directory
from acquis.desk.documents import policy
from acquis.desk.documents.models import Letter, LetterReview
from acquis.kernel.typography import NBSP, number


def recipient_lines(letter: Letter) -> list[str]:
    customer = letter.customer
    person = " ".join(
        part for part in (customer.title, customer.first_name, customer.last_name) if part
    )
    company = customer.kind == customer.Kind.COMPANY
    named = [customer.company_name, person] if company else [person]
    return [line for line in [*named, *directory.address_lines(customer)] if line]


def place_and_date(letter: Letter) -> str:
    """« Roanne, le 20 novembre 2026 »: a letter is in French whatever the reader's language."""
    with override("fr"):
        day = date_format(letter.dated_on, "j F Y") if letter.dated_on else ""
    day = day.replace("1 ", "1er ", 1) if day.startswith("1 ") else day
    return ", ".join(part for part in (letter.place, f"le {day}" if day else "") if part)


def letter_data(letter: Letter) -> dict[str, Any]:
    """What the Typst template prints; everything is copied, nothing is looked up later."""
    identity = letter.workspace.identity
    name = letter.workspace.name
    return {
        "title": letter.subject,
        "sender": policy.sender_lines(identity, name),
        "recipient": recipient_lines(letter),
        "place_date": place_and_date(letter),
        "date": letter.dated_on.isoformat() if letter.dated_on else "",
        "subject": letter.subject,
        "references": letter.references,
        "salutation": letter.salutation,
        "paragraphs": policy.paragraphs(letter.body),
        "closing": letter.closing,
        "signature": letter.signature,
        "enclosures": letter.enclosures,
        "footer": policy.footer_line(identity, name),
    }


DIFFERENCES = {
    "amount_missing": gettext_lazy("montant convenu absent de la lettre"),
    "amount_added": gettext_lazy("montant écrit qui n’a pas été convenu"),
    "date_missing": gettext_lazy("date convenue absente de la lettre"),
    "date_added": gettext_lazy("date promise qui n’a pas été convenue"),
    "name_missing": gettext_lazy("nom convenu absent de la lettre"),
}


@dataclass(frozen=True, slots=True)
class ShownDifference:
    said: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownReview:
    """One reading over, with the body as it was submitted before and this time."""

    review: LetterReview
    before: str
    after: str
    differences: list[ShownDifference]


def differences_of(letter: Letter) -> list[policy.Difference]:
    """In what the letter as it stands differs from what was agreed."""
    text = f"{letter.subject}\n{letter.body}\n{letter.signature}"
    return policy.differences(letter.agreed, text, on=letter.dated_on or date.min)


def shown_differences(found: Iterable[policy.Difference]) -> list[ShownDifference]:
    return [ShownDifference(str(DIFFERENCES[one.kind]), _as_read(one)) for one in found]


def _as_read(one: policy.Difference) -> str:
    if one.kind.startswith("amount"):
        return f"{number(Decimal(one.text), 2)}{NBSP}€"
    if one.kind.startswith("date"):
        return date_format(date.fromisoformat(one.text), "j F Y")
    return one.text


def reviews_of(letter: Letter) -> list[ShownReview]:
    """The readings over, the last first."""
    rows = list(letter.reviews.all())
    bodies = ["", *(str(row.parts.get("body", "")) for row in rows)]
    return [
        ShownReview(
            row,
            before if row.rank > 1 else after,
            after,
            shown_differences(policy.Difference(**one) for one in row.differences),
        )
        for row, (before, after) in reversed([*zip(rows, pairwise(bodies), strict=True)])
    ]
