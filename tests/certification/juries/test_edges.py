"""What pages do not lead to is refused all the same, and the same act twice changes nothing."""

from datetime import timedelta

import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.certification.juries import access, actions
from acquis.certification.juries.actions.register_juror import JurorData
from acquis.certification.juries.errors import AccreditationReversed, JurorAlreadyKnown
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.kernel.models import TraceLine
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def data_of(juror: Juror) -> JurorData:
    return {name: getattr(juror, name) for name in JurorData.__annotations__}  # type: ignore[return-value]


def test_a_link_that_is_not_there_is_not_found() -> None:
    with pytest.raises(Http404):
        access.link_for(make.person(), 999_999)


def test_a_juror_is_found_in_their_own_centre_only() -> None:
    juror = make.juror(make.organisation())
    manager = make.person(Role.SESSION_MANAGER, organisation=juror.organisation)
    stranger = make.person(Role.SESSION_MANAGER, organisation=make.organisation())
    assert access.juror_for(manager, juror.pk) == juror
    for person, pk in ((stranger, juror.pk), (manager, 999_999)):
        with pytest.raises(Http404):
            access.juror_for(person, pk)


def test_a_link_is_written_once_while_it_holds_and_ended_once() -> None:
    juror, by = make.juror(make.organisation()), make.person()
    candidate = make.candidate(juror.organisation)

    def declare() -> DeclaredLink:
        return actions.declare_link(
            juror=juror, candidate_id=candidate.pk, nature="trainer", by=by, at=DAY
        )

    first = declare()
    assert declare() == first
    for days in (1, 2):
        actions.withdraw_link(link=first, by=by, at=DAY + timedelta(days=days))
    first.refresh_from_db()
    assert first.ended_at == DAY + timedelta(days=1)
    assert declare() != first
    verbs = list(TraceLine.objects.order_by("position").values_list("verb", flat=True))
    assert verbs == ["juror.link_declared", "juror.link_withdrawn", "juror.link_declared"]


def test_the_same_record_written_again_leaves_no_trace() -> None:
    juror, by = make.juror(make.organisation()), make.person()
    assert actions.revise_juror(juror=juror, data=data_of(juror), by=by, at=DAY) == juror
    assert actions.retire_juror(juror=juror, active=True, by=by, at=DAY) == juror
    assert not TraceLine.objects.exists()


def test_the_account_of_a_juror_is_found_once_and_stays() -> None:
    centre, by = make.organisation(), make.person()
    account = make.juror(centre).user
    known = make.juror(centre)
    kept = actions.revise_juror(
        juror=known, data=data_of(known) | {"employer": "Hortensia"}, by=by, at=DAY
    )
    assert kept.user == known.user

    alone = make.juror(centre, user=None, email="seule@exemple.fr")
    found = actions.revise_juror(
        juror=alone, data=data_of(alone) | {"email": account.email}, by=by, at=DAY
    )
    assert found.user == account


def test_what_the_form_refuses_the_act_refuses_too() -> None:
    juror, by = make.juror(make.organisation()), make.person()
    before = data_of(juror)
    with pytest.raises(AccreditationReversed):
        actions.revise_juror(
            juror=juror,
            data=before | {"accredited_to": juror.accredited_from.replace(year=2020)},
            by=by,
            at=DAY,
        )
    other = make.juror(juror.organisation)
    with pytest.raises(JurorAlreadyKnown):
        actions.revise_juror(
            juror=juror, data=before | {"email": other.email.upper()}, by=by, at=DAY
        )
    juror.refresh_from_db()
    assert data_of(juror) == before
