"""What the actions on accounts refuse, asked directly: pages above offer none of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts import access, errors
from acquis.accounts.actions import people, second_factor, sign_in, tokens
from acquis.accounts.enums import Role
from acquis.accounts.models import ApiToken
from acquis.accounts.verbs import Verb
from acquis.kernel import trace
from tests.factories import accounts as make
from tests.factories.grading import AT

pytestmark = pytest.mark.django_db


def created(person, organisation, *, scope: Verb = Verb.DESK_USE, expires_at=None):
    return tokens.create_token(
        organisation=organisation,
        name="Export",
        scopes=[scope],
        expires_at=expires_at,
        by=person,
        at=AT,
    )


def test_a_key_gives_no_more_than_its_person_holds_and_is_not_born_expired() -> None:
    centre = make.organisation()
    person = make.user(Role.ADVISER, at=centre)

    with pytest.raises(errors.ScopeNotHeld, match=str(Verb.AWARD_REVOKE)):
        created(person, centre, scope=Verb.AWARD_REVOKE)
    with pytest.raises(errors.ScopeNotHeld):  # held, but elsewhere
        created(person, make.organisation())
    for late in (AT, AT - timedelta(days=1)):
        with pytest.raises(errors.TokenExpiryPast):
            created(person, centre, expires_at=late)
    assert not ApiToken.objects.exists()
    assert created(person, centre, expires_at=AT + timedelta(days=1)).token.user == person


def test_a_key_is_revoked_once_and_keeps_its_first_hour() -> None:
    centre = make.organisation()
    person = make.user(Role.ADVISER, at=centre)
    token = created(person, centre).token

    for hours in (1, 2):
        tokens.revoke_token(token=token, by=person, at=AT + timedelta(hours=hours))

    token.refresh_from_db()
    assert token.revoked_at == AT + timedelta(hours=1)
    assert trace.lines(person.trace_stream).filter(verb="token.revoked").count() == 1


def test_a_second_step_is_begun_renewed_and_taken_away_only_where_it_may_be() -> None:
    with_it, without = make.user(Role.ADVISER), make.user(Role.ADVISER)
    device = make.second_factor(with_it)

    with pytest.raises(errors.SecondFactorPresent):
        second_factor.begin_enrolment(person=with_it, at=AT)
    with pytest.raises(errors.SecondFactorAbsent):
        second_factor.renew_codes(person=without, at=AT)
    with pytest.raises(errors.SecondFactorAbsent):
        second_factor.disable_second_factor(person=without, by=without, at=AT)
    assert TOTPDevice.objects.get() == device


def test_roles_that_do_not_change_leave_no_line() -> None:
    centre = make.organisation()
    person, by = make.user(Role.ADVISER, at=centre), make.user(Role.SUPERVISOR, at=centre)
    before = trace.lines(person.trace_stream).count()

    people.set_roles(person=person, organisation=centre, roles=[Role.ADVISER], by=by, at=AT)

    assert trace.lines(person.trace_stream).count() == before


def test_one_of_two_managers_may_leave_and_the_last_may_not() -> None:
    centre = make.organisation()
    role = next(iter(people.MANAGING))
    one, other = make.user(role, at=centre), make.user(role, at=centre)

    people.set_roles(person=one, organisation=centre, roles=[Role.ADVISER], by=other, at=AT)

    assert access.roles_of(one, centre) == {Role.ADVISER}
    with pytest.raises(errors.ManagerNeeded):
        people.set_roles(person=other, organisation=centre, roles=[Role.ADVISER], by=one, at=AT)


def test_no_device_signed_out_leaves_no_line() -> None:
    person = make.user(Role.ADVISER)

    assert sign_in.revoke_sign_ins(person=person, sign_ins=[], by=person, at=AT) == 0
    assert not trace.lines(person.trace_stream).filter(verb="person.devices_revoked").exists()


def test_who_writes_in_a_desk_is_said_by_the_seat_then_by_the_role() -> None:
    centre = make.organisation()
    live = make.workspace(at=centre)
    adviser, juror = make.user(Role.ADVISER, at=centre), make.user(Role.JUROR, at=centre)
    reader = make.user(Role.ADVISER, at=centre)
    make.seat(live, reader, may_write=False)

    assert access.may_write_in(adviser, live)
    assert not access.may_write_in(juror, live)
    assert not access.may_write_in(reader, live)
    assert not access.may_write_in(AnonymousUser(), live)
    assert not access.may_write_in(adviser, make.model_workspace(at=centre))
    assert not access.may_write_in(adviser, make.copy_workspace(at=centre))


def test_roles_are_read_once_for_an_act_and_anew_for_the_next(count_queries) -> None:
    centre = make.organisation()
    person = make.user(Role.ADVISER, at=centre)

    access.keep_roles_once_read(person)

    assert count_queries(lambda: access.roles_of(person, centre)) == 1
    assert count_queries(lambda: access.roles_of(person, centre)) == 0
    person.memberships.all().delete()
    assert access.roles_of(person, centre) == {Role.ADVISER}
    assert access.roles_of(type(person).objects.get(pk=person.pk), centre) == frozenset()
