"""The fields of customers' records that the candidate changed, before and after."""

from typing import Any

from acquis.practice.evidence.sources import Act, Moment, Seen, Sources

CHANGED = "customer.changed"
CREATED = "customer.created"
NAMES = {
    "title": "civilité",
    "first_name": "prénom",
    "last_name": "nom",
    "company_name": "raison sociale",
    "email": "adresse électronique",
    "phone": "téléphone",
    "phone_alt": "autre téléphone",
    "address_1": "adresse",
    "address_2": "complément d’adresse",
    "postcode": "code postal",
    "city": "ville",
    "country": "pays",
    "birth_year": "année de naissance",
    "segment": "segment",
    "preferences": "préférences",
    "consents": "consentements",
    "tags": "étiquettes",
    "custom": "champs de l’entreprise",
}


def changed_fields(sources: Sources) -> list[Seen]:
    """One observation for each change of a record, in its order; one that says so when there was none."""
    seen = [_of(act) for act in sources.acts if act.verb in {CHANGED, CREATED}]
    return seen or [Seen("Champs modifiés", "Aucun champ d’une fiche client n’a été modifié.")]


def _of(act: Act) -> Seen:
    if act.verb == CREATED:
        filled = ", ".join(NAMES.get(str(one), str(one)) for one in act.data.get("fields", []))
        place = Moment(f"act-{act.position}", "fiche créée", act.at)
        return Seen(
            "Fiche créée", f"Fiche client créée, champs remplis : {filled or '–'}.", [place]
        )
    fields: dict[str, dict[str, Any]] = act.data.get("fields", {})
    moments = [
        Moment(
            f"act-{act.position}",
            NAMES.get(name, name),
            act.at,
            f"{_shown(values.get('before'))} → {_shown(values.get('after'))}",
        )
        for name, values in fields.items()
    ]
    names = ", ".join(NAMES.get(name, name) for name in fields)
    return Seen("Champs modifiés", f"Fiche client modifiée : {names}.", moments)


def _shown(value: Any) -> str:
    """A value on one line: a list by its items, a table by its pairs, nothing as a dash."""
    if isinstance(value, dict):
        pairs = [f"{name} : {_plain(one)}" for name, one in value.items()]
        return ", ".join(pairs) or "–"
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "–"
    return f"« {value} »" if value not in {None, ""} else "–"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)
