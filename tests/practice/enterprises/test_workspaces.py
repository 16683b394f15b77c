"""A pack becomes a desk; a desk becomes a private copy that shares nothing with it."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import models

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.models import Resource
from acquis.desk.agenda.policy import hours_of
from acquis.desk.billing.models import Invoice
from acquis.desk.cases.models import CaseCode
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.kernel import trace
from acquis.practice.enterprises import packs
from acquis.practice.enterprises.actions.copy_workspace import copy_workspace
from acquis.practice.enterprises.actions.load_pack import load_pack
from acquis.practice.enterprises.moments import PARIS
from acquis.practice.enterprises.offsets import is_working_day
from acquis.practice.enterprises.pack_checks import str_of
from acquis.practice.enterprises.tables import (
    ORIGIN,
    desk_models,
    desk_tables,
    row_counts,
    unscoped_models,
)
from tests.factories.practice import SLUG, model_workspace, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(now: datetime) -> Workspace:
    return model_workspace(at=now)


@pytest.fixture
def copy(model: Workspace, now: datetime) -> Workspace:
    return copy_workspace(source=model, name="Copie de Camille", by=None, at=now)


def test_load_pack_writes_every_record_and_one_line(model: Workspace) -> None:
    pack = packs.load(SLUG)
    counts = row_counts(model)
    assert counts["directory.Customer"] == 61
    assert counts["knowledge.Article"] == len(pack.articles)
    assert counts["sales.Product"] == len(pack.products)
    for label, series in (
        ("sales.Order", "orders"),
        ("billing.Invoice", "invoices"),
        ("conversations.Conversation", "conversations"),
        ("cases.Case", "cases"),
        ("directory.CustomerNote", "notes"),
    ):
        assert counts[label] == sum(len(customer[series]) for customer in pack.customers)
    assert [line.verb for line in trace.lines(model.trace_stream)] == ["enterprise.loaded"]


def test_load_pack_brings_reasons_symptoms_and_teams_to_book(model: Workspace) -> None:
    codes = CaseCode.objects.filter(workspace=model)
    lost = codes.get(label="Colis non reçu")
    assert lost.parent is not None
    assert (lost.kind, lost.parent.label) == (CaseCode.Kind.REASON, "Livraison")
    assert codes.filter(kind=CaseCode.Kind.SYMPTOM, parent=None).count() == len(
        packs.load(SLUG).desk["symptoms"]
    )
    team = Resource.objects.get(workspace=model, name="Dépannage Île-de-France")
    assert team.visits
    assert hours_of(team.hours).days[5]


def test_a_copy_has_its_own_reasons_and_teams(model: Workspace, copy: Workspace) -> None:
    lost = CaseCode.objects.get(workspace=copy, label="Colis non reçu")
    assert lost.parent is not None
    assert lost.parent.workspace == copy
    assert Resource.objects.filter(workspace=copy, visits=True).count() == 2


def test_load_pack_counts_its_days_from_the_day_it_is_loaded(now: datetime) -> None:
    later = load_pack(
        organisation=organisation(), slug=SLUG, by=None, at=now, reference_on=date(2027, 3, 4)
    )
    assert later.identity["reference_on"] == "2027-03-04"
    latest = Conversation.objects.filter(workspace=later).latest("started_at")
    assert date(2027, 2, 25) < latest.started_at.date() < date(2027, 3, 4)


def test_load_pack_moves_phone_contacts_to_worked_days(now: datetime) -> None:
    workspace = load_pack(
        organisation=organisation(), slug=SLUG, by=None, at=now, reference_on=date(2027, 1, 6)
    )
    calls = Conversation.objects.filter(workspace=workspace, channel="phone")
    assert all(is_working_day(call.started_at.astimezone(PARIS).date()) for call in calls)


def test_load_pack_leaves_no_mark_in_any_text(model: Workspace) -> None:
    for table in desk_tables():
        for row in table.model._default_manager.filter(workspace=model).values():
            text = str_of(row)
            assert "{date:" not in text
            assert "{order:" not in text


def test_load_pack_keeps_phones_in_international_form(model: Workspace) -> None:
    phones = Customer.objects.filter(workspace=model).values_list("phone", flat=True)
    assert all(phone.startswith("+33") and len(phone) == 12 for phone in phones)


def test_load_pack_keeps_amounts_to_the_cent(model: Workspace) -> None:
    invoice = Invoice.objects.get(
        workspace=model, customer__reference="C-18862", total_ttc=Decimal("503.34")
    )
    assert invoice.total_ht + invoice.total_vat == invoice.total_ttc


def test_copy_holds_as_many_rows_of_every_table(model: Workspace, copy: Workspace) -> None:
    assert copy.kind == WorkspaceKind.COPY
    assert copy.origin == model
    assert row_counts(copy) == row_counts(model)


def test_no_row_of_a_copy_points_at_another_workspace(model: Workspace, copy: Workspace) -> None:
    crossing = Counter[str]()
    for table in desk_tables():
        for field in (*table.inner, *table.own):
            crossing[f"{table.model._meta.label}.{field.name}"] = (
                table.model._default_manager.filter(workspace=copy)
                .exclude(**{f"{field.name}__isnull": True})
                .exclude(**{f"{field.name}__workspace": copy})
                .count()
            )
    assert crossing
    assert not +crossing


def test_a_copied_row_says_where_it_comes_from_and_keeps_its_values(
    model: Workspace, copy: Workspace
) -> None:
    for table in desk_tables():
        names = [field.attname for field in table.plain]
        manager = table.model._default_manager
        sources = {row["pk"]: row for row in manager.filter(workspace=model).values("pk", *names)}
        for row in manager.filter(workspace=copy).values("pk", ORIGIN, *names):
            source = sources[row[ORIGIN]]
            assert {name: row[name] for name in names} == {name: source[name] for name in names}


def test_keys_of_a_table_to_itself_follow(copy: Workspace) -> None:
    child = ContactCode.objects.get(workspace=copy, code="LIV-RET")
    assert child.parent is not None
    assert child.parent.workspace == copy
    assert child.parent.code == "LIV"
    credit = Invoice.objects.filter(workspace=copy, kind=Invoice.Kind.CREDIT_NOTE).first()
    assert credit is not None
    assert credit.refers_to is not None
    assert credit.refers_to.workspace == copy


def test_what_is_done_in_a_copy_stays_there_and_conversely(
    model: Workspace, copy: Workspace, now: datetime
) -> None:
    Customer.objects.filter(workspace=copy, reference="C-20417").update(city="Blois")
    conversation = Conversation.objects.filter(workspace=copy).first()
    assert conversation is not None
    Message.objects.create(
        workspace=copy,
        conversation=conversation,
        position=99,
        author="adviser",
        body="Bonjour",
        sent_at=now,
        client_key="neuf",
    )
    Customer.objects.filter(workspace=model, reference="C-16250").update(city="Brest")
    assert Customer.objects.get(workspace=model, reference="C-20417").city == "Tours"
    assert Customer.objects.get(workspace=copy, reference="C-16250").city == "Quimperlé"
    assert not Message.objects.filter(workspace=model, client_key="neuf").exists()


def test_a_copy_of_a_copy_is_whole(copy: Workspace, now: datetime) -> None:
    second = copy_workspace(source=copy, name="Copie de la copie", by=None, at=now)
    assert row_counts(second) == row_counts(copy)


def test_copy_gives_its_member_a_seat_and_leaves_one_line(
    model: Workspace, now: datetime, django_assert_max_num_queries
) -> None:
    person = User.objects.create_user(
        "camille@candidats.example", first_name="Camille", last_name="Ortéga"
    )
    # One statement a table and one for each of its keys to itself, however many rows.
    with django_assert_max_num_queries(2 * len(desk_tables()) + 12):
        copied = copy_workspace(
            source=model, name="Copie de Camille", by=person, at=now, member=person
        )
    assert list(copied.members.values_list("user_id", flat=True)) == [person.pk]
    (line,) = trace.lines(copied.trace_stream)
    assert line.verb == "workspace.copied"
    assert int(line.data["rows"]) == sum(row_counts(copied).values())


def test_every_desk_model_belongs_to_a_workspace_and_can_be_copied() -> None:
    assert not unscoped_models()
    for model in desk_models():
        names = {field.name for field in model._meta.concrete_fields}
        assert {"workspace", ORIGIN} <= names, model
        assert not model._meta.many_to_many, "a hidden table has no workspace: write it as a model"


def test_every_desk_table_is_indexed_for_the_copy() -> None:
    for model in desk_models():
        first = [tuple(index.fields) for index in model._meta.indexes]
        assert ("workspace", ORIGIN) in first, model


def test_a_foreign_key_leaving_the_desk_is_kept_as_it_is() -> None:
    outside = {
        field.related_model._meta.label
        for table in desk_tables()
        for field in table.plain
        if isinstance(field, models.ForeignKey)
    }
    assert outside <= {"accounts.User", "kernel.StoredFile"}
