import json
import uuid
from collections import Counter

from hypothesis import given

from acquis.certification.frameworks.case import Issue, Publication, case_package
from tests.certification.frameworks.test_comparison import _contents
from tests.factories.frameworks import content

ISSUE = Issue("centre", "RNCP90001", "02")
PUBLICATION = Publication(
    issue=ISSUE,
    title="Fontainier",
    creator="Centre des fontaines",
    address="https://acquis.example/",
    changed_at="2026-11-20T09:00:00+00:00",
    valid_from="2026-01-01",
    valid_to="2030-12-31",
)


def package(**fields):
    return case_package(content(**fields), PUBLICATION)


def test_the_document_has_what_case_requires():
    document = package()["CFDocument"]

    assert uuid.UUID(document["identifier"])
    assert (
        document["uri"]
        == f"https://acquis.example/ims/case/v1p0/CFDocuments/{document['identifier']}"
    )
    assert document["title"] == "Fontainier d’espaces publics"
    assert document["creator"] == "Centre des fontaines"
    assert document["lastChangeDateTime"] == "2026-11-20T09:00:00+00:00"
    assert (document["statusStartDate"], document["statusEndDate"]) == ("2026-01-01", "2030-12-31")
    assert document["language"] == "fr"


def test_every_item_has_what_case_requires_and_its_own_identifier():
    items = package()["CFItems"]

    for item in items:
        assert item["fullStatement"]
        assert item["lastChangeDateTime"]
        assert item["uri"].endswith(item["identifier"])
        assert uuid.UUID(item["identifier"])
    assert Counter(item["CFItemType"] for item in items) == {
        "Bloc de compétences": 2,
        "Activité": 1,
        "Compétence": 3,
        "Critère d’évaluation": 3,
        "Compétence transversale": 1,
        "Critère de compétence transversale": 1,
    }


def test_the_child_is_the_origin_and_every_item_hangs_from_the_document():
    made = package()
    document = made["CFDocument"]["identifier"]
    codes = {item["identifier"]: item["humanCodingScheme"] for item in made["CFItems"]}

    parents = {
        codes[one["originNodeURI"]["identifier"]]: codes.get(
            one["destinationNodeURI"]["identifier"]
        )
        for one in made["CFAssociations"]
        if one["associationType"] == "isChildOf"
    }

    assert parents == {
        "B1": None,
        "A1": "B1",
        "C1": "A1",
        "C2": "B1",
        "K1": "C1",
        "K2": "C2",
        "B2": None,
        "C3": "B2",
        "K3": "C3",
        "CT1": None,
        "CT1.1": "CT1",
    }
    roots = [
        one for one in made["CFAssociations"] if one["destinationNodeURI"]["identifier"] == document
    ]
    assert len(roots) == 3


def test_the_grid_is_a_rubric_of_acquis_and_non_acquis():
    rubric = package()["CFRubrics"][0]

    assert len(rubric["CFRubricCriteria"]) == 2
    assert [
        level["quality"] for level in rubric["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    ] == [
        "Acquis",
        "Non acquis",
    ]


def test_items_of_the_previous_edition_are_replaced_by_ours():
    past = Issue("centre", "RNCP90001", "01")
    stated = [
        {"kind": "criterion", "from": "K1", "to": "K1", "nature": "same"},
        {"kind": "competency", "from": "C1", "to": "C2", "nature": "reworded"},
        {"kind": "competency", "from": "C1", "to": "C77", "nature": "reworded"},
    ]

    made = case_package(content(), PUBLICATION, previous=past, correspondences=stated)

    old = case_package(content(), Publication(**{**vars(PUBLICATION), "issue": past}))
    olds = {item["humanCodingScheme"]: item["identifier"] for item in old["CFItems"]}
    news = {item["humanCodingScheme"]: item["identifier"] for item in made["CFItems"]}
    links = {
        (
            one["associationType"],
            one["originNodeURI"]["identifier"],
            one["destinationNodeURI"]["identifier"],
        )
        for one in made["CFAssociations"]
        if one["associationType"] in {"exactMatchOf", "replacedBy"}
    }
    assert links == {
        ("exactMatchOf", olds["K1"], news["K1"]),
        ("replacedBy", olds["C1"], news["C2"]),
    }


def test_two_exports_are_equal_and_two_owners_never_share_an_identifier():
    other = Publication(**{**vars(PUBLICATION), "issue": Issue("autre", "RNCP90001", "02")})

    assert package() == package()
    assert not _identifiers(package()) & _identifiers(case_package(content(), other))


def _identifiers(made):
    return {
        one["identifier"]
        for part in ("CFItems", "CFAssociations", "CFRubrics")
        for one in made[part]
    }


@given(_contents())
def test_identifiers_are_unique_whenever_codes_are(edition):
    codes = [b["code"] for b in edition["blocks"]]
    codes += [c["code"] for b in edition["blocks"] for c in b["competencies"]]
    codes += [c["code"] for b in edition["blocks"] for c in b["criteria"]]
    codes += [c["code"] for c in edition["transversal_competencies"]]
    made = case_package(edition, PUBLICATION)
    found = [one["identifier"] for part in ("CFItems", "CFAssociations") for one in made[part]]
    if len(codes) == len(set(codes)):
        assert len(found) == len(set(found))
    assert json.loads(json.dumps(made)) == made
