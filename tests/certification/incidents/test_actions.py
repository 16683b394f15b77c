"""Settling, the sheet, corrective actions: what is written, and every refusal."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.incidents import access, actions, queries, tasks
from acquis.certification.incidents.errors import (
    ActionAlreadyDone,
    ActionClosed,
    ActionNotDone,
    AlreadySettled,
    CheckedByOwner,
    DayMissing,
    IncidentsUnsettled,
    OtherSession,
    OwnerUnknown,
    PhaseMissing,
    ResultsHeld,
    SessionNotOver,
    SheetIncomplete,
    SheetUnknown,
    WordsMissing,
)
from acquis.certification.incidents.models import CorrectiveAction, IncidentSheet, Settlement
from acquis.certification.registrations.actions import use_retake
from acquis.certification.registrations.errors import RetakeRightUsed
from acquis.certification.registrations.models import RetakeRight
from acquis.kernel import files, trace
from acquis.kernel.models import OutboxMessage
from tests.factories import certification as make
from tests.factories import incidents
from tests.factories.incidents import AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return incidents.over()


def settle(incident, **fields):
    values = {"effect": "none", "text": "Rien n’a été perdu.", "by": incident.session.manager}
    return actions.settle_incident(incident=incident, at=AFTER, **(values | fields))


def test_an_incident_that_weighs_holds_the_results_until_it_is_settled(session) -> None:
    access.refuse_while_held(session)
    spoilt = incidents.spoilt(session)
    with pytest.raises(ResultsHeld) as refused:
        access.refuse_while_held(session)
    assert spoilt.candidate.enrolment.candidate.full_name in str(refused.value)
    settle(spoilt)
    access.refuse_while_held(session)
    assert trace.lines(session.trace_stream).filter(verb="incident.settled").count() == 1


def test_a_new_sitting_is_owed_to_the_candidate_concerned(session) -> None:
    spoilt = incidents.spoilt(session)
    settle(spoilt, effect="new_sitting")
    right = RetakeRight.objects.get()
    assert right.enrolment_id == spoilt.candidate.enrolment_id
    assert right.reference == session.reference
    use_retake(right=right, session="S-2", by=session.manager, at=AFTER)
    with pytest.raises(RetakeRightUsed):
        use_retake(right=right, session="S-3", by=session.manager, at=AFTER)
    right.refresh_from_db()
    assert (right.used_in, right.used_at) == ("S-2", AFTER)


def test_a_new_sitting_of_the_whole_session_is_owed_to_each_once(session) -> None:
    for _ in range(2):
        settle(incidents.spoilt(session, candidate=None), effect="new_sitting")
    owed = RetakeRight.objects.values_list("enrolment_id", flat=True)
    assert sorted(owed) == sorted(session.candidates.values_list("enrolment_id", flat=True))


def test_what_is_neutralised_is_named(session) -> None:
    first = incidents.incident(session, effect=Incident.Effect.NEUTRALISED)
    for phase in ("", "roleplay.99"):
        with pytest.raises(PhaseMissing):
            settle(first, effect="neutralised", phase=phase)
    settlement = settle(first, effect="neutralised", phase="roleplay.3")
    assert "Troisième partie" in settlement.phase_title
    other = settle(incidents.incident(session), effect="none", phase="roleplay.3")
    assert (other.phase, other.phase_title) == ("", "")


def test_an_incident_is_settled_once_and_in_words(session) -> None:
    one = incidents.incident(session)
    with pytest.raises(WordsMissing):
        settle(one, text="  ")
    settle(one)
    with pytest.raises(AlreadySettled):
        settle(one)
    assert Settlement.objects.count() == 1


def test_the_sheet_is_kept_then_frozen_and_sent(session) -> None:
    incidents.incident(session)
    sheet = incidents.debriefed(session, jurors=[*session.jurors.values_list("pk", flat=True), 99])
    assert len(sheet.jurors) == 2
    incidents.action(session)
    direction = make.person(Role.CERTIFYING_BODY, organisation=session.organisation)
    sent = actions.send_sheet(session=session, by=session.manager, at=AFTER)
    assert sent.pk == sheet.pk
    assert files.read(sent.file).startswith(b"%PDF")
    assert sent.data["causes"] == "Casque usé."
    assert sent.data["incidents"][0]["settlement"] == "Sans effet sur la décision."
    assert sent.data["actions"][0]["title"] == "Remplacer les casques de la salle B"
    message = OutboxMessage.objects.get(topic="incidents.sheet")
    tasks.send_sheet(message.payload)
    assert direction.email in mail.outbox[0].to
    assert mail.outbox[0].attachments[0][2] == "application/pdf"
    again = incidents.debriefed(session)
    assert (again.rank, again.pk != sent.pk) == (2, True)


def test_a_sheet_without_a_direction_waits_on_its_page(session) -> None:
    incidents.debriefed(session)
    sheet = actions.send_sheet(session=session, by=session.manager, at=AFTER)
    tasks.send_sheet({"sheet": sheet.pk})
    assert mail.outbox == []


def test_the_sheet_tells_what_was_decided(session) -> None:
    lost = incidents.incident(session, effect=Incident.Effect.TIME_GIVEN)
    settle(incidents.spoilt(session), effect="neutralised", phase="roleplay.3", text="Écarté.")
    incidents.debriefed(session)
    sent = actions.send_sheet(session=session, by=session.manager, at=AFTER)
    told = {one["category"]: one for one in sent.data["incidents"]}
    assert len(sent.data["incidents"]) == 2
    assert told[lost.get_category_display()]
    words = {one["settlement"] for one in sent.data["incidents"]}
    assert words == {"Réglé dans la salle : le temps perdu a été rendu.", "Écarté."}
    assert any("Troisième partie" in one["effect"] for one in sent.data["incidents"])


def test_what_is_missing_of_a_sheet_is_refused(session) -> None:
    def send():
        return actions.send_sheet(session=session, by=session.manager, at=AFTER)

    with pytest.raises(SheetUnknown):
        send()
    for missing in ({"causes": ""}, {"measures": " "}, {"jurors": []}):
        incidents.debriefed(session, **missing)
        with pytest.raises(SheetIncomplete):
            send()
    incidents.debriefed(session)
    incidents.spoilt(session)
    with pytest.raises(IncidentsUnsettled):
        send()
    assert IncidentSheet.objects.get().sent_at is None


def test_the_sheet_waits_for_the_end_of_the_exams() -> None:
    with pytest.raises(SessionNotOver):
        incidents.debriefed(make.session())


def test_an_action_is_followed_to_its_end(session) -> None:
    action = incidents.action(session)
    owner, manager = action.owner, session.manager
    later = date(2027, 1, 10)
    actions.move_action(action=action, due_on=later, reason="Livraison", by=manager, at=AFTER)
    with pytest.raises(ActionNotDone):
        actions.check_action(action=action, effective=True, note="Oui", by=manager, at=AFTER)
    actions.finish_action(action=action, note="Douze casques neufs", by=owner, at=AFTER)
    with pytest.raises(ActionAlreadyDone):
        actions.finish_action(action=action, note="Encore", by=owner, at=AFTER)
    with pytest.raises(ActionAlreadyDone):
        actions.move_action(action=action, due_on=later, reason="x", by=manager, at=AFTER)
    with pytest.raises(CheckedByOwner):
        actions.check_action(action=action, effective=True, note="Oui", by=owner, at=AFTER)
    with pytest.raises(DayMissing):
        actions.check_action(action=action, effective=False, note="Non", by=manager, at=AFTER)
    actions.check_action(
        action=action, effective=False, note="Deux muets", due_on=later, by=manager, at=AFTER
    )
    actions.finish_action(action=action, note="Échangés", by=owner, at=AFTER)
    done = actions.check_action(action=action, effective=True, note="Testés", by=manager, at=AFTER)
    assert (done.effective, done.closed_at) == (True, AFTER)
    kinds = list(action.steps.values_list("kind", flat=True))
    assert kinds == ["opened", "moved", "done", "ineffective", "done", "effective"]
    for act in (
        lambda: actions.finish_action(action=action, note="x", by=owner, at=AFTER),
        lambda: actions.drop_action(action=action, reason="x", by=manager, at=AFTER),
    ):
        with pytest.raises(ActionClosed):
            act()


def test_an_action_is_given_up_with_a_reason(session) -> None:
    action = incidents.action(session)
    with pytest.raises(WordsMissing):
        actions.drop_action(action=action, reason=" ", by=session.manager, at=AFTER)
    dropped = actions.drop_action(
        action=action, reason="Salle fermée", by=session.manager, at=AFTER
    )
    assert (dropped.effective, dropped.closed_at) == (None, AFTER)


def test_words_are_asked_for_each_act(session) -> None:
    action = incidents.action(session)
    by, due = session.manager, date(2027, 1, 1)
    with pytest.raises(WordsMissing):
        actions.move_action(action=action, due_on=due, reason="", by=by, at=AFTER)
    with pytest.raises(WordsMissing):
        actions.finish_action(action=action, note=" ", by=by, at=AFTER)
    actions.finish_action(action=action, note="Fait", by=by, at=AFTER)
    with pytest.raises(WordsMissing):
        actions.check_action(action=action, effective=True, note=" ", by=by, at=AFTER)


def test_an_action_is_refused_to_strangers_and_to_the_past(session) -> None:
    theirs = incidents.incident(incidents.over())
    with pytest.raises(OtherSession):
        incidents.action(session, incident=theirs)
    with pytest.raises(OwnerUnknown):
        incidents.action(session, owner=make.person())
    with pytest.raises(DayMissing):
        incidents.action(session, due_on=AFTER.date() - timedelta(days=1))
    with pytest.raises(WordsMissing):
        incidents.action(session, title=" ")
    assert not CorrectiveAction.objects.exists()
    own = incidents.incident(session)
    assert incidents.action(session, incident=own, due_on=AFTER.date()).incident == own


def test_the_database_refuses_what_cannot_be(session) -> None:
    action = incidents.action(session)
    for wrong in ({"effective": True}, {"effective": False, "closed_at": AFTER}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectiveAction.objects.filter(pk=action.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Settlement.objects.create(
            incident=incidents.incident(session),
            effect="neutralised",
            text="x",
            settled_at=AFTER,
            settled_by=session.manager,
        )
    assert queries.holding(session) == []
