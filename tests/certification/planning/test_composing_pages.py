"""A plan composed from its pages, and found by the calculation."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.planning.models import PlannedSlot, SeasonPlan
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job
from tests.factories import certification as make
from tests.factories import planning

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"planning:{name}", args=args)


@pytest.fixture
def centre(client):
    found = make.organisation(address="12 rue de la Loire", postcode="44000")
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=found))
    return found


def plan_form(version, **fields):
    return {
        "name": "Session de décembre",
        "exam": f"{version.pk}:CCP1",
        "place": "Centre de Nantes",
        "address": "",
        "enterprise": "",
        "jury_size": "2",
        "speciality": "",
        "marking_minutes": "15",
        "briefing_minutes": "30",
        "turnover_minutes": "5",
        "most_a_day": "",
        **fields,
    }


def test_a_plan_is_composed_solved_and_told_from_the_pages(client, centre) -> None:
    version = make.framework_version()
    made = client.post(url("create"), plan_form(version))
    plan = SeasonPlan.objects.get()
    assert made.status_code == 302
    page = client.get(url("detail", plan.pk)).content.decode()
    assert "Aucun candidat n’est choisi." in page
    assert "Aucun jour n’est ouvert." in page

    for _ in range(3):
        make.enrolment(make.candidate(centre), version)
    jurors = [make.juror(centre) for _ in range(4)]
    invigilator = make.person(Role.INVIGILATOR, organisation=centre)
    client.post(url("candidates", plan.pk), {"all": "1"})
    client.post(url("add_jurors", plan.pk), {"chosen": [one.pk for one in jurors]})
    client.post(url("add_invigilators", plan.pk), {"chosen": [invigilator.pk]})
    for name, kind, seats in (("Loire", "jury", ""), ("Erdre", "exam", "6")):
        room = {"name": name, "kind": kind, "workstations": seats, "is_confidential": "on"}
        assert client.post(url("add_room", plan.pk), room).status_code == 302
    days = {
        "first": "2026-12-01",
        "last": "2026-12-06",
        "weekdays": ["0", "1", "2", "3", "4"],
        "opens": "08:30",
        "closes": "18:30",
        "pause_from": "12:30",
        "pause_to": "13:30",
    }
    assert client.post(url("add_days", plan.pk), days).status_code == 302
    assert [day.on for day in plan.days.all()] == [date(2026, 12, n) for n in (1, 2, 3, 4)]

    page = client.get(url("detail", plan.pk)).content.decode()
    assert "Tout est là" in page
    assert "écrit 1 h 15, passage 55 min" in page.replace("\N{NO-BREAK SPACE}", " ")

    queued = client.post(url("solve", plan.pk))
    job = Job.objects.get()
    assert queued.url == reverse("kernel:job", args=[job.pk])
    assert "Un calcul est en cours" in client.get(url("detail", plan.pk)).content.decode()
    assert jobs.run_due(now=timezone.now())

    job.refresh_from_db()
    plan.refresh_from_db()
    assert (job.state, plan.state) == ("done", "solved"), job.error
    assert job.result["notes"][0] == "1 jour de jury, minimum prouvé"
    assert plan.slots.exclude(kind=PlannedSlot.MARKING).count() == 3 * 6
    assert set(plan.slots.filter(before_jury=True).values_list("room__name", flat=True)) == {
        "Loire"
    }
    seated = plan.slots.filter(before_jury=False).exclude(kind=PlannedSlot.MARKING)
    assert set(seated.values_list("room__name", "invigilator__user")) == {("Erdre", invigilator.pk)}
    verbs = set(trace.lines(plan.trace_stream).values_list("verb", flat=True))
    assert {"plan.created", "plan.people_added", "plan.search_started", "plan.solved"} <= verbs
    assert trace.verify(plan.trace_stream) == []
    journal = client.get(url("journal", plan.pk)).content.decode()
    assert "Planning trouvé" in journal


def test_what_is_typed_wrong_is_told_beside_its_field_and_kept(client, centre) -> None:
    version = make.framework_version()
    plan = planning.bare_plan(centre, version=version)

    refused = client.post(url("create"), plan_form(version, jury_size="1"))
    assert refused.status_code == 422
    assert "Session de décembre" in refused.content.decode()
    taken = client.post(url("create"), plan_form(version, name=plan.name))
    assert taken.status_code == 422

    page = client.post(
        url("add_days", plan.pk),
        {
            "first": "2026-12-05",
            "last": "2026-12-01",
            "weekdays": ["0"],
            "opens": "18:00",
            "closes": "08:00",
            "pause_from": "12:00",
            "pause_to": "",
        },
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "La fin est avant le début." in text
    assert "Une pause a un début et une fin." in text
    assert 'value="18:00"' in text
    room = client.post(url("add_room", plan.pk), {"name": "Cave", "kind": "jury"})
    assert room.status_code == 422
    assert "Une salle de jury est confidentielle." in room.content.decode()
    room = client.post(url("add_room", plan.pk), {"name": "Cave", "kind": "exam"})
    assert "Indiquez le nombre de postes." in room.content.decode()
    assert not plan.days.exists()
    assert not plan.rooms.exists()


@pytest.mark.parametrize(
    ("first", "last", "weekdays", "told"),
    [
        ("2026-12-05", "2026-12-06", ["0"], "Aucun de ces jours n’est dans la période."),
        ("2026-12-01", "2028-12-01", ["0"], "Un plan couvre un an au plus."),
        ("2026-12-01", "2027-11-30", ["0", "1"], "Soixante jours au plus à la fois."),
    ],
)
def test_a_period_that_makes_no_days_is_refused(client, centre, first, last, weekdays, told):
    plan = planning.bare_plan(centre)
    days = {"first": first, "last": last, "weekdays": weekdays, "opens": "08:00", "closes": "17:00"}
    assert told in client.post(url("add_days", plan.pk), days).content.decode()


def test_absences_are_noted_by_person_and_day(client, centre) -> None:
    plan = planning.plan(organisation=centre)
    first, second = plan.days.all()
    for kind, person in (
        ("jures", plan.jurors.first()),
        ("candidats", plan.candidates.first()),
        ("surveillants", plan.invigilators.first()),
    ):
        assert client.get(url("absences", plan.pk, kind)).status_code == 200
        client.post(url("absences", plan.pk, kind), {"absent": [f"{person.pk}:{second.pk}"]})
        assert list(person.away.all()) == [second]
        client.post(url("absences", plan.pk, kind), {"absent": [f"{person.pk}:{first.pk}"]})
        assert list(person.away.all()) == [first]
    assert client.get(url("absences", plan.pk, "autres")).status_code == 404
    assert client.post(url("remove_person", "autres", 1)).status_code == 404


def test_people_rooms_and_days_are_taken_out(client, centre) -> None:
    plan = planning.plan(organisation=centre)
    client.post(url("remove_person", "candidats", plan.candidates.first().pk))
    client.post(url("remove_person", "jures", plan.jurors.first().pk))
    client.post(url("remove_person", "surveillants", plan.invigilators.first().pk))
    client.post(url("remove_room", plan.rooms.first().pk))
    client.post(url("remove_day", plan.days.first().pk))
    counts = [getattr(plan, name).count() for name in ("candidates", "jurors", "rooms", "days")]
    assert counts == [1, 3, 2, 1]
    assert client.post(url("remove_day", 0)).status_code == 404


def test_candidates_are_found_by_name_and_route(client, centre) -> None:
    plan = planning.bare_plan(centre)
    make.enrolment(
        make.candidate(centre, birth_name="LEROUX"), plan.exams.get().version, route="vae"
    )
    make.enrolment(make.candidate(centre, birth_name="PETIT"), plan.exams.get().version)
    make.enrolment(make.candidate(centre, birth_name="AUTRE"), make.framework_version())

    def names(**query):
        shown = client.get(url("candidates", plan.pk), query).context["page_obj"]
        return [one.candidate.birth_name for one in shown]

    assert names() == ["LEROUX", "PETIT"]
    assert names(q="pet") == ["PETIT"]
    assert names(voie="vae") == ["LEROUX"]
    assert names(q="personne") == []


def test_plans_are_found_in_the_list_at_a_constant_price(client, centre, count_queries) -> None:
    assert "Aucun plan de saison" in client.get(url("list")).content.decode()
    planning.bare_plan(centre, name="Session de mars")
    one = count_queries(lambda: client.get(url("list")))
    for rank in range(20):
        planning.bare_plan(
            centre, name=f"Session {rank}", created_by=SeasonPlan.objects.first().created_by
        )
    assert count_queries(lambda: client.get(url("list"))) == one
    shown = client.get(url("list"), {"q": "mars CRCD", "etat": "draft"}).context["page_obj"]
    assert [plan.name for plan in shown] == ["Session de mars"]
    assert "Aucun plan ne correspond" in client.get(url("list"), {"q": "zzz"}).content.decode()


def test_a_plan_of_many_costs_no_more_queries(client, centre, count_queries) -> None:
    small = planning.plan(organisation=centre, candidates=1, jurors=2, days=1)
    large = planning.plan(organisation=centre, candidates=6, jurors=8, days=4)
    costs = {
        count_queries(lambda plan=plan: client.get(url("detail", plan.pk)))
        for plan in (small, large)
    }
    assert len(costs) == 1


def test_reopened_the_timetable_is_put_aside(client, centre) -> None:
    plan = planning.solved(organisation=centre)
    assert "Rouvrir la composition" in client.get(url("detail", plan.pk)).content.decode()
    client.post(url("reopen", plan.pk))
    plan.refresh_from_db()
    assert plan.state == SeasonPlan.State.DRAFT
    assert not plan.slots.exists()
    assert [one.state for one in plan.revisions.all()] == ["former"]


def test_why_no_timetable_exists_is_told_with_what_would_help(client, centre) -> None:
    plan = planning.plan(organisation=centre, candidates=12, jurors=2, days=1, jury_rooms=1)
    client.post(url("solve", plan.pk))
    assert jobs.run_due(now=timezone.now())
    job = Job.objects.get()
    assert job.state == "failed"
    assert "n’entrent pas dans ces jours" in job.error
    assert "un jour de plus" in job.error
    page = client.get(url("detail", plan.pk)).content.decode()
    assert "Aucun planning n’est possible ainsi" in page
    plan.refresh_from_db()
    assert plan.refusal["code"] == "capacity"
    assert plan.state == SeasonPlan.State.DRAFT


def test_a_day_too_short_names_its_candidates(client, centre) -> None:
    plan = planning.plan(organisation=centre, days=0)
    planning.day(plan, opens=540, closes=660, pauses=[])
    client.post(url("solve", plan.pk))
    assert jobs.run_due(now=timezone.now())
    error = Job.objects.get().error
    assert "ne peut l’interrompre qu’entre deux épreuves" in error
    assert plan.candidates.first().enrolment.candidate.full_name in error


def test_nothing_begins_while_something_is_missing(client, centre) -> None:
    plan = planning.bare_plan(centre)
    refused = client.post(url("solve", plan.pk))
    assert refused.status_code == 422
    assert "Aucun juré n’est choisi." in refused.content.decode()
    assert not Job.objects.exists()


def test_days_after_days_are_wednesdays_too(client, centre) -> None:
    plan = planning.bare_plan(centre)
    day = date(2026, 12, 2)
    client.post(
        url("add_days", plan.pk),
        {
            "first": day,
            "last": day + timedelta(days=20),
            "weekdays": ["2"],
            "opens": "08:00",
            "closes": "17:00",
        },
    )
    assert [one.on.isoformat() for one in plan.days.all()] == [
        "2026-12-02",
        "2026-12-09",
        "2026-12-16",
    ]
    assert plan.days.first().pauses == []
