"""The parts of a record: how to reach, who lives there, what was agreed, who calls."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.directory import index, queries, tasks
from acquis.desk.directory.actions.keep_custom_field import (
    archive_field,
    change_field,
    define_field,
)
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.actions.keep_household import join_household, leave_household
from acquis.desk.directory.actions.keep_part import keep_part, remove_part
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.actions.write_note import write_note
from acquis.desk.directory.errors import (
    ChoicesMissing,
    ConsentByCanvassing,
    ConsentTextMissing,
    FieldKeyTaken,
    NotACompany,
    NotAPerson,
    NoteEmpty,
    NotYetSaid,
    PartnerMissing,
    PartTaken,
    UnknownField,
)
from acquis.desk.directory.models import (
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    Household,
    PostalAddress,
    ProspectingCall,
)
from acquis.desk.directory.queries.calling import calling_of
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.regulation.actions.install_parameters import install_parameters
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday, 10:30 in Paris
AGREED = Statement(
    channel="phone_offers",
    given=True,
    decided_at=AT - timedelta(days=10),
    medium="form",
    text_shown="J’accepte d’être appelé.",
    act="case cochée",
)
WITHDRAWN = Statement(channel="phone_offers", given=False, decided_at=AT, medium="call_in")


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.customer(workspace, phone="+33639980001", postcode="42300", city="Roanne")


@pytest.fixture
def rules(db: None) -> None:
    install_parameters(by=None, at=AT)


def address(of: Customer, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[of.workspace_id, of.pk, *args])


def found(workspace: Workspace, typed: str) -> list[int]:
    answer = queries.find(workspace, typed, filters=queries.Filters(), today=AT.date())
    return [one.pk for one in answer.customers]


# ---- Search ----


def test_everything_that_reaches_a_customer_finds_them(workspace: Workspace) -> None:
    company = make.company(workspace, company_name="Laiterie du Val")
    make.customer(workspace, last_name="Autre")
    person = make.company_contact(company, first_name="Inès", last_name="Delaunay")
    make.contact_point(company, contact=person, value="+33639987788")
    make.contact_point(company, kind="email", value="achats@val.example")
    make.address(company, street="4 quai des Péniches", city="Givors", postcode="69700")

    for typed in ("delaunay", "Inès Delonay", "87 78 8", "0639987788", "achats@val.example",
                  "quai peniches", "69700", "Givor laitrie"):  # fmt: skip
        assert found(workspace, typed) == [company.pk], typed


def test_two_letters_find_the_beginning_of_a_word(workspace: Workspace) -> None:
    wanted = make.customer(workspace, first_name="Bo", last_name="Xu")
    make.customer(workspace, first_name="Abou", last_name="Fluxus")

    assert found(workspace, "xu") == [wanted.pk]
    assert found(workspace, "bo xu") == [wanted.pk]


def test_one_sign_finds_too(workspace: Workspace) -> None:
    wanted = make.customer(workspace, first_name="", last_name="Q")

    assert found(workspace, "q") == [wanted.pk]


def test_more_records_than_a_person_reads_are_said_and_not_all_given(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_FOUND", 2)
    for _ in range(3):
        make.customer(workspace, last_name="Martin")

    answer = queries.find(workspace, "martin", filters=queries.Filters(), today=AT.date())

    assert (answer.more, answer.customers.count()) == (True, 2)


def test_the_search_follows_what_is_written_in_bulk_changed_and_erased(
    workspace: Workspace,
) -> None:
    row = make.customer(workspace, last_name="Avant")
    Customer.objects.filter(pk=row.pk).update(search_text=" apreslui")

    assert found(workspace, "apreslui") == [row.pk]
    assert found(workspace, "apresuli") == [row.pk]
    assert found(workspace, "avant") == []
    row.delete()
    assert found(workspace, "apreslui") == []


def test_a_word_too_short_to_guess_stands_for_itself(workspace: Workspace) -> None:
    assert index.like_words(workspace, "zz") == []
    assert found(workspace, "zz yy") == []


def test_a_misspelt_name_is_guessed_from_the_words_of_its_desk_alone(workspace: Workspace) -> None:
    other = make.desk()
    make.customer(other, last_name="Boisgontel")
    make.customer(workspace, last_name="Martin")

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(other, "boisgontle") == ["boisgontel"]
    assert index.like_words(other, "martine") == []
    assert index.like_words(workspace, "martine") == ["martin"]


def test_the_words_of_a_copy_are_its_own(workspace: Workspace) -> None:
    make.customer(workspace, last_name="Boisgontel")
    copy = copy_workspace(source=workspace, name="Copie", member=None, by=None, at=AT)
    Customer.objects.filter(workspace=workspace).delete()

    assert index.learn_again(workspace) == 0

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(copy, "boisgontle") == ["boisgontel"]


def test_words_that_no_record_holds_are_forgotten_when_a_desk_learns_again(
    workspace: Workspace,
) -> None:
    row = make.customer(workspace, first_name="", last_name="Boisgontel")
    make.customer(workspace, first_name="", last_name="Martin")
    Customer.objects.filter(pk=row.pk).update(search_text=" effacee")
    assert index.like_words(workspace, "boisgontle") == ["boisgontel"]

    index.learn_again(workspace)

    assert index.like_words(workspace, "boisgontle") == []
    assert index.like_words(workspace, "martine") == ["martin"]
    assert index.like_words(workspace, "effacees") == ["effacee"]


def test_the_words_of_a_desk_that_is_gone_are_forgotten(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO directory_word(workspace_id, word) VALUES (999999, 'martin')")
    gone = Workspace(pk=999999)
    assert index.like_words(gone, "martine") == ["martin"]
    make.customer(workspace, last_name="Martin")

    tasks.forget_words(AT)

    assert index.like_words(gone, "martine") == []
    assert index.like_words(workspace, "martine") == ["martin"]


def test_the_index_of_search_outlives_every_migration() -> None:
    """A migration that makes `directory_customer` anew on SQLite must create its triggers again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
                " AND name LIKE 'directory_customer_text%'"
            )
            assert cursor.fetchone() == (3,)
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_indexes WHERE indexname = 'directory_customer_text'"
            )
            assert cursor.fetchone() == (1,)


def test_segments_are_listed_once_in_order(workspace: Workspace) -> None:
    for segment in ("b", "a", "b", ""):
        make.customer(workspace, segment=segment)

    assert queries.segments(workspace) == ["a", "b"]


# ---- Who calls ----


def certainties(workspace: Workspace, number: str) -> list[tuple[int, str]]:
    return [
        (one.customer.pk, one.certainty)
        for one in queries.identify(workspace, number, on=AT.date())
    ]


def test_a_number_of_one_customer_is_known(known: Customer) -> None:
    assert certainties(known.workspace, "06 39 98 00 01") == [(known.pk, "known")]
    assert certainties(known.workspace, "anonyme") == []
    assert certainties(known.workspace, "0639980002") == []


def test_a_number_of_several_is_likely_each(known: Customer) -> None:
    other = make.customer(known.workspace, phone_alt=known.phone)

    assert certainties(known.workspace, known.phone) == [(known.pk, "likely"), (other.pk, "likely")]


def test_a_number_left_behind_is_possible(known: Customer) -> None:
    make.contact_point(known, value="+33199001234", valid_to=date(2026, 1, 1))

    assert certainties(known.workspace, "01 99 00 12 34") == [(known.pk, "possible")]


def test_a_contact_tells_the_company_and_who(workspace: Workspace) -> None:
    company = make.company(workspace, phone="+33199001200")
    person = make.company_contact(company)
    make.contact_point(company, contact=person, value="+33639987788")

    (caller,) = queries.identify(workspace, "+33639987788", on=AT.date())

    assert (caller.customer, caller.contact, caller.certainty) == (company, person, "known")
    assert certainties(workspace, "+33199001242") == [(company.pk, "possible")]


def test_the_page_of_a_known_caller_is_their_record(
    signed_in: StrictClient, known: Customer
) -> None:
    page = reverse("directory:caller", args=[known.workspace_id])

    answer = signed_in.get(page, {"numero": known.phone})
    assert answer.context["customer"] == known
    assert answer["Content-Location"] == address(known, "record")
    make.customer(known.workspace, phone=known.phone)
    assert "probable" in signed_in.get(page, {"numero": known.phone}).content.decode()
    assert "n’est à personne" in signed_in.get(
        page, {"numero": "0199009999"}
    ).content.decode().replace("&#x27;", "'").replace("'", "’")


# ---- Parts ----


def test_a_telephone_is_added_changed_and_removed(signed_in: StrictClient, known: Customer) -> None:
    signed_in.post(
        address(known, "part_create", "telephone"), {"value": "06 39 98 12 34", "use": "home"}
    )
    point = ContactPoint.objects.get()
    assert (point.value, point.customer) == ("+33639981234", known)
    assert found(known.workspace, "98 12 34") == [known.pk]

    page = address(known, "part_change", "telephone", point.pk)
    assert "06 39 98 12 34" in signed_in.get(page).content.decode()
    signed_in.post(page, {"value": "0639981235", "use": "home", "valid_to": "2026-12-31"})
    point.refresh_from_db()
    assert (point.value, point.valid_to) == ("+33639981235", date(2026, 12, 31))

    signed_in.post(address(known, "part_remove", "telephone", point.pk))
    assert not ContactPoint.objects.exists()
    assert found(known.workspace, "98 12 35") == []
    verbs = sorted(line.verb for line in trace.lines(known.workspace.trace_stream))
    assert verbs == ["customer.part_kept", "customer.part_kept", "customer.part_removed"]


@pytest.mark.parametrize(
    ("part", "fields", "sentence"),
    [
        ("telephone", {"value": "12", "use": "home"}, "n’est pas un numéro"),
        ("courriel", {"value": "odile", "use": "home"}, "adresse"),
        ("adresse", {"use": "home", "street": "x" * 39, "postcode": "42300", "city": "Roanne"}, "38"),
        ("adresse", {"use": "home", "street": "1 rue", "postcode": "423", "city": "Roanne",
                     "country": "France"}, "cinq chiffres"),
        ("adresse", {"use": "home", "postcode": "42300", "city": "Roanne", "country": "France"},
         "lieu-dit"),
        ("telephone", {"value": "0639981234", "use": "home", "valid_from": "2026-02-01",
                       "valid_to": "2026-01-01"}, "finit avant"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused_in_french(
    signed_in: StrictClient, known: Customer, part: str, fields: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post(address(known, "part_create", part), fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "'").replace("'", "’")


def test_every_part_has_its_page(signed_in: StrictClient, workspace: Workspace) -> None:
    company = make.company(workspace)
    person = make.customer(workspace, reference="C-9")
    make.contact_point(company)
    make.contact_point(company, kind="email", value="a@b.example")
    make.address(company, valid_to=date(2026, 1, 1))
    make.company_contact(company, is_main=True, person=person)

    page = signed_in.get(address(company, "reach")).content.decode()

    assert "42300 ROANNE" in page
    assert "ne vaut pas" in page
    for part in ("telephone", "courriel", "adresse", "interlocuteur"):
        assert signed_in.get(address(company, "part_create", part)).status_code == 200
    assert signed_in.get(address(person, "part_create", "interlocuteur")).status_code == 404
    assert signed_in.get(address(person, "part_create", "inconnu")).status_code == 404
    assert signed_in.get(address(company, "record")).status_code == 200


def test_a_person_of_a_company_is_linked_to_their_own_record(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    company = make.company(workspace)
    person = make.customer(workspace, reference="C-9")
    page = address(company, "part_create", "interlocuteur")

    assert signed_in.post(page, {"last_name": "Delaunay", "person": "C-404"}).status_code == 422
    signed_in.post(page, {"last_name": "Delaunay", "person": "c-9", "is_main": "on"})
    signed_in.post(page, {"last_name": "Renaud", "is_main": "on"})

    first, second = CompanyContact.objects.order_by("pk")
    assert (first.person, first.is_main, second.is_main) == (person, False, True)


def test_a_part_is_kept_once(known: Customer, adviser: User) -> None:
    values = {"kind": "phone", "value": "+33639981234", "contact": None}
    first = keep_part(customer=known, part=ContactPoint(), values=values, by=adviser, at=AT)

    with pytest.raises(PartTaken):
        keep_part(customer=known, part=ContactPoint(), values=values, by=adviser, at=AT)
    assert keep_part(customer=known, part=first, values=values, by=adviser, at=AT) == first
    assert trace.lines(known.workspace.trace_stream).count() == 1
    with pytest.raises(NotACompany):
        keep_part(
            customer=known, part=CompanyContact(), values={"last_name": "X"}, by=adviser, at=AT
        )


def test_the_dates_of_a_part_are_traced(known: Customer, adviser: User) -> None:
    values = {"street": "1 rue", "postcode": "42300", "city": "Roanne", "valid_from": AT.date()}
    kept = keep_part(customer=known, part=PostalAddress(), values=values, by=adviser, at=AT)
    remove_part(customer=known, part=kept, by=None, at=AT)

    lines = trace.lines(known.workspace.trace_stream)
    assert any(line.data.get("kept", {}).get("valid_from") == "2026-11-20" for line in lines)


# ---- Households ----


def test_people_join_a_household_and_leave_it(
    signed_in: StrictClient, known: Customer, adviser: User
) -> None:
    partner = make.customer(known.workspace, reference="C-2")
    child = make.customer(known.workspace, reference="C-3")
    signed_in.post(address(known, "household"), {"other": "C-2", "part": "partner"})
    join_household(customer=child, other=known, part="child", by=adviser, at=AT)
    join_household(customer=child, other=partner, part="other", by=adviser, at=AT)

    assert Household.objects.get().members.count() == 3
    assert {one.customer for one in queries.household_of(child)} == {known, partner}
    assert "Vit avec" in signed_in.get(address(known, "record")).content.decode()

    elsewhere = make.customer(known.workspace)
    join_household(customer=child, other=elsewhere, part="child", by=adviser, at=AT)
    assert Household.objects.count() == 2
    signed_in.post(address(known, "household_leave"))
    assert not leave_household(customer=known, by=adviser, at=AT)
    assert Household.objects.get().members.count() == 2


def test_a_household_is_of_people_of_one_desk(
    signed_in: StrictClient, known: Customer, adviser: User
) -> None:
    company = make.company(known.workspace, reference="E-1")

    with pytest.raises(NotAPerson):
        join_household(customer=known, other=company, part="other", by=adviser, at=AT)
    with pytest.raises(NotAPerson):
        join_household(customer=known, other=known, part="other", by=adviser, at=AT)
    with pytest.raises(NotAPerson):
        join_household(
            customer=known, other=make.customer(make.desk()), part="other", by=adviser, at=AT
        )
    assert not Household.objects.exists()
    answer = signed_in.post(address(known, "household"), {"other": "E-1", "part": "other"})
    assert answer.status_code == 422


# ---- Agreements ----


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


# ---- Calls ----


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


# ---- Fields of the desk ----


def test_a_field_of_the_desk_is_asked_checked_and_shown(
    signed_in: StrictClient, known: Customer
) -> None:
    page = reverse("directory:fields", args=[known.workspace_id])
    for label, kind, choices in (
        ("Surface", "number", ""), ("Énergie", "choice", "gaz\nbois"), ("Visite", "date", ""),
        ("Jardin", "yes_no", ""), ("Surnom", "text", ""),
    ):  # fmt: skip
        signed_in.post(page, {"label": label, "kind": kind, "choices": choices})
    assert signed_in.post(page, {"label": "surface", "kind": "text"}).status_code == 422
    assert signed_in.post(page, {"label": "Vide", "kind": "choice"}).status_code == 422
    assert signed_in.post(page, {"label": "!", "kind": "text"}).status_code == 422

    change = address(known, "change")
    person = {
        "kind": "person", "last_name": "Exemple", "country": "France", "reference": known.reference
    }  # fmt: skip
    wrong = {"custom_surface": "grand", "custom_visite": "hier", "custom_energie": "fioul"}
    assert signed_in.post(change, person | wrong).status_code == 422
    signed_in.post(
        change,
        person | {"custom_surface": "120,50", "custom_energie": "bois", "custom_visite": "25/11/2026",
                  "custom_jardin": "oui", "custom_surnom": "le Grand"},
    )  # fmt: skip
    known.refresh_from_db()
    assert known.custom == {
        "surface": "120.5", "energie": "bois", "visite": "2026-11-25", "jardin": True,
        "surnom": "le Grand",
    }  # fmt: skip
    shown = signed_in.get(address(known, "record")).content.decode()
    assert "120,5" in shown
    assert "25/11/2026" in shown
    signed_in.post(change, person | {"custom_jardin": "non"})
    known.refresh_from_db()
    assert known.custom == {"jardin": False}


def test_a_field_is_changed_and_no_longer_asked(signed_in: StrictClient, known: Customer) -> None:
    field = make.custom_field(known.workspace, kind="choice", choices=["gaz"], key="energie")
    Customer.objects.filter(pk=known.pk).update(custom={"energie": "gaz"})
    page = reverse("directory:field", args=[known.workspace_id, field.pk])

    assert "gaz" in signed_in.get(page).content.decode()
    signed_in.post(page, {"label": "Chauffage", "choices": "bois", "hint": "Pour l’entretien."})
    field.refresh_from_db()
    assert (field.label, field.choices, field.key) == ("Chauffage", ["bois"], "energie")
    assert "gaz" in signed_in.get(address(known, "change")).content.decode()

    archive = reverse("directory:field_archive", args=[known.workspace_id, field.pk])
    signed_in.post(archive)
    assert queries.custom_fields(known.workspace) == []
    signed_in.post(archive)
    assert queries.custom_fields(known.workspace) == [field]


def test_fields_are_refused_without_choices_or_twice(workspace: Workspace, adviser: User) -> None:
    kept = define_field(workspace=workspace, label="Énergie", kind="choice", choices=["gaz"],
                        by=adviser, at=AT)  # fmt: skip
    with pytest.raises(FieldKeyTaken):
        define_field(workspace=workspace, label="Energie", kind="text", by=adviser, at=AT)
    with pytest.raises(ChoicesMissing):
        change_field(field=kept, label="Énergie", hint="", by=adviser, at=AT)
    text = define_field(workspace=workspace, label="Libre", kind="text", by=None, at=AT)
    assert (
        change_field(field=text, label="Autre", hint="", choices=["x"], by=None, at=AT).choices
        == []
    )


def test_nothing_is_written_in_a_sealed_desk(known: Customer, adviser: User) -> None:
    field = make.custom_field(known.workspace)
    point = make.contact_point(known)
    accounts.sealed(known.workspace)
    known.refresh_from_db()
    field.refresh_from_db()
    values = {"kind": "phone", "value": "+33639981299"}

    for act in (
        lambda: keep_part(customer=known, part=ContactPoint(), values=values, by=adviser, at=AT),
        lambda: remove_part(customer=known, part=point, by=adviser, at=AT),
        lambda: join_household(customer=known, other=known, part="other", by=adviser, at=AT),
        lambda: leave_household(customer=known, by=adviser, at=AT),
        lambda: record_consent(customer=known, statement=AGREED, by=adviser, at=AT),
        lambda: record_prospecting_call(
            customer=known, called_at=AT, outcome="reached", by=adviser, at=AT
        ),
        lambda: define_field(workspace=known.workspace, label="x", kind="text", by=adviser, at=AT),
        lambda: change_field(field=field, label="x", hint="", by=adviser, at=AT),
        lambda: archive_field(field=field, archived=True, by=adviser, at=AT),
    ):
        with pytest.raises(WorkspaceSealed):
            act()


# ---- The history ----


def test_the_history_is_searched_and_bounded(signed_in: StrictClient, known: Customer) -> None:
    make.note(known, body="Robot bleu livré", written_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    make.note(known, body="Robot rouge", written_at=datetime(2026, 5, 1, 9, tzinfo=UTC))
    make.consent(known)
    make.prospecting_call(known, outcome="refused")
    page = address(known, "timeline")

    def told(**asked: str) -> list[str]:
        return [moment.kind for moment in signed_in.get(page, asked).context["moments"]]

    assert told(texte="ROBOT") == ["note", "note"]
    assert told(texte="bleu livre") == ["note"]
    assert told(du="2026-04-01", au="2026-05-01") == ["note"]
    assert told(genre="consent") == ["consent"]
    assert told(genre="prospecting") == ["prospecting"]
    assert told(du="hier") == told()
    assert told(texte="introuvable") == []


def test_more_than_a_slice_of_what_is_searched_goes_on(
    signed_in: StrictClient, known: Customer
) -> None:
    for _ in range(25):
        make.note(known, body="Robot")
    page = address(known, "timeline")

    first = signed_in.get(page, {"texte": "robot"})
    assert "texte=robot&amp;debut=20" in first.content.decode()
    second = signed_in.get(page, {"texte": "robot", "debut": "20"})
    assert len(second.context["moments"]) == 5


# ---- Notes that say too much ----


def test_a_note_that_says_too_much_is_shown_once_then_kept(
    signed_in: StrictClient, known: Customer, htmx: dict[str, str]
) -> None:
    page = address(known, "note")
    body = "Client dépressif, un vrai connard."

    first = signed_in.post(page, {"body": body}, headers=htmx)

    assert first.status_code == 422
    assert "la santé" in first.content.decode()
    assert not known.notes.exists()
    confirmed = first.context["note"]["kept_anyway"].value()
    other = signed_in.post(page, {"body": "Il est juif.", "kept_anyway": confirmed}, headers=htmx)
    assert other.status_code == 422
    kept = signed_in.post(page, {"body": body, "kept_anyway": confirmed}, headers=htmx)
    assert kept.status_code == 200
    line = trace.lines(known.workspace.trace_stream).get()
    assert line.data["warned"] == ["health", "insult"]


# ---- Company numbers ----


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"siret": "12345678901234"}, "Ce SIRET"),
        ({"vat_number": "FR00"}, "TVA"),
        ({"vat_number": "zut"}, "TVA"),
        ({"siren": "552100554", "siret": "73282932000074"}, "celui de ce SIREN"),
        ({"siren": "552100554", "vat_number": "FR40303265045"}, "celui de ce SIREN"),
    ],
)
def test_company_numbers_that_cannot_be_are_refused(
    signed_in: StrictClient, workspace: Workspace, fields: dict[str, str], sentence: str
) -> None:
    page = reverse("directory:create", args=[workspace.pk])
    company = {"kind": "company", "company_name": "Essai", "country": "France"}

    answer = signed_in.post(page, company | fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "'")


def test_company_numbers_complete_each_other(signed_in: StrictClient, workspace: Workspace) -> None:
    signed_in.post(
        reverse("directory:create", args=[workspace.pk]),
        {"kind": "company", "company_name": "Essai", "country": "France",
         "siret": "732 829 320 00074", "vat_number": "FR 44 732 829 320"},
    )  # fmt: skip

    made = Customer.objects.get()
    assert (made.siren, made.siret, made.vat_number) == (
        "732829320", "73282932000074", "FR44732829320"
    )  # fmt: skip
    assert found(workspace, "73282932000074") == [made.pk]


def test_the_pages_of_parts_cost_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    company = make.company(workspace)

    def fill() -> None:
        person = make.company_contact(company, person=make.customer(workspace))
        make.contact_point(company, contact=person)
        make.address(company)
        make.consent(company)
        make.prospecting_call(company)
        make.custom_field(workspace)

    pages = [address(company, name) for name in ("reach", "consents", "calling", "record")]
    pages.append(reverse("directory:fields", args=[workspace.pk]))
    fill()
    one = [count_queries(lambda page=page: signed_in.get(page)) for page in pages]
    for _ in range(29):
        fill()

    assert [count_queries(lambda page=page: signed_in.get(page)) for page in pages] == one


def test_unknown_fields_and_empty_notes_are_refused(known: Customer, adviser: User) -> None:
    with pytest.raises(UnknownField):
        change_customer(customer=known, values={"shoe_size": 42}, by=adviser, at=AT)
    with pytest.raises(NoteEmpty):
        write_note(customer=known, body=" ", by=adviser, at=AT)
    change_customer(customer=known, values={"customer_since": date(2020, 1, 1)}, by=adviser, at=AT)
    (line,) = trace.lines(known.workspace.trace_stream)
    assert line.data["fields"]["customer_since"]["after"] == "2020-01-01"


def test_few_records_are_sorted_either_way(workspace: Workspace) -> None:
    for name in ("Martin", "Martinez"):
        make.customer(workspace, last_name=name)

    def names(sort: str) -> list[str]:
        answer = queries.find(
            workspace, "martin", filters=queries.Filters(), sort=sort, today=AT.date()
        )
        return [one.last_name for one in answer.customers]

    assert names("nom") == ["Martin", "Martinez"]
    assert names("-nom") == ["Martinez", "Martin"]


@pytest.mark.parametrize("typed", ["B@X.example", "c-00077"])
def test_a_whole_address_or_reference_names_its_record(workspace: Workspace, typed: str) -> None:
    wanted = make.customer(workspace, email="b@x.example", reference="C-00077")
    make.customer(workspace, email="bb@x.example", reference="C-000771")

    assert found(workspace, typed) == [wanted.pk]
