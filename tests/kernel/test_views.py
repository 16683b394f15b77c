import pytest
from django.db import InterfaceError, OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

from acquis.kernel import jobs, views
from acquis.kernel.media import client as media
from acquis.kernel.models import Job
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    person = accounts.user()
    client.force_login(person)
    return person


def queued(owner, now, **fields):
    job = jobs.enqueue("tests.import", by=owner, at=now, args={})
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def test_healthz_answers_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_that_the_database_and_its_tables_are_ready(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": True, "migrations": True, "worker": True}


def test_readyz_notices_a_dead_worker(client, settings):
    settings.EMBEDDED_WORKER = True
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["worker"] is False


def test_readyz_notices_a_migration_that_was_not_applied(client):
    MigrationRecorder.Migration.objects.filter(app="kernel").order_by("name").last().delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] is False


def test_readyz_tells_of_the_trunk_and_is_ready_without_it(client, settings, monkeypatch):
    assert "trunk" not in client.get("/readyz").json()
    settings.SIP = settings.SIP | {"host": "sip.operator.example"}
    settings.MEDIA_WORKER_URL = ""

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["trunk"]["up"] is False
    state = {
        "up": False,
        "status": 403,
        "reason": "Forbidden",
        "since": "2026-11-20T09:00:00+00:00",
    }
    monkeypatch.setattr(media, "health", lambda: {"trunk": state})
    assert client.get("/readyz").json()["trunk"] == state


def test_running_job_is_fetched_again_every_second(client, owner, now):
    job = queued(owner, now, state="running", done=3, total=12, message="3 sur 12")
    page = client.get(reverse("kernel:job", args=[job.pk])).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "3 sur 12" in page


def test_ended_job_is_not_fetched_again_and_shows_its_links(client, owner, now):
    result = {"links": [{"label": "Voir la session", "url": "/sessions/4/"}], "notes": ["12 prêts"]}
    job = queued(owner, now, state="done", result=result)
    part = client.get(
        reverse("kernel:job", args=[job.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "hx-get" not in part
    assert "<html" not in part
    assert 'href="/sessions/4/"' in part
    assert "12 prêts" in part


def test_failed_job_says_why(client, owner, now):
    job = queued(owner, now, state="failed", error="Le fichier est illisible.")
    page = client.get(reverse("kernel:job", args=[job.pk])).content.decode()
    assert "Le fichier est illisible." in page


def test_job_of_another_person_does_not_exist(client, owner, now):
    job = queued(accounts.user(), now)
    assert client.get(reverse("kernel:job", args=[job.pk])).status_code == 404
    assert client.post(reverse("kernel:job_cancel", args=[job.pk])).status_code == 404


def test_waiting_job_can_be_stopped_by_its_owner(client, owner, now):
    job = queued(owner, now)
    response = client.post(reverse("kernel:job_cancel", args=[job.pk]))
    assert response["Location"] == reverse("kernel:job", args=[job.pk])
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_ended_job_cannot_be_stopped(client, owner, now):
    job = queued(owner, now, state="done")
    assert client.post(reverse("kernel:job_cancel", args=[job.pk])).status_code == 422


def test_list_shows_ones_own_jobs_in_as_many_queries_for_one_and_for_twenty(
    client, owner, now, count_queries
):
    queued(owner, now)
    queued(accounts.user(), now)
    page = client.get(reverse("kernel:jobs"))
    assert page.content.decode().count("data-row") == 1
    one = count_queries(lambda: client.get(reverse("kernel:jobs")))
    for _ in range(19):
        queued(owner, now)
    assert count_queries(lambda: client.get(reverse("kernel:jobs"))) == one


def test_list_without_jobs_says_what_would_be_there(client, owner):
    assert "Aucun travail" in client.get(reverse("kernel:jobs")).content.decode()


def test_unknown_address_has_a_page(client, owner):
    response = client.get("/rien-ici/")
    assert response.status_code == 404
    assert "Code 404" in response.content.decode()


def test_form_without_its_token_is_refused_on_a_page_of_ours(now):
    strict = Client(enforce_csrf_checks=True)
    person = accounts.user()
    strict.force_login(person)
    response = strict.post(reverse("kernel:job_cancel", args=[queued(person, now).pk]))
    assert response.status_code == 403
    assert "trop longtemps" in response.content.decode()


def test_page_of_a_fault_asks_nothing_of_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Code 500" in response.content.decode()


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_said_so_and_when_to_ask_again(
    owner, client, monkeypatch, fault
):
    def gone(*_args, **_kwargs):
        raise fault("connection refused")

    monkeypatch.setattr(views, "render", gone)
    client.raise_request_exception = False
    response = client.get(reverse("kernel:jobs"))
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "reprend dans un instant" in response.content.decode()
