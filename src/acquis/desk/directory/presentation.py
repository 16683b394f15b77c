"""A customer as pages, files and the API show it."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.utils.translation import gettext_lazy

from acquis.desk.directory import policy, queries
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Offer, rooms

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read the file as UTF-8 only with it

CONSENT_CHANNELS = {
    "phone_offers": gettext_lazy("Téléphone"),
    "email_offers": gettext_lazy("Courriel"),
    "sms_offers": gettext_lazy("SMS"),
    "letter_offers": gettext_lazy("Courrier"),
}
YES_NO = {True: gettext_lazy("oui"), False: gettext_lazy("non")}
COLUMNS = (
    gettext_lazy("Référence"),
    gettext_lazy("Type"),
    gettext_lazy("Civilité"),
    gettext_lazy("Prénom"),
    gettext_lazy("Nom"),
    gettext_lazy("Raison sociale"),
    gettext_lazy("Adresse électronique"),
    gettext_lazy("Téléphone"),
    gettext_lazy("Adresse"),
    gettext_lazy("Complément"),
    gettext_lazy("Code postal"),
    gettext_lazy("Ville"),
    gettext_lazy("Pays"),
    gettext_lazy("Segment"),
    gettext_lazy("Client depuis"),
)


@dataclass(frozen=True, slots=True)
class Consent:
    """May we prospect this person on this channel? None: nobody asked."""

    label: str
    granted: bool | None
    on: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    shown: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one glance at a customer answers."""

    phones: Sequence[Phone]
    address: Sequence[str]
    consents: Sequence[Consent]
    preferences: Sequence[tuple[str, str]]
    open: Sequence[Fact]
    owed: Sequence[Fact]
    promised: Sequence[Fact]
    contacts: Sequence[Fact]
    offers: Sequence[Offer]


def record_of(customer: Customer, *, today: date) -> Record:
    told = queries.facts(customer, today=today)
    return Record(
        phones=phones(customer),
        address=address_lines(customer),
        consents=consents(customer.consents),
        preferences=preferences(customer.preferences),
        open=told["open"],
        owed=told["owed"],
        promised=told["promised"],
        contacts=told["contacts"],
        offers=[offer for room in rooms() for offer in room.offers],
    )


def phones(customer: Customer) -> list[Phone]:
    numbers = (customer.phone, customer.phone_alt)
    return [Phone(number, policy.spoken_phone(number)) for number in numbers if number]


def address_lines(customer: Customer) -> list[str]:
    return policy.postal_lines(
        {
            "address_1": customer.address_1,
            "address_2": customer.address_2,
            "postcode": customer.postcode,
            "city": customer.city,
            "country": customer.country,
        }
    )


def consents(kept: Any) -> list[Consent]:
    """One line a channel; a kept value is true, false, or what was said, when and where."""
    kept = kept if isinstance(kept, dict) else {}
    known = {**CONSENT_CHANNELS, **{key: key for key in kept if key not in CONSENT_CHANNELS}}
    return [_consent(str(label), kept.get(key)) for key, label in known.items()]


def _consent(label: str, value: Any) -> Consent:
    if isinstance(value, dict):
        granted = value.get("granted")
        return Consent(
            label,
            granted if isinstance(granted, bool) else None,
            str(value.get("on") or ""),
            str(value.get("source") or ""),
        )
    return Consent(label, value if isinstance(value, bool) else None)


def preferences(kept: Any) -> list[tuple[str, str]]:
    kept = kept if isinstance(kept, dict) else {}
    return [
        (str(key), _in_words(value))
        for key, value in kept.items()
        if value not in ("", None, [], {})
    ]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return str(YES_NO[value])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def customers_csv(customers: Iterable[Customer]) -> str:
    """The list as spreadsheets set to French open it: semicolons, byte order mark."""
    page = StringIO()
    page.write(BYTE_ORDER_MARK)
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    writer.writerow([str(column) for column in COLUMNS])
    writer.writerows([_harmless(cell) for cell in _cells(customer)] for customer in customers)
    return page.getvalue()


def _cells(customer: Customer) -> list[str]:
    since = customer.customer_since
    return [
        customer.reference,
        str(customer.get_kind_display()),
        customer.title,
        customer.first_name,
        customer.last_name,
        customer.company_name,
        customer.email,
        policy.spoken_phone(customer.phone) if customer.phone else "",
        customer.address_1,
        customer.address_2,
        customer.postcode,
        customer.city,
        customer.country,
        customer.segment,
        since.strftime("%d/%m/%Y") if since else "",
    ]


def _harmless(cell: str) -> str:
    """The cell as text: a spreadsheet must not run what a customer wrote."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
