"""What one line of a file says of a customer, and all that is wrong with it. Pure."""

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from stdnum.eu import vat
from stdnum.fr import siren, siret

from acquis.desk.directory.policy import custom_fields, digits, e164, fold
from acquis.desk.directory.policy.postal import FRENCH_POSTCODE, is_inland
from acquis.desk.imports.policy.columns import CUSTOM

# Characters that each column of the directory takes.
LENGTHS: Mapping[str, int] = {
    "reference": 20, "title": 10, "first_name": 80, "last_name": 80, "company_name": 200,
    "email": 254, "other_email": 254, "address_1": 100, "address_2": 100, "postcode": 10,
    "city": 100, "country": 60, "segment": 40, "language": 10, "delivery_street": 38,
    "delivery_postcode": 10, "delivery_city": 38, "contact_first_name": 80,
    "contact_last_name": 80, "contact_function": 100, "contact_email": 254, "tags": 300,
}  # fmt: skip
PHONES = ("phone", "phone_alt", "other_phone", "contact_phone")
EMAILS = ("email", "other_email", "contact_email")
CONSENTS: Mapping[str, str] = {
    "consent_phone": "phone_offers",
    "consent_email": "email_offers",
    "consent_sms": "sms_offers",
    "consent_letter": "letter_offers",
}
FIRST_YEAR = 1900
COMPANY_WORDS = frozenset({"entreprise", "societe", "company", "professionnel", "pro", "b2b"})
PERSON_WORDS = frozenset({"particulier", "personne", "person", "individual", "b2c"})
TITLES: Mapping[str, str] = {
    "m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "mrs": "Mme", "ms": "Mme",
    "madame": "Mme", "mlle": "Mme",
}  # fmt: skip
YES = frozenset({"oui", "o", "yes", "y", "true", "vrai", "1", "x", "ok"})
NO = frozenset({"non", "n", "no", "false", "faux", "0"})
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")


@dataclass(frozen=True, slots=True)
class Fault:
    """`field`: of columns.FIELDS, or empty for the line; `code`: why, see presentation.FAULTS."""

    field: str
    value: str
    code: str


@dataclass(slots=True)
class Read:
    """A line understood: `values` by field, telephones in E.164, `consents` by channel."""

    values: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CustomKind:
    kind: str
    choices: Sequence[str] = ()


def read(
    cells: Mapping[str, str], *, today: date, custom: Mapping[str, CustomKind] | None = None
) -> Read:
    """Understand the cells of a line, by field; everything wrong is said at once.

    A line with a fault is not imported: half a customer helps nobody.
    """
    line = Read()
    typed = {name: text for name, text in ((n, _trim(c)) for n, c in cells.items()) if text}
    for name, text in typed.items():
        if name.startswith(CUSTOM):
            _custom(line, name, text, (custom or {}).get(name.removeprefix(CUSTOM)))
        elif name in PHONES:
            _keep(line, name, text, e164(text), "phone")
        elif name in EMAILS:
            _keep(line, name, text, text.lower() if _EMAIL.fullmatch(text) else None, "email")
        elif name in CONSENTS:
            _consent(line, name, text)
        else:
            _READERS.get(name, _text)(line, name, text, today)
    for name, value in list(line.values.items()):
        if isinstance(value, str) and len(value) > LENGTHS.get(name, len(value)):
            line.faults.append(Fault(name, value, "long"))
    _whole(line)
    return line


def _trim(cell: str) -> str:
    return " ".join(cell.replace("\x00", "").split())


def _keep(line: Read, name: str, text: str, value: str | None, code: str) -> None:
    if value is None:
        line.faults.append(Fault(name, text, code))
    else:
        line.values[name] = value


def _text(line: Read, name: str, text: str, today: date) -> None:
    del today
    line.values[name] = text


def _kind(line: Read, name: str, text: str, today: date) -> None:
    del today
    word = fold(text)
    known = {"company": word in COMPANY_WORDS, "person": word in PERSON_WORDS}
    _keep(line, name, text, next((kind for kind, is_it in known.items() if is_it), None), name)


def _title(line: Read, name: str, text: str, today: date) -> None:
    del today
    line.values[name] = TITLES.get(fold(text), text)


def _siren(line: Read, name: str, text: str, today: date) -> None:
    del today
    bare = digits(text)
    _keep(line, name, text, bare if siren.is_valid(bare) else None, name)


def _siret(line: Read, name: str, text: str, today: date) -> None:
    del today
    bare = digits(text)
    _keep(line, name, text, bare if siret.is_valid(bare) else None, name)


def _vat(line: Read, name: str, text: str, today: date) -> None:
    del today
    _keep(line, name, text, str(vat.compact(text)) if vat.is_valid(text) else None, name)


def _year(line: Read, name: str, text: str, today: date) -> None:
    if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= today.year:
        line.values[name] = int(text)
    else:
        line.faults.append(Fault(name, text, name))


def _day(line: Read, name: str, text: str, today: date) -> None:
    day = day_of(text)
    if day is None:
        line.faults.append(Fault(name, text, "day"))
    elif day > today:
        line.faults.append(Fault(name, text, "future"))
    else:
        line.values[name] = day


def _tags(line: Read, name: str, text: str, today: date) -> None:
    del today
    words = (word.strip() for word in re.split(r"[,;|]", text))
    line.values[name] = list(dict.fromkeys(word for word in words if word))


_READERS = {
    "kind": _kind,
    "title": _title,
    "siren": _siren,
    "siret": _siret,
    "vat_number": _vat,
    "birth_year": _year,
    "customer_since": _day,
    "consent_day": _day,
    "tags": _tags,
}


def day_of(text: str) -> date | None:
    """« 25/11/2026 », « 25-11-2026 », « 2026-11-25 » or the instant that a workbook gives."""
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def _consent(line: Read, name: str, text: str) -> None:
    word = fold(text)
    if word in YES | NO:
        line.consents[CONSENTS[name]] = word in YES
    else:
        line.faults.append(Fault(name, text, "yes_no"))


def _custom(line: Read, name: str, text: str, kind: CustomKind | None) -> None:
    if kind is None:  # the desk no longer asks for it
        return
    try:
        line.custom[name.removeprefix(CUSTOM)] = custom_fields.value_of(
            kind.kind, text, kind.choices
        )
    except custom_fields.NotAValue as refused:
        line.faults.append(Fault(name, text, refused.code))


def _whole(line: Read) -> None:
    """What only several cells together can say."""
    _company_numbers(line)
    values = line.values
    if "kind" not in values:
        values["kind"] = "company" if values.get("company_name") else "person"
    name = "company_name" if values["kind"] == "company" else "last_name"
    if name not in values:
        line.faults.append(Fault(name, "", name))
    if values["kind"] == "person" and "contact_last_name" in values:
        line.faults.append(Fault("contact_last_name", values["contact_last_name"], "contact"))
    _addresses(line)


def _company_numbers(line: Read) -> None:
    values = line.values
    if "siret" in values:
        values.setdefault("siren", values["siret"][:9])
        if not values["siret"].startswith(values["siren"]):
            line.faults.append(Fault("siret", values["siret"], "siret_of_other"))
    number = values.get("vat_number", "")
    if number.startswith("FR") and not number.endswith(values.get("siren", "")):
        line.faults.append(Fault("vat_number", number, "vat_of_other"))


def _addresses(line: Read) -> None:
    """A French postcode has five figures: a workbook drops the first zero, which is put back."""
    values = line.values
    for name in ("postcode", "delivery_postcode"):
        text = values.get(name, "")
        if text and is_inland(values.get("country", "")):
            bare = text.replace(" ", "")
            values[name] = bare.zfill(5) if bare.isdecimal() and len(bare) == 4 else bare
            if not FRENCH_POSTCODE.fullmatch(values[name]):
                line.faults.append(Fault(name, text, "postcode"))
    street = values.get("delivery_street")
    if street and not ("delivery_postcode" in values and "delivery_city" in values):
        line.faults.append(Fault("delivery_street", street, "delivery"))


def identity_keys(values: Mapping[str, Any]) -> Iterator[str]:
    """What two lines of one file must not share: each a text, never shown."""
    name = fold(f"{values.get('company_name', '')} {values.get('last_name', '')}")
    first = fold(values.get("first_name", ""))
    if reference := values.get("reference"):
        yield f"r{reference.casefold()}"
    if number := values.get("siret"):
        yield f"s{number}"
    for known in ("email", "phone"):
        if known in values:
            yield f"{known[0]}{values[known]}|{name}|{first}"


class Repeats:
    """Lines of one file that say the same customer, in 16 bytes a key however long the file."""

    def __init__(self) -> None:
        self.digests = array("Q")
        self.lines = array("Q")

    def add(self, line: int, values: Mapping[str, Any]) -> None:
        for key in identity_keys(values):
            digest = blake2b(key.encode(), digest_size=8).digest()
            self.digests.append(int.from_bytes(digest, "big"))
            self.lines.append(line)

    def found(self) -> dict[int, int]:
        """By the line that repeats, the first line that said it."""
        if not self.digests:
            return {}
        import numpy as np  # noqa: PLC0415  heavy: only files of customers need it

        digests = np.frombuffer(self.digests, dtype=np.uint64)
        order = np.argsort(digests, kind="stable")
        same = np.flatnonzero(digests[order][1:] == digests[order][:-1]) + 1
        told: dict[int, int] = {}
        for at in same.tolist():
            line, earlier = self.lines[int(order[at])], self.lines[int(order[at - 1])]
            earlier = told.get(earlier, earlier)
            if line != earlier:
                told[line] = min(earlier, told.get(line, earlier))
        return told
