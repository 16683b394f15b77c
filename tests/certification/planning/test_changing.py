"""A timetable moved by hand, taken up after an absence, and published as sessions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions as session_actions
from acquis.certification.exam_sessions import queries as session_queries
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.planning import actions, errors, queries
from acquis.certification.planning.actions.move_candidate import look_at_move
from acquis.certification.planning.actions.replan import able_to_replace
from acquis.certification.planning.assembling import assemble
from acquis.certification.planning.checking import violations
from acquis.certification.planning.models import PlanCandidate, PlanRevision, SeasonPlan
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job
from tests.factories import certification as make
from tests.factories import planning
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"planning:{name}", args=args)


@pytest.fixture
def plan(client) -> SeasonPlan:
    found = planning.solved(candidates=3, jurors=5, days=3)
    client.force_login(found.created_by)
    return found


def content(plan: SeasonPlan) -> dict:
    revision = queries.current_revision(plan)
    assert revision is not None
    return revision.content


def placed(plan: SeasonPlan) -> dict[int, dict]:
    return {one["sitter"]: one for one in content(plan)["placed"]}


def broken(plan: SeasonPlan) -> list[str]:
    """What the timetable in force breaks; nothing, ever."""
    found = assemble(plan)
    solution = plan_in(found, content(plan))
    problem = found.with_panels(panels_in(content(plan)))
    return [one.code for one in violations(problem, solution.placed, solution.duties)]


def clock(at: int) -> str:
    return f"{at // 60:02}:{at % 60:02}"


def asked(plan: SeasonPlan, sitter: int, **changes):
    one = placed(plan)[sitter]
    day = plan.days.get(pk=one["day"])
    return {
        "day": day.on.isoformat(),
        "jury": one["panel"],
        "together_at": clock(one["together_at"]),
        "alone_at": clock(one["alone_at"]),
        **changes,
    }


def free_hours(plan: SeasonPlan, sitter: int) -> dict[str, object]:
    """Another hour of the same day and jury at which this candidate breaks nothing."""
    candidate, one = plan.candidates.get(pk=sitter), placed(plan)[sitter]
    current = queries.current_revision(plan)
    assert current is not None
    day = plan.days.get(pk=one["day"])
    for together_at in (one["together_at"], 510, 810):
        for alone_at in range(together_at + 75, 1055, 5):
            hours = {"together_at": together_at, "alone_at": alone_at}
            moved = look_at_move(plan, current, candidate, day=day, jury=one["panel"], **hours)
            if alone_at != one["alone_at"] and not moved.broken:
                return {name: clock(at) for name, at in hours.items()}
    raise AssertionError("no other hour")


# ---- Drawn and told ----


@pytest.mark.parametrize("view", ["jurys", "candidats", "salles", "autre"])
def test_the_timetable_is_drawn_and_told_the_same(client, plan, view) -> None:
    page = client.get(url("timetable", plan.pk), {"vue": view, "jour": "2026-12-01"})
    text = page.content.decode()
    assert "jour de jury, minimum prouvé" in text.replace("jours", "jour")
    for line in page.context["chart"].lines:
        assert line.ordered
        assert line.title in text
    assert "style=" not in text.split('id="gantt"')[1].split("</svg>")[0]


def test_a_plan_without_timetable_leads_to_its_composition(client, plan) -> None:
    draft = planning.plan(organisation=plan.organisation)
    assert client.get(url("timetable", draft.pk)).url == url("detail", draft.pk)
    assert client.get(url("absence", draft.pk)).status_code == 422


# ---- Moved by hand ----


def test_what_a_move_breaks_is_explained_and_nothing_changes(client, plan) -> None:
    first, second = sorted(placed(plan).values(), key=lambda one: one["alone_at"])[:2]
    where = url("move", first["sitter"])
    wanted = asked(plan, first["sitter"], alone_at=clock(second["alone_at"]), jury=second["panel"])

    looked = client.get(where, wanted, headers={"HX-Request": "true"})
    assert "Ce déplacement n’est pas possible" in looked.content.decode()
    assert "est déjà pris" in looked.content.decode()
    refused = client.post(where, wanted)

    assert refused.status_code == 422
    assert "est déjà pris" in refused.content.decode()
    assert plan.revisions.count() == 1


def test_a_move_that_breaks_nothing_is_accepted_and_undone(client, plan) -> None:
    last = max(placed(plan).values(), key=lambda one: one["alone_at"])
    before = placed(plan)
    wanted = asked(plan, last["sitter"], **free_hours(plan, last["sitter"]))
    where = url("move", last["sitter"])

    looked = client.get(where, wanted).content.decode()
    assert "Accepter le déplacement" in looked
    done = client.post(where, wanted, headers={"HX-Request": "true"})

    assert done.headers["HX-Redirect"].startswith(url("timetable", plan.pk))
    after = placed(plan)
    assert clock(after[last["sitter"]]["alone_at"]) == wanted["alone_at"]
    assert {key: one for key, one in after.items() if key != last["sitter"]} == {
        key: one for key, one in before.items() if key != last["sitter"]
    }
    assert broken(plan) == []
    slot = plan.slots.filter(candidate=last["sitter"], before_jury=True).earliest("starts_at")
    assert timezone.localtime(slot.starts_at) > timezone.localtime(slot.starts_at).replace(
        hour=int(wanted["alone_at"][:2]), minute=int(wanted["alone_at"][3:])
    )
    assert "plan.moved" in trace.lines(plan.trace_stream).values_list("verb", flat=True)

    assert "Annuler le dernier changement" in client.get(url("timetable", plan.pk)).content.decode()
    client.post(url("undo", plan.pk))
    assert placed(plan) == before
    assert client.post(url("undo", plan.pk)).status_code == 422


def test_a_block_let_go_is_read_from_where_it_was(client, plan) -> None:
    sitter = next(iter(placed(plan)))
    one = asked(plan, sitter)
    page = client.get(
        url("move", sitter), {"day": one["day"], "jury": one["jury"], "later": "-600"}
    )
    assert "avant la fin de son écrit" in page.content.decode()
    assert (
        "00:00"
        in client.get(
            url("move", sitter), {"day": one["day"], "jury": one["jury"], "later": "-9999"}
        ).content.decode()
    )
    assert client.get(url("move", sitter), {"day": "x", "jury": "y"}).status_code == 422
    assert client.get(url("move", sitter)).status_code == 200


def test_to_another_day_the_room_and_the_invigilator_follow(plan) -> None:
    candidate = plan.candidates.get(pk=min(placed(plan)))
    used = {one["day"] for one in placed(plan).values()}
    day = plan.days.exclude(pk__in=used).first()
    one = placed(plan)[candidate.pk]

    actions.move_candidate(
        candidate=candidate,
        day=day,
        jury=one["panel"],
        alone_at=one["alone_at"],
        together_at=one["together_at"],
        by=plan.created_by,
        at=DAY,
    )

    assert broken(plan) == []
    dates = {timezone.localtime(slot.starts_at).date() for slot in candidate.slots.all()}
    assert dates == {day.on}


def test_a_jury_or_a_day_of_another_plan_is_refused(plan) -> None:
    candidate = plan.candidates.first()
    other = planning.plan(organisation=plan.organisation)
    for day, jury in ((other.days.first(), 1), (plan.days.first(), 99)):
        with pytest.raises(errors.NotOfThisPlan):
            actions.move_candidate(
                candidate=candidate,
                day=day,
                jury=jury,
                alone_at=600,
                together_at=510,
                by=plan.created_by,
                at=DAY,
            )


# ---- A juror falls ill ----


def ill(plan: SeasonPlan):
    """A juror who sits, and the day."""
    panel, one = next(iter(content(plan)["panels"].items()))
    day = next(o["day"] for o in content(plan)["placed"] if str(o["panel"]) == panel)
    return plan.jurors.get(pk=one[0]), plan.days.get(pk=day)


def test_somebody_sits_instead_and_no_hour_changes(client, plan) -> None:
    juror, day = ill(plan)
    before = placed(plan)
    query = {"juror": juror.pk, "day": day.on.isoformat()}
    shown = client.get(url("absence", plan.pk), query)
    able = shown.context["able"]
    assert able

    answer = client.post(url("absence", plan.pk), query | {"instead": able[0].pk})
    proposal = plan.revisions.get(state=PlanRevision.State.PROPOSED)
    assert answer.url == url("proposal", plan.pk, proposal.number)
    page = client.get(answer.url).content.decode()
    assert able[0].juror.full_name in page
    assert "Personne." not in page or "aucune" not in page
    assert placed(plan) == before
    client.post(answer.url, {"accept": "1"})

    after = placed(plan)
    assert {key: one["alone_at"] for key, one in after.items()} == {
        key: one["alone_at"] for key, one in before.items()
    }
    assert juror.away.filter(pk=day.pk).exists()
    assert broken(plan) == []
    members = {m.juror_id for jury in queries.juries(plan) for m in jury.members.all()}
    assert juror.pk not in members or len({o["day"] for o in after.values()}) > 1
    assert able[0].pk in members


def test_where_nobody_may_the_least_change_is_looked_for(client, plan) -> None:
    juror, day = ill(plan)
    query = {"juror": juror.pk, "day": day.on.isoformat()}
    client.post(url("absence", plan.pk), query | {"instead": ""})
    assert jobs.run_due(now=timezone.now())
    job = Job.objects.order_by("-pk").first()
    assert job.state == "done", job.error

    proposal = plan.revisions.get(state=PlanRevision.State.PROPOSED)
    page = client.get(url("proposal", plan.pk, proposal.number)).content.decode()
    assert "change" in page
    client.post(url("proposal", plan.pk, proposal.number), {"accept": "1"})
    assert broken(plan) == []
    client.post(url("proposal", plan.pk, proposal.number), {"accept": "1"})
    assert plan.revisions.filter(state=PlanRevision.State.CURRENT).count() == 1


def test_a_proposal_put_aside_changes_nothing_and_is_over(client, plan) -> None:
    juror, day = ill(plan)
    before = content(plan)
    able = client.get(
        url("absence", plan.pk), {"juror": juror.pk, "day": day.on.isoformat()}
    ).context["able"]
    proposal = actions.propose_substitute(
        juror=juror, day=day, instead=able[0], by=plan.created_by, at=DAY
    )
    client.post(url("proposal", plan.pk, proposal.number), {})
    client.post(url("proposal", plan.pk, proposal.number), {})
    proposal.refresh_from_db()
    assert proposal.state == PlanRevision.State.REFUSED
    assert content(plan) == before
    assert (
        client.post(url("proposal", plan.pk, proposal.number), {"accept": "1"}).status_code == 422
    )
    assert client.get(url("proposal", plan.pk, 99)).status_code == 404


def test_who_does_not_sit_that_day_is_told(client, plan) -> None:
    juror, _day = ill(plan)
    used = {one["day"] for one in placed(plan).values()}
    day = plan.days.exclude(pk__in=used).first()
    page = client.get(url("absence", plan.pk), {"juror": juror.pk, "day": day.on.isoformat()})
    assert page.status_code == 422
    assert "ne siège dans aucun jury" in page.content.decode()
    other = planning.plan(organisation=plan.organisation)
    with pytest.raises(errors.NotOfThisPlan):
        actions.start_replanning(juror=juror, day=other.days.first(), by=plan.created_by, at=DAY)
    with pytest.raises(errors.NotOfThisPlan):
        actions.propose_substitute(
            juror=juror, day=ill(plan)[1], instead=juror, by=plan.created_by, at=DAY
        )


# ---- Published ----


def publish(client, plan: SeasonPlan) -> str:
    """Publish from the page; what the job says."""
    client.post(url("publish", plan.pk))
    assert jobs.run_due(now=timezone.now())
    job = Job.objects.order_by("-pk").first()
    assert job.state == "done", job.error
    return " ".join(job.result["notes"])


def table(plan: SeasonPlan) -> dict[int, list[tuple]]:
    """The hours that sessions say, by enrolment."""
    return {
        seat.enrolment_id: [(s.code, s.starts_at) for s in slots]
        for row in plan.sessions.all()
        for seat, slots in (
            (seat, session_queries.timetable_of(row.session)[seat.pk])
            for seat in session_queries.seats(row.session)
        )
    }


def planned(plan: SeasonPlan) -> dict[int, list[tuple]]:
    return {
        one.enrolment_id: [
            (s.code, timezone.localtime(s.starts_at))
            for s in one.slots.exclude(position=0).order_by("position")
        ]
        for one in plan.candidates.all()
    }


def seats_of_others(plan: SeasonPlan, moved: PlanCandidate) -> list[tuple]:
    """Where everybody else sits: workstations are told with the hours."""
    others = plan.slots.exclude(candidate=moved).order_by("candidate", "position")
    return list(others.values_list("candidate", "position", "room", "workstation"))


def test_published_each_jury_day_is_a_session_with_its_hours(client, plan) -> None:
    publish(client, plan)
    plan.refresh_from_db()

    assert plan.state == SeasonPlan.State.PUBLISHED
    assert table(plan) == planned(plan)
    session = plan.sessions.first().session
    assert session_queries.jury_faults(session) == []
    president = session.jurors.get(function="president")
    assert president.juror_id == queries.juries(plan)[0].members.all()[0].juror.juror_id
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "Salle A, poste 1" in page
    assert session.reference in client.get(url("detail", plan.pk)).content.decode()

    assert "déjà à jour" in publish(client, plan)
    assert plan.sessions.count() == ExamSession.objects.count()


def test_published_again_only_what_changed_changes_and_new_summons_are_named(client, plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    last = max(placed(plan).values(), key=lambda one: one["alone_at"])
    moved = plan.candidates.get(pk=last["sitter"])
    for row in plan.sessions.all():
        for seat in row.session.candidates.all():
            session_actions.issue_summons(recipient=seat, by=plan.created_by, at=DAY)
    seated = seats_of_others(plan, moved)
    client.post(url("move", moved.pk), asked(plan, moved.pk, **free_hours(plan, moved.pk)))
    assert "Publier les changements" in client.get(url("timetable", plan.pk)).content.decode()

    done = actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)

    assert (done.made, done.changed, done.cancelled) == (0, 1, 0)
    assert done.to_summon == [moved.enrolment.candidate.full_name]
    assert seats_of_others(plan, moved) == seated
    assert table(plan) == planned(plan)


def test_who_goes_to_another_day_leaves_one_session_for_another(client, plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    used = {one["day"] for one in placed(plan).values()}
    free = plan.days.exclude(pk__in=used).first()
    for one in list(placed(plan).values()):
        actions.move_candidate(
            candidate=plan.candidates.get(pk=one["sitter"]),
            day=free,
            jury=one["panel"],
            alone_at=one["alone_at"],
            together_at=one["together_at"],
            by=plan.created_by,
            at=DAY,
        )

    assert "annulée" in publish(client, plan)

    assert {row.on for row in plan.sessions.all()} == {free.on}
    assert ExamSession.objects.filter(state="cancelled").count() >= 1
    assert table(plan) == planned(plan)


def test_after_an_absence_the_same_session_has_another_juror(plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    juror, day = ill(plan)
    session = plan.sessions.get(on=day.on, session__jurors__juror=juror.juror).session
    found = assemble(plan)
    able = able_to_replace(
        found,
        plan_in(found, content(plan)),
        panels_in(content(plan)),
        juror.pk,
        list(found.days).index(day),
    )
    proposal = actions.propose_substitute(
        juror=juror, day=day, instead=found.jurors[able[0]], by=plan.created_by, at=DAY
    )
    actions.accept_proposal(proposal=proposal, by=plan.created_by, at=DAY)

    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)

    now = set(session.jurors.values_list("juror", flat=True))
    assert juror.juror_id not in now
    assert found.jurors[able[0]].juror_id in now
    assert session.candidates.exists()


def test_an_open_session_stays_and_refuses_other_people(plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    ExamSession.objects.update(state=ExamSession.State.OPEN)
    done = actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    assert (done.made, done.changed, done.cancelled) == (0, 0, 0)

    ExamSession.objects.first().candidates.all()[0].delete()
    with pytest.raises(errors.SessionUnderWay):
        actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)


def test_an_open_session_is_not_called_off(plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    ExamSession.objects.update(state=ExamSession.State.OPEN)
    plan.sessions.update(on=planning.FIRST + timedelta(days=60))
    with pytest.raises(errors.SessionUnderWay):
        actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)


def test_published_a_plan_is_neither_reopened_nor_composed(plan) -> None:
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    with pytest.raises(errors.PlanPublished):
        actions.reopen_plan(plan=plan, by=plan.created_by, at=DAY)
    with pytest.raises(errors.PlanComposed):
        actions.remove_person(person=plan.jurors.first(), by=plan.created_by, at=DAY)


# ---- Each one's day ----


def test_everybody_has_their_day_to_read_and_for_their_calendar(client, plan) -> None:
    page = client.get(url("people", plan.pk)).content.decode()
    for kind, one in (
        ("candidats", plan.candidates.first()),
        ("jures", ill(plan)[0]),
        ("surveillants", plan.invigilators.first()),
    ):
        assert queries.name_of(one) in page
        shown = client.get(url("own_days", kind, one.pk)).content.decode()
        told = {
            "candidats": "Travail écrit",
            "jures": "Réunion du jury",
            "surveillants": "Surveillance",
        }
        assert told[kind] in shown
        file = client.get(url("own_days", kind, one.pk), {"format": "ics"})
        assert file.content.startswith(b"BEGIN:VCALENDAR")
        assert file.content.count(b"BEGIN:VEVENT") >= 1
    other = plan.candidates.last().enrolment.candidate.full_name
    own = client.get(url("own_days", "candidats", plan.candidates.first().pk)).content.decode()
    assert other not in own
    idle = plan.jurors.exclude(memberships__isnull=False).first()
    assert "Rien de prévu" in client.get(url("own_days", "jures", idle.pk)).content.decode()


def test_a_stranger_reads_none_of_it(client, plan) -> None:
    stranger = make.person(Role.SESSION_MANAGER, organisation=make.organisation())
    client.force_login(stranger)
    for name, args in (
        ("detail", [plan.pk]),
        ("timetable", [plan.pk]),
        ("people", [plan.pk]),
        ("move", [plan.candidates.first().pk]),
        ("own_days", ["jures", plan.jurors.first().pk]),
        ("own_days", ["surveillants", plan.invigilators.first().pk]),
    ):
        assert client.get(url(name, *args)).status_code == 404
