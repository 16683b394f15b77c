"""What people ask finds the article that answers, first: a labelled shelf, on both engines."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import queries
from acquis.desk.knowledge.queries import Found
from tests.desk.knowledge.shelf import ASKED, SHELF, SYNONYMS, TODAY
from tests.factories import desk as make
from tests.factories import knowledge as known

FIRST = 0.95  # of the questions whose answer must come first, how many do


@pytest.fixture
def shelf(workspace: Workspace) -> Workspace:
    for one in SHELF:
        make.article(workspace, **{**vars(one), "keywords": list(one.keywords)})
    for group in SYNONYMS:
        known.synonyms(workspace, *group)
    return workspace


def search(workspace: Workspace, typed: str) -> Found:
    return queries.search(workspace, typed, today=TODAY)


def slugs(found: Found) -> list[str]:
    return [hit.article.slug for hit in found.hits]


def places(workspace: Workspace) -> Iterator[tuple[str, int, int, list[str]]]:
    """Each question with the place of its answer (100: not found), the place asked, and what came."""
    for typed, expected, within in ASKED:
        found = slugs(search(workspace, typed))
        place = found.index(expected) + 1 if expected in found else 100
        yield typed, place, within, found[:3]


def test_the_shelf_is_large_enough_to_tell() -> None:
    assert len(SHELF) >= 30
    assert len(ASKED) >= 40
    assert {expected for _typed, expected, _within in ASKED} <= {one.slug for one in SHELF}


def test_every_question_finds_its_article_among_the_first_three(shelf: Workspace) -> None:
    late = [(typed, place, found) for typed, place, _, found in places(shelf) if place > 3]

    assert late == []


def test_almost_every_question_finds_its_article_first(shelf: Workspace) -> None:
    asked = [one for one in places(shelf) if one[2] == 1]
    late = [(typed, place, found) for typed, place, _, found in asked if place > 1]

    assert len(late) <= (1 - FIRST) * len(asked), late


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("retractation", ["retractation", "annulation", "remboursement"]),
        (
            "payer",
            [
                "moyens-paiement",
                "extension-garantie",
                "paiement-fractionne",
                "remboursement",
                "adresse",
            ],
        ),
        (
            "bon d'achat",
            [
                "cheque-cadeau",
                "fidelite",
                "avoir",
                "extension-garantie",
                "frais-livraison",
                "retractation",
            ],
        ),
        ("reclamtion", ["reclamation", "mediation", "geste-commercial"]),
        ("garentie", ["garantie-legale", "extension-garantie", "mitigeurs"]),
        ("tarifs pose", ["tarifs-2026", "tarifs-2025"]),
        ("produit defectueux", ["garantie-legale", "retractation"]),
        (
            "colis pas arrivé",
            [
                "colis-perdu",
                "colis-abime",
                "annulation",
                "point-relais",
                "retour-produit",
                "retractation",
            ],
        ),
        (
            "je n'ai rien reçu",
            [
                "mise-en-demeure",
                "colis-perdu",
                "point-relais",
                "reclamation",
                "annulation",
                "retour-produit",
                "retractation",
            ],
        ),
        ("avoirs", ["avoir", "facture", "echange"]),
        (
            "« délai »",
            [
                "remboursement",
                "frais-livraison",
                "mise-en-demeure",
                "geste-commercial",
                "sav",
                "point-relais",
                "retard-livraison",
            ],
        ),
        ("livraison le samedi", ["horaires"]),
    ],
)
def test_both_engines_give_the_same_order(
    shelf: Workspace, typed: str, expected: list[str]
) -> None:
    assert slugs(search(shelf, typed)) == expected


def test_what_is_no_longer_in_force_comes_after_what_is(shelf: Workspace) -> None:
    found = slugs(search(shelf, "tarifs de pose et de montage 2025"))
    assert found == ["tarifs-2025", "tarifs-2026"]  # asked by its year, it comes first all the same

    assert slugs(search(shelf, "montage")) == ["tarifs-2026", "tarifs-2025"]
    a_year_before = queries.search(shelf, "montage", today=TODAY - timedelta(days=200))
    assert slugs(a_year_before) == ["tarifs-2025", "tarifs-2026"]


def test_what_stands_between_quotes_is_found_as_it_is_or_not_at_all(shelf: Workspace) -> None:
    assert slugs(search(shelf, "demeure en mise"))[0] == "mise-en-demeure"
    assert slugs(search(shelf, '"demeure en mise"')) == []
    assert slugs(search(shelf, 'courriel "à chaque acheteur"')) == []
    assert slugs(search(shelf, 'courriel "chaque acheteur"')) == ["rappel-produit"]


def test_what_answers_a_part_of_the_question_says_so(shelf: Workspace) -> None:
    assert search(shelf, "code promo oublié").partial is False
    assert search(shelf, "code promo ne marche pas").partial is True
    assert search(shelf, "zzz").partial is False
