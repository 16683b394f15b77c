import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.juries.models import DeclaredLink, Juror
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

DATA = {
    "first_name": "Maëlle",
    "last_name": "Kerdoncuff",
    "email": "m.kerdoncuff@exemple.fr",
    "is_external": "on",
    "experience_years": "6",
    "briefed_on": "2026-01-10",
    "accredited_from": "2026-01-01",
    "accredited_to": "2028-12-31",
    "specialities": "rétention, recouvrement",
}


@pytest.fixture
def centre(client):
    place = make.organisation()
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=place))
    return place


def test_a_juror_is_registered_corrected_and_retired(client, centre) -> None:
    client.post(reverse("juries:create"), DATA)
    juror = Juror.objects.get()
    assert juror.specialities == ["rétention", "recouvrement"]
    assert client.post(reverse("juries:create"), DATA).status_code == 422
    client.post(reverse("juries:edit", args=[juror.pk]), DATA | {"employer": "Atlantique"})
    juror.refresh_from_db()
    assert juror.employer == "Atlantique"
    client.post(reverse("juries:retire", args=[juror.pk]))
    page = client.get(reverse("juries:list"))
    assert page.context["page_obj"].paginator.count == 0
    page = client.get(reverse("juries:list"), {"tous": "1"})
    assert page.context["page_obj"].paginator.count == 1


def test_an_accreditation_that_ends_before_it_begins_is_refused(client, centre) -> None:
    answer = client.post(reverse("juries:create"), DATA | {"accredited_to": "2025-01-01"})
    assert answer.status_code == 422
    assert not Juror.objects.exists()


def test_a_link_is_declared_shown_and_withdrawn(client, centre) -> None:
    juror, candidate = make.juror(centre), make.candidate(centre)
    data = {"candidate": candidate.pk, "nature": "trainer", "detail": "2025"}
    client.post(reverse("juries:declare_link", args=[juror.pk]), data)
    page = client.get(reverse("juries:detail", args=[juror.pk])).content.decode()
    assert candidate.birth_name in page
    client.post(reverse("juries:withdraw_link", args=[juror.links.get().pk]))
    assert not DeclaredLink.objects.exists()


def test_the_sheet_says_what_would_bar_the_juror_today(client, centre) -> None:
    juror = make.juror(centre, briefed_on=None)
    page = client.get(reverse("juries:detail", args=[juror.pk])).content.decode()
    assert "session d" in page
    assert "information" in page


def test_the_register_costs_the_same_for_one_and_for_many(client, centre, count_queries) -> None:
    def cost() -> int:
        return count_queries(lambda: client.get(reverse("juries:list")))

    make.juror(centre)
    cost()
    one = cost()
    for _ in range(4):
        make.juror(centre)
    assert cost() == one


def test_a_juror_of_another_centre_does_not_exist(client, centre) -> None:
    other = make.juror(make.organisation())
    assert client.get(reverse("juries:detail", args=[other.pk])).status_code == 404
