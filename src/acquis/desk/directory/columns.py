"""The columns of the list of customers, on screen and in the files it leaves by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory import policy
from acquis.desk.directory.models import Customer, CustomField
from acquis.desk.directory.policy.listing import CUSTOM
from acquis.desk.directory.presentation import (
    CONSENT_CHANNELS,
    LANGUAGES,
    YES_NO,
    consents,
    custom_in_words,
)


@dataclass(frozen=True, slots=True)
class Column:
    """`text` is what a person reads; `sort` a key of `queries.SORTS`, empty when it does not."""

    key: str
    label: Any
    text: Callable[[Customer], str]
    sort: str = ""
    figures: bool = False


def _of(name: str) -> Callable[[Customer], str]:
    return lambda customer: str(getattr(customer, name) or "")


def _day(name: str) -> Callable[[Customer], str]:
    def text(customer: Customer) -> str:
        value = getattr(customer, name)
        return value.strftime("%d/%m/%Y") if value else ""

    return text


def _phone(name: str) -> Callable[[Customer], str]:
    return lambda customer: (
        policy.spoken_phone(number) if (number := getattr(customer, name)) else ""
    )


def _changed(customer: Customer) -> str:
    return timezone.localtime(customer.updated_at).strftime("%d/%m/%Y %H:%M")


def _agreement(channel: str) -> Callable[[Customer], str]:
    rank = [*CONSENT_CHANNELS].index(channel)

    def text(customer: Customer) -> str:
        granted = consents(customer.consents)[rank].granted
        return "" if granted is None else str(YES_NO[granted])

    return text


def _custom(field: CustomField) -> Callable[[Customer], str]:
    def text(customer: Customer) -> str:
        value = (customer.custom or {}).get(field.key)
        return "" if value in (None, "") else custom_in_words(field.kind, value)

    return text


_AGREED = {
    "phone_offers": ("accord_telephone", _("Accord téléphone")),
    "email_offers": ("accord_courriel", _("Accord courriel")),
    "sms_offers": ("accord_sms", _("Accord SMS")),
    "letter_offers": ("accord_courrier", _("Accord courrier")),
}
FIXED: Mapping[str, Column] = {
    column.key: column
    for column in (
        Column("nom", _("Nom complet"), lambda one: one.display_name or one.reference, "nom"),
        Column("reference", _("Référence"), _of("reference"), "reference", figures=True),
        Column("type", _("Type"), lambda one: str(one.get_kind_display())),
        Column("civilite", _("Civilité"), _of("title")),
        Column("prenom", _("Prénom"), _of("first_name")),
        Column("nom_famille", _("Nom"), _of("last_name"), "nom"),
        Column("societe", _("Raison sociale"), _of("company_name")),
        Column("telephone", _("Téléphone"), _phone("phone"), figures=True),
        Column("telephone_2", _("Autre téléphone"), _phone("phone_alt"), figures=True),
        Column("courriel", _("Adresse électronique"), _of("email"), "courriel"),
        Column("adresse", _("Adresse"), _of("address_1")),
        Column("complement", _("Complément"), _of("address_2")),
        Column("cp", _("Code postal"), _of("postcode"), "cp", figures=True),
        Column("ville", _("Ville"), _of("city"), "ville"),
        Column("pays", _("Pays"), _of("country")),
        Column("segment", _("Segment"), _of("segment"), "segment"),
        Column("etiquettes", _("Étiquettes"), lambda one: ", ".join(map(str, one.tags or []))),
        Column("langue", _("Langue"), lambda one: str(LANGUAGES.get(one.language, one.language))),
        Column("siret", "SIRET", lambda one: one.siret or one.siren, figures=True),
        Column("depuis", _("Client depuis"), _day("customer_since"), "depuis", figures=True),
        Column("modifie", _("Modifiée le"), _changed, "modifie", figures=True),
        *(Column(key, label, _agreement(channel)) for channel, (key, label) in _AGREED.items()),
    )
}


def offered(fields: Iterable[CustomField]) -> dict[str, Column]:
    """Every column that the desk can show, its own fields last."""
    own = [Column(f"{CUSTOM}{one.key}", one.label, _custom(one)) for one in fields]
    return {**FIXED, **{column.key: column for column in own}}


def of_keys(keys: Iterable[str], known: Mapping[str, Column]) -> list[Column]:
    return [known[key] for key in keys if key in known]


def cells(customer: Customer, shown: Iterable[Column]) -> list[tuple[Column, str]]:
    return [(column, column.text(customer)) for column in shown]
