import csv
import json
from datetime import date

import pytest
from django.urls import reverse

from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
from tests.factories import accounts, frameworks

pytestmark = pytest.mark.django_db
LIST = "/referentiels/"


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def second_edition():
    after = frameworks.content(edition="02")
    after["blocks"][0]["criteria"][0]["text"] = "Les plans sont compris sans erreur"
    after["blocks"][1]["criteria"].pop()
    return after


@pytest.fixture
def two(certifier):
    place = frameworks.place_of(certifier)
    before = frameworks.edition(place, valid_to=date(2026, 6, 30))
    return before, frameworks.edition(
        place,
        content=second_edition(),
        edition="02",
        valid_from=date(2026, 7, 1),
        previous=before,
        correspondences=[
            {"kind": "criterion", "from": "K1", "to": "K1", "nature": "reworded", "nearness": 90}
        ],
    )


def test_the_list_finds_by_words_and_nature(signed, now):
    install_catalogue(by=None, at=now)

    every = text_of(signed.get(LIST))
    crcd = text_of(signed.get(LIST, {"q": "crcd"}))
    rncp = text_of(signed.get(LIST, {"kind": "rncp"}))
    none = text_of(signed.get(LIST, {"q": "plomberie"}))

    assert every.count("data-row") == 5
    assert "Livré avec Acquis" in every
    assert crcd.count("data-row") == 1
    assert rncp.count("data-row") == 2
    assert "Aucun référentiel ne correspond" in none


@pytest.mark.parametrize(
    "sort", ["title", "-title", "code", "-code", "valid_from", "-valid_from", "x"]
)
def test_the_list_sorts_by_what_it_knows(signed, two, sort):
    assert signed.get(LIST, {"tri": sort}).status_code == 200


def test_the_list_says_which_editions_are_over(signed, two):
    page = text_of(signed.get(LIST))

    assert "du 01/01/2026 au 30/06/2026" in page
    assert "close" in page


def test_the_list_asks_as_much_of_the_database_for_one_edition_and_for_ten(
    signed, certifier, count_queries
):
    place = frameworks.place_of(certifier)
    frameworks.edition(place)
    signed.get(LIST)
    one = count_queries(lambda: signed.get(LIST))
    for rank in range(9):
        frameworks.edition(place, edition=f"1{rank}", code=f"RNCP{rank}")

    assert count_queries(lambda: signed.get(LIST)) == one


def test_an_edition_shows_everything_with_its_contents_and_places_to_link_to(signed, two):
    page = text_of(signed.get(reverse("frameworks:version", args=[two[1].pk])))

    assert 'href="#item-blocks-0"' in page
    assert 'id="item-blocks-0-criteria-0"' in page
    assert "Socle" in page
    assert "70 % des critères" in page
    assert "2 échanges" in page
    assert "K1 → K1" in page
    assert f"?avant={two[0].pk}&amp;apres={two[1].pk}" in page


def test_an_edition_that_is_over_says_so(signed, two):
    page = text_of(signed.get(reverse("frameworks:version", args=[two[0].pk])))

    assert "n’est plus valable depuis le 30/06/2026" in page


def test_every_shipped_edition_is_shown_and_exported(signed, now):
    for version in install_catalogue(by=None, at=now):
        for name in ("version", "case", "content"):
            assert signed.get(reverse(f"frameworks:{name}", args=[version.pk])).status_code == 200


def test_another_organisation_s_edition_is_not_found(signed):
    theirs = frameworks.edition(accounts.organisation())

    for name in ("version", "case", "content"):
        assert signed.get(reverse(f"frameworks:{name}", args=[theirs.pk])).status_code == 404
    assert "data-row" not in text_of(signed.get(LIST))


def test_the_case_package_is_served_as_a_file(signed, two):
    answer = signed.get(reverse("frameworks:case", args=[two[1].pk]))

    package = json.loads(answer.content)
    assert 'filename="case-rncp90001-02.json"' in answer["Content-Disposition"]
    assert package["CFDocument"]["version"] == "02"
    assert package["CFDocument"]["statusStartDate"] == "2026-07-01"
    assert [a for a in package["CFAssociations"] if a["associationType"] == "replacedBy"]
    assert json.loads(signed.get(reverse("frameworks:case", args=[two[1].pk])).content) == package


def test_the_content_is_served_as_it_was_published(signed, two):
    answer = signed.get(reverse("frameworks:content", args=[two[0].pk]))

    assert json.loads(answer.content) == two[0].content


def test_two_editions_are_compared_word_by_word(signed, two):
    page = text_of(signed.get("/referentiels/comparer/", {"avant": two[0].pk, "apres": two[1].pk}))

    assert "<del>lus</del>" in page
    assert "<ins>compris</ins>" in page
    assert "Retiré" in page
    assert "confirmée" in page
    assert "Poser des fontaines publiques" not in page  # what is the same is not shown


def test_the_comparison_is_filtered_by_nature_and_by_kind(signed, two):
    asked = {"avant": two[0].pk, "apres": two[1].pk}

    same = text_of(signed.get("/referentiels/comparer/", asked | {"nature": "same"}))
    blocks = text_of(
        signed.get("/referentiels/comparer/", asked | {"nature": "same", "kind": "block"})
    )
    none = text_of(signed.get("/referentiels/comparer/", asked | {"nature": "moved"}))

    assert "Communiquer avec les usagers" in same
    assert "<del>" not in same
    assert "Poser des fontaines publiques" in blocks
    assert "Communiquer avec les usagers" not in blocks
    assert "Aucun changement ne correspond" in none


def test_an_edition_compared_with_itself_has_no_difference(signed, two):
    page = text_of(signed.get("/referentiels/comparer/", {"avant": two[0].pk, "apres": two[0].pk}))

    assert "mot pour mot" in page


@pytest.mark.parametrize(
    "asked", [{}, {"avant": "x"}, {"avant": "²"}, {"avant": "9" * 30, "apres": "1"}]
)
def test_comparing_nothing_asks_for_two_editions(signed, two, asked):
    assert "Choisissez deux éditions" in text_of(signed.get("/referentiels/comparer/", asked))


def test_the_comparison_is_exported_with_the_same_filters(signed, two):
    asked = {"avant": two[0].pk, "apres": two[1].pk}

    answer = signed.get("/referentiels/comparer/comparaison.csv", asked)

    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["Reformulé", "Retiré"]
    assert rows[1][7] == "oui"
    assert "comparaison-rncp90001-01-02.csv" in answer["Content-Disposition"]


def test_the_comparison_of_another_organisation_s_edition_is_not_exported(signed, two):
    theirs = frameworks.edition(accounts.organisation())

    for asked in ({"avant": two[0].pk, "apres": theirs.pk}, {"avant": two[0].pk}):
        assert signed.get("/referentiels/comparer/comparaison.csv", asked).status_code == 404


def test_a_reader_may_not_bring_documents(client):
    from acquis.accounts.enums import Role  # noqa: PLC0415

    client.force_login(accounts.user(Role.JUROR))

    assert client.get(LIST).status_code == 200
    assert client.get("/referentiels/imports/").status_code == 403
    assert "Importer un référentiel" not in text_of(client.get(LIST))
