from copy import copy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from acquis.accounts.access import (
    may,
    members_of,
    organisations_of,
    refusals_to_write,
    remember_roles,
    require,
    workspace_for,
    workspaces_of,
)
from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceReadOnly, WorkspaceSealed
from acquis.accounts.models import Membership
from acquis.accounts.verbs import ROLES, Verb
from acquis.kernel.errors import DomainRefusal
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gives_its_verbs_and_no_other(role):
    person = make.user(role)
    assert {verb for verb in Verb if may(person, verb)} == ROLES[role]


def test_every_verb_has_a_role():
    assert set(Verb) == set().union(*ROLES.values())


def test_a_role_stays_in_its_organisation():
    here, elsewhere = make.organisation(), make.organisation()
    person = make.user(Role.SESSION_MANAGER, at=here)
    assert may(person, Verb.SESSION_MANAGE, here)
    assert not may(person, Verb.SESSION_MANAGE, elsewhere)
    with pytest.raises(PermissionDenied):
        require(person, Verb.SESSION_MANAGE, elsewhere)


def test_nobody_anonymous_or_inactive_may_anything():
    inactive = make.user(Role.CERTIFYING_BODY, is_active=False)
    assert not any(may(inactive, verb) for verb in Verb)
    assert not any(may(AnonymousUser(), verb) for verb in Verb)
    assert not workspaces_of(inactive).exists()
    assert not organisations_of(AnonymousUser()).exists()


def test_a_superuser_administers_accounts_and_nothing_else():
    person = make.superuser()
    place = make.organisation()
    assert {verb for verb in Verb if may(person, verb, place)} == {Verb.ACCOUNT_MANAGE}
    assert place in organisations_of(person)


def test_a_role_taken_away_counts_at_once_outside_a_request():
    person = make.user(Role.ADVISER)
    assert may(person, Verb.DESK_USE)
    Membership.objects.filter(user=person).delete()
    assert not may(person, Verb.DESK_USE)


def test_a_request_reads_the_roles_once(django_assert_num_queries):
    person = make.user(Role.ADVISER)
    remember_roles(person)
    with django_assert_num_queries(0):
        assert may(person, Verb.DESK_USE)
        assert not may(person, Verb.SITTING_TAKE)


def test_a_door_is_one_query_and_sees_what_changed_since(django_assert_num_queries):
    place = make.organisation()
    person = make.user(Role.ADVISER, at=place)
    live = make.workspace(place)
    remember_roles(person)
    with django_assert_num_queries(1):
        workspace_for(person, live.pk, write=True)
    Membership.objects.filter(user=person).delete()
    with pytest.raises(Http404):
        workspace_for(person, live.pk)


@pytest.mark.parametrize("may_write", [True, False])
def test_a_seat_says_whether_it_writes(may_write):
    place = make.organisation()
    person = make.user(Role.ADVISER, at=place)
    live = make.workspace(place)
    make.seat(live, person, may_write=may_write)
    assert workspace_for(person, live.pk) == live
    if may_write:
        assert workspace_for(person, live.pk, write=True) == live
    else:
        with pytest.raises(WorkspaceReadOnly):
            workspace_for(person, live.pk, write=True)


def test_members_of_lists_each_person_once():
    place = make.organisation()
    both = make.user(Role.JUROR, Role.TRAINER, at=place)
    juror = make.user(Role.JUROR, at=place)
    make.user(Role.JUROR)
    assert set(members_of(place)) == {both, juror}
    assert members_of(place).count() == 2
    assert list(members_of(place, [Role.TRAINER])) == [both]


@pytest.mark.parametrize("role", [Role.ADVISER, Role.SUPERVISOR, Role.TRAINER])
def test_desk_people_open_the_desks_of_their_organisation(role):
    place = make.organisation()
    person = make.user(role, at=place)
    live, model = make.workspace(place), make.model_workspace(place)
    elsewhere = make.workspace()
    assert set(workspaces_of(person)) == {live, model}
    assert workspace_for(person, live.pk, write=True) == live
    with pytest.raises(Http404):
        workspace_for(person, elsewhere.pk)


@pytest.mark.parametrize("role", list(Role))
def test_a_private_copy_opens_by_its_seat_alone(role):
    place = make.organisation()
    person, other = make.user(role, at=place), make.user(role, at=place)
    copy = make.copy_workspace(person, at=place)
    assert workspace_for(person, copy.pk, write=True) == copy
    with pytest.raises(Http404):
        workspace_for(other, copy.pk)


def test_a_candidate_sees_no_desk_of_the_organisation():
    place = make.organisation()
    candidate = make.user(Role.CANDIDATE, at=place)
    make.workspace(place)
    make.copy_workspace(at=place)
    assert not workspaces_of(candidate).exists()


def test_a_sealed_desk_is_read_and_not_written():
    candidate = make.user(Role.CANDIDATE)
    copy = make.sealed(make.copy_workspace(candidate))
    assert workspace_for(candidate, copy.pk) == copy
    with pytest.raises(WorkspaceSealed):
        workspace_for(candidate, copy.pk, write=True)


def test_a_reading_seat_does_not_write():
    juror = make.user(Role.JUROR)
    copy = make.copy_workspace()
    make.seat(copy, juror, may_write=False)
    assert workspace_for(juror, copy.pk) == copy
    with pytest.raises(WorkspaceReadOnly):
        workspace_for(juror, copy.pk, write=True)


def test_only_authors_write_in_the_original_of_the_copies():
    place = make.organisation()
    model = make.model_workspace(place)
    assert workspace_for(make.user(Role.TRAINER, at=place), model.pk, write=True) == model
    with pytest.raises(WorkspaceReadOnly):
        workspace_for(make.user(Role.ADVISER, at=place), model.pk, write=True)


def test_many_doors_say_what_one_door_says_of_each(django_assert_num_queries):
    place, elsewhere = make.organisation(), make.organisation()
    desks = [make.workspace(place), make.workspace(elsewhere), make.model_workspace(place)]
    desks += [make.copy_workspace(at=place), make.sealed(make.workspace(place))]
    people = [make.user(role, at=place) for role in (Role.ADVISER, Role.TRAINER, Role.JUROR)]
    people += [make.user(), make.user(Role.ADVISER, at=place, is_active=False)]
    seated, reader = make.user(), make.user(Role.ADVISER, at=place)
    for desk in (desks[0], desks[3], desks[4]):
        make.seat(desk, seated)
        make.seat(desk, reader, may_write=False)
    asked = [(person, desk) for person in (*people, seated, reader) for desk in desks]

    def one(person, desk):
        try:
            workspace_for(person, desk.pk, write=True)
        except (Http404, DomainRefusal) as refusal:
            return type(refusal)
        return type(None)

    expected = [one(*each) for each in asked]
    with django_assert_num_queries(2):
        refusals = refusals_to_write([(copy(person), desk) for person, desk in asked])

    assert [type(refusal) for refusal in refusals] == expected
    assert len(set(expected)) == 4
