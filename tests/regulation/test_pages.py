import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.regulation.actions.install_parameters import install_parameters
from acquis.regulation.models import Parameter
from tests.factories import accounts

pytestmark = pytest.mark.django_db
LEGAL = "late_interest.legal.other"


@pytest.fixture(autouse=True)
def _installed(now):
    install_parameters(by=None, at=now)


@pytest.fixture
def body(client):
    person = accounts.user(Role.CERTIFYING_BODY)
    client.force_login(person)
    return person


def text(client, name, *args, **query):
    return client.get(reverse(f"regulation:{name}", args=args), query).content.decode()


@pytest.mark.usefixtures("body")
def test_list_shows_what_holds_on_the_day_asked(client):
    page = text(client, "list", on="2026-03-01", q="intérêt légal autres")
    assert "2,62" in page
    assert "manquante" not in page


@pytest.mark.usefixtures("body")
def test_list_marks_what_is_missing_that_day(client):
    assert "manquante" in text(client, "list", on="2026-11-20", q=LEGAL)


@pytest.mark.usefixtures("body")
def test_list_marks_what_does_not_hold_yet(client):
    assert "pas encore" in text(client, "list", on="2023-01-01", q="vae.files_per_year")


@pytest.mark.usefixtures("body")
def test_search_finds_by_rule_and_by_words(client):
    assert "rétractation" in text(client, "list", q="V-05")
    assert "Aucun paramètre" in text(client, "list", q="licorne")


@pytest.mark.usefixtures("body")
def test_list_asks_the_same_of_the_database_for_one_row_and_for_all(client, count_queries):
    one = count_queries(lambda: text(client, "list", q=LEGAL))
    assert count_queries(lambda: text(client, "list")) == one


@pytest.mark.usefixtures("body")
def test_day_that_means_nothing_shows_today(client):
    assert client.get(reverse("regulation:list"), {"on": "hier"}).status_code == 200


@pytest.mark.usefixtures("body")
def test_history_shows_every_period_the_latest_first(client):
    page = text(client, "history", LEGAL)
    shown = [page.index(value) for value in ("2,62", "2,76", "3,71", "4,92")]
    assert shown == sorted(shown)


@pytest.mark.usefixtures("body")
def test_history_of_an_unknown_code_does_not_exist(client):
    assert client.get(reverse("regulation:history", args=["nothing"])).status_code == 404


def period(**fields):
    return {
        "valid_from": "2026-07-01",
        "valid_to": "2026-12-31",
        "value": "2,48",
        "source": "Arrêté du semestre",
    } | fields


@pytest.mark.usefixtures("body")
def test_certifying_body_completes_a_missing_period(client):
    response = client.post(reverse("regulation:period_new", args=[LEGAL]), period())
    assert response["Location"] == reverse("regulation:history", args=[LEGAL])
    assert str(Parameter.objects.get(code=LEGAL, valid_from="2026-07-01").value) == "2.4800"


@pytest.mark.usefixtures("body")
def test_period_that_overlaps_is_refused_in_words(client):
    response = client.post(
        reverse("regulation:period_new", args=[LEGAL]), period(valid_from="2026-06-01")
    )
    assert response.status_code == 422
    assert "ne se recouvrent pas" in response.content.decode()


@pytest.mark.usefixtures("body")
def test_incomplete_period_comes_back_with_what_was_typed(client):
    response = client.post(reverse("regulation:period_new", args=[LEGAL]), period(source=""))
    assert response.status_code == 422
    assert "2,48" in response.content.decode()
    assert not Parameter.objects.filter(code=LEGAL, valid_from="2026-07-01").exists()


@pytest.mark.usefixtures("body")
@pytest.mark.parametrize(
    ("code", "value"), [("ai.disclosure", "1"), ("prospecting.hours", "09:00-12:00")]
)
def test_forms_take_texts_and_yes_or_no(client, code, value):
    Parameter.objects.filter(code=code, valid_to=None).update(valid_to="2029-12-31")
    response = client.post(
        reverse("regulation:period_new", args=[code]),
        period(valid_from="2030-01-01", valid_to="", value=value),
    )
    assert response.status_code == 302
