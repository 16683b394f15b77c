import contextlib
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.registrations import candidate_list, policy, presentation
from acquis.certification.registrations.candidate_list import Exam
from acquis.kernel import sheets
from acquis.kernel.lists.reading import UnreadableListError

TODAY = date(2026, 11, 20)


@dataclass
class Person:
    birth_name: str = "Martin"
    first_name: str = "Awa"
    sex: str = "F"
    birth_date: date | None = date(1998, 4, 12)
    birth_city: str = "Nantes"
    birth_insee_code: str = "44109"
    birth_postcode: str = ""
    birth_country: str = "France"


def test_a_complete_identity_misses_nothing() -> None:
    assert policy.missing_fields(Person()) == []


def test_what_is_missing_is_named() -> None:
    person = Person(sex="", birth_date=None, birth_city="", birth_country="")
    assert policy.missing_fields(person) == ["sex", "birth_date", "birth_city", "birth_country"]


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


@pytest.mark.parametrize(
    ("postcode", "insee", "country", "fault"),
    [
        ("", "", "France", ""),
        ("44000", "", "France", ""),
        ("44000", "44109", "France", "twice"),
        ("440", "", "France", "malformed"),
        ("10100", "", "Italie", "abroad"),
        ("10100", "99127", "", "abroad"),
    ],
)
def test_a_postcode_is_for_france_and_without_the_insee_code(
    postcode: str, insee: str, country: str, fault: str
) -> None:
    assert policy.postcode_fault(postcode, insee, country) == fault


@pytest.mark.parametrize(
    ("born", "likely"),
    [
        (date(2012, 11, 20), True),  # fourteen that day
        (date(2012, 11, 21), False),
        (date(1925, 11, 21), True),  # a hundred still
        (date(1925, 11, 20), False),
        (date(2026, 11, 21), False),
    ],
)
def test_a_birth_date_is_likely_between_fourteen_and_a_hundred_years(
    born: date, likely: bool
) -> None:
    assert policy.birth_date_is_likely(born, TODAY) is likely


EXAMS = {
    "crcd": Exam(7, {"ccp1": "CCP1", "ccp2": "CCP2"}, whole=True),
    "rs optimiser": Exam(8, {"b1": "B1"}, whole=False),
}


def read(text: str, encoding: str = "utf-8"):
    return candidate_list.read_candidates(sheets.table(text.encode(encoding)), EXAMS, TODAY)


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
        (HEADING.encode(), "no_line"),
        (HEADING.encode() + b";;;\n", "no_line"),
        (b"ville;pays\nNantes;France\n", "columns_missing"),
        ("Nom;Prénom;Courriel;Modèle 1\nA;B;a@b.fr\n".encode(), "old_template"),
    ],
)
def test_what_is_no_list_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableListError) as refusal:
        candidate_list.read_candidates(sheets.table(content), EXAMS, TODAY)
    assert refusal.value.code == code


def test_unknown_columns_are_reported() -> None:
    found = read("Nom;Prénom;Email;Pointure\nMARTIN;Awa;a@exemple.fr;39\n")
    assert found.ignored_columns == ["Pointure"]


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with contextlib.suppress(UnreadableListError, sheets.TableUnreadableError):
        assert candidate_list.read_candidates(sheets.table(content), EXAMS, TODAY).rows


def test_a_list_without_a_line_is_empty_and_a_long_one_is_refused(monkeypatch) -> None:
    with pytest.raises(UnreadableListError, match="empty"):
        candidate_list.read_candidates([], EXAMS, TODAY)
    monkeypatch.setattr(candidate_list, "SHAPE", replace(candidate_list.SHAPE, most_rows=1))
    with pytest.raises(UnreadableListError, match="too_long"):
        read(HEADING + "A;B;F;;;a@b.fr\nC;D;F;;;c@d.fr\n")


def test_the_template_is_read_whole() -> None:
    heads = candidate_list.SHAPE.heads()
    cells = [""] * len(heads)
    for title, value in {
        "Nom de naissance": "A",
        "Prénom": "B",
        "Adresse électronique": "a@b.fr",
    }.items():
        cells[heads.index(title)] = value
    found = candidate_list.read_candidates([(1, heads), (2, cells)], EXAMS, TODAY)
    assert (found.ignored_columns, found.errors, len(found.rows)) == ([], [], 1)


LONG = (
    "Nom;Prénom;Courriel;Certification;Bloc;Voie d'accès;Aménagement;Temps en plus;"
    "Minutes de pause par heure;Décision de;Décision du\n"
)


def test_a_line_enrols_and_arranges() -> None:
    found = read(
        LONG + "A;B;a@b.fr;CRCD;ccp1;VAE;;tiers-temps;;DDETS;01/06/2026\n"
        "C;D;c@d.fr;crcd;;;pauses;;10;;\n"
        "E;F;e@f.fr;;;;;;;;\n"
    )
    assert found.errors == []
    first, second, third = found.rows
    assert (first.version, first.block, first.route) == (7, "CCP1", "vae")
    assert (first.accommodation, first.extra) == ("extra_time", Fraction(1, 3))
    assert (second.block, second.route, second.break_minutes) == ("", "training", 10)
    assert third.version is None


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (";CCP1;;;;;;", ("exam", "missing")),
        (";;;pauses;;;;", ("accommodation", "without_exam")),
        ("XYZ;;;;;;;", ("exam", "exam")),
        ("CRCD;CCP9;;;;;;", ("block", "block")),
        ("RS optimiser;;;;;;;", ("block", "block_needed")),
        ("CRCD;;au hasard;;;;;", ("route", "route")),
        ("CRCD;;;magie;;;;", ("accommodation", "accommodation")),
        ("CRCD;;;temps majoré;beaucoup;;;", ("extra", "extra")),
        ("CRCD;;;pauses;;90;;", ("break_minutes", "break_minutes")),
        ("CRCD;;;salle;;;DDETS;hier", ("decision_date", "date")),
        ("CRCD;;;salle;;;DDETS;01/01/2027", ("decision_date", "future")),
        ("CRCD;;;salle;;;;01/01/2026", ("decision_by", "missing")),
    ],
)
def test_what_is_wrong_in_an_enrolment_is_said_by_column(cells: str, error) -> None:
    found = read(LONG + f"A;B;a@b.fr;{cells}\n" + "C;D;c@d.fr;;;;;;;;\n")
    assert [(each.column, each.code) for each in found.errors] == [error]
    assert [row.birth_name for row in found.good] == ["C"]
    assert presentation.errors_by_line(found.errors)[0][0] == 2
