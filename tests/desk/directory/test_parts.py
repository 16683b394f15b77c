"""The parts of a record: how to reach, who lives there, the numbers of a company."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.actions.keep_custom_field import (
    archive_field,
    change_field,
    define_field,
)
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.actions.keep_household import join_household, leave_household
from acquis.desk.directory.actions.keep_part import keep_part, remove_part
from acquis.desk.directory.actions.record_consent import record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.actions.write_note import write_note
from acquis.desk.directory.errors import (
    NotACompany,
    NotAPerson,
    NoteEmpty,
    PartTaken,
    UnknownField,
)
from acquis.desk.directory.models import (
    CompanyContact,
    ContactPoint,
    Customer,
    Household,
    PostalAddress,
)
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.desk.directory.records import AGREED, AT, address, found
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


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
