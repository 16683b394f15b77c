"""A desk whose customers are played: every call is kept, and it ends even once the desk is sealed."""

from datetime import datetime

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import queries
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.call_customer import call_customer
from acquis.desk.phone.actions.control_recording import oppose_recording
from acquis.desk.phone.actions.hang_up import interrupt_call
from acquis.desk.phone.actions.set_line import set_line
from acquis.desk.phone.errors import ObjectionTooLate
from acquis.desk.phone.models import Call, Line
from tests.factories import desk as make
from tests.factories import phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    found = make.desk()
    phone.line(found, played=True, public=False)
    return found


@pytest.fixture
def adviser(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


def test_every_call_is_recorded_from_its_first_word_and_nobody_objects(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace)
    leg = answer_call(call=call, by=adviser, at=now)
    call.refresh_from_db()
    assert call.recording_state == Call.RecordingState.ANNOUNCED
    assert queries.wish(call)["recording"]["announcement"] == ""
    with pytest.raises(ObjectionTooLate):
        oppose_recording(call=call, leg=leg, at=now)
    call.refresh_from_db()
    assert call.recording_state == Call.RecordingState.ANNOUNCED


def test_no_page_that_answers_is_shown_on_the_desk(
    workspace: Workspace, adviser: User, client, now: datetime
) -> None:
    call_customer(workspace=workspace, number="0639981122", name="Odile", by=adviser, at=now)
    client.force_login(adviser)
    address = reverse("phone:bar", args=[workspace.pk])
    shown = client.get(address).content.decode()
    assert "Ça sonne" in shown
    assert "/appeler/recu/" not in shown
    Line.objects.update(played=False)
    assert "/appeler/recu/" in client.get(address).content.decode()


def test_a_call_ends_with_its_desk_sealed_under_it(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.active_call(workspace, adviser)
    Workspace.objects.filter(pk=workspace.pk).update(sealed_at=now)
    for _ in range(2):
        ended = interrupt_call(call=call, ending=Call.Ending.HUNG_UP, at=now)
        assert (ended.state, ended.ending) == (Call.State.ENDED, Call.Ending.HUNG_UP)
    assert not call.legs.exclude(state="left").exists()
    # The exchange itself stays as it was sealed.
    assert Conversation.objects.get(call=call).state == Conversation.State.OPEN


def test_what_the_settings_leave_out_stays(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    set_line(workspace=workspace, values={"ring_seconds": 40}, by=adviser, at=now)
    line = queries.line_of(workspace)
    assert (line.played, line.ring_seconds) == (True, 40)
