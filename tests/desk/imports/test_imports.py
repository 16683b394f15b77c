"""A file of customers, from its upload to its undoing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.models import User, Workspace
from acquis.desk.directory import queries as directory
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.models import CompanyContact, Consent, ContactPoint, Customer
from acquis.desk.imports import queries, reading, tasks
from acquis.desk.imports.actions import lead_import
from acquis.desk.imports.actions.import_batch import end_import, import_batch
from acquis.desk.imports.actions.undo_batch import end_undo
from acquis.desk.imports.errors import (
    NotNow,
)
from acquis.desk.imports.models import CustomerImport, ImportedRow, ImportFault
from acquis.desk.merging.actions.merge_customers import merge_customers
from acquis.desk.merging.actions.undo_merge import undo_merge
from acquis.kernel import jobs, trace, worker
from acquis.kernel.models import Job, StoredFile
from acquis.kernel.testing import StrictClient
from tests.desk.imports.bringing import CSV, bring, check, run, undo
from tests.desk.merging.test_merging import dump
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def desk_rows(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {name: rows for name, rows in dump(workspace).items() if not name.startswith("imports.")}


def test_a_file_becomes_customers_found_by_search(workspace: Workspace) -> None:
    source = check(bring(workspace))
    assert (source.lines, source.faulty, source.alike) == (4, 2, 0)

    run(source)

    assert (source.state, source.created, source.skipped) == ("done", 2, 0)
    assert source.file is None
    assert not StoredFile.objects.exists()
    odile = Customer.objects.get(last_name="Lefèvre")
    assert (odile.phone, odile.reference) == ("+33639980001", "C-00001")
    found = directory.find(
        workspace, "lefevre roanne", filters=directory.Filters(), today=make.TODAY
    )
    assert list(found.customers) == [odile]
    lines = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert lines.count("customers.imported") == 1
    assert "customer.created" not in lines


def test_all_faults_are_told_with_line_column_value_and_reason(workspace: Workspace) -> None:
    source = check(bring(workspace))

    told = [(one.line, one.column, one.value, one.code) for one in ImportFault.objects.all()]

    assert told == [
        (3, "Téléphone", "12", "phone"),
        (3, "Courriel", "pas une adresse", "email"),
        (3, "Code postal", "423", "postcode"),
        (5, "", "", "repeated"),
    ]
    assert source.faults.last().other_line == 2  # type: ignore[union-attr]


def test_what_lies_beside_the_record(workspace: Workspace) -> None:
    make.customer(workspace, reference="C-00041")
    source = bring(
        workspace,
        "Raison sociale,SIRET,Nom du contact,Fonction,Contact phone,Contact email,Téléphone 3,"
        "Email 2,Delivery address,Shipping zip,Shipping city,Opt in,Accord téléphone,Date accord\n"
        "Garage du Port,73282932000074,Roux,Achats,0199000001,roux@g.example,0199000002,"
        "info@g.example,3 quai du Port,13001,Marseille,oui,non,01/02/2026\n",
    )
    run(check(source))

    firm = Customer.objects.get(company_name="Garage du Port")
    person = CompanyContact.objects.get(company=firm)
    assert (firm.reference, firm.siren, person.function) == ("C-00042", "732829320", "Achats")
    assert set(firm.contact_points.filter(contact=None).values_list("value", flat=True)) == {
        "+33199000002", "info@g.example",
    }  # fmt: skip
    assert person.points.count() == 2
    assert firm.addresses.get().city == "Marseille"
    said = {one.channel: one.given for one in firm.consent_records.all()}
    assert said == {"email_offers": True, "phone_offers": False}
    assert firm.consents["phone_offers"] == {
        "granted": False, "on": "2026-02-01", "source": "Import du fichier « clients.csv »",
    }  # fmt: skip
    assert firm.search_text == directory.search_text_of(firm)


def test_a_duplicate_is_passed_completed_or_created(workspace: Workspace) -> None:
    known = make.customer(workspace, last_name="Lefevre", phone="+33639980001", postcode="42300")
    make.consent(known, channel="email_offers", given=True)
    lines = "Nom;Prénom;Téléphone;Code postal;Ville;Opt in;Téléphone 3\nLefèvre;Odile;0639980001;42300;Roanne;non;0199000009\n"  # fmt: skip

    skipped = run(check(bring(workspace, lines)))
    assert (skipped.alike, skipped.skipped) == (1, 1)
    known.refresh_from_db()
    assert known.city == ""

    filled = run(check(bring(workspace, lines), "fill"))
    assert filled.filled == 1
    known.refresh_from_db()
    assert (known.last_name, known.city) == ("Lefevre", "Roanne")
    assert known.consents["email_offers"]["granted"] is False
    assert known.search_text == directory.search_text_of(known)
    assert "roanne" in known.search_text

    again = run(check(bring(workspace, lines), "fill"))
    assert (again.filled, again.skipped) == (0, 1)

    created = run(check(bring(workspace, lines), "create"))
    assert created.created == 1
    assert Customer.objects.count() == 2


def test_a_reference_that_is_taken_is_never_created_twice(workspace: Workspace) -> None:
    make.customer(workspace, reference="R-1")

    source = run(
        check(bring(workspace, "Référence;Nom\nR-1;Roux\nC-00009;Blanc\n;Noir\n"), "create")
    )

    assert (source.created, source.skipped) == (2, 1)
    references = set(Customer.objects.values_list("reference", flat=True))
    assert references == {"R-1", "C-00009", "C-00010"}


def test_numbers_that_somebody_took_meanwhile_are_left_to_them(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 1)
    source = check(bring(workspace, "Nom\nRoux\nBlanc\n"))
    lead_import.start_import(source=source, by=None, at=timezone.now())
    rows = queries.first_lines(source, 2)[1:]
    write(source, rows[:1])
    make.customer(workspace, reference="C-00002")
    write(source, rows[1:])

    references = set(Customer.objects.values_list("reference", flat=True))
    assert references == {"C-00001", "C-00002", "C-00003"}


def write(source: CustomerImport, rows: list[reading.Line]) -> None:
    import_batch(source=source, batch=rows, custom={}, by=None, today=make.TODAY, at=timezone.now())


def test_lines_given_again_change_nothing(workspace: Workspace) -> None:
    source = check(bring(workspace))
    lead_import.start_import(source=source, by=None, at=timezone.now())
    rows = queries.first_lines(source, 10)[1:]

    write(source, rows[:2])
    write(source, rows[:2])
    write(source, rows)

    assert ImportedRow.objects.count() == Customer.objects.count() == 2


def test_an_import_that_was_killed_goes_on_where_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 1)
    source = check(bring(workspace))
    lead_import.start_import(source=source, by=None, at=timezone.now())
    write(source, queries.first_lines(source, 1)[1:])
    Job.objects.filter(kind=lead_import.RUN).update(
        state="running", attempts=1, heartbeat_at=timezone.now() - timedelta(hours=1)
    )

    worker.drain()

    source.refresh_from_db()
    assert (source.state, source.created) == ("done", 2)


def test_stopped_then_taken_up_again_then_undone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 1)
    source = check(bring(workspace))
    before = desk_rows(workspace)
    lead_import.start_import(source=source, by=None, at=timezone.now())
    lead_import.stop_work(source=source, by=None, at=timezone.now())
    source.refresh_from_db()
    assert source.state == "stopped"
    with pytest.raises(NotNow):
        lead_import.stop_work(source=source, by=None, at=timezone.now())

    lead_import.start_import(source=source, by=None, at=timezone.now())
    cancelled_at_once(monkeypatch)
    worker.drain()
    source.refresh_from_db()
    assert (source.state, source.created) == ("stopped", 1)
    monkeypatch.undo()

    assert undo(source).state == "undone"
    assert desk_rows(workspace) == before
    assert not StoredFile.objects.exists()


def test_work_under_way_is_asked_to_stop(workspace: Workspace) -> None:
    source = check(bring(workspace))
    lead_import.start_import(source=source, by=None, at=timezone.now())
    Job.objects.filter(kind=lead_import.RUN).update(state="running")

    lead_import.stop_work(source=source, by=None, at=timezone.now())

    source.refresh_from_db()
    assert source.state == "importing"
    assert Job.objects.get(kind=lead_import.RUN).cancel_asked_at is not None


def test_a_company_is_completed_without_its_people_and_places_doubled(workspace: Workspace) -> None:
    firm = make.company(workspace, siren="732829320", company_name="Garage du Port")
    make.company_contact(firm, last_name="Roux")
    make.address(firm)
    lines = (
        "Raison sociale;SIREN;Ville;Nom du contact;Adresse de livraison;CP livraison;Ville de livraison\n"
        "Garage du Port;732829320;Nice;ROUX;1 quai;13001;Marseille\n"
    )

    source = run(check(bring(workspace, lines), "fill"))

    firm.refresh_from_db()
    assert (source.filled, firm.city) == (1, "Nice")
    assert (firm.people.count(), firm.addresses.count()) == (1, 1)
    assert firm.search_text == directory.search_text_of(firm)


def cancelled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_args: object) -> None:
        raise jobs.JobCancelled

    monkeypatch.setattr(jobs._Account, "tell", stop)


def test_undo_restores_what_was_completed_and_removes_what_was_created(
    workspace: Workspace,
) -> None:
    known = make.customer(
        workspace, last_name="Lefèvre", phone="+33639980001", postcode="42300", tags=["a"]
    )
    known.search_text = directory.search_text_of(known)
    known.save()
    before = desk_rows(workspace)
    content = """Nom;Téléphone;Code postal;Ville;Client depuis;Opt in
Lefèvre;0639980001;42300;Roanne;01/01/2020;non
Lefevre;0639980001;42300;;;
Roux;;;;;
"""
    source = run(check(bring(workspace, content), "fill"))
    assert (source.created, source.filled) == (1, 1)
    assert Consent.objects.count() == 1

    assert undo(source).state == "undone"

    assert desk_rows(workspace) == before
    assert [line.verb for line in trace.lines(workspace.trace_stream)][
        -1
    ] == "customers.import_undone"


def test_undo_keeps_what_was_worked_on_since_and_says_which(
    workspace: Workspace, adviser: User, signed_in: StrictClient
) -> None:
    source = run(
        check(bring(workspace, "Nom;Téléphone 3\nRoux;0199000001\nBlanc;\nNoir;\nVert;\n"))
    )
    roux, blanc, noir, vert = Customer.objects.order_by("pk")
    change_customer(customer=roux, values={"segment": "fidèle"}, by=adviser, at=timezone.now())
    make.open_conversation(workspace, adviser, customer=blanc)
    vert.delete()

    undo(source)

    assert (source.state, source.kept_back) == ("done", 2)
    assert set(Customer.objects.all()) == {roux, blanc}
    assert ContactPoint.objects.filter(customer=roux).exists()
    assert noir.pk is not None
    page = signed_in.get(reverse("imports:detail", args=[workspace.pk, source.pk])).content.decode()
    assert roux.reference in page
    assert "travaillées depuis" in page
    blanc.conversations.all().delete()
    undo(source)
    assert (source.state, source.kept_back) == ("done", 1)


def test_a_merge_holds_a_record_until_it_is_undone(workspace: Workspace) -> None:
    source = run(check(bring(workspace, "Nom\nRoux\nBlanc\n")))
    roux, blanc = Customer.objects.order_by("pk")
    merge = merge_customers(kept=roux, others=[blanc], choices={}, by=None, at=timezone.now())

    assert (undo(source).state, source.kept_back) == ("done", 2)
    undo_merge(merge=merge, by=None, at=timezone.now())

    assert undo(source).state == "undone"
    assert not Customer.objects.exists()


def test_discarded_and_out_of_turn(workspace: Workspace) -> None:
    source = bring(workspace)
    for act in (lead_import.start_import, lead_import.start_undo, lead_import.stop_work):
        with pytest.raises(NotNow):
            act(source=source, by=None, at=timezone.now())  # type: ignore[operator]
    end_import(source=source, by=None, at=timezone.now())
    end_undo(source=source, by=None, at=timezone.now())
    write(source, queries.first_lines(source, 2)[1:])
    assert not Customer.objects.exists()

    lead_import.discard_import(source=source, by=None, at=timezone.now())

    assert not CustomerImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_forgotten_file_is_not_opened(workspace: Workspace) -> None:
    source = run(check(bring(workspace)))

    with pytest.raises(NotNow):
        queries.first_lines(source, 1)


def test_pages_from_the_upload_to_the_undo(workspace: Workspace, signed_in: StrictClient) -> None:
    def page(name: str, *keys: int, **data: Any) -> str:
        answer = signed_in.get(reverse(name, args=[workspace.pk, *keys]), data)
        assert answer.status_code == 200
        return (answer.getvalue() if answer.streaming else answer.content).decode()

    def post(name: str, *keys: int, **data: Any) -> int:
        return signed_in.post(reverse(name, args=[workspace.pk, *keys]), data).status_code

    assert "Importer" in page("directory:search")
    assert "Aucun import" in page("imports:list")
    assert "million de lignes" in page("imports:new")
    assert post("imports:new") == 422
    assert post("imports:new", file=SimpleUploadedFile("vide.csv", b"Nom\n")) == 422
    assert post("imports:new", file=SimpleUploadedFile("clients.csv", CSV.encode())) == 302
    pk = CustomerImport.objects.get().pk
    assert "odile@a.example" in page("imports:detail", pk)
    assert post("imports:reading", pk, encoding="klingon") == 422
    assert post("imports:reading", pk, encoding="cp1252", separator=";") == 302
    assert "PrÃ©nom" in page("imports:detail", pk)
    assert post("imports:reading", pk, encoding="utf-8-sig", separator=";") == 302
    fields = {"column_0": "first_name", "column_1": "last_name", "column_2": "phone",
              "column_3": "email", "column_4": "postcode", "on_duplicate": "skip"}  # fmt: skip
    assert post("imports:columns", pk, **{**fields, "column_4": "email"}) == 422
    assert post("imports:columns", pk, **{**fields, "column_1": ""}) == 422
    assert post("imports:columns", pk, **{**fields, "column_1": "zzz"}) == 422
    assert post("imports:columns", pk, **fields) == 302
    assert "Relecture en cours" in page("imports:detail", pk)
    worker.drain()
    checked = page("imports:detail", pk)
    assert "répète la ligne 2" in checked
    assert "Importer 2" in checked
    assert "06 39 98 00 01" in checked
    assert "'+" not in page("imports:faults", pk)
    assert "pas une adresse" in page("imports:faults", pk)
    assert post("imports:reading", pk) == 302
    assert post("imports:columns", pk, **fields) == 302
    worker.drain()
    assert post("imports:start", pk) == 302
    assert post("imports:start", pk) == 422
    assert post("imports:stop", pk) == 302
    assert "Reprendre" in page("imports:detail", pk)
    assert post("imports:start", pk) == 302
    worker.drain()
    assert "Annuler l" in page("imports:detail", pk)
    assert "clients.csv" in page("imports:list")
    assert post("imports:undo", pk) == 302
    worker.drain()
    assert "Import annulé" in page("imports:detail", pk)
    assert not Customer.objects.exists()
    assert post("imports:new", file=SimpleUploadedFile("clients.csv", CSV.encode())) == 302
    assert post("imports:discard", CustomerImport.objects.latest("pk").pk) == 302


def test_a_fault_never_becomes_a_formula(workspace: Workspace, signed_in: StrictClient) -> None:
    source = check(bring(workspace, "Nom;Courriel\nRoux;=1+1\n"))

    answer = signed_in.get(reverse("imports:faults", args=[workspace.pk, source.pk]))

    assert "'=1+1" in answer.getvalue().decode()


def test_the_list_asks_the_same_number_of_queries(
    workspace: Workspace, signed_in: StrictClient, count_queries: Any
) -> None:
    address = reverse("imports:list", args=[workspace.pk])
    bring(workspace)
    signed_in.get(address)
    one = count_queries(lambda: signed_in.get(address))
    for _ in range(20):
        bring(workspace)

    assert count_queries(lambda: signed_in.get(address)) == one
