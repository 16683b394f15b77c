import pytest
from django.http import Http404
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, User
from acquis.certification.registrations import access, actions
from acquis.kernel.models import OutboxMessage, TraceLine
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


def test_the_papers_of_a_session_are_shown_to_whom_they_concern() -> None:
    session = make.session(candidates=2)
    centre = session.organisation
    first, second = (seat.enrolment for seat in session.candidates.order_by("order"))
    papers = {
        kind: make.proof(first, kind)
        for kind in ("portfolio", "in_training", "booklet", "admissibility", "identity")
    }
    make.proof(second, "identity")  # seen: there is no copy to open

    def shown(user: User, *, sits: bool) -> dict[int, list[str]]:
        found = access.papers_shown(user, centre, [first, second], sits=sits)
        return {pk: [paper.kind for paper in listed] for pk, listed in found.items()}

    juror = session.jurors.first().juror.user
    assert shown(session.manager, sits=False) == {first.pk: ["portfolio", "in_training", "booklet"]}
    assert shown(juror, sits=True) == {first.pk: ["portfolio", "in_training"]}
    assert shown(juror, sits=False) == {}
    readable = access.readable_proof(juror, papers["portfolio"].pk)
    assert readable == papers["portfolio"].file
    for kind in ("booklet", "admissibility", "identity"):
        with pytest.raises(Http404):
            access.readable_proof(juror, papers[kind].pk)


def test_an_account_already_given_is_given_back_and_nothing_is_sent() -> None:
    candidate = make.candidate(make.organisation())
    lines = TraceLine.objects.count()
    found = actions.open_account(candidate=candidate, by=make.person(), at=DAY)
    assert found == candidate.user
    assert TraceLine.objects.count() == lines
    assert not OutboxMessage.objects.exists()
