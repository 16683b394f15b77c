import pytest
from django.http import Http404
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership
from acquis.certification.registrations import access, actions
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def test_what_does_not_exist_is_not_found() -> None:
    enrolment = make.enrolment(make.candidate(make.organisation()), make.framework_version())
    user = make.person()
    for ask in (access.enrolment_for, access.accommodation_for, access.proof_for):
        with pytest.raises(Http404):
            ask(user, 999_999)
    with pytest.raises(Http404):
        access.readable_proof(user, 999_999)
    with pytest.raises(Http404):
        access.held_block_of(enrolment, 999_999)


def test_a_key_of_the_api_speaks_for_one_organisation_only() -> None:
    here, there = make.organisation(), make.organisation()
    user = make.person(Role.SESSION_MANAGER, organisation=here)
    Membership.objects.create(user=user, organisation=there, role=Role.SESSION_MANAGER)
    candidate = make.candidate(here)
    assert access.candidate_in(user, here, candidate.pk) == candidate
    with pytest.raises(Http404):
        access.candidate_in(user, there, candidate.pk)


def test_an_account_that_is_there_is_the_candidates_own() -> None:
    centre, user = make.organisation(), make.person()
    candidate = make.candidate(centre, user=None, email=user.email)
    assert actions.open_account(candidate=candidate, by=user, at=timezone.now()) == user


def test_the_same_identity_written_again_changes_nothing() -> None:
    candidate = make.candidate(make.organisation())
    names = actions.CandidateData.__annotations__
    data = {name: getattr(candidate, name) for name in names}
    same = actions.revise_candidate(candidate=candidate, data=data, by=make.person(), at=DAY)
    assert same == candidate
