from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.juries import actions, policy, presentation
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.certification.registrations.models import Enrolment
from tests.factories import certification as make
from tests.factories.certification import DAY, ccp1_content

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
    data = {
        "candidate": candidate.pk,
        "nature": "trainer",
        "declared_by": "juror",
        "detail": "2025",
    }
    client.post(reverse("juries:declare_link", args=[juror.pk]), data)
    page = client.get(reverse("juries:detail", args=[juror.pk])).content.decode()
    assert candidate.birth_name in page
    link = juror.links.get()
    for _twice in range(2):
        client.post(reverse("juries:withdraw_link", args=[link.pk]))
    link.refresh_from_db()
    assert link.ended_at is not None
    assert "terminé le" in client.get(reverse("juries:detail", args=[juror.pk])).content.decode()
    client.post(reverse("juries:declare_link", args=[juror.pk]), data)
    assert DeclaredLink.objects.filter(ended_at=None).count() == 1


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


def test_a_link_is_with_a_candidate_or_with_an_organisation(client, centre) -> None:
    juror, candidate = make.juror(centre), make.candidate(centre)
    where = reverse("juries:declare_link", args=[juror.pk])
    named = {"nature": "employer", "declared_by": "centre"}
    client.post(where, named)
    client.post(where, named | {"candidate": candidate.pk, "organisation_name": "Atlantique"})
    assert not DeclaredLink.objects.exists()
    for _twice in range(2):
        client.post(where, named | {"organisation_name": "Atlantique"})
    assert juror.links.get().organisation_name == "Atlantique"


def test_who_works_for_an_organisation_that_the_juror_knows_is_not_judged_by_them(centre) -> None:
    session = make.session(organisation=centre, candidates=1)
    member = session.jurors.first()
    actions.declare_link(
        juror=member.juror, organisation_name="Hortensia", nature="employer",
        by=session.manager, at=DAY,
    )  # fmt: skip
    assert sessions.jury_faults(session) == []
    enrolment = session.candidates.get().enrolment
    for field in ("employer", "training_body"):
        Enrolment.objects.update(employer="", training_body="")
        Enrolment.objects.filter(pk=enrolment.pk).update(**{field: "HORTENSIA"})
        (fault,) = sessions.jury_faults(session)
        assert (fault.code, fault.member) == ("linked", member.juror_id)


@pytest.mark.parametrize(
    "fields", [{"candidate_id": None}, {"candidate_id": 7, "organisation_name": "X"}]
)
def test_the_database_refuses_a_link_with_nobody_or_with_two(centre, fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.juror(centre).links.create(nature="other", declared_at=DAY, **fields)


def test_the_register_shows_what_ends_soon(client, centre) -> None:
    today = timezone.localtime().date()
    ending = make.juror(centre, accredited_to=today + timedelta(days=60))
    make.juror(centre, accredited_to=today + timedelta(days=61))
    make.juror(centre, accredited_to=today - timedelta(days=1))
    leaving = make.juror(centre, left_job_on=policy.years_before(today + timedelta(days=60), 5))
    make.juror(centre, left_job_on=policy.years_before(today - timedelta(days=1), 5))
    make.juror(centre, left_job_on=today)

    def shown(state: str) -> list[Juror]:
        page = client.get(reverse("juries:list"), {"etat": state})
        return [row["juror"] for row in page.context["rows"]]

    assert shown("habilitation") == [ending]
    assert shown("cessation") == [leaving]
    assert len(shown("autre")) == 6


def test_a_juror_may_be_asked_for_by_the_framework(centre) -> None:
    """The jury of the block whose framework wants an experience (002, CCP2)."""
    content = ccp1_content()
    title = content["blocks"][0]["title"]
    content["rules"]["jury"]["notes"] = [
        f"CCP {title} : L'un des membres du jury doit avoir une expérience de la rétention client."
    ]
    session = make.session(organisation=centre, version=make.framework_version(content=content))
    (fault,) = sessions.jury_faults(session)
    assert "rétention client" in presentation.sentence(fault)
    Juror.objects.filter(pk=session.jurors.first().juror_id).update(specialities=["Rétention"])
    assert sessions.jury_faults(session) == []
