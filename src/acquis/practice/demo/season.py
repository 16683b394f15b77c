"""Two season plans: one of the whole title that is found, one of a block that is published.

Their timetables are data, found once by the planner; loading checks that they break nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.actions.declare_link import declare_link
from acquis.certification.juries.actions.register_juror import register_juror
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.certification.planning import actions
from acquis.certification.planning.assembling import Assembled, assemble
from acquis.certification.planning.checking import violations
from acquis.certification.planning.models import SeasonPlan
from acquis.certification.planning.placing import duties_for, with_rooms
from acquis.certification.planning.problem import Panel, Placed, Plan, Problem, Proof
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.practice.demo.summoned import Summoned, register

TITLE_AHEAD, BLOCK_AHEAD = timedelta(days=70), timedelta(days=49)
TUESDAY = 1
OPENS, CLOSES, LUNCH = 510, 1110, (750, 810)  # 8:30 to 18:30, minutes from midnight
Hours = tuple[int, int, int, int, int, int]  # candidate, day, jury, written, run, marking


@dataclass(frozen=True, slots=True)
class Found:
    """A timetable by ranks: of candidates, jurors and days from 0, of juries from 1."""

    juries: tuple[tuple[int, ...], ...]
    hours: tuple[Hours, ...]
    proofs: tuple[tuple[str, int, int], ...]


TITLE_CANDIDATES = (
    Summoned("Perrine", "Kermarec", "F", date(1994, 5, 18), "Vannes", "56260", ""),
    Summoned("Bilal", "Hamrouni", "M", date(1999, 10, 7), "Nantes", "44109", ""),
    Summoned("Océane", "Poulard", "F", date(2002, 1, 25), "Laval", "53130", ""),
    Summoned("Grégoire", "Tanguy", "M", date(1985, 9, 12), "Rennes", "35238", ""),
    Summoned("Fanta", "Coulibaly", "F", date(1991, 3, 3), "Le Mans", "72181", ""),
)
BLOCK_CANDIDATES = (
    Summoned("Anatole", "Briend", "M", date(1998, 12, 9), "Angers", "49007", ""),
    Summoned("Yuna", "Caradec", "F", date(2003, 4, 30), "Brest", "29019", ""),
    Summoned("Mehdi", "Lahlou", "M", date(1987, 6, 21), "Nantes", "44109", ""),
    Summoned("Capucine", "Vrignaud", "F", date(1996, 8, 2), "Cholet", "49099", ""),
)


@dataclass(frozen=True, slots=True)
class Sits:
    """An invented juror of the season."""

    first_name: str
    last_name: str
    employer: str
    job_title: str
    years: int
    is_external: bool = True
    specialities: tuple[str, ...] = ()


JURORS = (
    Sits("Ghislaine", "Postec", "Mutuelle des Abers", "Directrice de plateau", 16,
         specialities=("rétention",)),
    Sits("Amadou", "Traoré-Lenoir", "Énergie de l’Erdre", "Responsable fidélisation", 9,
         specialities=("rétention",)),
    Sits("Sylvain", "Bourdeau", "Centre de certification des Rives", "Formateur", 8,
         is_external=False),
    Sits("Ludivine", "Arzel", "Voyages Galerne", "Cheffe d’équipe", 5),
)  # fmt: skip


TITLE = Found(
    juries=((2, 0), (3, 5)),
    hours=(
        (6, 0, 2, 525, 600, 630),
        (1, 0, 2, 675, 810, 810),
        (0, 0, 2, 630, 905, 825),
        (4, 1, 1, 525, 600, 630),
        (7, 1, 1, 675, 810, 810),
        (3, 1, 1, 860, 935, 965),
        (5, 1, 2, 525, 600, 630),
        (8, 1, 2, 675, 810, 810),
        (2, 1, 2, 860, 935, 965),
    ),
    proofs=(("jury_days", 3, 3), ("day 0", 695, 695), ("day 1", 1030, 1030)),
)
BLOCK = Found(
    juries=((2, 1),),
    hours=(
        (0, 0, 1, 675, 820, 820),
        (1, 0, 1, 810, 885, 885),
        (3, 0, 1, 870, 945, 945),
        (2, 0, 1, 930, 1005, 1005),
    ),
    proofs=(("jury_days", 1, 1), ("day 0", 310, 310)),
)


def plan_seasons(
    *, centre: Organisation, people: Mapping[Role, Sequence[User]], model: Workspace, now: datetime
) -> list[SeasonPlan]:
    """The two plans; that of the block becomes sessions."""
    by = people[Role.SESSION_MANAGER][0]
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    for one in JURORS:
        _juror(centre, one, by, now)
    jurors = list(Juror.objects.filter(organisation=centre).order_by("pk"))
    waiting = Enrolment.objects.filter(
        candidate__organisation=centre, version=version, block=""
    ).order_by("pk")
    whole = [*waiting, *_enrolled(centre, TITLE_CANDIDATES, version, "", by, now)]
    block = version.content["blocks"][0]["code"]
    few = _enrolled(centre, BLOCK_CANDIDATES, version, block, by, now)
    title_days, block_days = _days(now + TITLE_AHEAD, 2), _days(now + BLOCK_AHEAD, 1)
    tied = jurors[0]
    declare_link(
        juror=tied,
        candidate_id=few[0].candidate_id,
        nature=DeclaredLink.Nature.TUTOR,
        by=by,
        at=now,
    )

    def composed(
        enrolments: Sequence[Enrolment], days: Sequence[date], members: Sequence[Juror], block: str
    ) -> SeasonPlan:
        label = block or "Titre complet"
        plan = actions.create_plan(
            organisation=centre,
            data={
                "name": f"{label} · {date_format(days[0], 'F Y')}",
                "place": centre.name,
                "address": f"{centre.address}\n{centre.postcode} {centre.city}",
                "enterprise_id": model.pk,
                "jury_size": 2,
                "speciality": "",
                "marking_minutes": 15,
                "briefing_minutes": 30,
                "turnover_minutes": 5,
                "most_a_day": None,
            },
            exams=[(version, block)],
            by=by,
            at=now,
        )
        actions.add_candidates(plan=plan, enrolments=enrolments, by=by, at=now)
        actions.add_jurors(plan=plan, jurors=members, by=by, at=now)
        actions.add_invigilators(plan=plan, users=people[Role.INVIGILATOR], by=by, at=now)
        for name, seats in (("Salle Sillon", 0), ("Salle Estuaire", 0), ("Salle Goélette", 6)):
            actions.add_room(
                plan=plan,
                name=name,
                kind="exam" if seats else "jury",
                workstations=seats,
                is_confidential=not seats,
                by=by,
                at=now,
            )
        actions.add_days(
            plan=plan, dates=days, opens=OPENS, closes=CLOSES, pauses=[LUNCH], by=by, at=now
        )
        return plan

    title = composed(whole, title_days, jurors, "")
    part = composed(few, block_days, jurors[:4], block)
    keep_found(title, TITLE, by, now)
    keep_found(part, BLOCK, by, now)
    actions.publish_plan(plan=part, by=by, at=now)
    return [title, part]


def keep_found(plan: SeasonPlan, stored: Found, by: User, now: datetime) -> None:
    """Put a stored timetable in force. Raises ValueError when it breaks a rule."""
    found = assemble(plan)
    problem, solution = read(found, stored)
    broken = violations(problem, solution.placed, solution.duties)
    if broken:
        raise ValueError([one.code for one in broken])
    actions.keep_solution(found=found, problem=problem, solution=solution, by=by, at=now)


def read(found: Assembled, stored: Found) -> tuple[Problem, Plan]:
    """The stored ranks as rows of the plan, with rooms, workstations and invigilators."""
    jurors, sitters = list(found.jurors), list(found.candidates)
    problem = found.with_panels(
        Panel(number, tuple(jurors[rank] for rank in members))
        for number, members in enumerate(stored.juries, start=1)
    )
    placed = with_rooms(
        problem,
        [
            Placed(sitters[who], day, jury, alone_at, together_at, marking_at)
            for who, day, jury, together_at, alone_at, marking_at in stored.hours
        ],
    )
    proofs = tuple(Proof(part, value, bound, 0.0) for part, value, bound in stored.proofs)
    return problem, Plan(tuple(placed), tuple(duties_for(problem, placed)), proofs)


def _days(start: datetime, count: int) -> list[date]:
    """Tuesday of that week and those after it."""
    day = timezone.localtime(start).date()
    first = day + timedelta(days=(TUESDAY - day.weekday()) % 7)
    return [first + timedelta(days=rank) for rank in range(count)]


def _enrolled(
    centre: Organisation,
    candidates: Sequence[Summoned],
    version: FrameworkVersion,
    block: str,
    by: User,
    now: datetime,
) -> list[Enrolment]:
    registered: list[Candidate] = [register(centre, one, by, now) for one in candidates]
    return [
        enrol(
            candidate=one,
            version=version,
            block=block,
            route=Enrolment.Route.TRAINING,
            by=by,
            at=now,
        )
        for one in registered
    ]


def _juror(centre: Organisation, one: Sits, by: User, now: datetime) -> Juror:
    today = timezone.localtime(now).date()
    return register_juror(
        organisation=centre,
        data={
            "first_name": one.first_name,
            "last_name": one.last_name,
            "email": f"{one.last_name.lower().replace('é', 'e')}@jures.example",
            "phone": "",
            "is_external": one.is_external,
            "left_job_on": None,
            "briefed_on": today - timedelta(days=60),
            "accredited_from": today - timedelta(days=300),
            "accredited_to": today + timedelta(days=800),
            "specialities": list(one.specialities),
            "briefing_hours": None,
            "represents": "",
            "employer": one.employer,
            "job_title": one.job_title,
            "experience_years": one.years,
        },
        by=by,
        at=now,
    )
