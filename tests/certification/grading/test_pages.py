import json

import pytest
from django.urls import reverse

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.models import Deliberation, Grid, Mark
from tests.factories import grading
from tests.factories.grading import ACQUIRED, NOT_ACQUIRED

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return grading.session(candidates=1)


@pytest.fixture
def grids(session):
    return grading.grids(session)


def sign_in(client, user):
    client.force_login(user)
    return client


def mark(client, grid, **given):
    values = {"criterion": "CP1.1", "verdict": ACQUIRED, "observation": "", "seq": 0} | given
    return client.post(
        reverse("grading:mark", args=[grid.pk]), values, headers={"accept": "application/json"}
    )


def test_a_juror_sees_their_own_grids_and_how_far_they_are(client, session, grids):
    own, other = grids
    grading.mark(own, "CP1.1", ACQUIRED)

    page = sign_in(client, grading.juror_of(own)).get(reverse("grading:home")).content.decode()

    assert reverse("grading:grid", args=[own.pk]) in page
    assert reverse("grading:grid", args=[other.pk]) not in page
    assert '<progress class="work-bar" value="1" max="3"' in page


def test_a_juror_without_grids_is_told_what_would_be_here(client, session):
    juror = grading.first_juror(session)
    ExamSession.objects.update(state=ExamSession.State.DRAFT)

    page = sign_in(client, juror).get(reverse("grading:home")).content.decode()

    assert "Aucune grille pour l’instant" in page


def test_a_juror_opens_the_grids_of_the_session_they_sit_in(client, session):
    juror = grading.first_juror(session)

    sign_in(client, juror).post(reverse("grading:open_own_grids", args=[session.pk]))

    assert Grid.objects.count() == 2


def test_the_grid_page_shows_the_framework_s_wording_and_two_equal_buttons(client, grids):
    page = sign_in(client, grading.juror_of(grids[0])).get(
        reverse("grading:grid", args=[grids[0].pk])
    )

    text = page.content.decode()
    assert "La demande n° 1 du client est comprise" in text
    assert text.count('value="acquired" aria-pressed="false"') == 3
    assert text.count('value="not_acquired" aria-pressed="false"') == 3
    assert "btn-success" not in text
    assert "btn-danger" not in text


def test_looking_at_a_grid_writes_nothing(client, grids):
    before = list(Mark.objects.values())

    sign_in(client, grading.juror_of(grids[0])).get(reverse("grading:grid", args=[grids[0].pk]))

    assert list(Mark.objects.values()) == before


def test_a_mark_is_acknowledged_with_its_number_and_the_progress(client, grids):
    answer = mark(sign_in(client, grading.juror_of(grids[0])), grids[0], client_id="t:1")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["answer"], body["seq"], body["marked"], body["total"]) == ("saved", 1, 1, 3)


def test_a_stale_window_is_answered_with_the_mark_that_stands(client, grids):
    signed = sign_in(client, grading.juror_of(grids[0]))
    mark(signed, grids[0], observation="Oui.", client_id="t:1")

    answer = mark(signed, grids[0], verdict=NOT_ACQUIRED, client_id="u:1")

    assert answer.status_code == 409
    assert (answer.json()["verdict"], answer.json()["observation"]) == (ACQUIRED, "Oui.")


def test_marking_works_without_script(client, grids):
    signed = sign_in(client, grading.juror_of(grids[0]))
    values = {"criterion": "CP1.1", "verdict": ACQUIRED, "observation": "Oui.", "seq": 0}

    first = signed.post(reverse("grading:mark", args=[grids[0].pk]), values)
    other = values | {"observation": "Non."}
    again = signed.post(reverse("grading:mark", args=[grids[0].pk]), other)

    assert first.status_code == 302
    assert again.status_code == 409
    assert "Garder ma saisie" in again.content.decode()


def test_a_mark_that_cannot_be_read_is_refused_with_its_reason(client, grids):
    answer = mark(sign_in(client, grading.juror_of(grids[0])), grids[0], verdict="presque")

    assert answer.status_code == 422
    assert "verdict" in answer.json()["errors"]


def test_a_closed_grid_says_so(client, grids):
    grading.closed(grids[0])
    signed = sign_in(client, grading.juror_of(grids[0]))

    answer = mark(signed, grids[0], seq=1)

    assert answer.status_code == 422
    assert answer.json()["code"] == "grading.grid_closed"
    assert (
        "close depuis" in signed.get(reverse("grading:grid", args=[grids[0].pk])).content.decode()
    )


def test_closing_keeps_what_was_typed_when_criteria_are_missing(client, grids):
    signed = sign_in(client, grading.juror_of(grids[0]))

    answer = signed.post(
        reverse("grading:close_grid", args=[grids[0].pk]), {"general_observation": "Posée."}
    )

    assert answer.status_code == 422
    assert "CP1.1, CP2.2, CP2.3" in answer.content.decode()
    assert "Posée." in answer.content.decode()


@pytest.mark.parametrize("name", ["grid", "read_grid"])
def test_nobody_else_reads_a_grid_before_all_are_closed(client, session, grids, name):
    own, other = grids
    grading.closed(own)
    address = reverse(f"grading:{name}", args=[own.pk])

    for person in (grading.juror_of(other), session.manager):
        answer = sign_in(client, person).get(address)
        assert answer.status_code in {403, 404}


def test_nobody_else_marks_or_closes_a_grid(client, session, grids):
    own, other = grids

    for person in (grading.juror_of(other), session.manager):
        assert mark(sign_in(client, person), own).status_code in {403, 404}
        close = client.post(reverse("grading:close_grid", args=[own.pk]))
        assert close.status_code in {403, 404}
    assert not Mark.objects.exclude(verdict="").exists()


def test_the_page_of_the_session_shows_counts_and_no_verdict(client, session, grids):
    grading.mark(grids[0], "CP1.1", NOT_ACQUIRED, observation="Secret du juré.")

    page = sign_in(client, session.manager).get(reverse("grading:session", args=[session.pk]))

    text = page.content.decode()
    assert "1 sur 3 renseignés" in text.replace("\xa0", " ")
    assert "Secret du juré." not in text
    assert "on acquis" not in text


def test_once_all_are_closed_the_jury_and_the_manager_read_them(client, session, grids):
    for grid in grids:
        grading.closed(grid)

    for person in (grading.juror_of(grids[1]), session.manager):
        answer = sign_in(client, person).get(reverse("grading:read_grid", args=[grids[0].pk]))
        assert "Observé pour CP1.1." in answer.content.decode()


def test_another_organisation_s_people_see_nothing(client, session, grids):
    for grid in grids:
        grading.closed(grid)
    elsewhere = grading.session()

    for person in (elsewhere.manager, grading.first_juror(elsewhere)):
        signed = sign_in(client, person)
        for name, pk in (("session", session.pk), ("read_grid", grids[0].pk)):
            assert signed.get(reverse(f"grading:{name}", args=[pk])).status_code in {403, 404}


def test_disagreements_come_first_with_both_verdicts_and_agreements_are_folded(client, session):
    candidate = session.candidates.get()
    grading.deliberation(session, candidate, disputed=("CP2.2",))

    page = sign_in(client, grading.first_juror(session)).get(
        reverse("grading:deliberation", args=[candidate.pk])
    )

    text = page.content.decode()
    folded = text.index('<details class="agreements">')
    assert text.index("CP2.2") < folded < text.index("CP1.1")
    assert "Non acquis" in text[:folded]
    assert "1 désaccord" in text.replace("\xa0", " ")


def test_the_manager_reads_a_deliberation_only_once_it_is_closed(client, session):
    candidate = session.candidates.get()
    address = reverse("grading:deliberation", args=[candidate.pk])
    grading.deliberation(session, candidate, disputed=("CP1.1",))

    assert sign_in(client, session.manager).get(address).status_code == 404


def test_a_refused_decision_keeps_the_words_of_the_jury(client, session):
    candidate = session.candidates.get()
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))

    answer = sign_in(client, grading.first_juror(session)).post(
        reverse("grading:decide", args=[deliberation.pk]),
        {"criterion": "CP2.2", "verdict": "", "reason": "Entendu à 04:12.", "revision": 0},
    )

    assert answer.status_code == 422
    assert "Entendu à 04:12." in answer.content.decode()


def test_the_jury_decides_closes_and_concludes_in_the_browser(client, session):
    candidate = session.candidates.get()
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))
    signed = sign_in(client, grading.first_juror(session))
    signed.post(
        reverse("grading:decide", args=[deliberation.pk]),
        {"criterion": "CP2.2", "verdict": ACQUIRED, "reason": "Entendu.", "revision": 0},
    )

    refused = signed.post(
        reverse("grading:close_deliberation", args=[deliberation.pk]),
        {"present": [], "outcome": "passed", "reasons": "Prestation claire."},
    )
    assert refused.status_code == 422
    assert "Prestation claire." in refused.content.decode()
    signed.post(
        reverse("grading:close_deliberation", args=[deliberation.pk]),
        {
            "present": [seat.pk for seat in session.jurors.all()],
            "outcome": "passed",
            "reasons": "Prestation claire.",
        },
    )
    signed.post(reverse("grading:conclude", args=[session.pk]))

    session.refresh_from_db()
    assert Deliberation.objects.get().outcome == "passed"
    assert session.state == ExamSession.State.DELIBERATED
    read = signed.get(reverse("grading:deliberation", args=[candidate.pk])).content.decode()
    assert "Admis" in read
    assert 'name="outcome"' not in read


@pytest.mark.parametrize("page", ["home", "session"])
def test_pages_ask_the_database_as_often_for_three_candidates_as_for_one(
    client, django_assert_max_num_queries, page
):
    counts = []
    for candidates in (1, 3):
        session = grading.session(candidates=candidates)
        grading.grids(session)
        juror = grading.first_juror(session)
        address = (
            reverse("grading:home")
            if page == "home"
            else reverse("grading:session", args=[session.pk])
        )
        sign_in(client, juror)
        with django_assert_max_num_queries(40) as captured:
            client.get(address)
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["grid", "deliberation"])
def test_pages_ask_the_database_as_often_for_nine_criteria_as_for_three(
    client, django_assert_max_num_queries, page
):
    counts = []
    for criteria in (3, 9):
        session = grading.session(candidates=1, criteria=criteria)
        grading.deliberation(session, session.candidates.get())
        juror = grading.first_juror(session)
        target = (
            Grid.objects.get(juror__juror__user=juror)
            if page == "grid"
            else session.candidates.get()
        )
        sign_in(client, juror)
        with django_assert_max_num_queries(40) as captured:
            client.get(reverse(f"grading:{page}", args=[target.pk]))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_answer_to_a_mark_says_nothing_of_other_jurors(client, grids):
    grading.mark(grids[1], "CP1.1", NOT_ACQUIRED, observation="Secret.")

    answer = mark(sign_in(client, grading.juror_of(grids[0])), grids[0])

    assert "Secret." not in json.dumps(answer.json())
    assert answer.json()["marked"] == 1
