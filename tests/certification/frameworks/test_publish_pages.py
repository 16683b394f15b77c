import pytest
from django.urls import reverse

from acquis.certification.frameworks.models import FrameworkImport, FrameworkVersion
from tests.factories import frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(certifier):
    return frameworks.reading(certifier)


def at(reading):
    return reverse("frameworks:import_publish", args=[reading.pk])


def given(**fields):
    return {
        "code": "RNCP90001",
        "edition": "01",
        "valid_from": "2026-01-01",
        "valid_to": "",
        "previous": "",
        "seen": "0",
        "revision": "0",
    } | fields


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ").replace("&#x27;", "'")


def test_the_form_proposes_what_the_document_says(signed, reading):
    page = text_of(signed.get(at(reading)))

    assert 'value="RNCP90001"' in page
    assert 'value="01"' in page
    assert "1 doute n’est pas levé" in page


def test_a_first_edition_is_published_and_shown(signed, reading):
    answer = signed.post(at(reading), given())

    version = FrameworkVersion.objects.get()
    assert answer.url == reverse("frameworks:version", args=[version.pk])
    assert "L’édition est publiée. Elle ne changera plus." in text_of(signed.get(answer.url))
    review = text_of(signed.get(reverse("frameworks:import_review", args=[reading.pk])))
    assert answer.url in review


def test_a_double_click_publishes_once(signed, reading):
    signed.post(at(reading), given())

    again = signed.post(at(reading), given())

    assert again.status_code == 302
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"valid_from": "2026-02-01", "valid_to": "2026-01-31"},
            "La fin de validité précède son début",
        ),
        ({"valid_from": ""}, "obligatoire"),
        ({"code": " "}, "obligatoire"),
        ({"revision": "4"}, "a été corrigé depuis"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(signed, reading, typed, said):
    answer = signed.post(at(reading), given(edition="Millésime 7", **typed))

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "Millésime 7" in text_of(answer)
    assert not FrameworkVersion.objects.exists()


def test_a_duplicate_edition_is_refused_on_the_form(signed, certifier, reading):
    signed.post(at(reading), given())
    second = frameworks.reading(certifier)

    answer = signed.post(at(second), given())

    assert answer.status_code == 422
    assert "existe déjà" in text_of(answer)


def test_what_is_incomplete_is_refused_with_links_to_correct_it(signed, certifier):
    reading = frameworks.reading(certifier, content=frameworks.content(title=None))

    answer = signed.post(at(reading), given())

    assert answer.status_code == 422
    assert "l’intitulé manque" in text_of(answer)
    assert "?pointer=" in text_of(answer)


def test_the_previous_edition_is_proposed_with_what_became_of_each_item(signed, certifier, reading):
    before = frameworks.edition(frameworks.place_of(certifier))

    page = text_of(signed.get(at(reading)))

    assert f'<option value="{before.pk}" selected>' in page
    assert "Correspondances avec l’édition 01" in page
    assert "éléments identiques" in page


def test_choosing_another_previous_edition_fetches_its_items_alone(signed, certifier, reading):
    before = frameworks.edition(frameworks.place_of(certifier))

    fragment = text_of(
        signed.get(
            at(reading),
            {"previous": before.pk},
            headers={"HX-Request": "true", "HX-Target": "correspondences"},
        )
    )
    none = text_of(
        signed.get(
            at(reading),
            {"previous": ""},
            headers={"HX-Request": "true", "HX-Target": "correspondences"},
        )
    )

    assert "<html" not in fragment
    assert f'name="seen" value="{before.pk}"' in fragment
    assert 'name="seen" value="0"' in none


def test_nothing_is_published_before_its_correspondences_were_seen(signed, certifier, reading):
    before = frameworks.edition(frameworks.place_of(certifier))

    answer = signed.post(at(reading), given(edition="02", previous=before.pk, seen="0"))

    assert answer.status_code == 200
    assert "Correspondances avec l’édition 01" in text_of(answer)
    assert FrameworkVersion.objects.count() == 1


def test_a_person_confirms_corrects_and_drops_correspondences(signed, certifier, reading):
    before = frameworks.edition(frameworks.place_of(certifier))
    links = {
        "lien-keep_0": "on",  # block B1
        "lien-to_0": "B1",
        "lien-to_1": "B2",  # not ticked: dropped
        "lien-keep_2": "on",  # competency C1, which a person says became C2
        "lien-to_2": "C2",
    }

    answer = signed.post(
        at(reading), given(edition="02", previous=before.pk, seen=before.pk, **links)
    )

    assert answer.status_code == 302, text_of(answer)
    after = FrameworkVersion.objects.get(edition="02")
    assert after.previous == before
    assert [(one["kind"], one["from"], one["to"]) for one in after.correspondences] == [
        ("block", "B1", "B1"),
        ("competency", "C1", "C2"),
    ]
    assert after.correspondences[1]["nature"] == "reworded"


def test_a_correspondence_to_a_code_that_does_not_exist_is_refused_where_it_stands(
    signed, certifier, reading
):
    before = frameworks.edition(frameworks.place_of(certifier))
    links = {"lien-keep_0": "on", "lien-to_0": "B77"}

    answer = signed.post(
        at(reading), given(edition="02", previous=before.pk, seen=before.pk, **links)
    )

    assert answer.status_code == 422
    assert "Ce code n’existe pas dans la nouvelle édition." in text_of(answer)
    assert 'value="B77"' in text_of(answer)


def test_a_trainer_reviews_and_does_not_publish(as_trainer, reading):
    review = as_trainer.get(reverse("frameworks:import_review", args=[reading.pk]))

    assert review.status_code == 200
    assert "Publier…" not in text_of(review)
    assert as_trainer.get(at(reading)).status_code == 403
    assert as_trainer.post(at(reading), given()).status_code == 403
    assert not FrameworkVersion.objects.exists()


def test_another_organisation_s_edition_is_no_previous_one(signed, reading):
    theirs = frameworks.edition(frameworks.place_of(frameworks.certifier()))

    answer = signed.post(at(reading), given(previous=theirs.pk, seen="0"))

    assert answer.status_code == 422
    reading.refresh_from_db()
    assert reading.state == FrameworkImport.State.UNDERSTOOD
