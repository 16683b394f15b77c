"""Customers on screen: found, read, changed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db

PERSON = {"kind": "person", "last_name": "Lefèvre", "first_name": "Odile", "country": "France"}


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[workspace.pk, *args])


def names_found(client: StrictClient, workspace: Workspace, **asked: str) -> list[str]:
    answer = client.get(address(workspace, "search"), asked)
    return [customer.last_name for customer in answer.context["page_obj"]]


@pytest.mark.parametrize(
    "typed",
    ["lefevre", "LEFÈVRE", "odile lef", "06 12 34", "34.56", "+33 6 12 34 56 78", "@boite.example",
     "C-77", "c77", "rue de la Paix", "FV-4242", "VB-5151", "REC-6161", "59000", "Lefervre"],
)  # fmt: skip
def test_a_customer_is_found_by_whatever_is_known(
    signed_in: StrictClient, workspace: Workspace, typed: str
) -> None:
    wanted = make.customer(
        workspace, first_name="Odile", last_name="Lefèvre", phone="+33612345678",
        email="odile@boite.example", reference="C-77", address_1="3 rue de la Paix",
        postcode="59000",
    )  # fmt: skip
    make.customer(workspace, last_name="Martin", phone="+33199887766")
    make.invoice(wanted, number="FV-4242")
    make.order(wanted, number="VB-5151")
    make.case(wanted, number="REC-6161")

    assert names_found(signed_in, workspace, q=typed) == ["Lefèvre"]


def test_a_company_is_found_by_its_name(signed_in: StrictClient, workspace: Workspace) -> None:
    make.company(workspace, company_name="Brasserie du Port", last_name="Weber")

    assert names_found(signed_in, workspace, q="brasserie port") == ["Weber"]


def test_the_list_is_filtered_by_segment_kind_postcode_and_situation(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    late = make.customer(workspace, last_name="Alma", segment="fidèle", postcode="59000")
    make.invoice(late, due_on=date(2026, 1, 1))
    paid = make.company(workspace, last_name="Brisa", postcode="75001")
    make.invoice(paid, due_on=date(2026, 1, 1), paid_on=date(2026, 1, 1))

    assert names_found(signed_in, workspace, segment="fidèle") == ["Alma"]
    assert names_found(signed_in, workspace, type="company") == ["Brisa"]
    assert names_found(signed_in, workspace, cp="75") == ["Brisa"]
    assert names_found(signed_in, workspace, situation="impaye") == ["Alma"]
    assert names_found(signed_in, workspace, segment="inconnu") == ["Alma", "Brisa"]


def test_the_list_is_sorted_both_ways(signed_in: StrictClient, workspace: Workspace) -> None:
    for name, town in (("Alma", "Zuydcoote"), ("Brisa", "Arras")):
        make.customer(workspace, last_name=name, city=town)

    assert names_found(signed_in, workspace, tri="ville") == ["Brisa", "Alma"]
    assert names_found(signed_in, workspace, tri="-ville") == ["Alma", "Brisa"]
    assert names_found(signed_in, workspace, tri="n’importe quoi") == ["Alma", "Brisa"]


def test_a_part_is_given_to_a_page_in_place(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    make.customer(workspace)

    part = signed_in.get(address(workspace, "search"), headers=htmx).content.decode()

    assert part.lstrip().startswith('<section id="results"')
    assert "<html" not in part


def test_the_list_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    page = address(workspace, "search")
    make.customer(workspace)
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.customer(workspace)

    assert count_queries(lambda: signed_in.get(page)) == one


def test_a_record_costs_the_same_with_one_and_with_thirty_of_everything(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    known = make.customer(workspace)

    def happen() -> None:
        make.note(known)
        make.invoice(known)
        make.order(known)
        make.case(known)
        make.letter(known)
        make.conversation(workspace, customer=known, state="ended")

    page = address(workspace, "record", known.pk)
    happen()
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        happen()

    assert count_queries(lambda: signed_in.get(page)) == one


def test_a_record_says_at_a_glance_what_is_open_owed_and_permitted(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(
        workspace, phone="+33612345678", consents={"phone_offers": False, "email_offers": True},
        preferences={"Canal préféré": "chat"}, tags=["fidèle"], customer_since=date(2020, 1, 1),
    )  # fmt: skip
    make.invoice(known, number="FV-1", due_on=date(2026, 1, 1))
    make.order(known, state="shipped", promised_on=date(2026, 12, 1))

    answer = signed_in.get(address(workspace, "record", known.pk))
    page = answer.content.decode()

    assert "06 12 34 56 78" in page
    assert "FV-1, échue le" in page
    assert [fact.section for fact in answer.context["record"].promised] == ["promised"]
    assert [consent.granted for consent in answer.context["record"].consents][:2] == [False, True]


def test_the_history_is_filtered_and_goes_on(signed_in: StrictClient, workspace: Workspace) -> None:
    known = make.customer(workspace)
    for _ in range(25):
        make.note(known)
    make.conversation(workspace, customer=known, channel="letter")
    page = address(workspace, "timeline", known.pk)

    first = signed_in.get(page, {"genre": "note"}).context
    second = signed_in.get(page, {"genre": "note", "debut": first["next_start"]}).context
    letters = signed_in.get(page, {"canal": "letter"}).context

    assert (len(first["moments"]), len(second["moments"])) == (20, 5)
    assert not {m.pk for m in first["moments"]} & {m.pk for m in second["moments"]}
    assert [moment.kind for moment in letters["moments"]] == ["conversation"]


def test_creating_normalises_the_telephone_and_gives_a_reference(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.customer(workspace, reference="C-00041")

    signed_in.post(address(workspace, "create"), PERSON | {"phone": "06.12.34.56.78"})

    created = Customer.objects.get(last_name="Lefèvre")
    assert (created.reference, created.phone) == ("C-00042", "+33612345678")
    assert trace.lines(workspace.trace_stream).get().verb == "customer.created"
    assert names_found(signed_in, workspace, q="lefevre") == ["Lefèvre"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "06 12", "n’est pas un numéro de téléphone"),
        ("siren", "123456789", "SIREN"),
        ("birth_year", "1800", "année de naissance"),
        ("customer_since", "2999-01-01", "avenir"),
        ("last_name", "", "Un particulier a un nom"),
        ("email", "odile", "adresse"),
    ],
)
def test_what_cannot_be_is_refused_in_french(
    signed_in: StrictClient, workspace: Workspace, field: str, value: str, sentence: str
) -> None:
    answer = signed_in.post(address(workspace, "create"), PERSON | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert not Customer.objects.exists()


def test_changing_traces_each_field_before_and_after(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace, **PERSON, city="Lille", reference="C-1")

    signed_in.post(
        address(workspace, "change", known.pk),
        PERSON | {"reference": "C-1", "city": "Roubaix", "consent_phone_offers": "no"},
    )

    line = trace.lines(workspace.trace_stream).get()
    assert line.verb == "customer.changed"
    assert line.data["fields"]["city"] == {"before": "Lille", "after": "Roubaix"}
    assert line.data["fields"]["consents"]["after"]["phone_offers"]["granted"] is False
    assert set(line.data["fields"]) == {"city", "consents"}


def test_saving_without_change_leaves_no_trace(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace, **PERSON, phone="+33612345678", reference="C-1")

    signed_in.post(
        address(workspace, "change", known.pk),
        PERSON | {"reference": "C-1", "phone": "06 12 34 56 78"},
    )

    assert not trace.lines(workspace.trace_stream).exists()


def test_a_reference_belongs_to_one_customer(signed_in: StrictClient, workspace: Workspace) -> None:
    make.customer(workspace, reference="C-1")

    answer = signed_in.post(address(workspace, "create"), PERSON | {"reference": "C-1"})

    assert answer.status_code == 422
    assert Customer.objects.count() == 1


def test_a_note_is_kept_and_shown_in_place(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    known = make.customer(workspace)
    page = address(workspace, "note", known.pk)

    part = signed_in.post(page, {"body": "Rappeler mardi."}, headers=htmx).content.decode()
    empty = signed_in.post(page, {"body": " "}, headers=htmx)

    assert "Rappeler mardi." in part
    assert empty.status_code == 422
    assert trace.lines(workspace.trace_stream).get().verb == "note.written"


def test_opening_a_record_is_traced_once_a_page_view(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace)
    page = address(workspace, "opened", known.pk)

    for view in ("v1", "v1", "v2"):
        assert signed_in.post(page, {"view": view}).status_code == 204

    assert [line.verb for line in trace.lines(workspace.trace_stream)] == ["customer.opened"] * 2


def test_a_sealed_desk_is_read_and_not_written(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace)
    accounts.sealed(workspace)

    assert signed_in.get(address(workspace, "record", known.pk)).status_code == 200
    answer = signed_in.post(address(workspace, "note", known.pk), {"body": "Trop tard."})

    assert answer.status_code == 422
    assert not known.notes.exists()
