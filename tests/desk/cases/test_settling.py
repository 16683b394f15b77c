"""Difficult situations: weighed, granted by whom may, agreed, confirmed in writing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.cases.actions.handle_complaint import advance_complaint, weigh_case
from acquis.desk.cases.actions.settle_case import (
    agree,
    change_authority,
    decide_option,
    order_total,
    propose_option,
    write_consensus,
)
from acquis.desk.cases.errors import (
    AgreementExceeds,
    CriticalityMissing,
    DeciderMissing,
    LetterWritten,
    NotAComplaint,
    OptionDecided,
    OptionNotGranted,
    StageNotNext,
    SupervisorOnly,
)
from acquis.desk.cases.models import Agreement, AuthorityRule, Case, CaseOption
from acquis.desk.cases.rules import authority_rows
from acquis.desk.documents.models import Letter
from acquis.desk.documents.presentation import differences_of
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
Needs = CaseOption.Needs


@pytest.fixture
def case(workspace: Workspace) -> Case:
    """A complaint about an order of 120 € with VAT."""
    known = make.customer(workspace, title="Mme", last_name="Lefèvre")
    return make.case(known, order=make.order(known), number="REC-00042")


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def option(amount: str = "10", **fields: Any) -> Any:
    return {
        "label": "Bon d’achat", "gesture": "goodwill", "amount": Decimal(amount),
        "for_customer": "Compense.", "for_company": "Garde le client.",
    } | fields  # fmt: skip


def weights(*three: int) -> Any:
    gravity, pressure, stake = three
    return {
        "gravity": gravity, "pressure": pressure, "stake": stake,
        "customer_stake": "Noël approche.", "company_stake": "Réputation.",
    }  # fmt: skip


def test_a_complaint_passes_from_state_to_state(case: Case, adviser: User, now: datetime) -> None:
    def advance(stage: str, note: str = "") -> Case:
        return advance_complaint(case=case, stage=stage, note=note, by=adviser, at=now)

    for wrong in ("qualified", "closed", "nowhere"):
        with pytest.raises(StageNotNext):
            advance(wrong)
    assert advance("acknowledged", "Par courriel.").answered_at == now
    with pytest.raises(CriticalityMissing):
        advance("qualified")
    weigh_case(case=case, weights=weights(3, 2, 2), by=adviser, at=now)
    for stage in ("qualified", "in_progress", "proposed", "refused", "mediation"):
        advance(stage)

    case.refresh_from_db()
    assert (case.stage, case.criticality) == ("mediation", 3)
    bodies = "\n".join(case.events.values_list("body", flat=True))
    assert "3 × 2 × 2 = 12 → 3/4" in bodies
    assert "Enregistrée → Accusée\nPar courriel." in bodies
    request = make.case(case.customer, kind="request")
    with pytest.raises(NotAComplaint):
        advance_complaint(case=request, stage="acknowledged", by=adviser, at=now)


def test_the_matrix_says_who_grants(case: Case, adviser: User, now: datetime) -> None:
    assert order_total(case.order) == Decimal("120.00")
    assert order_total(None) is None

    made = [
        propose_option(case=case, option=option(amount), by=adviser, at=now)
        for amount in ("12", "12.01", "24.01")
    ]

    assert [one.needs for one in made] == [Needs.ADVISER, Needs.SUPERVISOR, Needs.MANAGEMENT]
    assert [one.granted_at is not None for one in made] == [True, False, False]


def test_what_is_beyond_the_adviser_is_decided_above(
    case: Case, adviser: User, supervisor: User, now: datetime
) -> None:
    beyond = propose_option(case=case, option=option("20"), by=adviser, at=now)
    far = propose_option(case=case, option=option("200"), by=adviser, at=now)
    with pytest.raises(SupervisorOnly):
        decide_option(option=beyond, granted=True, reason="", by=adviser, at=now)
    with pytest.raises(OptionNotGranted):
        agree(option=beyond, terms="x", amount=Decimal(1), due_on=date(2026, 12, 1),
              in_charge="Léonie", by=adviser, at=now)  # fmt: skip
    with pytest.raises(DeciderMissing):
        decide_option(option=far, granted=True, reason="", by=supervisor, at=now)

    decide_option(option=beyond, granted=True, reason="Client fidèle.", by=supervisor, at=now)
    decide_option(
        option=far, granted=True, reason="", decider="Mme Aubin, directrice", by=supervisor, at=now
    )
    refused = propose_option(case=case, option=option("21"), by=adviser, at=now)
    decide_option(option=refused, granted=False, reason="Non.", by=supervisor, at=now)

    far.refresh_from_db()
    assert far.granted_by_label == "Mme Aubin, directrice"
    for one in (beyond, refused):
        with pytest.raises(OptionDecided):
            decide_option(option=one, granted=True, reason="", by=supervisor, at=now)


def agreed_on(case: Case, adviser: User, now: datetime, **fields: Any) -> Agreement:
    made = propose_option(case=case, option=option("10"), by=adviser, at=now)
    values = {
        "terms": "Nous vous remboursons les frais.", "amount": Decimal(10),
        "due_on": date(2026, 12, 1), "in_charge": "Léonie Tessier",
    } | fields  # fmt: skip
    return agree(option=made, **values, by=adviser, at=now)


def test_what_was_agreed_is_confirmed_in_writing_and_read_over(
    case: Case, adviser: User, now: datetime
) -> None:
    with pytest.raises(AgreementExceeds):
        agreed_on(case, adviser, now, amount=Decimal("10.01"))
    agreement = agreed_on(case, adviser, now)

    letter = write_consensus(agreement=agreement, by=adviser, at=now)

    assert letter.needs_release
    assert letter.references == "REC-00042"
    assert "au plus tard le 1er décembre 2026, par Léonie Tessier" in letter.body
    assert differences_of(letter) == []
    with pytest.raises(LetterWritten):
        write_consensus(agreement=agreement, by=adviser, at=now)


def test_a_simple_request_within_the_adviser_leaves_alone(
    case: Case, adviser: User, now: datetime
) -> None:
    request = make.case(case.customer, kind="request", opened_at=make.NOW.replace(day=1))
    agreement = agreed_on(request, adviser, now, amount=Decimal(0), due_on=date(2026, 12, 2))

    letter = write_consensus(agreement=agreement, by=adviser, at=now)

    assert not letter.needs_release
    assert letter.agreed["amounts"] == []
    assert "du 1er novembre 2026" in letter.body


def test_only_a_supervisor_changes_the_matrix(
    workspace: Workspace, adviser: User, supervisor: User, now: datetime
) -> None:
    empty: dict[str, Decimal | None] = dict.fromkeys(
        ("adviser_percent", "supervisor_amount", "supervisor_percent")
    )
    rows: dict[str, Any] = {"goodwill": {"adviser_amount": Decimal(30)} | empty}
    with pytest.raises(SupervisorOnly):
        change_authority(workspace=workspace, rows=rows, by=adviser, at=now)

    change_authority(workspace=workspace, rows=rows, by=supervisor, at=now)

    assert authority_rows(workspace)[0].adviser_amount == 30
    assert str(AuthorityRule.objects.get()) == "Geste commercial"


def test_a_difficult_case_on_screen(
    signed_in: StrictClient, workspace: Workspace, case: Case, supervisor: User
) -> None:
    boss = StrictClient()
    boss.force_login(supervisor)

    def post(name: str, *more: int, by: StrictClient = signed_in, **fields: Any) -> int:
        address = reverse(f"cases:{name}", args=[workspace.pk, case.pk, *more])
        return by.post(address, fields).status_code

    assert (post("stage", stage="closed"), post("stage", stage="acknowledged")) == (422, 302)
    assert post("weigh", gravity="7") == 422
    assert post("weigh", gravity="3", pressure="3", stake="3") == 302
    sent = {"label": "Avoir", "gesture": "goodwill", "amount": "20"}
    assert (post("propose"), post("propose", **sent)) == (422, 302)
    asked = CaseOption.objects.get()
    assert post("decide", asked.pk, granted="1") == 422
    assert post("decide", asked.pk, by=boss, granted="peut-être") == 422
    page = reverse("cases:case", args=[workspace.pk, case.pk])
    assert "Accorder" in boss.get(page).content.decode()
    assert post("decide", asked.pk, by=boss, granted="1") == 302
    deal = {"option": asked.pk, "terms": "Avoir.", "amount": "20", "due_on": "2026-12-01",
            "in_charge": "Léonie"}  # fmt: skip
    assert (post("settle"), post("settle", **deal)) == (422, 302)
    assert post("consensus", Agreement.objects.get().pk) == 302
    shown = signed_in.get(page).content.decode()
    for said in ("Accusée", "4/4", "accordée", "ce dont nous sommes convenus"):
        assert said in shown
    assert Letter.objects.get().needs_release


def test_the_board_and_the_matrix_are_read(
    signed_in: StrictClient, workspace: Workspace, case: Case, supervisor: User
) -> None:
    make.case(case.customer, stage="proposed", opened_at=make.NOW.replace(year=2025))
    board = signed_in.get(reverse("cases:complaints", args=[workspace.pk])).content.decode()
    assert "REC-00042" in board
    assert "atteint" in board
    matrix = reverse("cases:authority", args=[workspace.pk])
    form = signed_in.get(matrix).context["form"]
    values = {
        name: field.initial for name, field in form.fields.items() if field.initial is not None
    }
    assert signed_in.post(matrix, values).status_code == 422
    boss = StrictClient()
    boss.force_login(supervisor)
    assert boss.post(matrix, values | {"goodwill_adviser_amount": "-1"}).status_code == 422
    assert boss.post(matrix, values | {"goodwill_adviser_amount": "25"}).status_code == 302
    assert authority_rows(workspace)[0].adviser_amount == 25
