from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from acquis.certification.frameworks.actions.correct_import import Correction, correct_import
from acquis.certification.frameworks.actions.publish_import import Edition, publish_import
from acquis.certification.frameworks.content import fingerprint
from acquis.certification.frameworks.errors import (
    CorrectionOutdated,
    CorrespondenceUnknown,
    EditionExists,
    EditionFrozen,
    FrameworkIncomplete,
    ImportClosed,
)
from acquis.certification.frameworks.models import Framework, FrameworkImport, FrameworkVersion
from acquis.kernel import trace
from acquis.kernel.models import TraceLine
from tests.factories import frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return frameworks.certifier()


def edition(**fields):
    return Edition(
        **({"code": "RNCP90001", "edition": "01", "valid_from": date(2026, 1, 1)} | fields)
    )


@pytest.fixture
def publish(by, now):
    def act(reading, revision=None, **fields):
        return publish_import(
            reading=reading,
            edition=edition(**fields),
            revision=reading.revision if revision is None else revision,
            by=by,
            at=now,
        )

    return act


def test_a_reviewed_import_becomes_a_frozen_edition(by, publish, now):
    reading = frameworks.reading(by)

    version = publish(reading, edition="02", valid_to=date(2030, 12, 31))

    reading.refresh_from_db()
    assert (reading.state, reading.version) == (FrameworkImport.State.PUBLISHED, version)
    assert version.framework.organisation == frameworks.place_of(by)
    assert version.content["edition"] == "02"
    assert version.content_sha256 == fingerprint(version.content)
    assert (version.published_by, version.published_at) == (by, now)
    line = TraceLine.objects.get(verb="framework.published")
    assert line.data["sha256"] == version.content_sha256
    assert trace.verify() == []


def test_publishing_twice_is_refused(by, publish):
    reading = frameworks.reading(by)
    publish(reading)

    with pytest.raises(EditionFrozen):
        publish(reading)

    assert FrameworkVersion.objects.count() == 1


def test_correcting_what_is_published_is_refused(by, publish, now):
    reading = frameworks.reading(by)
    publish(reading)

    with pytest.raises(EditionFrozen):
        correct_import(
            reading=reading, correction=Correction("remove", "/blocks/0", 0), by=by, at=now
        )


def test_the_same_edition_twice_is_refused_and_keeps_the_review(by, publish):
    publish(frameworks.reading(by))
    second = frameworks.reading(by)

    with pytest.raises(EditionExists) as refused:
        publish(second)

    second.refresh_from_db()
    assert second.state == FrameworkImport.State.UNDERSTOOD
    assert "« 01 »" in str(refused.value)
    assert FrameworkVersion.objects.count() == 1


def test_two_organisations_publish_the_same_edition_each_for_itself(by, publish, now):
    publish(frameworks.reading(by))
    other = frameworks.certifier()

    version = publish_import(
        reading=frameworks.reading(other), edition=edition(), revision=0, by=other, at=now
    )

    assert version.framework.organisation == frameworks.place_of(other)


def test_what_is_incomplete_is_refused_with_all_that_is_missing(by, publish):
    broken = frameworks.content(title=None)
    broken["blocks"][0]["criteria"][0]["competencies"] = ["C77"]

    with pytest.raises(FrameworkIncomplete) as refused:
        publish(frameworks.reading(by, content=broken))

    assert "l’intitulé manque" in str(refused.value)
    assert "C77" in str(refused.value)
    assert not Framework.objects.exists()


def test_publishing_what_somebody_corrected_meanwhile_is_refused(by, publish):
    reading = frameworks.reading(by, revision=3)

    with pytest.raises(CorrectionOutdated):
        publish(reading, revision=2)


def test_an_abandoned_import_is_not_published(by, publish):
    with pytest.raises(ImportClosed):
        publish(frameworks.reading(by, state=FrameworkImport.State.ABANDONED))


def test_confirmed_correspondences_are_kept_with_the_edition(by, publish):
    before = publish(frameworks.reading(by))
    kept = [{"kind": "criterion", "from": "K1", "to": "K2", "nature": "reworded", "nearness": 40}]

    after = publish(frameworks.reading(by), edition="02", previous=before, correspondences=kept)

    after.refresh_from_db()
    assert after.correspondences == kept
    assert after.previous == before


def test_a_correspondence_to_an_unknown_code_is_refused(by, publish):
    before = publish(frameworks.reading(by))
    stray = [{"kind": "criterion", "from": "K1", "to": "K77"}]

    with pytest.raises(CorrespondenceUnknown):
        publish(frameworks.reading(by), edition="02", previous=before, correspondences=stray)


def test_a_correspondence_with_nothing_before_is_refused(by, publish):
    stray = [{"kind": "criterion", "from": "K1", "to": "K1"}]

    with pytest.raises(CorrespondenceUnknown):
        publish(frameworks.reading(by), correspondences=stray)

    assert not FrameworkVersion.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"title": "Autre"}},
        {"content_sha256": "0" * 64},
        {"edition": "99"},
        {"state": "draft"},
        {"valid_from": date(2020, 1, 1)},
        {"published_at": None},
    ],
)
def test_the_database_refuses_to_change_a_published_edition(change):
    version = frameworks.edition()

    with pytest.raises(DatabaseError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=version.pk).update(**change)

    version.refresh_from_db()
    assert version.content == frameworks.content()
    assert (version.edition, version.state) == ("01", "published")


def test_the_database_refuses_to_remove_a_published_edition():
    version = frameworks.edition()

    with pytest.raises(DatabaseError), transaction.atomic():
        FrameworkVersion.objects.filter(pk=version.pk).delete()

    assert FrameworkVersion.objects.filter(pk=version.pk).exists()


def test_the_last_day_of_a_published_edition_may_still_be_stated():
    version = frameworks.edition()

    FrameworkVersion.objects.filter(pk=version.pk).update(valid_to=date(2030, 1, 1))

    version.refresh_from_db()
    assert version.valid_to == date(2030, 1, 1)


def test_the_database_refuses_an_end_before_the_beginning():
    with pytest.raises(IntegrityError), transaction.atomic():
        frameworks.edition(valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))


def test_the_database_refuses_a_published_edition_without_its_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        frameworks.edition(valid_from=None)
