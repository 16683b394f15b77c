from datetime import date, timedelta

import pytest

from acquis.certification.frameworks import contract, corrections, queries
from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
from acquis.certification.frameworks.content import counts, fingerprint
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.kernel import trace
from acquis.kernel.models import TraceLine

pytestmark = pytest.mark.django_db


def test_the_five_frameworks_ship_published_and_keep_the_contract(now):
    installed = install_catalogue(by=None, at=now)

    assert len(installed) == 5
    for version in installed:
        contract.check(version.content)
        assert version.state == FrameworkVersion.State.PUBLISHED
        assert version.content_sha256 == fingerprint(version.content)
        assert version.framework.organisation is None
        assert version.framework.title


def test_the_professional_title_has_its_counts_and_its_day(now):
    install_catalogue(by=None, at=now)

    title = FrameworkVersion.objects.get(framework__code="TP-00483")

    assert counts(title.content) | {"warnings": 0} == {
        "blocks": 2,
        "competencies": 7,
        "criteria": 53,
        "transversal": 3,
        "assessments": 3,
        "warnings": 0,
    }
    assert title.edition == "06"
    assert title.valid_from == date(2021, 7, 6)


def test_installing_again_changes_nothing(now):
    first = install_catalogue(by=None, at=now)
    lines = TraceLine.objects.count()

    again = install_catalogue(by=None, at=now + timedelta(days=1))

    assert [one.pk for one in again] == [one.pk for one in first]
    assert Framework.objects.count() == 5
    assert TraceLine.objects.count() == lines
    assert trace.verify() == []


def test_an_edition_is_valid_from_its_first_to_its_last_day(now):
    install_catalogue(by=None, at=now)
    found = FrameworkVersion.objects.filter(framework__code="TP-00483")

    assert queries.valid_on(found, date(2021, 7, 6)).exists()
    assert not queries.valid_on(found, date(2021, 7, 5)).exists()


def test_only_what_their_documents_lack_would_keep_them_from_being_published(now):
    faults = {
        version.framework.code: [str(fault) for fault in corrections.faults(version.content)]
        for version in install_catalogue(by=None, at=now)
    }

    assert [code for code, found in faults.items() if found] == ["RNCP-GRC"]
    assert faults["RNCP-GRC"] == ["le bloc B3 n’a pas d’intitulé"]
