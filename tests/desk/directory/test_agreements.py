"""What was agreed, what was refused, and whether they may be called."""

from datetime import date, timedelta

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.errors import (
    ConsentByCanvassing,
    ConsentTextMissing,
    NotYetSaid,
    PartnerMissing,
)
from acquis.desk.directory.models import (
    Consent,
    Customer,
    ProspectingCall,
)
from acquis.desk.directory.queries.calling import calling_of
from acquis.kernel.testing import StrictClient
from acquis.regulation.actions.install_parameters import install_parameters
from tests.desk.directory.records import AGREED, AT, address
from tests.factories import desk as make

pytestmark = pytest.mark.django_db

WITHDRAWN = Statement(channel="phone_offers", given=False, decided_at=AT, medium="call_in")


@pytest.fixture
def rules(db: None) -> None:
    install_parameters(by=None, at=AT)


def test_an_agreement_is_kept_with_its_proof_and_a_withdrawal_holds_at_once(
    known: Customer, adviser: User, rules: None
) -> None:
    record_consent(customer=known, statement=AGREED, by=adviser, at=AT)
    known.refresh_from_db()
    assert known.consents["phone_offers"]["granted"] is True
    assert len(Consent.objects.get().text_fingerprint) == 64
    assert calling_of(known, at=AT).verdict(AT).allowed

    record_consent(customer=known, statement=WITHDRAWN, by=adviser, at=AT)
    known.refresh_from_db()
    assert known.consents["phone_offers"]["granted"] is False
    verdict = calling_of(known, at=AT).verdict(AT)
    assert [reason.code for reason in verdict.reasons] == ["OPPOSED", "NO_CONSENT"]
    assert Consent.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"decided_at": AT + timedelta(seconds=1)}, NotYetSaid),
        ({"text_shown": " "}, ConsentTextMissing),
        ({"act": ""}, ConsentTextMissing),
        ({"medium": "partner"}, PartnerMissing),
        ({"medium": "call_out"}, ConsentByCanvassing),
    ],
)
def test_an_agreement_without_proof_is_refused(
    known: Customer, adviser: User, fields: dict[str, object], refusal: type[Exception]
) -> None:
    values = {name: getattr(AGREED, name) for name in AGREED.__dataclass_fields__} | fields

    with pytest.raises(refusal):
        record_consent(customer=known, statement=Statement(**values), by=adviser, at=AT)
    assert not Consent.objects.exists()


def test_agreements_of_other_channels_and_purposes_stand_apart(
    known: Customer, adviser: User
) -> None:
    values = {name: getattr(AGREED, name) for name in AGREED.__dataclass_fields__}
    for other in ({"channel": "email_offers", "medium": "call_out"}, {"purpose": "survey"}):
        record_consent(customer=known, statement=Statement(**(values | other)), by=None, at=AT)

    known.refresh_from_db()
    assert set(known.consents) == {"email_offers"}


def test_the_form_of_the_record_leaves_dated_records_that_prove_nothing(
    known: Customer, adviser: User, rules: None
) -> None:
    def answer(granted: bool | None) -> None:
        consents = {} if granted is None else {"phone_offers": {"granted": granted}}
        change_customer(customer=known, values={"consents": consents}, by=adviser, at=AT)

    answer(True)
    verdict = calling_of(known, at=AT).verdict(AT)
    assert [reason.code for reason in verdict.reasons] == ["NO_PROOF"]
    answer(False)
    answer(None)
    answer(True)
    answer(None)
    assert [one.given for one in Consent.objects.order_by("pk")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("kept", "codes"),
    [
        ({"phone_offers": True}, ["NO_PROOF"]),
        ({"phone_offers": {"granted": True, "on": "2026-10-01"}}, ["NO_PROOF"]),
        ({"phone_offers": {"granted": True, "on": "jadis"}}, ["NO_PROOF"]),
        ({"phone_offers": False}, ["OPPOSED", "NO_CONSENT"]),
        ({"phone_offers": "oui"}, ["NO_CONSENT"]),
        ({}, ["NO_CONSENT"]),
    ],
)
def test_what_came_with_the_data_proves_nothing_and_a_refusal_is_believed(
    workspace: Workspace, rules: None, kept: dict[str, object], codes: list[str]
) -> None:
    one = make.customer(workspace, consents=kept, postcode="42300")

    verdict = calling_of(one, at=AT).verdict(AT)

    assert [reason.code for reason in verdict.reasons] == codes


def test_agreements_are_written_down_on_their_page(
    signed_in: StrictClient, known: Customer
) -> None:
    page = address(known, "consents")
    fields = {
        "given": "yes", "channel": "phone_offers", "purpose": "prospecting", "medium": "form",
        "decided_at": "2026-09-01T10:00", "text_shown": "J’accepte.", "act": "bouton",
        "any_hours": "on",
    }  # fmt: skip

    assert signed_in.post(page, fields | {"text_shown": ""}).status_code == 422
    assert signed_in.post(page, fields).status_code == 302
    assert signed_in.post(page, {}).status_code == 422
    shown = signed_in.get(page).content.decode()
    assert "SHA-256" in shown
    assert Consent.objects.get().any_hours


def test_a_refusal_during_a_call_withdraws_and_closes(
    known: Customer, adviser: User, rules: None
) -> None:
    record_consent(customer=known, statement=AGREED, by=adviser, at=AT)
    call = record_prospecting_call(
        customer=known, called_at=AT, outcome="refused", by=adviser, at=AT
    )

    assert (call.allowed, call.number) == (True, known.phone)
    verdict = calling_of(known, at=AT).verdict(AT)
    assert [reason.code for reason in verdict.reasons] == ["OPPOSED", "REFUSAL_LOCK", "NO_CONSENT"]
    with pytest.raises(NotYetSaid):
        record_prospecting_call(
            customer=known, called_at=AT + timedelta(1), outcome="reached", by=None, at=AT
        )


def test_a_call_that_was_not_allowed_is_kept_with_the_reasons(
    signed_in: StrictClient, known: Customer
) -> None:
    page = address(known, "calling")
    make.order(known, number="VB-1", state="shipped")

    assert signed_in.get(page).status_code == 200
    fields = {"called_at": "2026-11-20T10:30", "outcome": "unanswered"}
    assert signed_in.post(page, fields | {"relation": "execution"}).status_code == 422
    assert signed_in.post(page, fields).status_code == 302
    call = ProspectingCall.objects.get()
    assert (call.allowed, [one["code"] for one in call.reasons]) == (False, ["RULES_UNKNOWN"])
    assert "ne sont pas enregistrées" in signed_in.get(page).content.decode()


def test_a_running_contract_opens_calls_about_it(
    signed_in: StrictClient, known: Customer, rules: None
) -> None:
    make.order(known, number="VB-1", state="shipped", ordered_on=date(2026, 1, 1))
    subscription = make.product(known.workspace, period="month")
    make.order(known, number="VB-2", product=subscription)
    make.order(known, number="VB-3")

    told = calling_of(known, at=AT)

    assert {one.reference for one in told.contracts} == {"VB-1", "VB-2"}
    signed_in.post(
        address(known, "calling"),
        {"called_at": "2026-11-20T10:30", "outcome": "reached", "relation": "execution",
         "contract": "VB-1"},
    )  # fmt: skip
    call = ProspectingCall.objects.get()
    assert (call.allowed, call.contract, call.relation) == (True, "VB-1", "execution")


def test_a_record_says_whether_they_may_be_called(
    signed_in: StrictClient, known: Customer, rules: None
) -> None:
    page = signed_in.get(address(known, "record")).content.decode()

    assert "Aucun accord préalable" in page
    assert "L223-1" in page
