"""What is read of marking and deliberation, by whom and from when; the rest does not exist."""

import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.certification.grading import access
from tests.factories import grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return grading.session(candidates=1)


@pytest.fixture
def candidate(session):
    return session.candidates.get()


def finds(ask, *given) -> bool:
    try:
        ask(*given)
    except Http404:
        return False
    return True


def test_a_grid_is_its_juror_s_alone_until_all_are_closed(session):
    own, other = grading.grids(session)
    author, peer = grading.juror_of(own), grading.juror_of(other)
    grading.closed(own)

    for person, reads in ((author, True), (peer, False), (session.manager, False)):
        assert finds(access.own_grid, person, own.pk) is reads
        assert finds(access.marked_grid, person, own.pk) is reads
        assert finds(access.readable_grid, person, own.pk) is reads


def test_closed_grids_are_read_by_the_jury_and_by_those_who_answer_for_the_results(session):
    own, other = grading.grids(session)
    for grid in (own, other):
        grading.closed(grid)
    place = session.organisation
    certifier = grading.person(Role.CERTIFYING_BODY, organisation=place)
    outsiders = [
        grading.add_juror(session, present=False).juror.user,
        grading.person(Role.INVIGILATOR, organisation=place),
        grading.first_juror(grading.session()),
        grading.session().manager,
    ]

    for person in (grading.juror_of(other), session.manager, certifier):
        assert finds(access.readable_grid, person, own.pk)
    for person in outsiders:
        assert not finds(access.readable_grid, person, own.pk)
    assert not finds(access.readable_grid, session.manager, 10**9)


def test_a_deliberation_is_the_jury_s_until_it_is_closed(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))
    juror, manager = grading.first_juror(session), session.manager
    absent = grading.add_juror(session, present=False).juror.user

    assert access.readable_candidate(juror, candidate.pk) == candidate
    assert access.deliberating_candidate(juror, candidate.pk) == candidate
    assert access.own_deliberation(juror, deliberation.pk) == deliberation
    for person in (manager, absent):
        assert not finds(access.readable_candidate, person, candidate.pk)
        assert not finds(access.deliberating_candidate, person, candidate.pk)
        assert not finds(access.own_deliberation, person, deliberation.pk)


def test_a_closed_deliberation_is_read_by_who_answers_for_the_results(session, candidate):
    grading.decided(session, candidate)
    absent = grading.add_juror(session, present=False).juror.user
    not_noted = grading.add_juror(session, present=None).juror.user

    for person in (session.manager, not_noted):
        assert access.readable_candidate(person, candidate.pk) == candidate
    for person in (grading.session().manager, absent):
        assert not finds(access.readable_candidate, person, candidate.pk)
    assert not finds(access.deliberating_candidate, session.manager, candidate.pk)


def test_a_session_is_followed_by_its_jury_and_its_managers_and_each_acts_for_their_part(session):
    juror, manager, elsewhere = grading.first_juror(session), session.manager, grading.session()

    assert access.followed_session(juror, session.pk) == session
    assert access.followed_session(manager, session.pk) == session
    assert access.jury_session(juror, session.pk) == session
    assert access.managed_session(manager, session.pk) == session
    assert not finds(access.jury_session, manager, session.pk)
    assert not finds(access.managed_session, juror, session.pk)
    absent = grading.add_juror(session, present=False).juror.user
    for person in (elsewhere.manager, grading.first_juror(elsewhere), absent):
        for ask in (access.followed_session, access.jury_session, access.managed_session):
            assert not finds(ask, person, session.pk)
