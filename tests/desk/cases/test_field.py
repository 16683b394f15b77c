"""Visits at customers', and what breaks down too often."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.errors import SlotTaken
from acquis.desk.agenda.policy import PARIS, Span
from acquis.desk.cases.actions.diagnose_case import diagnose_case
from acquis.desk.cases.actions.intervene import (
    plan_intervention,
    report_intervention,
    tell_customer,
)
from acquis.desk.cases.actions.watch_recurrence import acknowledge_alert
from acquis.desk.cases.errors import (
    AlertAcknowledged,
    ContactAddressMissing,
    InstructionsMissing,
    InterventionDone,
    NotOfThisDesk,
    ReportMissing,
    SupervisorOnly,
)
from acquis.desk.cases.models import Case, CaseLink, Intervention, RecurrenceAlert
from acquis.desk.conversations.models import Conversation
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
SPAN = Span(MONDAY, MONDAY + timedelta(hours=1))


@pytest.fixture
def case(workspace: Workspace) -> Case:
    known = make.customer(workspace, email="odile@mail.example", phone="")
    return make.case(known, number="SAV-00007", kind="breakdown")


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def test_a_visit_is_planned_told_and_reported(case: Case, adviser: User, now: datetime) -> None:
    technician = make.resource(case.workspace, name="Yann Kerrien", visits=True)
    wanted: dict[str, Any] = {
        "case": case,
        "resource": technician,
        "span": SPAN,
        "by": adviser,
        "at": now,
    }
    with pytest.raises(InstructionsMissing):
        plan_intervention(**wanted, instructions=" ")
    visit = plan_intervention(**wanted, instructions="Changer la carte.")
    with pytest.raises(SlotTaken):
        plan_intervention(**wanted, instructions="Encore.")
    with pytest.raises(ContactAddressMissing):
        tell_customer(intervention=visit, channel="sms", by=adviser, at=now)

    talk = tell_customer(intervention=visit, channel="mail", by=adviser, at=now)

    said = talk.messages.get().body
    assert "lundi 23 novembre 2026 de 09:00 à 10:00, par Yann Kerrien" in said
    assert (talk.direction, talk.contact_address) == ("out", "odile@mail.example")
    with pytest.raises(ReportMissing):
        report_intervention(intervention=visit, outcome="solved", report="", by=adviser, at=now)
    report_intervention(intervention=visit, outcome="solved", report="Fait.", by=adviser, at=now)
    with pytest.raises(InterventionDone):
        report_intervention(intervention=visit, outcome="solved", report="x", by=adviser, at=now)
    visit.refresh_from_db()
    assert (visit.outcome, visit.told_by, visit.done_at) == ("solved", "mail", now)


def test_a_visit_on_screen(signed_in: StrictClient, workspace: Workspace, case: Case) -> None:
    page = reverse("cases:intervene", args=[workspace.pk, case.pk])
    assert "Aucun créneau libre" in signed_in.get(page).content.decode()
    make.resource(workspace, name="Yann Kerrien", visits=True)
    shown = signed_in.get(page, {"duree": "120"})
    slot = shown.context["form"].fields["slot"].choices[-1][0]
    assert signed_in.post(page + "?duree=120", {"slot": "x"}).status_code == 422
    sent = {"slot": slot, "instructions": "Changer la carte."}
    assert signed_in.post(page + "?duree=120", sent).status_code == 302
    visit = Intervention.objects.get()

    def address(name: str) -> str:
        return reverse(f"cases:{name}", args=[workspace.pk, case.pk, visit.pk])

    assert visit.appointment.span.length == timedelta(hours=2)
    assert signed_in.post(address("told"), {"channel": "fax"}).status_code == 302
    assert Conversation.objects.get().channel == "mail"
    assert signed_in.post(address("report"), {"outcome": "solved"}).status_code == 422
    sent = {"outcome": "solved", "report": "Carte changée."}
    assert signed_in.post(address("report"), sent).status_code == 302
    text = PdfReader(io.BytesIO(signed_in.get(address("sheet")).content)).pages[0].extract_text()
    for said in ("SAV-00007", "Yann Kerrien", "Carte changée."):
        assert said in text
    case_page = reverse("cases:case", args=[workspace.pk, case.pk])
    assert "client prévenu" in signed_in.get(case_page).content.decode()


def found(**fields: Any) -> Any:
    blank = dict.fromkeys(("reason", "symptom", "product", "urgency", "impact"))
    return blank | {"cause": "", "tried": ""} | fields


@pytest.fixture
def alert(workspace: Workspace, adviser: User, now: datetime) -> RecurrenceAlert:
    """Three cases of the same product and symptom, diagnosed one after the other."""
    product = make.product(workspace, label="Robot Alma")
    symptom = make.case_code(workspace, kind="symptom", label="Fuit")
    make.case(make.customer(workspace), product=product, symptom=symptom,
              opened_at=now - timedelta(days=60))  # fmt: skip
    for rank in range(4):
        assert RecurrenceAlert.objects.count() == (1 if rank == 3 else 0)
        case = make.case(make.customer(workspace), number=f"SAV-{rank}")
        diagnose_case(case=case, found=found(product=product, symptom=symptom), by=adviser, at=now)
    return RecurrenceAlert.objects.get()


def test_the_same_trouble_too_often_is_an_alert(
    workspace: Workspace, alert: RecurrenceAlert, adviser: User, supervisor: User, now: datetime
) -> None:
    assert (alert.count, str(alert).endswith("Fuit")) == (4, True)
    parent = Case.objects.get(number="SAV-0")
    with pytest.raises(SupervisorOnly):
        acknowledge_alert(alert=alert, note="Vu.", by=adviser, at=now)
    with pytest.raises(NotOfThisDesk):
        acknowledge_alert(
            alert=alert, note="Vu.", parent=make.case(make.customer(make.desk())), by=supervisor,
            at=now,
        )  # fmt: skip

    acknowledge_alert(alert=alert, note="Fournisseur saisi.", parent=parent, by=supervisor, at=now)

    assert CaseLink.objects.filter(other=parent, kind="cause").count() == 3
    with pytest.raises(AlertAcknowledged):
        acknowledge_alert(alert=alert, note="Vu.", by=supervisor, at=now)


def test_alerts_on_screen_cost_the_same_however_many(
    signed_in: StrictClient, workspace: Workspace, alert: RecurrenceAlert, supervisor: User,
    count_queries: Callable[..., int],
) -> None:  # fmt: skip
    page = reverse("cases:alerts", args=[workspace.pk])
    one = count_queries(lambda: signed_in.get(page))
    make.recurrence_alert(make.product(workspace), make.case_code(workspace, kind="symptom"))
    assert count_queries(lambda: signed_in.get(page)) == one
    boss = StrictClient()
    boss.force_login(supervisor)
    address = reverse("cases:acknowledge", args=[workspace.pk, alert.pk])
    assert "SAV-1" in boss.get(page).content.decode()
    assert boss.post(address, {"note": "x", "parent": "RIEN"}).status_code == 422
    assert boss.post(address, {"note": "Fournisseur saisi."}).status_code == 302
    assert "Fournisseur saisi." in boss.get(page).content.decode()
