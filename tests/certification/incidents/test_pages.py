from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.enums import Role
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.incidents import access, actions, queries
from acquis.certification.incidents.errors import ResultsHeld
from acquis.certification.incidents.models import CorrectiveAction, IncidentSheet
from acquis.kernel import deadlines
from acquis.kernel.home import cards_for
from tests.factories import awards, grading, incidents
from tests.factories import certification as make
from tests.factories.incidents import AFTER

pytestmark = pytest.mark.django_db
TODAY = timezone.localtime(timezone.now()).date()
SOON = TODAY + timedelta(days=30)


@pytest.fixture
def session():
    return incidents.over()


@pytest.fixture
def manager(client, session):
    client.force_login(session.manager)
    return client


def at(name: str, *args) -> str:
    return reverse(f"incidents:{name}", args=args)


def test_the_page_of_a_session_says_what_holds_its_results(manager, session) -> None:
    page = manager.get(at("session", session.pk)).content.decode()
    assert "Aucun incident n’a été consigné" in page
    spoilt = incidents.spoilt(session)
    incidents.incident(session)
    page = manager.get(at("session", session.pk)).content.decode()
    assert "1 incident retient les résultats" in page
    assert at("settle", spoilt.pk) in page
    answer = manager.post(at("settle", spoilt.pk), {"effect": "new_sitting", "text": "Il revient."})
    assert answer["Location"] == at("session", session.pk)
    page = manager.get(at("session", session.pk)).content.decode()
    assert "retient les résultats" not in page
    assert "Il revient." in page


def test_what_is_missing_of_a_settlement_is_said_and_nothing_typed_is_lost(
    manager, session
) -> None:
    one = incidents.incident(session)
    page = manager.get(at("settle", one.pk))
    assert "Troisième partie" in page.content.decode()
    answer = manager.post(at("settle", one.pk), {"effect": "neutralised", "text": "Écarté."})
    assert answer.status_code == 422
    assert "partie de l’épreuve qui est neutralisée" in answer.content.decode()
    assert "Écarté." in answer.content.decode()
    assert manager.post(at("settle", one.pk), {"effect": "none"}).status_code == 422
    assert not hasattr(Incident.objects.get(pk=one.pk), "settlement")


def test_results_are_held_by_direct_request_too(client) -> None:
    session = awards.deliberated_session()
    incidents.spoilt(session)
    awards.issued_pv(session)
    client.force_login(session.manager)
    page = client.get(reverse("awards:session", args=[session.pk])).content.decode()
    assert "Les résultats sont retenus" in page
    answer = client.post(reverse("awards:issue", args=[session.pk]))
    assert answer.status_code == 422
    assert "retenus" in answer.content.decode()
    with pytest.raises(ResultsHeld):
        issue_documents(session=session, by=session.manager, at=grading.AT)
    actions.settle_incident(
        incident=session.incidents.get(),
        effect="none",
        text="Sans suite.",
        by=session.manager,
        at=grading.AT,
    )
    assert len(issue_documents(session=session, by=session.manager, at=grading.AT)) == 4


def test_the_minutes_print_what_was_decided() -> None:
    session = awards.deliberated_session()
    actions.settle_incident(
        incident=incidents.incident(session),
        effect="new_sitting",
        text="Le candidat revient.",
        by=session.manager,
        at=grading.AT,
    )
    printed = awards.written(session).data["incidents"][0]
    assert printed["effect"] == "Nouvelle présentation"
    assert printed["settlement"] == "Le candidat revient."


def sheet(session, **more):
    return {
        "jurors": list(session.jurors.values_list("pk", flat=True)),
        "causes": "Casque usé",
        "measures": "Casque changé",
        "jury_words": "",
        **more,
    }


def test_the_sheet_is_kept_then_sent_from_its_page(manager, session) -> None:
    incidents.incident(session)
    where = at("sheet", session.pk)
    assert manager.post(where, sheet(session)).status_code == 302
    page = manager.get(at("session", session.pk)).content.decode()
    assert "Casque usé" in page
    assert manager.post(where, sheet(session, send="1")).status_code == 302
    sent = IncidentSheet.objects.get()
    answer = manager.get(at("sheet_file", sent.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "Fiche n° 1" in manager.get(at("session", session.pk)).content.decode().replace(
        "\u00a0", " "
    )


def test_a_sheet_that_cannot_leave_keeps_what_was_typed(manager, session) -> None:
    where = at("sheet", session.pk)
    answer = manager.post(where, sheet(session, causes="", send="1"))
    assert answer.status_code == 422
    assert "Casque changé" in answer.content.decode()
    answer = manager.post(where, sheet(session, jurors=["0"]))
    assert answer.status_code == 422
    draft = make.session(organisation=session.organisation, manager=session.manager)
    assert "lorsque les épreuves" in manager.get(at("session", draft.pk)).content.decode()
    assert manager.post(at("sheet", draft.pk), sheet(draft)).status_code == 422
    assert manager.get(at("sheet_file", 999)).status_code == 404
    assert manager.get(at("settle", 999)).status_code == 404


def opened(session, **fields) -> CorrectiveAction:
    return incidents.action(session, at=timezone.now(), due_on=SOON, **fields)


def test_an_action_goes_from_the_session_to_its_check(manager, session) -> None:
    owner = make.person(Role.TRAINER, organisation=session.organisation)
    where = at("new_action", session.pk)
    assert manager.get(where).status_code == 200
    form = {"title": "Changer les casques", "owner": owner.pk, "due_on": SOON.isoformat()}
    assert manager.post(where, form | {"due_on": "2020-01-01"}).status_code == 422
    assert manager.post(where, form | {"owner": ""}).status_code == 422
    assert manager.post(where, form).status_code == 302
    action = CorrectiveAction.objects.get()
    page = at("action", action.pk)
    assert "Marquer comme faite" in manager.get(page).content.decode()
    assert manager.post(at("finish", action.pk), {}).status_code == 422
    moved = {"move-due_on": SOON.isoformat(), "move-reason": "Stock"}
    assert manager.post(at("move", action.pk), moved).status_code == 302
    assert (
        manager.post(
            at("check", action.pk), {"check-effective": "yes", "check-note": "x"}
        ).status_code
        == 422
    )
    manager.force_login(owner)
    assert "Marquer comme faite" in manager.get(page).content.decode()
    assert manager.post(at("check", action.pk)).status_code == 403
    assert manager.post(at("finish", action.pk), {"done-note": "Douze"}).status_code == 302
    manager.force_login(session.manager)
    page = manager.get(at("action", action.pk)).content.decode()
    assert "Vérifier l’efficacité" in page
    again = {"check-effective": "no", "check-note": "Deux muets", "check-due_on": SOON.isoformat()}
    assert manager.post(at("check", action.pk), again).status_code == 302
    assert manager.post(at("finish", action.pk), {"done-note": "Échangés"}).status_code == 302
    final = {"check-effective": "yes", "check-note": "Testés"}
    assert manager.post(at("check", action.pk), final).status_code == 302
    action.refresh_from_db()
    assert action.effective is True
    assert manager.post(at("drop", action.pk), {"drop-reason": "x"}).status_code == 422


def test_whoever_answers_for_an_action_waits_for_anothers_check(manager, session) -> None:
    action = opened(session, owner=session.manager)
    manager.post(at("finish", action.pk), {"done-note": "Fait"})
    page = manager.get(at("action", action.pk)).content.decode()
    assert "une autre personne que vous" in page
    answer = manager.post(at("check", action.pk), {"check-effective": "yes", "check-note": "Oui"})
    assert answer.status_code == 422
    assert manager.post(at("drop", action.pk), {"drop-reason": "Salle fermée"}).status_code == 302


def test_whoever_answers_for_an_action_reads_it_and_does_not_follow_it(session) -> None:
    owner = make.person(Role.TRAINER, organisation=session.organisation)
    action = opened(session, owner=owner)

    assert access.readable_action(owner, action.pk) == action
    with pytest.raises(Http404):
        access.followed_action(owner, action.pk)


def test_an_action_is_nobody_elses_business(client, session) -> None:
    action = opened(session)
    for role in (Role.TRAINER, Role.JUROR, Role.CANDIDATE):
        client.force_login(make.person(role, organisation=session.organisation))
        assert client.get(at("action", action.pk)).status_code == 404
        assert client.post(at("finish", action.pk), {"done-note": "x"}).status_code == 404
    trainer = make.person(Role.TRAINER, organisation=session.organisation)
    mine = opened(session, owner=trainer)
    client.force_login(trainer)
    assert client.post(at("move", mine.pk)).status_code == 403
    assert client.get(at("session", session.pk)).status_code == 403
    assert not action.steps.filter(kind="done").exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"suivi": "held"}, 1),
        ({"suivi": "settled"}, 1),
        ({"suivi": "alone"}, 1),
        ({"nature": "fraud"}, 1),
        ({"effet": "time_given"}, 1),
        ({"effet": "none"}, 2),
        ({"q": "tricherie"}, 1),
        ({"q": "rien de tel"}, 0),
        ({"du": "2026-11-20", "au": "2026-11-20"}, 3),
        ({"du": "2026-11-21"}, 0),
        ({"au": "pas un jour"}, 3),
    ],
)
def test_incidents_are_filtered(manager, session, query, found: int) -> None:
    incidents.incident(session)
    incidents.incident(session, category="fraud", description="Soupçon de tricherie")
    settled = incidents.spoilt(session)
    actions.settle_incident(
        incident=settled, effect="time_given", text="Rendu.", by=session.manager, at=AFTER
    )
    incidents.incident(incidents.over())
    page = manager.get(at("list"), query)
    assert len(page.context["rows"]) == found


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Tard", "Fait", "Ouvert"]),
        ({"etat": "late"}, ["Tard"]),
        ({"etat": "open"}, ["Ouvert"]),
        ({"etat": "to_check"}, ["Fait"]),
        ({"etat": "effective"}, []),
        ({"etat": "dropped"}, ["Laissé"]),
        ({"etat": "all"}, ["Tard", "Fait", "Ouvert", "Laissé"]),
        ({"q": "ouvert"}, ["Ouvert"]),
        ({"responsable": "0"}, []),
        ({"responsable": "x"}, ["Tard", "Fait", "Ouvert"]),
    ],
)
def test_actions_are_filtered(manager, session, query, titles: list[str]) -> None:
    late = incidents.action(session, title="Tard")
    CorrectiveAction.objects.filter(pk=late.pk).update(due_on="2020-01-01")
    done = opened(session, title="Fait")
    actions.finish_action(action=done, note="x", by=session.manager, at=timezone.now())
    CorrectiveAction.objects.filter(pk=done.pk).update(due_on=SOON - timedelta(days=1))
    opened(session, title="Ouvert")
    left = opened(session, title="Laissé")
    actions.drop_action(action=left, reason="x", by=session.manager, at=timezone.now())
    incidents.action(incidents.over(), title="Ailleurs")
    page = manager.get(at("actions"), query)
    assert [row["action"].title for row in page.context["rows"]] == titles


def test_lists_ask_as_much_for_many_as_for_one(manager, session, count_queries) -> None:
    incidents.incident(session)
    incidents.action(session)
    pages = [at("list"), at("actions") + "?etat=all", at("session", session.pk)]
    few = [count_queries(lambda page=page: manager.get(page)) for page in pages]
    for _ in range(12):
        incidents.spoilt(session)
        incidents.action(session, incident=incidents.incident(session))
    assert [count_queries(lambda page=page: manager.get(page)) for page in pages] == few


def test_the_first_page_and_the_board_say_what_waits(session) -> None:
    now = timezone.now()
    manager, centre = session.manager, session.organisation

    def cards(user):
        return {
            str(card.title)
            for card in cards_for(
                user, centre, now, lambda verb: verb is None or may(user, verb, centre)
            )
        }

    def board(user):
        allows = lambda verb: may(user, verb, centre)  # noqa: E731
        found = deadlines.board(user, centre, now, TODAY, allows)
        return [one for one in found if one.kind == "corrective_actions"]

    assert "Résultats retenus" not in cards(manager)
    incidents.spoilt(session)
    assert "Résultats retenus" in cards(manager)
    trainer = make.person(Role.TRAINER, organisation=centre)
    mine = opened(session, owner=trainer)
    opened(session)
    assert "Action corrective à mener" in cards(trainer)
    assert [one.title for one in board(trainer)] == [mine.title]
    assert len(board(manager)) == 2
    actions.finish_action(action=mine, note="x", by=trainer, at=now)
    assert "Action corrective à mener" not in cards(trainer)
    told = next(one for one in board(manager) if one.url == at("action", mine.pk))
    assert (told.done, told.troubles) == (True, 1)
    assert queries.search_actions(CorrectiveAction.objects.all(), "", "", "", SOON).count() == 2
