import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.verbs import Verb
from acquis.certification.registrations.models import Candidate
from acquis.certification.sittings import access, actions
from acquis.certification.sittings.errors import DeviceNotAuthorised
from acquis.certification.sittings.models import Sitting
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


def holder(sitting: Sitting) -> str:
    """A device that holds the exam."""
    actions.claim_device(
        sitting=sitting, device_key="poste-1", by=make.writer(sitting), at=make.DAY
    )
    return "poste-1"


def test_a_save_is_let_in_for_its_author_on_the_device_that_holds_the_exam() -> None:
    sitting, other = make.running_sitting(), make.running_sitting()
    device, writer = holder(sitting), make.writer(sitting)
    assert access.written_sitting(writer, sitting.pk, device) == sitting
    found = access.written_sittings(
        [
            (writer, sitting.pk, device),
            (writer, sitting.pk, "poste-2"),
            (writer, sitting.pk, ""),
            (make.writer(other), sitting.pk, device),
            (writer, 10**9, device),
        ]
    )
    assert found[0] == sitting
    assert [type(one) for one in found[1:]] == [
        DeviceNotAuthorised,
        DeviceNotAuthorised,
        Http404,
        Http404,
    ]
    with pytest.raises(DeviceNotAuthorised):
        access.written_sitting(writer, sitting.pk, "poste-2")


def test_whoever_is_no_candidate_any_more_neither_writes_nor_looks() -> None:
    sitting = make.running_sitting()
    device, writer = holder(sitting), make.writer(sitting)
    assert access.looked_at(writer, sitting.pk) == sitting
    writer.memberships.all().delete()
    gone = type(writer).objects.get(pk=writer.pk)  # rights are read once a person
    for ask in (
        lambda: access.written_sitting(gone, sitting.pk, device),
        lambda: access.looked_at(gone, sitting.pk),
        lambda: access.own_sitting(gone, sitting.pk),
    ):
        with pytest.raises(Http404):
            ask()


def test_an_exam_of_somebody_without_an_account_is_nobody_s() -> None:
    sitting = make.running_sitting()
    device, writer = holder(sitting), make.writer(sitting)
    Candidate.objects.update(user=None)
    for ask in (access.own_sitting, access.looked_at):
        with pytest.raises(Http404):
            ask(writer, sitting.pk)
    (found,) = access.written_sittings([(writer, sitting.pk, device)])
    assert isinstance(found, Http404)


def test_a_look_tells_of_the_call_and_of_the_device() -> None:
    sitting = make.running_sitting()
    writer = make.writer(sitting)
    before = vars(access.looked_at(writer, sitting.pk))
    assert (before["called"], before["holder"]) == (False, None)
    device = holder(sitting)
    actions.call_invigilator(sitting=sitting, by=writer, at=make.DAY)
    after = vars(access.looked_at(writer, sitting.pk))
    assert (after["called"], after["holder"]) == (True, device)
    with pytest.raises(Http404):
        access.looked_at(make.writer(make.running_sitting()), sitting.pk)


def test_a_part_is_reached_as_its_exam_is() -> None:
    sitting = make.sitting()
    manager = sitting.candidate.session.manager
    phase = sitting.phases.first()
    assert access.phase_for(manager, phase.pk, Verb.SESSION_INVIGILATE) == phase
    stranger = make.person(Role.SESSION_MANAGER, organisation=make.organisation())
    for person, pk in ((stranger, phase.pk), (manager, 10**9)):
        with pytest.raises(Http404):
            access.phase_for(person, pk, Verb.SESSION_INVIGILATE)
