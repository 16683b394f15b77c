"""Postal lines, values of fields, words that say too much, spellings: without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.directory import policy
from acquis.desk.directory.policy import custom_fields, minimisation, postal

PARTS = {
    "inside": "Appt 4", "outside": "Résidence des Lilas", "street": "12 rue de l’Église",
    "locality": "", "postcode": "63000", "city": "Clermont-Ferrand", "country": "France",
}  # fmt: skip


def test_an_envelope_follows_the_six_lines_of_the_norm() -> None:
    assert postal.envelope(PARTS, "Mme Odile Lefèvre") == [
        "Mme Odile Lefèvre", "Appt 4", "Résidence des Lilas", "12 rue de l’Église",
        "63000 CLERMONT FERRAND",
    ]  # fmt: skip


def test_an_envelope_abroad_ends_with_the_country_and_bears_its_recipient() -> None:
    lines = postal.envelope(
        PARTS | {"recipient": "Accueil", "country": "Belgique", "postcode": "1000"}, "Odile"
    )

    assert lines[0] == "Accueil"
    assert lines[-1] == "BELGIQUE"


@given(st.text(max_size=60), st.dictionaries(st.sampled_from([*PARTS]), st.text(max_size=38)))
def test_no_line_without_fault_is_longer_than_the_norm(name: str, said: dict[str, str]) -> None:
    parts = dict.fromkeys(PARTS, "") | said | {"country": "France"}
    if not postal.faults(parts):
        assert all(len(line) <= 38 for line in postal.envelope(parts, name))


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, {}),
        ({"street": "x" * 39}, {"street": "long"}),
        ({"city": "x" * 38}, {"city": "long"}),
        ({"postcode": "00100"}, {"postcode": "postcode"}),
        ({"postcode": "1000", "country": "Belgique"}, {}),
        ({"street": ""}, {"street": "street_or_box"}),
        ({"street": "", "locality": "BP 42"}, {}),
    ],
)
def test_the_norm_refuses_what_does_not_fit(change: dict[str, str], faults: dict[str, str]) -> None:
    assert postal.faults(PARTS | change) == faults


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", " bleu ", "bleu"),
        ("text", None, None),
        ("number", "1 234,50", "1234.5"),
        ("number", "-3", "-3"),
        ("number", "100", "100"),
        ("date", "25/11/2026", "2026-11-25"),
        ("date", "2026-11-25", "2026-11-25"),
        ("yes_no", "Oui", True),
        ("yes_no", False, False),
        ("choice", "gaz", "gaz"),
    ],
)
def test_a_value_is_kept_as_json_keeps_it(kind: str, typed: object, value: object) -> None:
    assert custom_fields.value_of(kind, typed, ["gaz", "bois"]) == value


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "douze", "number"),
        ("number", "Infinity", "number"),
        ("number", "1" * 20, "number"),
        ("date", "31/02/2026", "date"),
        ("yes_no", "peut-être", "yes_no"),
        ("choice", "fioul", "choice"),
        ("text", "x" * 501, "long"),
    ],
)
def test_what_is_no_value_is_refused_by_name(kind: str, typed: str, code: str) -> None:
    with pytest.raises(custom_fields.NotAValue) as refused:
        custom_fields.value_of(kind, typed, ["gaz"])
    assert refused.value.code == code


@given(st.sampled_from(["text", "number", "date", "yes_no"]), st.text(max_size=30))
def test_a_kept_value_is_read_again_as_itself(kind: str, typed: str) -> None:
    try:
        value = custom_fields.value_of(kind, typed)
    except custom_fields.NotAValue:
        return
    assert custom_fields.value_of(kind, value) == value


def test_the_key_of_a_field_comes_from_its_label() -> None:
    assert custom_fields.key_of("Date d’anniversaire") == "date_d_anniversaire"


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Préfère être appelé le matin.", []),
        ("Commande d’une enceinte connectée, rayon droguerie, CD-ROM.", []),
        ("Elle est enceinte", ["health"]),
        ("sous traitement pour DÉPRESSION", ["health"]),
        ("musulman pratiquant", ["religion", "religion"]),
        ("délégué CGT", ["opinion"]),
        ("sort de prison", ["justice"]),
        ("quel con", ["insult"]),
        ("concerne la livraison, condition, content", []),
        ("n° 2 85 05 78 006 084", ["nir"]),
        ("Il vit avec un homosexuel", ["intimacy"]),
        ("le gitan du 3e", ["origin"]),
    ],
)
def test_a_note_is_warned_of_by_its_words(text: str, subjects: list[str]) -> None:
    assert [one.subject for one in minimisation.excesses(text)] == subjects


@given(st.text(max_size=200))
def test_reading_a_note_over_never_fails(text: str) -> None:
    assert minimisation.excesses(text) == minimisation.excesses(text)


def test_the_spellings_of_a_word_are_those_that_look_like_it() -> None:
    words = ["lefebvre", "lefevbre", "martin", "lefevre"]

    assert policy.like_spellings("lefevbre", words) == ["lefevre", "lefebvre"]


@pytest.mark.parametrize(
    ("current", "shared_by", "same_range", "certainty"),
    [
        (True, 1, False, "known"),
        (True, 2, False, "likely"),
        (False, 1, False, "possible"),
        (True, 1, True, "possible"),
    ],
)
def test_a_caller_is_more_or_less_sure(
    *, current: bool, shared_by: int, same_range: bool, certainty: str
) -> None:
    assert (
        policy.certainty(current=current, shared_by=shared_by, same_range=same_range) == certainty
    )


def test_a_foreign_number_is_found_as_it_is_dialled_abroad() -> None:
    kept = policy.searchable(["Jan"], ["+3225551212"])

    assert policy.understand("+32 2 555 12").fragment in kept


def test_too_little_and_nothing_resemble_nobody() -> None:
    assert policy.closest("ab", {1: "Abel"}) == []
    assert policy.closest("abel", {1: ""}) == []
    assert policy.understand("la maison du lac").terms == [["maison"], ["lac"]]
    assert policy.understand("le goff").terms == [["le"], ["goff"]]
