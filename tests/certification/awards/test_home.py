import pytest
from django.urls import reverse

from tests.factories import awards, grading

pytestmark = pytest.mark.django_db


def first_page(client, user):
    client.force_login(user)
    return client.get(reverse("accounts:home"), follow=True).content.decode()


def test_the_first_page_leads_each_person_to_their_next_signature(client):
    session = awards.deliberated_session(passed=(True,))
    assert reverse("awards:session", args=[session.pk]) in first_page(client, session.manager)

    pv = awards.written(session)
    first, second = awards.jurors(session)
    sign = reverse("awards:sign", args=[pv.pk])
    countersign = reverse("awards:countersign", args=[pv.pk])
    assert sign in first_page(client, first)
    assert countersign not in first_page(client, session.manager)

    for juror in (first, second):
        awards.sign_document(document=pv, by=juror, at=grading.AT, password=grading.PASSWORD)
    assert sign not in first_page(client, first)
    assert countersign in first_page(client, session.manager)


def test_the_first_page_leads_a_juror_to_their_grids_and_to_the_deliberation(client):
    session = grading.session(candidates=1)
    juror = grading.first_juror(session)
    assert reverse("grading:home") in first_page(client, juror)

    for grid in grading.grids(session):
        grading.closed(grid)

    assert reverse("grading:session", args=[session.pk]) in first_page(client, juror)


def test_the_first_page_leads_a_candidate_to_their_results(client):
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    person = session.candidates.get().enrolment.candidate.user

    assert reverse("awards:own_results") in first_page(client, person)
