"""Records of one customer become one, and are parted again exactly."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.models import (
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    HouseholdMember,
    PostalAddress,
)
from acquis.desk.merging import queries, rows
from acquis.desk.merging.actions import scan_desk
from acquis.desk.merging.actions.decide_pair import decide_pair
from acquis.desk.merging.actions.merge_customers import MOST, merge_customers
from acquis.desk.merging.actions.scan_desk import scan_batch, start_scan
from acquis.desk.merging.actions.undo_merge import undo_merge
from acquis.desk.merging.errors import (
    AlreadyUndone,
    CannotUndo,
    KindsDiffer,
    NothingToMerge,
    RowCannotMove,
    TooManyToMerge,
)
from acquis.desk.merging.models import FormerRecord, MatchKey, Merge, Suspicion
from acquis.kernel import trace, worker
from acquis.kernel.testing import StrictClient
from tests.desk.test_isolation import desk_models
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


def dump(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """Every row of the desk but the account of merges themselves."""
    return {
        model._meta.label: list(
            model._default_manager.filter(workspace=workspace).order_by("pk").values()
        )
        for model in desk_models()
        if model not in {Merge, FormerRecord}
    }


def pair(workspace: Workspace, **fields: Any) -> tuple[Customer, Customer]:
    shared = {"phone": "+33639980001", "postcode": "42300", "city": "Roanne"}
    kept = make.customer(workspace, last_name="Lefèvre", email="odile@a.example", **shared | fields)
    other = make.customer(
        workspace, last_name="Lefebvre", email="o.lefebvre@b.example", phone_alt="+33199000001",
        address_1="12 rue des Tisserands", address_2="Résidence du Parc, bâtiment C, escalier 2",
        tags=["VIP"], birth_year=1970, **shared | fields,
    )  # fmt: skip
    return kept, other


def full(workspace: Workspace, adviser: User) -> tuple[Customer, Customer]:
    """Two records with something of every room on the one that goes."""
    kept, other = pair(workspace)
    make.contact_point(kept, value="+33639980009")
    make.contact_point(other, value="+33639980009")
    make.contact_point(other)
    make.address(other)
    make.note(other)
    make.invoice(other, number="FV-1", order=make.order(other, product=make.product(workspace)))
    make.open_conversation(workspace, adviser, customer=other)
    make.case(other)
    make.letter(other)
    for one in (kept, other):
        make.household(one)
    make.consent(kept, given=False, channel="sms_offers")
    make.consent(other, given=True, channel="sms_offers", decided_at=make.NOW)
    scan_batch_of(workspace)
    return kept, other


def scan_batch_of(workspace: Workspace) -> None:
    start_scan(workspace=workspace, by=None, at=make.NOW)
    worker.drain()


def merge(kept: Customer, *others: Customer, **choices: int) -> Merge:
    return merge_customers(kept=kept, others=others, choices=choices, by=None, at=LATER)


def test_everything_moves_and_undo_restores_exactly(workspace: Workspace, adviser: User) -> None:
    kept, other = full(workspace, adviser)
    before = dump(workspace)

    done = merge(kept, other)

    assert not Customer.objects.filter(pk=other.pk).exists()
    for model, name in rows.pointers():
        assert not model._default_manager.filter(**{name: other.pk}).exists()
    assert Conversation.objects.get().customer == kept
    assert done.counts["billing.Invoice"] == 1
    assert dump(workspace) != before

    undo_merge(merge=done, by=adviser, at=LATER)

    assert dump(workspace) == before
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs[-2:] == ["customer.merged", "customer.merge_undone"]


def test_every_foreign_key_to_a_customer_is_known() -> None:
    found = {rows.label(model) for model, _name in rows.pointers()}

    assert found >= {"cases.Case", "billing.Invoice", "desk_mail.Mail", "imports.ImportedRow"}
    assert found == {r.related_model._meta.label for r in Customer._meta.get_fields(include_hidden=True) if r.is_relation and r.auto_created}  # fmt: skip


def test_what_is_not_chosen_stays_among_the_parts(workspace: Workspace) -> None:
    kept, other = pair(workspace)

    merge(kept, other, last_name=other.pk)

    kept.refresh_from_db()
    assert (kept.last_name, kept.email, kept.birth_year) == ("Lefebvre", "odile@a.example", 1970)
    assert kept.phone_alt == "+33199000001"
    assert kept.address_1 == "12 rue des Tisserands"
    assert kept.tags == ["VIP"]
    assert ContactPoint.objects.get(customer=kept).value == "o.lefebvre@b.example"
    assert "lefebvre@b example" in kept.search_text


def test_a_long_address_goes_on_over_the_lines(workspace: Workspace) -> None:
    kept, other = pair(workspace)

    merge(kept, other, address=kept.pk)

    place = PostalAddress.objects.get(customer=kept)
    lines = [place.inside, place.outside, place.street]
    assert (
        " ".join(line for line in lines if line)
        == "Résidence du Parc, bâtiment C, escalier 2 12 rue des Tisserands"
    )
    assert max(map(len, lines)) <= 38


def test_both_telephones_stay(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    Customer.objects.filter(pk=other.pk).update(phone="+33639980777")

    merge(kept, other)

    assert "+33639980777" in ContactPoint.objects.filter(customer=kept).values_list(
        "value", flat=True
    )


def test_of_opposed_agreements_the_refusal_holds(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    for channel in ("sms_offers", "phone_offers"):
        make.consent(kept, given=False, channel=channel)
    make.consent(other, given=True, channel="sms_offers")
    make.consent(kept, given=False, channel="email_offers", purpose="survey")
    make.consent(other, given=True, channel="email_offers", purpose="survey")

    merge(kept, other)

    kept.refresh_from_db()
    last = Consent.objects.filter(customer=kept, channel="sms_offers").first()
    assert last is not None
    assert not last.given
    assert kept.consents["sms_offers"]["granted"] is False
    assert "email_offers" not in kept.consents
    assert not Consent.objects.filter(customer=kept, purpose="survey")[0].given


def test_a_household_is_left_and_found_again(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    make.household(kept)
    make.household(other)

    done = merge(kept, other)

    assert HouseholdMember.objects.count() == 1
    undo_merge(merge=done, by=None, at=LATER)
    assert HouseholdMember.objects.filter(customer=other).exists()


def test_a_company_keeps_one_main_contact(workspace: Workspace) -> None:
    kept, other, third = (make.company(workspace) for _ in range(3))
    make.company_contact(kept)
    for one in (other, third):
        make.company_contact(one, is_main=True)
    before = dump(workspace)

    done = merge(kept, other, third)

    assert CompanyContact.objects.filter(company=kept).count() == 3
    assert CompanyContact.objects.filter(is_main=True).count() == 1
    undo_merge(merge=done, by=None, at=LATER)
    assert dump(workspace) == before


def test_refusals_write_nothing(workspace: Workspace) -> None:
    kept, _other = pair(workspace)
    stranger = make.customer(make.desk(name="Ailleurs"))
    firm = make.company(workspace)
    crowd = [make.customer(workspace) for _ in range(MOST)]
    before = dump(workspace)

    for others, refused in (
        ([], NothingToMerge),
        ([kept], NothingToMerge),
        ([stranger], NothingToMerge),
        ([firm], KindsDiffer),
        (crowd, TooManyToMerge),
    ):
        with pytest.raises(refused):
            merge(kept, *others)
    assert dump(workspace) == before


def test_a_row_with_others_on_it_is_not_set_aside(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, other = pair(workspace)
    make.contact_point(kept, value="+33639980009")
    point = make.contact_point(other, value="+33639980009")
    monkeypatch.setattr(ContactPoint, "delete", lambda _self: (2, {"x": 2}))

    with pytest.raises(RowCannotMove):
        merge(kept, other)
    assert ContactPoint.objects.get(pk=point.pk).customer == other


def test_undo_is_refused_with_its_reason(workspace: Workspace, adviser: User) -> None:
    kept, other = pair(workspace)
    make.open_conversation(workspace, adviser, customer=other)
    done = merge(kept, other)

    def refused() -> str:
        with pytest.raises(CannotUndo) as told:
            undo_merge(merge=done, by=None, at=LATER)
        return str(told.value)

    Conversation.objects.update(customer=None)
    assert "rattachées ailleurs" in refused()
    Conversation.objects.update(customer=kept)
    Customer.objects.filter(pk=kept.pk).update(birth_year=1999)
    assert "année de naissance" in refused()
    Customer.objects.filter(pk=kept.pk).update(birth_year=1970)
    make.customer(workspace, reference=other.reference)
    assert "référence" in refused()


def test_a_changed_main_contact_bars_the_undo(workspace: Workspace) -> None:
    kept, other = make.company(workspace), make.company(workspace)
    make.company_contact(kept, is_main=True)
    moved = make.company_contact(other, is_main=True)
    done = merge(kept, other)
    CompanyContact.objects.filter(company=kept).exclude(pk=moved.pk).delete()
    CompanyContact.objects.filter(pk=moved.pk).update(is_main=True)

    with pytest.raises(CannotUndo):
        undo_merge(merge=done, by=None, at=LATER)


def test_the_last_merge_is_undone_first(workspace: Workspace) -> None:
    first, second = pair(workspace)
    third, fourth = make.customer(workspace), make.customer(workspace)
    earlier = merge(first, second)
    later = merge(first, third)
    last = merge(fourth, first)

    for barred in (earlier, later):
        with pytest.raises(CannotUndo):
            undo_merge(merge=barred, by=None, at=LATER)
    undo_merge(merge=last, by=None, at=LATER)
    with pytest.raises(CannotUndo):
        undo_merge(merge=earlier, by=None, at=LATER)
    undo_merge(merge=later, by=None, at=LATER)
    undo_merge(merge=earlier, by=None, at=LATER)
    with pytest.raises(AlreadyUndone):
        undo_merge(merge=earlier, by=None, at=LATER)
    assert Customer.objects.count() == 4


def test_what_came_after_the_merge_stays(workspace: Workspace, adviser: User) -> None:
    kept, other = pair(workspace)
    done = merge(kept, other)
    kept.refresh_from_db()
    change_customer(customer=kept, values={"segment": "fidèle"}, by=None, at=LATER + timedelta(1))
    make.open_conversation(workspace, adviser, customer=kept)

    undo_merge(merge=done, by=None, at=LATER + timedelta(2))

    kept.refresh_from_db()
    assert kept.segment == "fidèle"
    assert kept.updated_at == LATER + timedelta(2)
    assert Conversation.objects.get().customer == kept
    assert "lefebvre" not in kept.search_text


def test_the_former_address_leads_to_the_kept_record(
    workspace: Workspace, signed_in: StrictClient
) -> None:
    kept, other = pair(workspace)
    address = reverse("directory:record", args=[workspace.pk, other.pk])
    done = merge(kept, other)

    answer = signed_in.get(address)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("directory:record", args=[workspace.pk, kept.pk])
    undo_merge(merge=done, by=None, at=LATER)
    assert signed_in.get(address).status_code == 200
    assert signed_in.get(reverse("directory:record", args=[workspace.pk, 10**9])).status_code == 404


def test_the_desk_is_compared_once_then_what_changed(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    make.customer(workspace, first_name="Paul", phone="+33639980001", last_name="Lefèvre")

    scan_batch_of(workspace)

    found = Suspicion.objects.get()
    assert (found.first, found.second) == (kept, other)
    assert "phone" in found.reasons
    assert MatchKey.objects.filter(customer=kept).exists()
    at = make.NOW + timedelta(hours=1)
    change_customer(customer=other, values={"birth_year": 1930, "email": "odile@a.example"}, by=None, at=at)  # fmt: skip
    scan_batch_of(workspace)
    again = Suspicion.objects.get()
    assert (again.pk, again.score > found.score) == (found.pk, True)
    change_customer(customer=other, values={"phone": "", "email": "", "last_name": "Autre", "postcode": ""}, by=None, at=at + timedelta(1))  # fmt: skip
    scan_batch_of(workspace)
    assert not Suspicion.objects.exists()


def test_a_key_that_a_crowd_shares_tells_nothing(workspace: Workspace) -> None:
    for _ in range(queries.MOST_PER_KEY + 3):
        make.customer(workspace, phone="+33199000001", email="standard@a.example", last_name="Roux")

    scan_batch_of(workspace)

    assert not Suspicion.objects.exists()


def test_a_record_read_again_unchanged_keeps_its_pair(workspace: Workspace) -> None:
    kept, _other = pair(workspace)
    scan_batch_of(workspace)
    before = list(Suspicion.objects.values())
    Customer.objects.filter(pk=kept.pk).update(updated_at=LATER)

    scan_batch_of(workspace)

    assert list(Suspicion.objects.values()) == before


def test_a_number_that_both_have_is_kept_once(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    make.contact_point(kept, value="+33639980777")
    Customer.objects.filter(pk=other.pk).update(phone="+33639980777")

    merge(kept, other)

    assert ContactPoint.objects.filter(customer=kept, value="+33639980777").count() == 1


def test_records_changed_at_one_instant_are_each_read_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an import leaves: the instant goes on over the edge of a batch, and later ones follow."""
    monkeypatch.setattr(scan_desk, "BATCH", 3)
    for rank in range(7):
        make.customer(workspace, last_name=f"Seul{rank}", updated_at=make.NOW)
    for rank in range(2):
        later = make.NOW + timedelta(minutes=1 + rank)
        make.customer(workspace, last_name=f"Plus{rank}", updated_at=later)
    start_scan(workspace=workspace, by=None, at=LATER)

    read = []
    while count := scan_batch(workspace=workspace, at=LATER):
        read.append(count)

    assert read == [3, 3, 3]
    assert scan_batch(workspace=workspace, at=LATER) == 0


def test_a_batch_with_nothing_to_read_ends_the_scan(workspace: Workspace) -> None:
    start_scan(workspace=workspace, by=None, at=make.NOW)

    assert scan_batch(workspace=workspace, at=LATER) == 0


def test_told_apart_is_remembered(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    scan_batch_of(workspace)
    assert [each.customer for each in queries.alike(kept)] == [other]

    for _ in range(2):
        decide_pair(one=other, other=kept, same=False, by=None, at=LATER)
    Customer.objects.update(updated_at=LATER)
    scan_batch_of(workspace)

    assert Suspicion.objects.get().state == "dismissed"
    assert queries.alike(kept) == []
    decide_pair(one=kept, other=other, same=True, by=None, at=LATER)
    assert [each.customer for each in queries.alike(other)] == [kept]
    with pytest.raises(NothingToMerge):
        decide_pair(one=kept, other=kept, same=False, by=None, at=LATER)


def test_what_people_said_is_kept_when_the_records_no_longer_look_alike(
    workspace: Workspace,
) -> None:
    kept, other = pair(workspace)
    scan_batch_of(workspace)
    decide_pair(one=kept, other=other, same=False, by=None, at=LATER)
    changed = {"phone": "", "email": "", "last_name": "Autre", "postcode": ""}
    change_customer(customer=other, values=changed, by=None, at=LATER)

    scan_batch_of(workspace)

    assert Suspicion.objects.get().state == Suspicion.State.DISMISSED


def test_a_suspicion_is_shown_though_the_keys_no_longer_meet(workspace: Workspace) -> None:
    kept, other = pair(workspace)
    scan_batch_of(workspace)
    Customer.objects.filter(pk=other.pk).update(phone="", postcode="", last_name="Autre")

    assert [each.customer for each in queries.alike(kept)] == [other]
    assert [each.customer for each in queries.alike(other)] == [kept]


def test_pages_from_the_suspicion_to_the_undo(
    workspace: Workspace, signed_in: StrictClient
) -> None:
    kept, other = pair(workspace)
    make.consent(kept, given=False, channel="sms_offers")
    make.consent(other, given=True, channel="sms_offers")
    make.note(other)

    def page(name: str, *keys: int, **data: Any) -> str:
        return signed_in.get(reverse(name, args=[workspace.pk, *keys]), data).content.decode()

    def post(name: str, *keys: int, **data: Any) -> int:
        return signed_in.post(reverse(name, args=[workspace.pk, *keys]), data).status_code

    assert "pas encore été comparées" in page("merging:pairs")
    assert post("merging:scan") == 302
    assert "Fiches comparées" in page("merging:pairs")
    worker.drain()
    assert "même téléphone" in page("merging:pairs")
    assert "même téléphone" in page("merging:similar", kept.pk)
    side = page("merging:compare", kept.pk, avec=other.pk)
    assert "Accords opposés" in side
    assert "Notes" in side
    assert f'value="{other.pk}"' in side
    assert post("merging:compare", kept.pk, avec=other.pk, garder_last_name=other.pk) == 302
    done = Merge.objects.get()
    assert other.reference in page("merging:merges")
    assert "Défaire la fusion" in page("merging:merge", done.pk)
    assert "Fiches fusionnées" in page("directory:record", kept.pk)
    assert post("merging:undo", done.pk) == 302
    assert "défaite" in page("merging:merge", done.pk)
    assert post("merging:undo", done.pk) == 422
    pair_key = Suspicion.objects.get().pk
    assert post("merging:decide", pair_key) == 302
    assert "Lefebvre" in page("merging:pairs", etat="ecartees")
    assert post("merging:decide", pair_key, memes="oui") == 302
    assert post("merging:similar", kept.pk, autre=other.pk) == 302
    assert post("merging:similar", kept.pk, autre="x") == 422
    assert Suspicion.objects.get().state == "dismissed"
    assert "Lefebvre" in page("merging:similar", kept.pk, q="Lefebvre")
    assert "Aucune autre fiche" in page("merging:similar", kept.pk, q="Zyx")


def test_warnings_before_merging(workspace: Workspace, signed_in: StrictClient) -> None:
    one = make.company(workspace, siren="732829320", birth_year=1970)
    other = make.company(workspace, siren="552100554", birth_year=1980, company_name="Garage")
    person = make.customer(workspace)
    for row in (one, other):
        make.household(row)
    address = reverse("merging:compare", args=[workspace.pk, one.pk])

    told = signed_in.get(address, {"avec": other.pk}).content.decode()
    refused = signed_in.get(address, {"avec": person.pk}).content.decode()

    for words in (
        "Les SIREN diffèrent",
        "Les années de naissance",
        "Les noms diffèrent",
        "son foyer",
    ):
        assert words in told
    assert "Un particulier et une entreprise" in refused


def test_a_new_record_is_compared_before_it_is_created(
    workspace: Workspace, signed_in: StrictClient
) -> None:
    kept, _other = pair(workspace)
    address = reverse("directory:create", args=[workspace.pk])
    fields: Mapping[str, str] = {
        "kind": "person", "last_name": "Lefevre", "first_name": "Odile", "phone": "06 39 98 00 01",
        "country": "France",
    }  # fmt: skip

    warned = signed_in.post(address, fields)

    assert warned.status_code == 422
    assert kept.reference in warned.content.decode()
    assert Customer.objects.count() == 2
    assert signed_in.post(address, {**fields, "nouvelle": "oui"}).status_code == 302
    assert Customer.objects.count() == 3


@pytest.mark.parametrize("name", ["merging:pairs", "merging:merges"])
def test_lists_ask_the_same_number_of_queries(
    workspace: Workspace, signed_in: StrictClient, count_queries: Any, name: str
) -> None:
    def add(count: int) -> None:
        for _ in range(count):
            one, other = make.customer(workspace), make.customer(workspace)
            Suspicion.objects.create(workspace=workspace, first=one, second=other, score=70)
            Merge.objects.create(workspace=workspace, kept=one, label="C-1", merged_at=make.NOW)

    address = reverse(name, args=[workspace.pk])
    add(1)
    signed_in.get(address)
    one = count_queries(lambda: signed_in.get(address))
    add(20)

    assert count_queries(lambda: signed_in.get(address)) == one
