"""Columns, faults and results of an import in the words of a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Workspace
from acquis.desk.directory import queries as directory
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.directory.rooms import Text
from acquis.desk.imports.models import CustomerImport, ImportFault
from acquis.desk.imports.policy.columns import CUSTOM, FIELDS
from acquis.desk.imports.policy.lines import Read
from acquis.kernel import sheets

LABELS: Mapping[str, Text] = {
    "reference": gettext_lazy("Référence client"),
    "kind": gettext_lazy("Type de client"),
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
    "other_phone": gettext_lazy("Troisième téléphone"),
    "other_email": gettext_lazy("Autre adresse électronique"),
    "address_1": gettext_lazy("Adresse"),
    "address_2": gettext_lazy("Complément d’adresse"),
    "postcode": gettext_lazy("Code postal"),
    "city": gettext_lazy("Ville"),
    "country": gettext_lazy("Pays"),
    "birth_year": gettext_lazy("Année de naissance"),
    "segment": gettext_lazy("Segment"),
    "language": gettext_lazy("Langue préférée"),
    "customer_since": gettext_lazy("Client depuis"),
    "tags": gettext_lazy("Étiquettes"),
    "delivery_street": gettext_lazy("Livraison : numéro et voie"),
    "delivery_postcode": gettext_lazy("Livraison : code postal"),
    "delivery_city": gettext_lazy("Livraison : ville"),
    "contact_first_name": gettext_lazy("Interlocuteur : prénom"),
    "contact_last_name": gettext_lazy("Interlocuteur : nom"),
    "contact_function": gettext_lazy("Interlocuteur : fonction"),
    "contact_phone": gettext_lazy("Interlocuteur : téléphone"),
    "contact_email": gettext_lazy("Interlocuteur : courriel"),
    "consent_phone": gettext_lazy("Accord : téléphone (oui ou non)"),
    "consent_email": gettext_lazy("Accord : courriel (oui ou non)"),
    "consent_sms": gettext_lazy("Accord : SMS (oui ou non)"),
    "consent_letter": gettext_lazy("Accord : courrier (oui ou non)"),
    "consent_day": gettext_lazy("Accords : date"),
}
FAULTS: Mapping[str, Text] = {
    "phone": gettext_lazy(
        "n’est pas un numéro de téléphone : dix chiffres en France, ou « + » et l’indicatif"
    ),
    "email": gettext_lazy("n’est pas une adresse électronique"),
    "siren": gettext_lazy("n’est pas un SIREN : neuf chiffres, dont le dernier est une clé"),
    "siret": gettext_lazy("n’est pas un SIRET : quatorze chiffres, dont le dernier est une clé"),
    "siret_of_other": gettext_lazy("n’est pas le SIRET de ce SIREN"),
    "vat_number": gettext_lazy("n’est pas un numéro de TVA : deux lettres de pays, puis le numéro"),
    "vat_of_other": gettext_lazy("n’est pas le numéro de TVA de ce SIREN"),
    "postcode": gettext_lazy("n’est pas un code postal français : cinq chiffres"),
    "birth_year": gettext_lazy("n’est pas une année de naissance"),
    "kind": gettext_lazy("n’est ni « particulier » ni « entreprise »"),
    "day": gettext_lazy("n’est pas une date : 25/11/2026"),
    "date": gettext_lazy("n’est pas une date : 25/11/2026"),
    "future": gettext_lazy("est dans l’avenir"),
    "yes_no": gettext_lazy("n’est ni « oui » ni « non »"),
    "number": gettext_lazy("n’est pas un nombre"),
    "choice": gettext_lazy("n’est pas dans la liste de ce champ"),
    "long": gettext_lazy("est trop long pour ce champ"),
    "last_name": gettext_lazy("un particulier a un nom"),
    "company_name": gettext_lazy("une entreprise a une raison sociale"),
    "delivery": gettext_lazy("une adresse de livraison a un code postal et une ville"),
    "contact": gettext_lazy("seule une entreprise a des interlocuteurs"),
    "repeated": gettext_lazy("répète la ligne %(line)s de ce fichier"),
}
ENCODINGS: Mapping[str, Text] = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows (cp1252)",
    "latin-1": "Latin-1 (ISO 8859-1)",
    "utf-16": "UTF-16",
    "mac-roman": "Mac (Mac Roman)",
}
SEPARATORS: Mapping[str, Text] = {
    ";": gettext_lazy("point-virgule ( ; )"),
    ",": gettext_lazy("virgule ( , )"),
    "\t": gettext_lazy("tabulation"),
    "|": gettext_lazy("barre ( | )"),
}
TONES = {
    "mapping": "neutral", "checking": "info", "checked": "info", "importing": "info",
    "stopped": "warning", "done": "success", "undoing": "info", "undone": "neutral",
}  # fmt: skip
CHOSEN = 3  # values of a column shown beside it


@dataclass(frozen=True, slots=True)
class Column:
    rank: int
    header: str
    samples: Sequence[str]
    field: str


def fields(workspace: Workspace) -> list[tuple[str, Text]]:
    """What a column may give, in the order of the record; those of the desk last."""
    own = [(f"{CUSTOM}{one.key}", one.label) for one in directory.custom_fields(workspace)]
    return [
        ("", gettext_lazy("— ne pas importer —")),
        *((one, LABELS[one]) for one in FIELDS),
        *own,
    ]


def label(field: str) -> str:
    return str(LABELS.get(field, field.removeprefix(CUSTOM)))


def columns(source: CustomerImport, rows: Sequence[Sequence[str]]) -> list[Column]:
    """Each column of the file with a few of its values and the field it gives."""
    table = []
    for rank, header in enumerate(source.headers):
        values = (row[rank].strip() for row in rows if rank < len(row))
        samples = list(dict.fromkeys(value for value in values if value))[:CHOSEN]
        field = source.mapping.get(str(rank), "")
        table.append(Column(rank, header or _("(sans titre)"), [s[:60] for s in samples], field))
    return table


def samples(column: Column) -> str:
    return " · ".join(column.samples) or _("(vide dans les premières lignes)")


def reason(fault: ImportFault) -> str:
    text = str(FAULTS.get(fault.code, fault.code))
    return text % {"line": fault.other_line} if fault.other_line else text


def preview(read: Read) -> dict[str, str]:
    """A line as its record would read."""
    values = read.values
    names = ("title", "first_name", "last_name")
    person = " ".join(str(values[name]) for name in names if name in values)
    known = values.get("company_name", "")
    return {
        "name": f"{known} ({person})" if known and person else known or person,
        "phone": ", ".join(
            spoken_phone(values[name])
            for name in ("phone", "phone_alt", "other_phone")
            if name in values
        ),
        "email": values.get("email", ""),
        "address": " ".join(
            str(values[name])
            for name in ("address_1", "address_2", "postcode", "city")
            if name in values
        ),
        "other": ", ".join(
            str(values[name]) for name in ("siret", "siren", "segment") if name in values
        ),
    }


def faults_csv(faults: Iterable[ImportFault]) -> Iterator[str]:
    """Line, column, value and reason."""
    heads = [_("Ligne"), _("Colonne"), _("Valeur"), _("Raison")]
    return sheets.csv_lines(
        heads, ([fault.line, fault.column, fault.value, reason(fault)] for fault in faults)
    )
