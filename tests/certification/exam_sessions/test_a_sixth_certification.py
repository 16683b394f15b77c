"""The exam is data: a certification that nobody foresaw runs, and the five that ship have their times."""

import copy
import itertools
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions as sessions
from acquis.certification.exam_sessions import deadlines, queries
from acquis.certification.exam_sessions.deliverables import asked_at
from acquis.certification.exam_sessions.errors import BlockNotExamined, NotEnrolledForThis
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.phases import PhasePlan, kind_of, phases_from
from acquis.certification.frameworks.actions.install_catalogue import shipped
from acquis.certification.frameworks.actions.publish_import import Edition, publish_import
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.grading import policy as grading
from acquis.certification.registrations.actions import enrol
from acquis.certification.registrations.models import Enrolment
from acquis.certification.registrations.policy import NO_EXTRA, Arrangement, ExtraTime
from acquis.certification.sittings import actions, errors
from acquis.certification.sittings.models import Sitting
from tests.factories import certification as make
from tests.factories import frameworks
from tests.factories.certification import DAY

CODE = "RS-OUTRE-MER"
THIRD = ExtraTime((Arrangement(Fraction(1, 3)),))
HANDED_IN_THEN_PRESENTED = [("deposit", 0, False), ("defence", 0, True)]


def step(title: str, minutes: int | None, **said: Any) -> dict[str, Any]:
    return {"title": title, "minutes": minutes, **said}


def phase(
    method: str, title: str, *steps: dict[str, Any], minutes: int | None = None
) -> dict[str, Any]:
    return {"method": method, "title": title, "minutes": minutes, "steps": list(steps)}


def sixth() -> dict[str, Any]:
    """Accueil d’un centre d’appels d’urgence: no document of ours has these parts, minutes, jury."""
    content = frameworks.content(
        kind="rs", title="Répondre aux appels d’urgence sociale", code=CODE, edition="01"
    )
    content["assessments"] = [
        {
            "scope": {"type": "whole", "block": None},
            "candidate_minutes": 172,
            "phases": [
                phase(
                    "written_production",
                    "Journal de garde",
                    step("Journal remis huit jours avant", None),
                ),
                phase(
                    "questionnaire",
                    "Questionnaire",
                    step("Connaissances", 35, invigilated=True, spelling_help=True),
                ),
                phase(
                    "roleplay",
                    "Nuit de garde",
                    step("Tirage et préparation", 25, drawn_by_lot=True, jury_present=False),
                    step("Cinq appels", 50, exchanges=5, jury_present=True),
                ),
                phase(
                    "technical_interview",
                    "Réécoute",
                    step("Écoute d’un appel enregistré", 12, drawn_by_lot=True, listens=2),
                ),
                phase("oral_defence", "Soutenance du journal", minutes=40),
                phase("final_interview", "Entretien", minutes=10),
            ],
        }
    ]
    content["rules"] = {
        "scale": "acquis_non_acquis",
        "pass_ratio": "0.60",
        "summons_before": "P3W",
        "jury": {"members_min": 3, "members_max": 4, "independent_min": 2, "left_years_max": 2},
    }
    return content


@pytest.fixture
def version() -> FrameworkVersion:
    """Published by the certifying body of a centre, from a reading that was corrected."""
    by = frameworks.certifier()
    reading = frameworks.reading(by, content=sixth())
    edition = Edition(code=CODE, edition="01", valid_from=date(2026, 1, 1))
    return publish_import(
        reading=reading, edition=edition, revision=reading.revision, by=by, at=DAY
    )


@pytest.fixture
def session(version: FrameworkVersion) -> ExamSession:
    """Two enrolled candidates, the first with a third of time more, and no jury yet."""
    centre = version.framework.organisation
    manager = make.person(Role.SESSION_MANAGER, organisation=centre)
    planned = sessions.plan_session(
        organisation=centre, data=data(version, centre), by=manager, at=DAY - timedelta(days=60)
    )
    for rank in range(2):
        enrolled = enrol(
            candidate=make.candidate(centre),
            version=version,
            block="",
            route=Enrolment.Route.TRAINING,
            by=manager,
            at=DAY - timedelta(days=50),
        )
        if not rank:
            make.accommodation(enrolled)
        sessions.add_candidate(session=planned, enrolment=enrolled, by=manager, at=DAY)
    return planned


def data(version: FrameworkVersion, centre: Any, **changed: Any) -> Any:
    return {
        "reference": "",
        "version": version,
        "block": "",
        "starts_at": DAY,
        "place": "Centre",
        "address": "",
        "room": "",
        "enterprise_id": make.enterprise(centre).pk,
        **changed,
    }


def with_jury(session: ExamSession, *external: bool, **fields: Any) -> None:
    for outside in external:
        juror = make.juror(session.organisation, is_external=outside, **fields)
        sessions.add_juror(session=session, juror=juror, by=session.manager, at=DAY)


def with_subjects(session: ExamSession) -> None:
    for kind in ("exchanges", "recording"):
        sound = {"sound": b"OggS" + bytes(64)} if kind == "recording" else {}
        make.subject(session.organisation, kind=kind, framework_code=CODE, block="", **sound)


@pytest.mark.django_db
def test_its_phases_and_clocks_are_those_of_the_data(session: ExamSession) -> None:
    with_jury(session, True, True, False)
    with_subjects(session)

    actions.open_session(session=session, by=session.manager, at=DAY)

    slower, ordinary = Sitting.objects.order_by("pk")
    rows = ordinary.phases.values_list(
        "kind", "minutes", "jury_present", "invigilated", "drawn_by_lot", "exchanges", "listens"
    )
    assert list(rows) == [
        ("deposit", 0, False, False, False, 0, 1),
        ("written", 35, False, True, False, 0, 1),
        ("preparation", 25, False, False, True, 0, 1),
        ("exchanges", 50, True, False, False, 5, 1),
        ("reaction", 12, True, False, True, 0, 2),
        ("defence", 40, True, False, False, 0, 1),
        ("interview", 10, True, False, False, 0, 1),
    ]
    assert [one.planned_seconds // 60 for one in slower.phases.all()] == [
        0, 47, 34, 67, 16, 54, 14,
    ]  # fmt: skip
    assert ordinary.phases.get(kind="written").spelling_help


@pytest.mark.django_db
def test_it_is_sat_from_its_first_phase_to_its_seal(session: ExamSession) -> None:
    with_jury(session, True, True, False)
    with_subjects(session)
    actions.open_session(session=session, by=session.manager, at=DAY)
    sitting = Sitting.objects.order_by("-pk")[0]
    actions.confirm_presence(candidate=sitting.candidate, present=True, by=session.manager, at=DAY)
    actions.confirm_identity(candidate=sitting.candidate, by=session.manager, at=DAY)
    actions.authorise_start(sitting=sitting, by=session.manager, at=DAY)
    writer, at = make.writer(sitting), DAY

    for part in sitting.phases.all():
        started = actions.start_phase(phase=part, by=writer, at=at)
        lasts = timedelta(minutes=part.minutes) if part.minutes else None
        assert started.ends_at == (at + lasts if lasts else None)
        at += lasts or timedelta(minutes=1)
        actions.end_phase(phase=started, by=writer, at=at)
    sealed = actions.finish_sitting(sitting=sitting, by=writer, at=at)

    assert at - DAY == timedelta(minutes=173)
    assert sealed.state == Sitting.State.FINISHED
    assert len(sealed.sealed_sha256) == 64
    assert sitting.candidate.draws.get().kind == "exchanges"


@pytest.mark.django_db
def test_its_timetable_gives_the_jury_to_one_candidate_at_a_time(session: ExamSession) -> None:
    day = queries.timetable_of(session)
    before_jury = sorted(
        (slot.starts_at, slot.ends_at, slot.kind)
        for slots in day.values()
        for slot in slots
        if slot.jury_present
    )
    assert len(before_jury) == 8
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(before_jury))
    lasted = [
        sum((slot.ends_at - slot.starts_at for slot in slots), timedelta())
        for slots in day.values()
    ]
    assert lasted == [timedelta(minutes=232), timedelta(minutes=172)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("external", "fields", "fault"),
    [
        ((True, True), {}, "too_few"),
        ((True, True, True, True, True), {}, "too_many"),
        ((True, False, False), {}, "too_few_external"),
        ((True, True, False), {"left_job_on": date(2024, 11, 19)}, "left_too_long_ago"),
        ((True, True, False), {"left_job_on": date(2024, 11, 20)}, None),
    ],
)
def test_its_jury_is_judged_by_its_own_rule(
    session: ExamSession, external: tuple[bool, ...], fields: dict[str, Any], fault: str | None
) -> None:
    with_jury(session, *external, **fields)
    with_subjects(session)

    found = {one.code for one in queries.jury_faults(session)}

    assert found == ({fault} if fault else set())
    if fault:
        with pytest.raises(errors.JuryIrregular):
            actions.open_session(session=session, by=session.manager, at=DAY)
        assert not Sitting.objects.exists()


@pytest.mark.django_db
def test_what_it_does_not_examine_is_refused(
    session: ExamSession, version: FrameworkVersion
) -> None:
    with pytest.raises(BlockNotExamined):
        sessions.plan_session(
            organisation=session.organisation,
            data=data(version, session.organisation, block="B2"),
            by=session.manager,
            at=DAY,
        )
    elsewhere = make.enrolment(
        make.candidate(session.organisation), make.framework_version(), block="CCP1"
    )
    with pytest.raises(NotEnrolledForThis):
        sessions.add_candidate(session=session, enrolment=elsewhere, by=session.manager, at=DAY)


@pytest.mark.django_db
def test_its_summons_are_due_three_weeks_before(session: ExamSession) -> None:
    board = deadlines.KINDS[0].find(session.manager, session.organisation, DAY - timedelta(days=30))
    assert [line.due for line in board] == [date(2026, 10, 30)]


@pytest.mark.parametrize(("acquired", "passes"), [(3, True), (2, False)])
def test_its_pass_rule_binds_the_jury(acquired: int, passes: bool) -> None:
    rule = grading.pass_rule(sixth())
    assert rule.ratio is not None
    assert grading.satisfies_ratio(acquired, 5, rule.ratio) is passes
    assert not rule.sovereign
    assert grading.members_required(sixth()) == 3


# -- the five that ship ----------------------------------------------------------------------------


def exam(code: str, block: str = "", extra: ExtraTime = NO_EXTRA) -> list[PhasePlan]:
    content = next(one for one in shipped() if one["code"] == code)
    return phases_from(copy.deepcopy(content), block, extra)


def minutes(plans: list[PhasePlan]) -> list[int]:
    return [plan.planned_seconds // 60 for plan in plans]


@pytest.mark.parametrize(
    ("block", "each", "candidate", "jury"),
    [
        ("", [75, 45, 60, 10, 10, 10, 15], 225, 95),
        ("CCP1", [75, 15, 15, 10, 10, 5], 130, 30),
        ("CCP2", [75, 20, 30, 15], 140, 45),
    ],
)
def test_the_title_and_its_ccp_have_the_minutes_of_x_04(
    block: str, each: list[int], candidate: int, jury: int
) -> None:
    plans = exam("TP-00483", block)
    assert minutes(plans) == each
    assert sum(each) == candidate
    assert sum(plan.minutes for plan in plans if plan.jury_present) == jury


@pytest.mark.parametrize(
    ("block", "each", "whole"),
    [
        ("", [100, 60, 80, 14, 14, 14, 20], 302),
        ("CCP1", [100, 20, 20, 14, 14, 7], 175),
        ("CCP2", [100, 27, 40, 20], 187),
    ],
)
def test_a_third_of_time_more_stretches_each_phase_and_rounds_for_the_candidate(
    block: str, each: list[int], whole: int
) -> None:
    """225 minutes and a third are 300 (X-11); 10 minutes and a third are 14, never 13."""
    plans = exam("TP-00483", block, THIRD)
    assert minutes(plans) == each
    assert sum(each) == whole
    exact = sum(Fraction(plan.minutes) * Fraction(4, 3) for plan in plans)
    assert 0 <= whole - exact < len(plans)


@pytest.mark.parametrize(
    ("block", "kinds"),
    [
        (
            "",
            [
                "written",
                "preparation",
                "exchanges",
                "preparation",
                "reaction",
                "interview",
                "interview",
            ],
        ),
        (
            "CCP1",
            ["written", "preparation", "exchanges", "preparation", "reaction", "interview"],
        ),
        ("CCP2", ["written", "preparation", "exchanges", "interview"]),
    ],
)
def test_the_title_and_its_ccp_have_the_phases_of_x_04(block: str, kinds: list[str]) -> None:
    plans = exam("TP-00483", block)
    assert [plan.kind for plan in plans] == kinds
    assert {"": 6, "CCP1": 2, "CCP2": 3}[block] == sum(plan.exchanges for plan in plans)
    assert all(not plan.jury_present for plan in plans if plan.invigilated)


@pytest.mark.parametrize(
    ("code", "block", "expected"),
    [
        ("CP-FFP-ASCAS", "", [("exchanges", 0, True), ("interview", 0, True)]),
        ("RNCP-GRC", "", [("deposit", 0, False), ("defence", 30, True)]),
        ("RNCP-GRC", "BLOC 1", HANDED_IN_THEN_PRESENTED * 2),
        ("RNCP-GRC", "BLOC 2", [("written", 0, False), *HANDED_IN_THEN_PRESENTED * 2]),
        # The page of its exam is missing: what the document says of every block.
        ("RNCP-GRC", "B3", [("exchanges", 0, True)]),
        ("RS-ORC", "B1", [("deposit", 0, False), ("defence", 0, True)]),
        ("RS-ORC", "B3", [("deposit", 0, False), ("defence", 0, True)]),
        (
            "RNCP-COM",
            "BLOC 2",
            [
                ("written", 0, False),
                ("exchanges", 0, True),
                ("deposit", 0, False),
                ("defence", 0, True),
            ],
        ),
    ],
)
def test_the_other_four_have_their_phases(
    code: str, block: str, expected: list[tuple[str, int, bool]]
) -> None:
    found = [(plan.kind, plan.minutes, plan.jury_present) for plan in exam(code, block)]
    assert found == expected


def test_each_work_of_a_block_of_000_is_handed_in_under_its_own_name() -> None:
    """A defence never refers to a document that no part hands in (X-10)."""
    content = next(one for one in shipped() if one["code"] == "RNCP-GRC")
    for block, titles in (
        ("BLOC 1", ["Fiche technique d'un produit imaginé", "Étude des processus"]),
        ("BLOC 2", ["Projet fictif de communication", "Étude de la coordination"]),
    ):
        deposits = [plan.code for plan in exam("RNCP-GRC", block) if plan.kind == "deposit"]
        handed = [one.title for code in deposits for one in asked_at(content, block, code)]
        assert [text.startswith(title) for text, title in zip(handed, titles, strict=True)] == [
            True
        ] * len(titles)


@pytest.mark.parametrize(
    ("method", "title", "jury", "kind"),
    [
        ("project", "Projet", None, "defence"),
        ("project", "Remise du projet", None, "deposit"),
        ("project", "Remise du travail, devant le jury", True, "defence"),
        ("portfolio", "Dossier", None, "deposit"),
        ("portfolio", "Présentation du dossier", True, "defence"),
    ],
)
def test_a_work_is_handed_in_or_presented(
    method: str, title: str, jury: bool | None, kind: str
) -> None:
    assert kind_of(method, step(title, None, jury_present=jury), 0) == kind


def test_the_thirty_minute_defence_becomes_forty_with_a_third_more() -> None:
    assert minutes(exam("RNCP-GRC", "", THIRD)) == [0, 40]


def test_every_exam_of_the_five_has_at_least_one_phase() -> None:
    scopes = [
        (content["code"], assessment["scope"].get("block") or "")
        for content in shipped()
        for assessment in content["assessments"]
    ]
    assert len(scopes) == 14
    assert all(exam(code, block) for code, block in scopes)
