"""The training desk of the demonstration is found at work: each screen has something to show."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.models import Appointment
from acquis.desk.billing.models import InvoiceDispute
from acquis.desk.cases.models import (
    Case,
    CaseLink,
    CaseOption,
    Intervention,
    RecurrenceAlert,
    SecondLevelRequest,
)
from acquis.desk.conduct.models import AbusiveContact
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer, SavedView
from acquis.desk.documents.models import Letter, LetterPosting
from acquis.desk.imports.models import CustomerImport
from acquis.desk.knowledge.models import Reading
from acquis.desk.mail.models import Mail, Mailbox
from acquis.desk.merging.models import Suspicion
from acquis.desk.messaging.models import Gateway
from acquis.desk.phone.models import Call
from acquis.desk.queues.models import Presence
from acquis.desk.raising.models import Raised
from acquis.desk.sales.models import PriceListVersion
from acquis.desk.video.models import VideoInvitation
from acquis.desk.webchat.models import CallBack
from acquis.kernel import jobs, trace
from acquis.practice.demo.desk.stage import Stage

pytestmark = pytest.mark.django_db
State, Channel = Conversation.State, Conversation.Channel


@pytest.fixture
def desk(loaded: tuple[str, ...], db: None) -> Workspace:
    return Workspace.objects.get(origin__isnull=False)


def test_what_was_done_bears_no_date_to_come_and_leaves_the_adviser_free(
    desk: Workspace, now: datetime
) -> None:
    ours = {"workspace": desk}
    assert not Case.objects.filter(**ours, opened_at__gt=now).exists()
    assert not Message.objects.filter(**ours, sent_at__gt=now).exists()
    assert not Conversation.objects.filter(**ours, ended_at__gt=now).exists()
    assert not Conversation.objects.filter(**ours, state=State.ENDED, adviser__isnull=False,
                                           qualified_at=None).exists()  # fmt: skip
    adviser = User.objects.get(email="conseillere@centre.example")
    held = Conversation.objects.filter(**ours, state=State.OPEN, adviser=adviser)
    assert Counter(held.values_list("channel", flat=True)) == {Channel.CHAT: 1, Channel.MAIL: 1}
    assert trace.verify() == []


def test_the_numbers_and_addresses_are_of_nobody(desk: Workspace) -> None:
    made = Conversation.objects.filter(workspace=desk, origin_id=None)
    for address in made.exclude(contact_address="").values_list("contact_address", flat=True):
        assert address.endswith(".example") or re.match(r"\+33\d{9}$", address), address
    for address in User.objects.filter(is_demo=True).values_list("email", flat=True):
        assert address.endswith(".example")


def test_cases_are_in_every_state_and_priority(desk: Workspace, now: datetime) -> None:
    cases = Case.objects.filter(workspace=desk, origin_id=None)
    assert set(cases.values_list("state", flat=True)) == set(Case.State.values)
    assert set(cases.values_list("priority", flat=True)) == {1, 2, 3, 4}
    assert cases.filter(state=Case.State.OPEN, assignee=None).count() >= 3
    assert any(case.is_late(now) for case in cases)
    assert cases.filter(kind=Case.Kind.COMPLAINT).count() >= 5
    assert cases.filter(merged_into__isnull=False).count() == 1
    assert CaseLink.objects.filter(workspace=desk).exists()
    scores = cases.filter(satisfaction__isnull=False).values_list("satisfaction", "state")
    assert set(scores) == {(5, Case.State.CLOSED), (2, Case.State.OPEN)}
    asked = SecondLevelRequest.objects.filter(workspace=desk)
    assert sorted(bool(one.answered_at) for one in asked) == [False, True]


def test_the_supervisor_has_something_to_decide(desk: Workspace) -> None:
    ours = {"workspace": desk}
    assert CaseOption.objects.filter(**ours, granted_at=None, refused_at=None).count() == 2
    assert Letter.objects.filter(**ours, agreements__isnull=False, state="submitted").count() == 1
    (alert,) = RecurrenceAlert.objects.filter(**ours, acknowledged_at=None)
    assert alert.count == 4
    (contact,) = AbusiveContact.objects.filter(**ours, seen_at=None, outcome="")
    assert [step.step for step in contact.steps.all()] == ["recall", "first_warning"]
    assert set(Raised.objects.filter(**ours).values_list("state", flat=True)) == set(
        Raised.State.values
    )
    assert InvoiceDispute.objects.filter(**ours, settled_at=None).count() == 1
    states = set(PriceListVersion.objects.filter(**ours).values_list("state", flat=True))
    assert states == {"draft", "published"}


def test_each_channel_has_its_contacts(desk: Workspace) -> None:
    talks = Conversation.objects.filter(workspace=desk, origin_id=None)
    waiting = set(talks.filter(state=State.WAITING).values_list("channel", flat=True))
    assert waiting == {Channel.CHAT, Channel.MAIL, Channel.WHATSAPP, Channel.SMS}
    assert talks.filter(channel=Channel.LETTER).exists()
    endings = Call.objects.filter(workspace=desk).values_list("conversation__state", flat=True)
    assert list(endings) == [State.ENDED, State.ENDED]
    thread = Mail.objects.filter(workspace=desk, subject__contains="Couvercle").order_by("pk")
    assert len({one.conversation_id for one in thread}) == 1
    assert thread.count() == 3
    assert thread[0].message.attachments.count() == 1
    assert LetterPosting.objects.filter(workspace=desk).count() == 1
    assert Mailbox.objects.get(workspace=desk).smtp_host == ""
    assert not Gateway.objects.filter(workspace=desk, is_active=True).exists()


def test_the_planning_and_the_promises_lie_around_now(desk: Workspace, now: datetime) -> None:
    ours = {"workspace": desk}
    calls = CallBack.objects.filter(**ours)
    assert calls.filter(state=CallBack.State.REACHED).count() == 1
    late = calls.filter(state=CallBack.State.PLANNED, due_at__lt=now)
    assert late.count() == 1
    assert calls.filter(state=CallBack.State.PLANNED, due_at__gte=now).count() == 3
    assert VideoInvitation.objects.get(**ours).starts_at > now
    assert Intervention.objects.filter(**ours, outcome="").get().appointment.starts_at > now
    assert Intervention.objects.filter(**ours).exclude(outcome="").count() == 1
    assert Appointment.objects.filter(**ours, starts_at__gt=now).count() == 4
    there = Presence.objects.filter(**ours, ended_at=None).values_list("state", flat=True)
    assert set(there) == {Presence.State.PAUSED, Presence.State.CASEWORK}


def test_records_are_prepared(desk: Workspace) -> None:
    ours = {"workspace": desk}
    assert SavedView.objects.filter(**ours).count() == 2
    readers = Counter(Reading.objects.filter(**ours).values_list("reader__first_name", flat=True))
    assert readers == {"Léonie": 3, "Noémie": 6}
    assert Customer.objects.filter(**ours, origin_id=None).count() == 1


def test_the_worker_finds_the_pair_and_the_faulty_lines(desk: Workspace, now: datetime) -> None:
    while jobs.run_due(now=now + timedelta(seconds=1)):
        pass
    source = CustomerImport.objects.get(workspace=desk)
    assert (source.state, source.lines, source.faulty) == (CustomerImport.State.CHECKED, 8, 4)
    assert Suspicion.objects.filter(workspace=desk).exists()


def test_a_stage_without_a_free_slot_says_so(desk: Workspace, now: datetime) -> None:
    people = list(User.objects.filter(memberships__role=Role.ADVISER).order_by("pk"))
    stage = Stage(desk, people[0], people[1:], people[0], now)
    with pytest.raises(LookupError):
        stage.slot(timedelta(minutes=30), after=now, name="Personne")


def test_hand_overs_wait_in_the_queue_that_pushes(desk: Workspace) -> None:
    placed = Conversation.objects.filter(
        workspace=desk, state=State.WAITING, placement__queue__key="technique"
    )
    assert placed.count() == 2
    assert placed.exclude(channel__in=[Channel.SMS, Channel.WHATSAPP]).count() == 0
