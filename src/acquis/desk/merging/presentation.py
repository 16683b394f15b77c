"""Likeness, choices and counts in the words of a person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Consent, Customer
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.directory.rooms import Resembling, Text
from acquis.desk.merging import policy, queries, rows
from acquis.desk.merging.actions.merge_customers import (
    FIELDS,
    chosen_place,
    columns,
    opposed_agreements,
)
from acquis.desk.merging.models import Merge

REASONS: Mapping[str, Text] = {
    "siret": gettext_lazy("même SIRET"),
    "siren": gettext_lazy("même SIREN"),
    "siren_differs": gettext_lazy("SIREN différents"),
    "email": gettext_lazy("même adresse électronique"),
    "phone": gettext_lazy("même téléphone"),
    "same_name": gettext_lazy("même nom"),
    "like_name": gettext_lazy("nom qui se ressemble"),
    "other_name": gettext_lazy("noms différents"),
    "other_first_name": gettext_lazy("prénoms différents"),
    "postcode": gettext_lazy("même code postal"),
    "address": gettext_lazy("même adresse"),
    "birth_year": gettext_lazy("même année de naissance"),
    "birth_year_differs": gettext_lazy("années de naissance différentes"),
    "kind_differs": gettext_lazy("un particulier et une entreprise"),
}
LABELS: Mapping[str, Text] = {
    "reference": gettext_lazy("Référence client"),
    "title": gettext_lazy("Civilité"),
    "first_name": gettext_lazy("Prénom"),
    "last_name": gettext_lazy("Nom"),
    "company_name": gettext_lazy("Raison sociale"),
    "siren": "SIREN",
    "siret": "SIRET",
    "vat_number": gettext_lazy("Numéro de TVA intracommunautaire"),
    "email": gettext_lazy("Adresse électronique"),
    "phone": gettext_lazy("Téléphone"),
    "phone_alt": gettext_lazy("Autre téléphone"),
    "address": gettext_lazy("Adresse"),
    "country": gettext_lazy("Pays"),
    "birth_year": gettext_lazy("Année de naissance"),
    "pcs": "PCS",
    "segment": gettext_lazy("Segment"),
    "language": gettext_lazy("Langue préférée"),
    "customer_since": gettext_lazy("Client depuis"),
}
# What a room calls its rows, by model label; a table that is not named here shows its own name.
ROOMS: Mapping[str, Text] = {
    "directory.CustomerNote": gettext_lazy("Notes"),
    "directory.CompanyContact": gettext_lazy("Interlocuteurs"),
    "directory.ContactPoint": gettext_lazy("Téléphones et adresses électroniques"),
    "directory.PostalAddress": gettext_lazy("Adresses postales"),
    "directory.HouseholdMember": gettext_lazy("Foyer"),
    "directory.Consent": gettext_lazy("Accords"),
    "directory.ProspectingCall": gettext_lazy("Appels de démarchage"),
    "agenda.Appointment": gettext_lazy("Rendez-vous"),
    "sales.Order": gettext_lazy("Commandes"),
    "billing.Invoice": gettext_lazy("Factures et avoirs"),
    "conversations.Conversation": gettext_lazy("Échanges"),
    "desk_mail.Mail": gettext_lazy("Courriels"),
    "webchat.CallBack": gettext_lazy("Rappels demandés"),
    "documents.Letter": gettext_lazy("Courriers"),
    "cases.Case": gettext_lazy("Demandes et réclamations"),
    "merging.Merge": gettext_lazy("Fusions précédentes"),
    "imports.ImportedRow": gettext_lazy("Lignes d’imports"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One record's value of a field."""

    key: int
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    label: Text
    options: Sequence[Option]
    differs: bool


def reasons(codes: Sequence[str]) -> list[Text]:
    return [REASONS[code] for code in codes if code in REASONS]


def address(merge: Merge) -> str:
    return reverse("merging:merge", args=[merge.workspace_id, merge.pk])


def resembling(workspace: Workspace, values: Mapping[str, Any]) -> list[Resembling]:
    """For the form of a new record: those that may be the same customer."""
    return [
        Resembling(each.customer, reasons(each.likeness.reasons))
        for each in queries.of_values(workspace, values)
    ]


def side_by_side(records: Sequence[Customer], choices: Mapping[str, int]) -> list[Row]:
    """The fields of which a record says something, each with the value that would stay."""
    table = []
    for name in FIELDS:
        texts = [_text(name, one) for one in records]
        if not any(texts):
            continue
        place = chosen_place(name, records, choices)
        options = [
            Option(one.pk, text, chosen=at == place)
            for at, (one, text) in enumerate(zip(records, texts, strict=True))
        ]
        table.append(Row(name, LABELS[name], options, differs=len({*texts} - {""}) > 1))
    return table


def _text(name: str, record: Customer) -> str:
    value = [getattr(record, column) for column in columns(name)]
    if name in {"phone", "phone_alt"}:
        return spoken_phone(value[0]) if value[0] else ""
    if isinstance(value[0], date):
        return date_format(value[0], "d/m/Y")
    return " ".join(str(part) for part in value if part not in ("", None))


def moving(others: Sequence[Customer]) -> list[tuple[Text, int]]:
    """How many rows of each room would move: one query a table."""
    found: Counter[str] = Counter()
    for model, name in rows.pointers():
        if model not in rows.DERIVED:
            keys = [one.pk for one in others]
            found[rows.label(model)] += rows.manager(model).filter(**{f"{name}__in": keys}).count()
    return in_words(found)


def in_words(counts: Mapping[str, int]) -> list[tuple[Text, int]]:
    return [
        (ROOMS.get(label) or str(apps.get_model(label)._meta.verbose_name_plural), count)  # noqa: SLF001
        for label, count in sorted(counts.items())
        if count
    ]


def warnings(records: Sequence[Customer]) -> list[str]:
    """What a person must have read before merging."""
    told = []
    if len({one.siren for one in records} - {""}) > 1:
        told.append(_("Les SIREN diffèrent : ce sont sans doute deux entreprises."))
    if len({one.birth_year for one in records} - {None}) > 1:
        told.append(_("Les années de naissance diffèrent : vérifiez que c’est la même personne."))
    names = [policy.sound(one.last_name or one.company_name) for one in records]
    if len({*names} - {""}) > 1:
        told.append(_("Les noms diffèrent : vérifiez que c’est le même client."))
    for channel, purpose in sorted(opposed_agreements(records)):
        told.append(
            _("Accords opposés (%(channel)s, %(purpose)s) : le refus sera gardé.")
            % {
                "channel": Consent.Channel(channel).label,
                "purpose": Consent.Purpose(purpose).label,
            }
        )
    households = [one for one in records if one.household_members.exists()]
    if len(households) > 1:
        told.append(_("Chaque fiche a son foyer : celui de la fiche gardée restera."))
    return told
