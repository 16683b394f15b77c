"""A customer as pages, files and the API show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from acquis.desk.directory import policy, queries
from acquis.desk.directory.models import (
    CompanyContact,
    ContactPoint,
    Customer,
    CustomField,
    HouseholdMember,
    PostalAddress,
    ProspectingCall,
)
from acquis.desk.directory.policy import calling, postal
from acquis.desk.directory.policy.minimisation import Excess, Subject
from acquis.desk.directory.queries.calling import Calling, calling_of
from acquis.desk.directory.rooms import Contract, Fact, Offer, rooms
from acquis.desk.shell import day_in_paris

CONSENT_CHANNELS = {
    "phone_offers": gettext_lazy("Téléphone"),
    "email_offers": gettext_lazy("Courriel"),
    "sms_offers": gettext_lazy("SMS"),
    "letter_offers": gettext_lazy("Courrier"),
}
LANGUAGES: dict[str, Any] = {
    "fr": gettext_lazy("français"),
    "en": gettext_lazy("anglais"),
    "de": gettext_lazy("allemand"),
    "ar": gettext_lazy("arabe"),
    "zh": gettext_lazy("chinois"),
    "es": gettext_lazy("espagnol"),
    "it": gettext_lazy("italien"),
    "nl": gettext_lazy("néerlandais"),
    "pl": gettext_lazy("polonais"),
    "pt": gettext_lazy("portugais"),
    "ro": gettext_lazy("roumain"),
    "tr": gettext_lazy("turc"),
    "uk": gettext_lazy("ukrainien"),
    "fsl": gettext_lazy("langue des signes française"),
}  # ISO 639
YES_NO = {True: gettext_lazy("oui"), False: gettext_lazy("non")}
REASONS: dict[str, Any] = {
    "RULES_UNKNOWN": gettext_lazy("Les règles en vigueur ce jour ne sont pas enregistrées."),
    "BANNED_SECTOR": gettext_lazy("Ce qui est proposé ne se démarche pas par téléphone."),
    "OPPOSED": gettext_lazy("La personne s’y est opposée."),
    "REFUSAL_LOCK": gettext_lazy("Elle a refusé un appel il y a trop peu de temps."),
    "NO_CONSENT": gettext_lazy("Aucun accord préalable n’a été recueilli."),
    "NO_PROOF": gettext_lazy("L’accord n’est pas prouvé : ni texte montré, ni geste du client."),
    "CONSENT_EXPIRED": gettext_lazy("L’accord est trop ancien : il est à recueillir à nouveau."),
    "ZONE_UNKNOWN": gettext_lazy("On ne sait pas quelle heure il est chez cette personne."),
    "WEEKEND": gettext_lazy("On n’appelle ni le samedi ni le dimanche."),
    "HOLIDAY": gettext_lazy("C’est un jour férié."),
    "OUT_OF_HOURS": gettext_lazy("L’heure n’est pas permise chez cette personne."),
    "FREQUENCY": gettext_lazy("Elle a déjà été appelée autant de fois que la loi le permet."),
}
BASES: dict[str, Any] = {
    "SERVICE": gettext_lazy("L’appel ne vend rien."),
    "PROFESSIONAL": gettext_lazy("C’est un professionnel, qui ne s’y est pas opposé."),
    "CONSENT": gettext_lazy("La personne a donné son accord."),
    "CONTRACT": gettext_lazy("L’appel porte sur un contrat en cours."),
    "OLD_REGIME": gettext_lazy("L’ancien régime ne demandait pas d’accord."),
}
RELATION_LABELS: dict[calling.Relation, Any] = {
    "execution": gettext_lazy("exécution du contrat"),
    "afferent": gettext_lazy("produit ou service afférent"),
    "complementary": gettext_lazy("produit ou service complémentaire"),
    "improvement": gettext_lazy("meilleure performance ou qualité"),
}
CERTAINTIES: dict[policy.Certainty, Any] = {
    "known": gettext_lazy("connu"),
    "likely": gettext_lazy("probable"),
    "possible": gettext_lazy("possible"),
}
THROUGH = {
    "phone": gettext_lazy("téléphone de la fiche"),
    "phone_alt": gettext_lazy("autre téléphone de la fiche"),
    "point": gettext_lazy("autre numéro de la fiche"),
    "contact": gettext_lazy("interlocuteur de l’entreprise"),
    "range": gettext_lazy("numéro voisin de celui de l’entreprise"),
}


SUBJECTS: dict[Subject, Any] = {
    "health": gettext_lazy("la santé"),
    "religion": gettext_lazy("la religion"),
    "opinion": gettext_lazy("les opinions ou le syndicat"),
    "origin": gettext_lazy("l’origine"),
    "intimacy": gettext_lazy("la vie intime"),
    "justice": gettext_lazy("des condamnations ou un interdit"),
    "insult": gettext_lazy("un jugement blessant"),
    "nir": gettext_lazy("un numéro de sécurité sociale"),
}


@dataclass(frozen=True, slots=True)
class MayCall:
    """Whether one may call to sell, why (not), and what a running contract would allow."""

    allowed: bool
    basis: str
    article: str
    reasons: Sequence[tuple[str, str, date | None]]  # sentence, article, gone from that day
    opens_at: datetime | None
    contracts: Sequence[Contract]
    contract_allows: bool  # about one of these contracts, now


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
    label: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks for a company."""

    row: CompanyContact
    phones: Sequence[Phone]
    emails: Sequence[str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the other tables say of a customer: today's first, then what no longer holds."""

    phones: Sequence[ContactPoint]
    emails: Sequence[ContactPoint]
    addresses: Sequence[tuple[PostalAddress, Sequence[str]]]
    people: Sequence[Person]
    household: Sequence[HouseholdMember]


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
    parts: Parts
    custom: Sequence[tuple[str, str]]
    language: str
    may_call: MayCall


def record_of(customer: Customer, *, at: datetime) -> Record:
    today = day_in_paris(at)
    told = queries.facts(customer, today=today)
    parts = parts_of(customer, today=today)
    return Record(
        phones=phones(customer, parts.phones),
        parts=parts,
        custom=custom_values(customer),
        language=str(LANGUAGES.get(customer.language, customer.language)),
        may_call=may_call(calling_of(customer, at=at), at=at),
        address=address_lines(customer),
        consents=consents(customer.consents),
        preferences=preferences(customer.preferences),
        open=told["open"],
        owed=told["owed"],
        promised=told["promised"],
        contacts=told["contacts"],
        offers=[offer for room in rooms() for offer in room.offers],
    )


def excesses_in_words(found: Iterable[Excess]) -> list[tuple[str, str]]:
    """The word that was written, and of what it speaks."""
    return [(excess.word, str(SUBJECTS[excess.subject])) for excess in found]


def may_call(known: Calling, *, at: datetime) -> MayCall:
    verdict = known.verdict(at)
    about = known.verdict(at, calling.Aim(relation="execution"))
    return MayCall(
        allowed=verdict.allowed,
        basis=str(BASES[verdict.basis]) if verdict.basis else "",
        article=verdict.article,
        reasons=[
            (str(REASONS[reason.code]), reason.article, reason.until) for reason in verdict.reasons
        ],
        opens_at=verdict.opens_at,
        contracts=known.contracts,
        contract_allows=not verdict.allowed and about.allowed,
    )


def parts_of(customer: Customer, *, today: date) -> Parts:
    """Five queries, whatever the number of parts; what no longer holds is left out."""
    held = [point for point in customer.contact_points.all() if point.holds_on(today)]
    own = [point for point in held if point.contact_id is None]
    company = customer.kind == Customer.Kind.COMPANY
    people = [one for one in customer.people.all() if one.holds_on(today)] if company else []
    return Parts(
        phones=[point for point in own if point.kind == ContactPoint.Kind.PHONE],
        emails=[point for point in own if point.kind == ContactPoint.Kind.EMAIL],
        addresses=[
            (address, envelope_of(address, customer))
            for address in customer.addresses.all()
            if address.holds_on(today)
        ],
        people=[
            Person(
                one,
                [
                    Phone(point.value, policy.spoken_phone(point.value), point.label)
                    for point in held
                    if point.contact_id == one.pk and point.kind == ContactPoint.Kind.PHONE
                ],
                [
                    point.value
                    for point in held
                    if point.contact_id == one.pk and point.kind == ContactPoint.Kind.EMAIL
                ],
            )
            for one in people
        ],
        household=queries.household_of(customer),
    )


@dataclass(frozen=True, slots=True)
class AnyPart:
    """A part of a record as the page of all of them shows it."""

    kind: str  # the name of the part in its address
    pk: int
    lines: Sequence[str]
    label: str
    holds: bool
    since: date | None
    until: date | None


def all_parts(customer: Customer, *, today: date) -> dict[str, list[AnyPart]]:
    """Every telephone, address and person of a record, with those that no longer hold; 3 queries."""
    told: dict[str, list[AnyPart]] = {
        "telephone": [],
        "courriel": [],
        "adresse": [],
        "interlocuteur": [],
    }
    for point in customer.contact_points.select_related("contact"):
        phone = point.kind == ContactPoint.Kind.PHONE
        value = policy.spoken_phone(point.value) if phone else point.value
        whose = f"{point.contact} · " if point.contact else ""
        label = f"{whose}{point.label or point.get_use_display()}"
        told["telephone" if phone else "courriel"].append(
            _any("telephone" if phone else "courriel", point, [value], label, today)
        )
    for address in customer.addresses.all():
        lines = envelope_of(address, customer)
        told["adresse"].append(
            _any("adresse", address, lines, str(address.get_use_display()), today)
        )
    for one in customer.people.select_related("person"):
        label = ", ".join(part for part in (one.function, str(one.get_part_display())) if part)
        told["interlocuteur"].append(_any("interlocuteur", one, [str(one)], label, today))
    return told


def _any(
    kind: str,
    row: ContactPoint | PostalAddress | CompanyContact,
    lines: Sequence[str],
    label: str,
    today: date,
) -> AnyPart:
    return AnyPart(kind, row.pk, lines, label, row.holds_on(today), row.valid_from, row.valid_to)


def part_title(part: str, *, new: bool) -> str:
    return str((NEW_PARTS if new else KEPT_PARTS)[part])


NEW_PARTS = {
    "telephone": gettext_lazy("Ajouter un téléphone"),
    "courriel": gettext_lazy("Ajouter une adresse électronique"),
    "adresse": gettext_lazy("Ajouter une adresse"),
    "interlocuteur": gettext_lazy("Ajouter un interlocuteur"),
}
KEPT_PARTS = {
    "telephone": gettext_lazy("Modifier le téléphone"),
    "courriel": gettext_lazy("Modifier l’adresse électronique"),
    "adresse": gettext_lazy("Modifier l’adresse"),
    "interlocuteur": gettext_lazy("Modifier l’interlocuteur"),
}


def callers_in_words(found: Iterable[queries.Caller]) -> list[tuple[queries.Caller, str, str]]:
    """Each caller, how sure it is, and by what number."""
    return [(one, str(CERTAINTIES[one.certainty]), str(THROUGH[one.through])) for one in found]


def calls_in_words(calls: Iterable[ProspectingCall]) -> list[tuple[ProspectingCall, list[str]]]:
    """Each call, and the reasons that the rules gave against it."""
    return [
        (call, [str(REASONS[reason["code"]]) for reason in call.reasons if "code" in reason])
        for call in calls
    ]


def envelope_of(address: PostalAddress, customer: Customer) -> list[str]:
    names = (*postal.LINES, "postcode", "city", "country")
    parts = {name: str(getattr(address, name)) for name in names}
    return postal.envelope(parts, customer.display_name)


def custom_values(customer: Customer) -> list[tuple[str, str]]:
    """The values of the fields that the desk still asks for, as people read them."""
    if not customer.custom:
        return []
    return [
        (field.label, custom_in_words(field.kind, customer.custom[field.key]))
        for field in queries.custom_fields(customer.workspace)
        if customer.custom.get(field.key) not in (None, "")
    ]


def custom_in_words(kind: str, value: Any) -> str:
    if kind == CustomField.Kind.YES_NO:
        return str(YES_NO[bool(value)])
    if kind == CustomField.Kind.DATE:
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    if kind == CustomField.Kind.NUMBER:
        return str(value).replace(".", ",")
    return str(value)


def phones(customer: Customer, points: Iterable[ContactPoint] = ()) -> list[Phone]:
    numbers = [(number, "") for number in (customer.phone, customer.phone_alt) if number]
    numbers += [(point.value, point.label or str(point.get_use_display())) for point in points]
    return [Phone(number, policy.spoken_phone(number), label) for number, label in numbers]


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
