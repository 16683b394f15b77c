"""How people look for a customer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.directory import policy

SPELLINGS = ["06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "0612345678", "+33 6 12 34 56 78",
             "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78", "33612345678"]  # fmt: skip


@pytest.mark.parametrize("typed", [*SPELLINGS, "12 34 56", "5678", "0612", "+33 6 12"])
def test_any_spelling_or_fragment_of_a_number_is_found(typed: str) -> None:
    kept = policy.searchable(["Odile Lefèvre"], ["+33612345678"])

    assert policy.understand(typed).fragment in kept


@pytest.mark.parametrize("typed", SPELLINGS[:-1])
def test_every_french_spelling_is_kept_in_one_form(typed: str) -> None:
    assert policy.e164(typed) == "+33612345678"


@pytest.mark.parametrize("typed", ["", "12", "abc", "06 12", "99999999999999999999"])
def test_what_no_telephone_answers_is_not_kept(typed: str) -> None:
    assert policy.e164(typed) is None


def test_a_number_is_shown_as_the_french_read_it() -> None:
    assert policy.spoken_phone("+33612345678") == "06 12 34 56 78"
    assert policy.spoken_phone("+3225551212") == "+32 2 555 12 12"
    assert policy.spoken_phone("pas un numéro") == "pas un numéro"


def test_folding_forgets_accents_case_ligatures_and_signs() -> None:
    assert policy.fold("Œuvre d’Étienne-Gaël") == "oeuvre d etienne gael"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = policy.fold(text)

    assert policy.fold(once) == once


@given(st.text(max_size=40))
def test_what_was_typed_is_always_understood(text: str) -> None:
    asked = policy.understand(text)

    assert not (asked.words and asked.fragment)


def test_a_reference_is_found_with_or_without_its_hyphen() -> None:
    kept = policy.searchable(["C-00042"], [])

    assert "c00042" in kept
    assert all(word in kept for word in policy.understand("C-00042").words)


@pytest.mark.parametrize("typed", ["Lefevbre", "lefebre", "Lefèbvre Odile", "odile lefevre"])
def test_a_typo_finds_the_closest_name_first(typed: str) -> None:
    names = {1: "Jean Martin", 2: "Odile Lefebvre", 3: "Brasserie du Port", 4: "Odette Lafarge"}

    assert policy.closest(typed, names)[:1] == [2]


def test_a_name_like_nobody_finds_nobody() -> None:
    assert policy.closest("xyzzy", {1: "Jean Martin"}) == []


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        ("12 rue de l’Église", "Bât. B", ["Bât. B", "12 rue de l’Église"]),
        ("Bât. B", "12 rue de l’Église", ["Bât. B", "12 rue de l’Église"]),
        ("Lieu-dit Kergoz", "3 chemin du Bois", ["3 chemin du Bois", "Lieu-dit Kergoz"]),
        ("12 rue de l’Église", "BP 42", ["12 rue de l’Église", "BP 42"]),
    ],
)
def test_an_inland_address_follows_the_postal_norm(
    first: str, second: str, order: list[str]
) -> None:
    lines = policy.postal_lines(
        {"address_1": first, "address_2": second, "postcode": "63000",
         "city": "Clermont-Ferrand", "country": "France"}
    )  # fmt: skip

    assert lines == [*order, "63000 CLERMONT FERRAND"]


def test_a_foreign_address_ends_with_its_country() -> None:
    lines = policy.postal_lines({"postcode": "1000", "city": "Bruxelles", "country": "Belgique"})

    assert lines == ["1000 BRUXELLES", "BELGIQUE"]
