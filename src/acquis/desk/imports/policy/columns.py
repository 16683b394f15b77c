"""Fields that a column may give, guessed from its header in French or English. Pure."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from acquis.desk.directory.policy import fold

# Columns of the record itself.
RECORD = (
    "reference", "kind", "title", "first_name", "last_name", "company_name", "siren", "siret",
    "vat_number", "email", "phone", "phone_alt", "address_1", "address_2", "postcode", "city",
    "country", "birth_year", "segment", "language", "customer_since", "tags",
)  # fmt: skip
# Rows beside it: other ways to reach it, where parcels go, who speaks for it, what it agreed to.
BESIDE = (
    "other_phone", "other_email", "delivery_street", "delivery_postcode", "delivery_city",
    "contact_first_name", "contact_last_name", "contact_function", "contact_phone",
    "contact_email", "consent_phone", "consent_email", "consent_sms", "consent_letter",
    "consent_day",
)  # fmt: skip
FIELDS = RECORD + BESIDE
CUSTOM = "custom:"  # followed by the key of a field that the desk defines
NAMES = frozenset({"last_name", "company_name"})

_WORDS: Mapping[str, str] = {
    "reference": "reference|ref|reference client|code client|numero client|n client|no client|id"
    "|identifiant|customer id|customer number|client id|account number",
    "kind": "type|type de client|nature|customer type|kind",
    "title": "civilite|titre|title|salutation|honorific|mme m",
    "first_name": "prenom|prenoms|first name|firstname|given name|forename",
    "last_name": "nom|nom de famille|last name|lastname|surname|family name|nom du client|name",
    "company_name": "raison sociale|societe|entreprise|company|company name|organisation"
    "|organization|denomination|enseigne|nom de l entreprise",
    "siren": "siren|n siren|numero siren",
    "siret": "siret|n siret|numero siret",
    "vat_number": "tva|numero de tva|n tva|tva intracommunautaire|vat|vat number|vat id",
    "email": "email|e mail|mail|courriel|adresse electronique|adresse mail|adresse email"
    "|email address|e mail address|adresse e mail",
    "phone": "telephone|tel|numero de telephone|portable|mobile|telephone portable|gsm|phone"
    "|phone number|mobile phone|cell|telephone 1|tel 1|phone 1",
    "phone_alt": "autre telephone|telephone fixe|fixe|telephone 2|tel 2|phone 2|home phone"
    "|other phone|telephone domicile|landline",
    "other_phone": "telephone 3|tel 3|phone 3|work phone|telephone travail|telephone bureau",
    "other_email": "autre email|autre courriel|email 2|courriel 2|other email|autre e mail",
    "address_1": "adresse|adresse 1|rue|voie|numero et voie|address|address 1|address line 1"
    "|street|street address|adresse postale",
    "address_2": "complement d adresse|complement|adresse 2|address 2|address line 2",
    "postcode": "code postal|cp|postal code|postcode|zip|zip code",
    "city": "ville|commune|localite|city|town",
    "country": "pays|country",
    "birth_year": "annee de naissance|birth year|year of birth",
    "segment": "segment|categorie|category",
    "language": "langue|language|langue preferee",
    "customer_since": "client depuis|date de creation|customer since|date d entree|since",
    "tags": "etiquettes|tags|mots cles|labels|groupes|groups",
    "delivery_street": "adresse de livraison|rue de livraison|delivery address|shipping address"
    "|shipping street",
    "delivery_postcode": "code postal de livraison|cp livraison|shipping zip|delivery postcode"
    "|shipping postcode",
    "delivery_city": "ville de livraison|shipping city|delivery city",
    "contact_first_name": "prenom du contact|contact first name|prenom de l interlocuteur"
    "|prenom interlocuteur",
    "contact_last_name": "nom du contact|contact|interlocuteur|contact last name|contact name"
    "|nom de l interlocuteur|nom interlocuteur",
    "contact_function": "fonction|poste|fonction du contact|job title|position|role",
    "contact_phone": "telephone du contact|contact phone|tel contact",
    "contact_email": "email du contact|courriel du contact|contact email|mail contact",
    "consent_phone": "accord telephone|consentement telephone|opt in telephone|phone consent"
    "|prospection telephone",
    "consent_email": "accord email|accord courriel|consentement email|opt in|opt in email|optin"
    "|email consent|newsletter|prospection email",
    "consent_sms": "accord sms|consentement sms|opt in sms|sms consent",
    "consent_letter": "accord courrier|consentement courrier|opt in courrier|letter consent",
    "consent_day": "date de l accord|date du consentement|consent date|date accord",
}
_FIELD_OF = {word: field for field, words in _WORDS.items() for word in words.split("|")}


def guess(headers: Sequence[str], custom: Mapping[str, str] | None = None) -> dict[int, str]:
    """The field that each column gives, by rank; each field once, the first header that says it.

    `custom`: label by key of the fields that the desk defines; they win over the words of ours.
    """
    own = {fold(label): f"{CUSTOM}{key}" for key, label in (custom or {}).items()}
    found: dict[int, str] = {}
    for rank, header in enumerate(headers):
        word = fold(header).replace("@", " ").strip()
        field = own.get(word) or _FIELD_OF.get(word)
        if field and field not in found.values():
            found[rank] = field
    return found


def header_key(headers: Sequence[str]) -> str:
    """Under which the meaning of a set of headers is remembered: their folded words, in order."""
    return sha256("\x1f".join(fold(header) for header in headers).encode()).hexdigest()


def twice(mapping: Mapping[int, str]) -> str | None:
    """A field that two columns give, if there is one."""
    seen: set[str] = set()
    for field in mapping.values():
        if field in seen:
            return field
        seen.add(field)
    return None
