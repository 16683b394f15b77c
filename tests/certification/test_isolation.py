"""No page of the certification, of the rooms or of the evidence opens an object of another centre."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import Workspace
from acquis.certification.archives.actions import hold_session
from acquis.certification.archives.actions.export_session import export_session
from acquis.certification.awards.models import ResultNotice
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.models import Deliberation, Grid
from acquis.certification.incidents.actions import send_sheet
from acquis.certification.papers.actions import bring_file
from acquis.certification.papers.policy import FOR_CANDIDATE
from acquis.certification.sittings import actions
from acquis.kernel import files
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from acquis.regulation.actions.install_parameters import install_parameters
from tests.factories import (
    appeals,
    awards,
    badges,
    council,
    cpf,
    grading,
    incidents,
    phone,
    planning,
)
from tests.factories import certification as make
from tests.factories.certification import DAY
from tests.rights import Page, door, pages, tables

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_refusals_without_a_page")]

PLACED = ("acquis.certification.", "acquis.practice.")
TABLE = tables()
WITH_OBJECT = [
    page
    for page in pages()
    if page.view.__module__.startswith(PLACED)
    and TABLE[page.name] != "public"
    and any(isinstance(value, int) for value in page.kwargs.values())
]
IDS = [page.name for page in WITH_OBJECT]

# Which object each address names, by the name of its page or by its application.
NAMES = {
    "appeals": {"pk": "appeal", "number": "first"},
    "appeals:letter": {"pk": "appeal_letter"},
    "appeals:post_letter": {"pk": "appeal_letter"},
    "appeals:own_letter": {"pk": "appeal_letter"},
    "appeals:lodge": {"pk": "seat"},
    "archives": {"session_id": "marked_session", "hold_id": "hold", "archive_id": "archive"},
    "awards": {"session_id": "marked_session", "document_id": "document", "notice_id": "notice"},
    "awards:blocks": {"seat_id": "marked_seat"},
    "badges": {"document_id": "certificate"},
    "council": {"pk": "council_pack"},
    "council:answer": {"pk": "marked_seat"},
    "cpf": {
        "pk": "cpf_deposit",
        "file_id": "cpf_file",
        "report_id": "cpf_report",
        "framework_id": "cpf_framework",
    },
    "cpf:passage": {"pk": "cpf_delivery"},
    "cpf:particulars": {"pk": "cpf_delivery"},
    "deposits": {"pk": "session"},
    "deposits:own": {"pk": "seat"},
    "deposits:deposit": {"pk": "seat"},
    "enterprises": {"pk": "enterprise"},
    "enterprises:seal": {"pk": "practice_copy"},
    "enterprises:remove": {"pk": "practice_copy"},
    "evidence": {"candidate_id": "seat"},
    "exam_sessions": {"pk": "session", "accreditation_id": "accreditation_of_site"},
    "exam_sessions:remove_candidate": {"pk": "seat"},
    "exam_sessions:remove_juror": {"pk": "member"},
    "exam_sessions:name_president": {"pk": "member"},
    "exam_sessions:summons_file": {"pk": "summons"},
    "frameworks": {"pk": "reading"},
    "frameworks:import_document": {"pk": "reading", "file_pk": "reading_file"},
    "frameworks:version": {"pk": "version"},
    "frameworks:case": {"pk": "version"},
    "frameworks:content": {"pk": "version"},
    "grading": {
        "grid_id": "grid",
        "session_id": "marked_session",
        "candidate_id": "marked_seat",
        "deliberation_id": "deliberation",
    },
    "incidents": {"pk": "corrective_action"},
    "incidents:settle": {"pk": "incident"},
    "incidents:session": {"pk": "session"},
    "incidents:sheet": {"pk": "session"},
    "incidents:new_action": {"pk": "session"},
    "incidents:sheet_file": {"pk": "sheet"},
    "juries": {"pk": "juror"},
    "juries:withdraw_link": {"pk": "link"},
    "papers": {"pk": "subject"},
    "papers:attachment": {"pk": "subject", "number": "first"},
    "papers:session": {"pk": "session"},
    "papers:renew": {"pk": "session"},
    "papers:verify": {"pk": "session"},
    "papers:proof": {"pk": "session"},
    "papers:draw": {"pk": "seat"},
    "registrations": {
        "pk": "candidate",
        "enrolment_id": "enrolment",
        "accommodation_id": "accommodation",
        "held_id": "held",
        "proof_id": "proof",
    },
    "rooms": {
        "pk": "sitting",
        "candidate_id": "seat",
        "call_id": "phone_call",
        "recording_id": "recording",
        "phase_id": "phase",
        "file_id": "kept_file",
        "number": "first",
    },
    "planning": {"pk": "plan", "number": "proposal"},
    "planning:move": {"pk": "plan_candidate"},
    "planning:own_days": {"pk": "plan_juror"},
    "planning:own_days_file": {"pk": "plan_juror"},
    "planning:remove_person": {"pk": "plan_juror"},
    "planning:remove_room": {"pk": "plan_room"},
    "planning:remove_exam": {"pk": "plan_exam"},
    "planning:remove_day": {"pk": "plan_day"},
    "sittings": {"pk": "sitting"},
    "sittings:open_session": {"pk": "session"},
    "sittings:close_session": {"pk": "session"},
    "sittings:wall": {"pk": "session"},
    "sittings:start_together": {"pk": "session"},
    "sittings:give_time_to_all": {"pk": "session"},
    "sittings:give_hearing": {"pk": "phase"},
    "sittings:presence": {"pk": "seat"},
    "sittings:juror_presence": {"pk": "member"},
    "sittings:identity": {"pk": "seat"},
    "sittings:start": {"pk": "phase"},
    "sittings:end": {"pk": "phase"},
    "sittings:give_time": {"pk": "phase"},
    "sittings:answer_call": {"pk": "call"},
    "sittings:authorise_device": {"pk": "device"},
}


def theirs() -> dict[str, int]:
    """The identifiers of one of everything in centres that are not ours."""
    sitting = make.running_sitting(organisation=make.organisation(slug="leur-centre"))
    install_parameters(by=None, at=DAY)
    session, writer = sitting.candidate.session, make.writer(sitting)
    centre = session.organisation
    marked = grading.session()
    for seat in marked.candidates.all():
        grading.decided(marked, seat)
    conclude_session(session=marked, by=grading.first_juror(marked), at=grading.AT)
    member = session.jurors.all()[0]
    candidate = sitting.candidate.enrolment.candidate
    reading = FrameworkImport.objects.create(
        organisation=centre,
        state=FrameworkImport.State.UNDERSTOOD,
        understood=make.ccp1_content(),
        corrected=make.ccp1_content(),
        created_by=session.manager,
        created_at=DAY,
    )
    kept = files.store(b"texte", name="t.txt", media_type="text/plain", by=None, at=DAY)
    reading.files.add(kept)
    enterprise = Workspace.objects.create(
        organisation=centre, kind=WorkspaceKind.MODEL, name="Leur entreprise", created_at=DAY
    )
    spoken = phone.ringing_call(enterprise)
    plan = planning.plan(organisation=centre)
    over = incidents.over(organisation=centre)
    incidents.debriefed(over)
    appeal = appeals.admitted(appeals.lodged(over.candidates.all()[0]))
    named: dict[str, models.Model] = {
        "phone_call": spoken,
        "recording": phone.ready_recording(spoken),
        "kept_file": make.kept_file(sitting, kept),
        "incident": incidents.spoilt(session),
        "sheet": send_sheet(session=over, by=over.manager, at=incidents.AFTER),
        "corrective_action": incidents.action(over),
        "appeal": appeal,
        "appeal_letter": appeal.letters.all()[0],
        "plan": plan,
        "plan_candidate": plan.candidates.all()[0],
        "proposal": planning.proposal(plan),
        "plan_juror": plan.jurors.all()[0],
        "plan_exam": plan.exams.all()[0],
        "plan_room": plan.rooms.all()[0],
        "plan_day": plan.days.all()[0],
        "enterprise": enterprise,
        "practice_copy": Workspace.objects.create(
            organisation=centre,
            kind=WorkspaceKind.COPY,
            origin=enterprise,
            name="Leur copie",
            created_at=DAY,
        ),
        "session": session,
        "seat": sitting.candidate,
        "member": member,
        "juror": member.juror,
        "link": member.juror.links.create(
            candidate_id=candidate.pk, nature="trainer", declared_at=DAY
        ),
        "summons": session.summonses.create(
            candidate=sitting.candidate,
            number="C-1",
            file=files.store(
                b"%PDF-1.7", name="c.pdf", media_type="application/pdf", by=None, at=DAY
            ),
            data={},
            recipient="candidate",
            email="eux@exemple.fr",
            starts_at=DAY,
            ends_at=DAY,
            issued_at=DAY,
            issued_by=session.manager,
        ),
        "candidate": candidate,
        "enrolment": sitting.candidate.enrolment,
        "accommodation": make.accommodation(sitting.candidate.enrolment),
        "held": make.held(sitting.candidate.enrolment),
        "proof": make.proof(sitting.candidate.enrolment),
        "subject": make.subject(
            centre,
            files=[
                bring_file(
                    organisation=centre,
                    name="piece.pdf",
                    content=b"%PDF-1.7",
                    reader=FOR_CANDIDATE,
                    by=session.manager,
                    at=DAY,
                )
            ],
        ),
        "sitting": sitting,
        "phase": sitting.phases.all()[0],
        "call": actions.call_invigilator(sitting=sitting, by=writer, at=DAY),
        "device": sitting.devices.create(device_key="k", asked_at=DAY),
        "reading": reading,
        "reading_file": kept,
        "version": make.framework_version(organisation=centre, code="TP-77777"),
        "marked_session": marked,
        "marked_seat": marked.candidates.all()[0],
        "grid": Grid.objects.all()[0],
        "deliberation": Deliberation.objects.all()[0],
        "document": awards.issued(marked),
        "certificate": badges.badge().certificate,
        "council_pack": council.written(council.season(candidates=1)),
        "hold": hold_session.place_hold(
            session=marked, reason="Un recours", by=marked.manager, at=grading.AT
        ),
        "archive": export_session(
            session=ExamSession.objects.get(pk=marked.pk), by=marked.manager, at=grading.AT
        ),
    } | cpf.one_of_each()
    named["notice"] = ResultNotice.objects.all()[0]
    named["accreditation_of_site"] = make.accredited(session)
    return {key: found.pk for key, found in named.items()} | {"first": 1}


def address(page: Page, named: dict[str, int]) -> str:
    names = NAMES.get(page.name) or NAMES[page.name.split(":")[0]]
    known = {key: named[names[key]] for key in page.kwargs if key in names}
    return reverse(page.name, kwargs=page.kwargs | known)


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row of every application of the certification and of the practice, and the trace."""
    placed = [one for one in apps.get_models() if one.__module__.startswith(PLACED)]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in [*placed, TraceLine]
    }


@pytest.fixture
def named() -> dict[str, int]:
    return theirs()


def test_every_address_is_walked() -> None:
    assert len(IDS) > 60
    for page in WITH_OBJECT:
        names = NAMES.get(page.name) or NAMES[page.name.split(":")[0]]
        asked = {key for key, value in page.kwargs.items() if isinstance(value, int)}
        assert asked <= set(names), page.name


def test_what_is_of_another_centre_does_not_exist(named: dict[str, int]) -> None:
    """As each role of our centre, and of no centre at all: nothing is shown, nothing changes."""
    ours = make.organisation(slug="notre-centre")
    people = [make.person(role, organisation=ours) for role in Role] + [make.person()]
    before = snapshot()
    opened = []
    for person in people:
        client = StrictClient()
        client.force_login(person)
        admits = door(client)
        for page in WITH_OBJECT:
            where = address(page, named)
            # That the mark turns a role away is asked by GET in tests/accounts/test_rights.py.
            asked = [("GET", client.get)] if admits(page) else []
            for method, ask in [*asked, ("POST", client.post)]:
                status = ask(where).status_code
                if status not in {403, 404, 405}:
                    role = person.memberships.values_list("role", flat=True).first()
                    opened.append(f"{method} {page.name} as {role}: {status}")
    assert opened == []
    assert snapshot() == before
