import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.verbs import Verb
from acquis.certification.sittings import access
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_a_candidate_sees_their_own_exam_and_no_other() -> None:
    sitting, other = make.sitting(), make.sitting()
    assert access.own_sitting(make.writer(sitting), sitting.pk) == sitting
    with pytest.raises(Http404):
        access.own_sitting(make.writer(other), sitting.pk)
    with pytest.raises(Http404):
        access.own_sitting(sitting.candidate.session.manager, sitting.pk)
    assert list(access.own_sittings(make.writer(sitting))) == [sitting]


def test_a_juror_sees_the_exams_of_their_sessions_only() -> None:
    sitting = make.sitting()
    organisation = sitting.candidate.session.organisation
    juror = sitting.candidate.session.jurors.first().juror.user
    stranger = make.person(Role.JUROR, organisation=organisation)
    assert access.sitting_for(juror, sitting.pk, Verb.SITTING_PLAY) == sitting
    with pytest.raises(Http404):
        access.sitting_for(stranger, sitting.pk, Verb.SITTING_PLAY)


def test_an_invigilator_of_another_centre_sees_nothing() -> None:
    sitting = make.sitting()
    organisation = sitting.candidate.session.organisation
    here = make.person(Role.INVIGILATOR, organisation=organisation)
    elsewhere = make.person(Role.INVIGILATOR, organisation=make.organisation())
    assert access.sitting_for(here, sitting.pk, Verb.SESSION_INVIGILATE) == sitting
    with pytest.raises(Http404):
        access.sitting_for(elsewhere, sitting.pk, Verb.SESSION_INVIGILATE)
    assert access.hears(here, sitting.pk)
    assert access.hears(make.writer(sitting), sitting.pk)
    assert not access.hears(elsewhere, sitting.pk)
    assert not access.hears(here, 10**9)
