from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import PlannedPhase
from acquis.certification.exam_sessions.queries import plan_of, seats
from acquis.certification.papers.models import Draw
from acquis.certification.sittings import actions, errors
from acquis.certification.sittings.models import DeviceClaim, Phase, Sitting, TimeGrant
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def wall(client, session, **headers) -> str:
    answer = client.get(reverse("sittings:wall", args=[session.pk]), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def post(client, name: str, pk: int, **data):
    answer = client.post(reverse(f"sittings:{name}", args=[pk]), data)
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_a_day_in_the_room_from_opening_to_closing(client) -> None:
    session = make.session(candidates=2)
    for kind in ("written", "exchanges"):
        make.subject(session.organisation, kind=kind)
    client.force_login(session.manager)
    post(client, "open_session", session.pk)
    post(client, "open_session", session.pk)
    first, second = Sitting.objects.all()
    assert Draw.objects.count() == 2
    invigilator = make.person(Role.INVIGILATOR, organisation=session.organisation)
    client.force_login(invigilator)
    assert "Présence à noter" in wall(client, session)
    post(client, "presence", first.candidate_id, present="oui")
    assert "Identité à vérifier" in wall(client, session)
    post(client, "identity", first.candidate_id)
    post(client, "authorise", first.pk)
    assert "Commencer ensemble (1 prêt)" in wall(client, session)
    post(client, "start_together", session.pk)
    phases = list(first.phases.all())
    assert "Temps restant" in wall(client, session)
    post(client, "give_time", phases[0].pk, minutes=5, reason="Alarme", request_key="k")
    post(client, "give_time", phases[0].pk, minutes=5, reason="Alarme", request_key="k")
    assert TimeGrant.objects.count() == 1
    post(client, "end", phases[0].pk)
    post(client, "start", phases[1].pk)
    assert Draw.objects.filter(kind="exchanges").count() == 1
    for phase in phases[1:]:
        post(client, "end", phase.pk)
    post(client, "finish", first.pk)
    client.force_login(session.manager)
    refused = client.post(reverse("sittings:close_session", args=[session.pk]))
    assert refused.status_code == 422
    assert second.candidate.enrolment.candidate.full_name in refused.content.decode()
    post(client, "presence", second.candidate_id, present="non")
    post(client, "close_session", session.pk)
    second.refresh_from_db()
    session.refresh_from_db()
    assert (second.state, second.abort_reason) == ("aborted", "Absent")
    assert session.state == "closed"
    assert "Terminée et scellée" in wall(client, session)


def test_a_call_for_help_is_on_top_and_counted_in_the_title(client) -> None:
    sitting = make.running_sitting()
    session = sitting.candidate.session
    client.force_login(session.manager)
    actions.call_invigilator(
        sitting=sitting, by=make.writer(sitting), at=timezone.now(), message="Casque muet"
    )
    page = wall(client, session)
    assert "<title>(1) Salle" in page
    marks = page[page.index('class="wall-states"') :]
    assert marks.index("Appelle depuis") < marks.index("Temps écoulé") < marks.index("En cours")
    assert "Casque muet" in page
    post(client, "answer_call", sitting.help_calls.get().pk)
    assert "Appelle depuis" not in wall(client, session)


def test_each_alert_has_a_key_so_that_a_new_one_sounds(client) -> None:
    """One call answered and another made between two looks is a new alert, though there is one still."""
    sitting = make.running_sitting()
    session = sitting.candidate.session
    client.force_login(session.manager)
    seen = []
    for _call in range(2):
        call = actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=timezone.now())
        page = wall(client, session)
        alerts = page.partition('data-alerts="')[2].partition('"')[0].split()
        assert f"call-{call.pk}" in alerts
        seen.append(alerts)
        actions.answer_call(call=call, by=session.manager, at=timezone.now())
    assert seen[0] != seen[1]
    assert [one for one in seen[0] if one.startswith("over-")]  # its time is out, on that day


def test_the_wall_says_the_hours_rooms_and_workstations_of_a_season_s_plan(client) -> None:
    session = make.session(candidates=1)
    for kind in ("written", "exchanges"):
        make.subject(session.organisation, kind=kind)
    (seat,) = seats(session)
    for position, plan in enumerate(plan_of(session, seat), start=1):
        PlannedPhase.objects.create(
            seat=seat, position=position, code=plan.code, kind=plan.kind, title=plan.title,
            starts_at=DAY + timedelta(hours=position), ends_at=DAY + timedelta(hours=position + 1),
            room=f"Salle {position}", workstation=position + 10,
        )  # fmt: skip
    actions.open_session(session=session, by=session.manager, at=DAY)
    client.force_login(session.manager)
    page = wall(client, session)
    begins, ends = (f"{timezone.localtime(DAY) + timedelta(hours=hours):%H:%M}" for hours in (1, 2))
    now = page[page.index("Prévu") : page.index('class="wall-steps"')]
    assert all(words in now for words in (begins, ends, "Salle 1", "poste 11"))
    assert "Salle 2" not in now
    assert "Salle 2" in page


def test_the_wall_is_also_a_fragment(client) -> None:
    session = make.running_sitting().candidate.session
    client.force_login(session.manager)
    fragment = wall(client, session, **{"HX-Request": "true"})
    assert "<html" not in fragment
    assert "wall-card" in fragment


def test_the_invigilator_moves_an_exam_to_another_device(client) -> None:
    sitting = make.running_sitting()
    Sitting.objects.filter(pk=sitting.pk).update(started_at=timezone.now())  # not a day ago
    client.force_login(sitting.candidate.session.manager)
    for key in ("un", "deux"):
        actions.claim_device(sitting=sitting, device_key=key, by=make.writer(sitting), at=DAY)
    second = DeviceClaim.objects.get(device_key="deux")
    assert "Demande à changer de poste" in wall(client, sitting.candidate.session)
    post(client, "authorise_device", second.pk)
    second.refresh_from_db()
    assert second.is_held


def test_an_exam_is_stopped_with_a_reason_only(client) -> None:
    sitting = make.running_sitting()
    client.force_login(sitting.candidate.session.manager)
    address = reverse("sittings:abort", args=[sitting.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    post(client, "abort", sitting.pk, reason="Malaise")
    assert "Interrompue : Malaise" in wall(client, sitting.candidate.session)


def test_a_gate_holds_against_a_direct_request(client) -> None:
    sitting = make.sitting()
    client.force_login(sitting.candidate.session.manager)
    answer = client.post(reverse("sittings:start", args=[sitting.phases.first().pk]))
    assert answer.status_code == 422
    client.force_login(make.writer(sitting))
    assert client.post(reverse("sittings:authorise", args=[sitting.pk])).status_code == 403


def test_another_centre_sees_nothing(client) -> None:
    session = make.open_session()
    client.force_login(make.person(Role.INVIGILATOR, organisation=make.organisation()))
    assert client.get(reverse("sittings:wall", args=[session.pk])).status_code == 404


def test_a_session_with_an_irregular_jury_does_not_open() -> None:
    session = make.session(candidates=1, jurors=1)
    make.subject(session.organisation)
    with pytest.raises(errors.JuryIrregular) as refusal:
        actions.open_session(session=session, by=session.manager, at=DAY)
    assert "au moins 2" in str(refusal.value)
    assert not Sitting.objects.exists()


def test_a_session_without_candidate_does_not_open() -> None:
    session = make.session(candidates=0)
    with pytest.raises(errors.NobodyToExamine):
        actions.open_session(session=session, by=session.manager, at=DAY)


def test_an_exam_in_which_nothing_is_written_opens_without_a_draw() -> None:
    content = make.ccp1_content()
    content["assessments"][0]["phases"] = [
        {"method": "oral_defence", "title": "Soutenance", "minutes": 30, "steps": []}
    ]
    session = make.session(candidates=1, version=make.framework_version(content=content))
    actions.open_session(session=session, by=session.manager, at=DAY)
    assert [phase.kind for phase in Sitting.objects.get().phases.all()] == [Phase.Kind.DEFENCE]
    assert not Draw.objects.exists()


def test_opening_is_all_or_nothing() -> None:
    session = make.session(candidates=2)
    with pytest.raises(Exception, match="Aucun sujet"):
        actions.open_session(session=session, by=session.manager, at=DAY)
    session.refresh_from_db()
    assert session.state == "draft"
    assert not Draw.objects.exists()


def test_the_wall_says_who_typed_wrong_codes_and_gives_a_new_one(client) -> None:
    sitting = make.ready_sitting()
    session = sitting.candidate.session
    for _ in range(10):
        with pytest.raises(errors.WrongAccessCode):
            actions.enter_sitting(
                sitting=sitting, code="AAAA00", device_key="p", by=make.writer(sitting),
                at=timezone.now(),
            )  # fmt: skip
    client.force_login(session.manager)
    page = wall(client, session)
    assert "10 codes erronés : entrée fermée jusqu’à" in page
    assert "<title>(1) Salle" in page
    post(client, "renew_code", sitting.pk)
    page = wall(client, session)
    assert "codes erronés" not in page
    assert sitting.access_code not in page


def test_a_break_that_was_decided_begins_and_ends_on_the_wall(client) -> None:
    sitting = make.running_sitting()
    session = sitting.candidate.session
    client.force_login(session.manager)
    phase = sitting.phases.get(state="running")
    Phase.objects.filter(pk=phase.pk).update(ends_at=timezone.now() + timedelta(hours=1))
    pause, resume = (reverse(f"sittings:{name}", args=[phase.pk]) for name in ("pause", "resume"))
    assert pause not in wall(client, session)
    Phase.objects.filter(pk=phase.pk).update(pause_seconds=600)
    assert pause in wall(client, session)
    post(client, "pause", phase.pk)
    page = wall(client, session)
    assert "En pause jusqu’à" in page
    assert "data-clock" not in page
    assert resume in page
    assert pause not in page
    post(client, "resume", phase.pk)
    page = wall(client, session)
    assert "En pause jusqu’à" not in page
    assert "data-clock" in page
