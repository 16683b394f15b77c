import contextlib
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.registrations import csv_import, policy

TODAY = date(2026, 11, 20)


@dataclass
class Person:
    birth_name: str = "Martin"
    first_name: str = "Awa"
    sex: str = "F"
    birth_date: date | None = date(1998, 4, 12)
    birth_city: str = "Nantes"
    birth_insee_code: str = "44109"
    birth_country: str = "France"


def test_a_complete_identity_misses_nothing() -> None:
    assert policy.missing_fields(Person()) == []


def test_what_is_missing_is_named() -> None:
    person = Person(sex="", birth_date=None, birth_city="")
    assert policy.missing_fields(person) == ["sex", "birth_date", "birth_city"]


def test_readiness_counts_people_and_names_what_to_complete() -> None:
    people = [Person()] * 12 + [Person(birth_city="")]
    found = policy.readiness(people)
    assert (found.ready, found.incomplete, list(found.missing)) == (12, 1, ["birth_city"])


@pytest.mark.parametrize(
    ("code", "country", "fault"),
    [
        ("", "France", ""),
        ("44109", "France", ""),
        ("2A004", "France", ""),
        ("4410", "France", "malformed"),
        ("2C004", "France", "malformed"),
        ("99109", "France", "home"),
        ("99109", "Italie", ""),
        ("44109", "Italie", "abroad"),
    ],
)
def test_insee_codes(code: str, country: str, fault: str) -> None:
    assert policy.insee_fault(code, country) == fault


def read(text: str, encoding: str = "utf-8"):
    return csv_import.read_candidates(text.encode(encoding), TODAY)


HEADING = "Nom de naissance;Prénom;Sexe;Date de naissance;Commune de naissance;Courriel\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_is_read_in_any_of_the_usual_encodings(encoding: str) -> None:
    found = read(HEADING + "LEFÈVRE;Zoé;F;03/05/1999;Orléans;zoe@exemple.fr\n", encoding)
    assert found.errors == []
    row = found.rows[0]
    assert (row.birth_name, row.birth_date, row.sex) == ("LEFÈVRE", date(1999, 5, 3), "F")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_separator_is_recognised(delimiter: str) -> None:
    text = (HEADING + "MARTIN;Awa;Mme;1998-04-12;Nantes;awa@exemple.fr\n").replace(";", delimiter)
    assert read(text).rows[0].first_name == "Awa"


def test_all_errors_come_at_once_with_their_line() -> None:
    found = read(
        HEADING + "MARTIN;Awa;X;31/02/1998;Nantes;awa@exemple.fr\n"
        ";Paul;M;12/04/2024;Nantes;pas une adresse\n"
        "\n"
        "DUPONT;Léa;F;12/04/1990;Nantes;lea@exemple.fr\n"
        "Dupont;Lea;F;12/04/1990;Nantes;lea2@exemple.fr\n"
    )
    assert [(error.line, error.column, error.code) for error in found.errors] == [
        (2, "sex", "sex"),
        (2, "birth_date", "date"),
        (3, "birth_name", "missing"),
        (3, "email", "email"),
        (3, "birth_date", "unlikely_date"),
        (6, "birth_name", "twice"),
    ]
    assert found.errors[-1].value == "5"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01PK", "binary"),
        (HEADING.encode(), "no_line"),
        (b"ville;pays\nNantes;France\n", "columns_missing"),
    ],
)
def test_what_is_no_list_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(csv_import.UnreadableListError) as refusal:
        csv_import.read_candidates(content, TODAY)
    assert refusal.value.code == code


def test_unknown_columns_are_reported() -> None:
    found = read("Nom;Prénom;Email;Pointure\nMARTIN;Awa;a@exemple.fr;39\n")
    assert found.ignored_columns == ["Pointure"]


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with contextlib.suppress(csv_import.UnreadableListError):
        assert csv_import.read_candidates(content, TODAY).rows
