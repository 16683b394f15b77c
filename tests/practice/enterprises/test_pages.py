from datetime import datetime

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.kernel import jobs, trace
from acquis.practice.enterprises.actions import close_copy
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.enterprises.errors import NotAPracticeCopy
from tests.factories import accounts as people
from tests.factories import certification as make
from tests.factories import practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(now: datetime) -> Workspace:
    return practice.model_workspace(at=now)


@pytest.fixture
def trainer(model: Workspace):
    return people.user(Role.TRAINER, at=model.organisation)


def run_jobs(now: datetime) -> None:
    while jobs.run_due(now=now):
        pass


def test_the_list_shows_enterprises_and_counts_their_copies(client, model, trainer, now) -> None:
    copy_workspace(source=model, name="Copie", by=trainer, at=now, member=trainer)
    client.force_login(trainer)
    page = client.get(reverse("enterprises:list")).content.decode()
    assert model.name in page
    assert 'name="reference_on"' in page


def test_the_certifying_body_reads_and_changes_nothing(client, model) -> None:
    client.force_login(people.user(Role.CERTIFYING_BODY, at=model.organisation))
    page = client.get(reverse("enterprises:detail", args=[model.pk]))
    assert page.status_code == 200
    assert b'name="people"' not in page.content
    assert client.post(reverse("enterprises:copies", args=[model.pk])).status_code == 403


def test_another_organisation_sees_no_enterprise(client, model, trainer, now) -> None:
    copy = copy_workspace(source=model, name="Copie", by=trainer, at=now)
    client.force_login(people.user(Role.TRAINER))
    address = reverse("enterprises:detail", args=[model.pk])
    assert address not in client.get(reverse("enterprises:list")).content.decode()
    assert client.get(address).status_code == 404
    for name in ("seal", "remove"):
        assert client.post(reverse(f"enterprises:{name}", args=[copy.pk])).status_code == 404


def test_an_enterprise_is_installed_again_for_another_day(client, model, trainer, now) -> None:
    client.force_login(trainer)
    answer = client.post(
        reverse("enterprises:load"), {"slug": practice.SLUG, "reference_on": "2027-01-12"}
    )
    assert answer.status_code == 302
    run_jobs(now)
    fresh = Workspace.objects.filter(kind=WorkspaceKind.MODEL).exclude(pk=model.pk).get()
    assert fresh.identity["reference_on"] == "2027-01-12"
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("enterprises:detail", args=[fresh.pk])).status_code == 200


def test_a_day_that_is_none_installs_nothing(client, model, trainer) -> None:
    client.force_login(trainer)
    answer = client.post(
        reverse("enterprises:load"), {"slug": practice.SLUG, "reference_on": "demain"}
    )
    assert answer.status_code == 422
    assert Workspace.objects.count() == 1


def test_each_named_person_gets_a_copy_of_their_own(client, model, trainer, now) -> None:
    learners = [people.user(Role.CANDIDATE, at=model.organisation) for _ in range(2)]
    client.force_login(trainer)
    address = reverse("enterprises:copies", args=[model.pk])
    assert client.post(address, {"people": [one.pk for one in learners]}).status_code == 302
    run_jobs(now)
    copies = Workspace.objects.filter(kind=WorkspaceKind.COPY, origin=model)
    assert {seat.user for copy in copies for seat in copy.members.all()} == set(learners)
    assert copies.count() == 2
    page = client.get(reverse("enterprises:detail", args=[model.pk])).content.decode()
    assert str(learners[0]) in page


def test_copies_for_nobody_or_for_a_stranger_are_refused(client, model, trainer) -> None:
    client.force_login(trainer)
    address = reverse("enterprises:copies", args=[model.pk])
    stranger = people.user(Role.CANDIDATE)
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"people": [stranger.pk]}).status_code == 422
    assert not Workspace.objects.filter(kind=WorkspaceKind.COPY).exists()


def test_a_practice_copy_is_sealed_once_then_removed_with_its_rows(
    client, model, trainer, now
) -> None:
    copy = copy_workspace(source=model, name="Copie", by=trainer, at=now, member=trainer)
    client.force_login(trainer)
    for _ in range(2):
        assert client.post(reverse("enterprises:seal", args=[copy.pk])).status_code == 302
    verbs = [line.verb for line in trace.lines(copy.trace_stream)]
    assert verbs.count("workspace.sealed") == 1
    kept = Customer.objects.filter(workspace=model).count()
    assert client.post(reverse("enterprises:remove", args=[copy.pk])).status_code == 302
    assert not Workspace.objects.filter(pk=copy.pk).exists()
    assert Customer.objects.count() == kept
    last = trace.lines(copy.trace_stream).last()
    assert last is not None
    assert last.verb == "workspace.removed"
    assert client.post(reverse("enterprises:remove", args=[copy.pk])).status_code == 404


def test_the_copy_of_an_exam_is_neither_sealed_nor_removed_here(
    client, model, trainer, now
) -> None:
    copy = copy_workspace(source=model, name="Épreuve", by=None, at=now)
    sitting = make.sitting()
    sitting.workspace = copy
    sitting.save(update_fields=["workspace"])
    client.force_login(trainer)
    for name in ("seal", "remove"):
        assert client.post(reverse(f"enterprises:{name}", args=[copy.pk])).status_code == 404
    for act in (close_copy.seal_copy, close_copy.remove_copy):
        with pytest.raises(NotAPracticeCopy):
            act(copy=copy, by=trainer, at=now)
    page = client.get(reverse("enterprises:detail", args=[model.pk])).content.decode()
    assert "Épreuve" not in page
