"""A letter as the preview and the PDF show it."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from acquis.desk.directory import presentation as directory
from acquis.desk.documents import policy
from acquis.desk.documents.models import Letter


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
