"""What the columns and lines of a file mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from acquis.desk.imports.policy import columns, lines
from acquis.desk.imports.policy.lines import CustomKind, Repeats
from tests.factories.desk import TODAY


def read(**cells: str) -> lines.Read:
    return lines.read({"last_name": "Martin", **cells}, today=TODAY)


def codes(**cells: str) -> list[str]:
    return [fault.code for fault in read(**cells).faults]


def test_headers_are_guessed_in_french_and_in_english() -> None:
    assert columns.guess(["Prénom", "NOM", "E-mail", "Code postal", "Tél.", "Inconnu"]) == {
        0: "first_name", 1: "last_name", 2: "email", 3: "postcode", 4: "phone",
    }  # fmt: skip
    assert columns.guess(["First Name", "Surname", "ZIP code", "Company", "VAT number"]) == {
        0: "first_name", 1: "last_name", 2: "postcode", 3: "company_name", 4: "vat_number",
    }  # fmt: skip


def test_a_field_is_given_once_and_those_of_the_desk_win() -> None:
    assert columns.guess(["Nom", "Surname"]) == {0: "last_name"}
    assert columns.guess(["Ville"], {"ville_naissance": "Ville"}) == {0: "custom:ville_naissance"}
    assert columns.twice({0: "email", 3: "email"}) == "email"
    assert columns.twice({0: "email", 3: "phone"}) is None


def test_every_guessed_field_exists() -> None:
    assert set(columns._FIELD_OF.values()) <= set(columns.FIELDS)


def test_headers_are_remembered_by_their_words() -> None:
    assert columns.header_key(["Prénom"]) == columns.header_key(["PRENOM"])
    assert columns.header_key(["a", "b"]) != columns.header_key(["b", "a"])


def test_values_are_read_as_the_directory_keeps_them() -> None:
    told = read(
        phone="06 39 98 00 01", email="Odile@A.Example", title="Madame", siret="732 829 320 00074",
        postcode="1000", customer_since="25/11/2020", birth_year="1970", tags="VIP; presse, VIP",
        kind="Entreprise", company_name="Garage", vat_number="FR44732829320", consent_email="Non",
        consent_sms="x", contact_last_name="Roux", segment=" fidèle ",
    )  # fmt: skip

    assert told.faults == []
    assert told.consents == {"email_offers": False, "sms_offers": True}
    assert told.values == {
        "last_name": "Martin", "phone": "+33639980001", "email": "odile@a.example", "title": "Mme",
        "siret": "73282932000074", "siren": "732829320", "postcode": "01000",
        "customer_since": date(2020, 11, 25), "birth_year": 1970, "tags": ["VIP", "presse"],
        "kind": "company", "company_name": "Garage", "vat_number": "FR44732829320",
        "contact_last_name": "Roux", "segment": "fidèle",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"phone": "12"}, "phone"), ({"email": "odile"}, "email"), ({"siren": "123456789"}, "siren"),
        ({"siret": "1"}, "siret"), ({"vat_number": "FR1"}, "vat_number"),
        ({"siren": "552100554", "siret": "73282932000074"}, "siret_of_other"),
        ({"siren": "552100554", "vat_number": "FR44732829320"}, "vat_of_other"),
        ({"postcode": "99"}, "postcode"), ({"birth_year": "1820"}, "birth_year"),
        ({"birth_year": "x"}, "birth_year"), ({"birth_year": "0199999"}, "birth_year"), ({"customer_since": "hier"}, "day"),
        ({"customer_since": "01/01/2099"}, "future"), ({"consent_phone": "peut-être"}, "yes_no"),
        ({"kind": "autre"}, "kind"), ({"kind": "entreprise"}, "company_name"),
        ({"last_name": ""}, "last_name"), ({"contact_last_name": "Roux"}, "contact"),
        ({"delivery_street": "1 rue"}, "delivery"), ({"first_name": "x" * 81}, "long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(cells: dict[str, str], code: str) -> None:
    assert codes(**cells) == [code]


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert sorted(codes(phone="x", email="y", postcode="z")) == ["email", "phone", "postcode"]


def test_abroad_postcodes_are_theirs() -> None:
    assert codes(country="Belgique", postcode="1000") == []


def test_days_as_people_and_workbooks_write_them() -> None:
    for text in ("25/11/2026", "2026-11-25", "25-11-2026", "25.11.2026", "2026-11-25 00:00:00"):
        assert lines.day_of(text) == date(2026, 11, 25)
    assert lines.day_of("25/13/2026") is None


def test_fields_of_the_desk() -> None:
    kinds = {"age": CustomKind("number"), "gout": CustomKind("choice", ("sucré",))}
    told = lines.read(
        {"last_name": "M", "custom:age": "12,5", "custom:gout": "salé", "custom:vieux": "x"},
        today=TODAY,
        custom=kinds,
    )

    assert told.custom == {"age": "12.5"}
    assert [(fault.field, fault.code) for fault in told.faults] == [("custom:gout", "choice")]


def test_lines_that_repeat_name_the_first() -> None:
    repeats = Repeats()
    assert repeats.found() == {}
    for line, values in {
        2: {"email": "a@a.example", "last_name": "M"}, 3: {"reference": "R1", "last_name": "N"},
        4: {"email": "a@a.example", "last_name": "M"}, 5: {"email": "a@a.example", "last_name": "m"},
        6: {"reference": "r1"}, 7: {"siret": "1"}, 8: {"siret": "1"}, 9: {"last_name": "M"},
        10: {"phone": "+33", "last_name": "M"}, 11: {"phone": "+33", "last_name": "Z"},
    }.items():  # fmt: skip
        repeats.add(line, values)

    assert repeats.found() == {4: 2, 5: 2, 6: 3, 8: 7}


def test_a_line_does_not_repeat_itself_nor_a_chain_lose_its_first() -> None:
    repeats = Repeats()
    repeats.add(2, {"email": "a", "phone": "1", "last_name": "M"})
    repeats.add(3, {"email": "b", "phone": "1", "last_name": "M"})
    repeats.add(4, {"email": "b", "phone": "1", "last_name": "M"})

    assert repeats.found() == {3: 2, 4: 2}


def test_a_line_that_says_the_same_twice_repeats_nobody() -> None:
    repeats = Repeats()
    repeats.digests.extend([7, 7])
    repeats.lines.extend([2, 2])

    assert repeats.found() == {}


@given(some.dictionaries(some.sampled_from(columns.FIELDS), some.text(max_size=30)))
def test_reading_never_fails_and_faults_name_what_was_typed(cells: dict[str, str]) -> None:
    told = lines.read(cells, today=TODAY)

    for fault in told.faults:
        assert fault.field in columns.FIELDS
        assert fault.value == "" or fault.field in cells
