"""What is shown of a timetable beside its pages: the chart's words, paper, the first page, the journal."""

from fractions import Fraction
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from acquis.certification.planning import actions, home, queries
from acquis.certification.planning.acts import ACTS, history
from acquis.certification.planning.drawing import chart_of
from acquis.certification.planning.models import PlanRevision, SeasonPlan
from acquis.certification.registrations import actions as registrations
from acquis.kernel import jobs, trace
from acquis.kernel.models import TraceLine
from tests.factories import planning
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"planning:{name}", args=args)


@pytest.fixture
def plan(client) -> SeasonPlan:
    found = planning.solved(candidates=3, jurors=5, days=2)
    client.force_login(found.created_by)
    return found


def titles(plan: SeasonPlan) -> list[str]:
    return [card.title for card in home.PROVIDERS[0].cards(None, plan.organisation, DAY)]


def text_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\N{NO-BREAK SPACE}", " ")


def test_the_chart_names_each_visit_the_jurys_meeting_and_its_presence(plan) -> None:
    slots = list(queries.slots(plan))
    day = queries.days_used(plan, slots)[0]
    chart = chart_of(day, "jurys", queries.on_day(slots, day), queries.juries(plan))
    line = chart.lines[0]
    meeting, *candidates = line.groups
    assert [block.label for block in meeting.blocks] == ["Réunion"]
    assert meeting.blocks[0].ends - meeting.blocks[0].starts == 30
    for group in candidates:
        assert group.captions[0].text in group.name.replace("…", "")
        labels = {block.kind: (block.label, block.follows) for block in group.blocks}
        assert labels["marking"] == ("C", False)
        assert labels["interview"] == ("E", True)
    assert line.presence is not None
    begins, width = line.presence
    assert begins == meeting.blocks[0].x
    assert begins + width == max(block.x + block.width for block in line.ordered)


def test_a_door_says_when_one_begins_and_never_when_one_ends(client) -> None:
    built = planning.plan(candidates=2)
    slow = built.candidates.first().enrolment
    registrations.accommodate(
        enrolment=slow,
        data={
            "kind": "extra_time",
            "extra": Fraction(1, 3),
            "break_minutes": 0,
            "scope": [],
            "details": "Motif qui ne regarde personne",
            "decision_by": "DDETS",
            "decision_date": DAY.date(),
        },
        by=built.created_by,
        at=DAY,
    )
    actions.start_solving(plan=built, by=built.created_by, at=DAY)
    assert jobs.run_due(now=DAY)
    client.force_login(built.created_by)
    said = text_of(client.get(url("doors", built.pk)))
    day = queries.days_used(built, queries.slots(built))[0]
    there = queries.on_day(queries.slots(built), day)
    names = {slot.candidate.enrolment.candidate.birth_name.upper() for slot in there}
    assert all(name in said for name in names)
    assert "Salle A" in said
    assert "Jury 1" in said
    for private in ("Motif", "majoré", "DDETS"):
        assert private not in said
    own = text_of(client.get(url("own_days_file", "candidats", built.candidates.first().pk)))
    assert "Travail écrit" in own
    assert "Motif" not in own


def test_a_persons_days_are_printed(client, plan) -> None:
    juror = queries.juries(plan)[0].members.all()[0].juror
    said = text_of(client.get(url("own_days_file", "jures", juror.pk)))
    assert juror.juror.full_name in said
    assert "Réunion du jury" in said
    watcher = plan.invigilators.get()
    assert "Surveillance" in text_of(client.get(url("own_days_file", "surveillants", watcher.pk)))


def test_without_a_timetable_there_is_nothing_for_the_doors(client, plan) -> None:
    draft = planning.plan(organisation=plan.organisation)
    assert client.get(url("doors", draft.pk)).url == url("detail", draft.pk)


def test_the_first_page_says_what_waits(client, plan) -> None:
    name = plan.name
    assert titles(plan) == [f"Planning à publier · {name}"]
    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    assert titles(plan) == []
    assert "Changements à publier" not in client.get(url("list")).content.decode()

    SeasonPlan.objects.filter(pk=plan.pk).update(published_number=99)
    assert titles(plan) == [f"Changements à publier · {name}"]
    assert "Changements à publier" in client.get(url("list")).content.decode()
    proposed = planning.proposal(plan)
    assert titles(plan) == [f"Proposition à examiner · {name}"]
    assert "Proposition à examiner" in client.get(url("list")).content.decode()
    proposed.state = PlanRevision.State.REFUSED
    proposed.save()
    assert titles(plan) == [f"Changements à publier · {name}"]


def test_the_journal_names_people_and_days(plan) -> None:
    candidate, juror = plan.candidates.first(), plan.jurors.first()
    who, judge = candidate.enrolment.candidate.full_name, juror.juror.full_name
    PlanRevision.objects.update(note="Une absence")
    data = {
        "plan.moved": {
            "candidate": candidate.pk, "day": "2026-12-01", "jury": 1, "alone_at": 605,
            "revision": 1,
        },
        "plan.absence_studied": {"juror": juror.juror_id, "day": "2026-12-01"},
        "plan.proposal_made": {"revision": 1},
        "plan.move_undone": {"revision": 1},
        "plan.person_removed": {"what": "PlanJuror", "key": 4},
        "plan.absences_noted": {"people": 2},
        "plan.day_removed": {"day": "2026-12-01"},
        "plan.days_added": {"days": ["2026-12-01", "2026-12-02"]},
        "plan.people_added": {"what": "jurors", "keys": [1, 2]},
        "plan.solved": {"jury_days": 1},
        "plan.published": {"made": 2, "changed": 0, "cancelled": 1},
        "plan.created": {"name": "Mars"},
        "plan.revised": {"fields": ["name"]},
        "plan.something": {},
    }  # fmt: skip
    lines = [
        TraceLine(verb=verb, data=told, at=DAY, actor_label="x") for verb, told in data.items()
    ]
    said = {line.verb: row["text"] for line, row in zip(lines, history(plan, lines), strict=True)}
    assert said["plan.moved"].replace("\N{NO-BREAK SPACE}", " ") == (
        f"{who} : le 1 décembre à 10 h 05, jury 1"
    )
    assert said["plan.absence_studied"] == f"{judge} ne peut pas siéger le 1 décembre"
    assert said["plan.proposal_made"] == "Une absence"
    assert said["plan.person_removed"] == "un juré"
    assert said["plan.absences_noted"] == "pour 2 personnes"
    assert said["plan.days_added"] == "mardi 1 décembre 2026, mercredi 2 décembre 2026"
    assert said["plan.people_added"] == "2 jurés"
    assert said["plan.published"] == "2 sessions créées, 1 session annulée"
    assert said["plan.revised"] == said["plan.something"] == ""
    assert set(trace.lines(plan.trace_stream).values_list("verb", flat=True)) <= set(ACTS)
