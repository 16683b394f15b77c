"""Price lists on screen: kept, imported, published, and the price they give."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.sales import access, home, price_files, prices
from acquis.desk.sales.models import PriceList, PriceListVersion, Product
from acquis.desk.sales.templatetags.prices import unit_price
from acquis.desk.shell import day_in_paris
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, sales
from tests.factories import desk as make
from tests.factories.desk import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def keeper(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


def url(name: str, workspace: Workspace, *keys: int) -> str:
    return reverse(f"sales:{name}", args=[workspace.pk, *keys])


def test_a_list_is_made_filled_and_published(keeper: StrictClient, workspace: Workspace) -> None:
    product = make.product(workspace, reference="ALM-100")
    make.customer(workspace, segment="Or")

    refused = keeper.post(
        url("price_list_new", workspace),
        {"name": "Or", "audience": "segment", "segment": "", "basis": "ht"},
    )
    assert refused.status_code == 422
    assert 'value="Or"' in refused.content.decode()
    keeper.post(
        url("price_list_new", workspace),
        {"name": "Or", "audience": "segment", "segment": "Or", "basis": "ht"},
    )
    listed = PriceList.objects.get()
    keeper.post(url("price_list_draft", workspace, listed.pk))
    at = (listed.pk, 1)
    line = {"reference": "ALM-100", "least": "10", "price": "89,90", "note": "Port compris"}
    wrong = keeper.post(url("price_line_keep", workspace, *at), line | {"percent": "5"})
    assert wrong.status_code == 422
    assert "89,90" in wrong.content.decode()
    keeper.post(url("price_line_keep", workspace, *at), line)
    kept = listed.versions.get().lines.get()
    assert (kept.product, kept.least, kept.price) == (product, Decimal(10), Decimal("89.90"))
    shown = keeper.get(url("price_version", workspace, *at), {"ligne": kept.pk})
    assert "Modifier la ligne" in shown.content.decode()
    keeper.post(
        url("price_line_keep", workspace, *at) + f"?ligne={kept.pk}", line | {"least": "20"}
    )
    assert listed.versions.get().lines.get().least == Decimal(20)
    assert keeper.post(url("price_version_publish", workspace, *at), {}).status_code == 422
    day = day_in_paris(timezone.now())
    keeper.post(url("price_version_publish", workspace, *at), {"on": day.isoformat()})
    assert listed.versions.get().state == "published"
    page = keeper.get(url("price_list", workspace, listed.pk)).content.decode()
    assert "en vigueur" in page


def test_a_version_is_prepared_withdrawn_and_discarded(
    keeper: StrictClient, workspace: Workspace
) -> None:
    listed = sales.price_list(workspace)
    day = day_in_paris(timezone.now())
    now = sales.published(listed, day)
    sales.price(now, make.product(workspace), price=Decimal("10.00"))
    assert (
        keeper.post(url("price_list_draft", workspace, listed.pk), {"percent": "x"}).status_code
        == 422
    )
    keeper.post(url("price_list_draft", workspace, listed.pk), {"percent": "10"})
    compared = keeper.get(url("price_compare", workspace, listed.pk, 2)).context["rows"]
    assert [row.percent for row in compared] == [Decimal(10)]
    assert (
        keeper.get(url("price_compare", workspace, listed.pk, 2), {"de": "1"}).context["before"]
        == now
    )
    keeper.post(
        url("price_version_publish", workspace, listed.pk, 2),
        {"on": (day + timedelta(days=1)).isoformat()},
    )
    page = keeper.get(url("price_list", workspace, listed.pk)).content.decode()
    assert "à venir" in page
    keeper.post(url("price_version_withdraw", workspace, listed.pk, 2))
    assert listed.versions.get(rank=2).state == "withdrawn"
    keeper.post(url("price_list_draft", workspace, listed.pk))
    line = listed.versions.get(rank=3).lines.get()
    keeper.post(url("price_line_remove", workspace, listed.pk, 3, line.pk))
    assert not listed.versions.get(rank=3).lines.exists()
    keeper.post(url("price_version_discard", workspace, listed.pk, 3))
    assert listed.versions.count() == 2
    keeper.post(url("price_list_review", workspace, listed.pk), {"next_on": "2027-05-01"})
    keeper.post(
        url("price_list_edit", workspace, listed.pk),
        {"name": "Autre nom", "audience": "all", "basis": "ht", "review_on": "2027-06-01"},
    )
    listed.refresh_from_db()
    assert (listed.name, str(listed.review_on)) == ("Autre nom", "2027-06-01")


def test_an_adviser_reads_prices_and_keeps_none(
    signed_in: StrictClient, adviser: User, workspace: Workspace
) -> None:
    listed = sales.price_list(workspace, name="Pro 2027")
    version = sales.published(listed, day_in_paris(timezone.now()))
    sales.price(version, make.product(workspace, label="Robot Alma"))
    draft = sales.version(listed)

    assert "Pro 2027" in signed_in.get(url("price_lists", workspace)).content.decode()
    page = signed_in.get(url("price_version", workspace, listed.pk, version.rank)).content.decode()
    assert "Robot Alma" in page
    assert "Publier la grille" not in page
    printed = signed_in.get(url("price_print", workspace, listed.pk, 1)).content.decode()
    assert "Robot Alma" in printed
    history = signed_in.get(url("price_list", workspace, listed.pk))
    assert [one.version for one in history.context["standings"]] == [version]
    assert signed_in.get(url("price_version", workspace, listed.pk, 2)).status_code == 404
    assert signed_in.get(url("price_list_edit", workspace, listed.pk)).status_code == 404
    with pytest.raises(Http404):
        access.price_version_for(adviser, workspace.pk, listed.pk, draft.rank)
    with pytest.raises(Http404):
        access.managed_price_version(adviser, workspace.pk, listed.pk, version.rank)


def test_lists_are_found_by_name_and_by_product_and_those_to_review(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    one = sales.price_list(workspace, name="Soldes", review_on=TODAY)
    two = sales.price_list(workspace, name="Pro")
    sales.price(sales.version(two), make.product(workspace, label="Robot Alma"))

    def found(**asked: str) -> list[PriceList]:
        answer = signed_in.get(url("price_lists", workspace), asked)
        return [listed for listed, _shown in answer.context["rows"]]

    assert found() == [two, one]
    assert found(q="alma") == [two]
    assert found(q="sold") == [one]
    assert list(prices.named(workspace, "pr")) == [two]
    assert found(relire="1") == [one]


def test_lists_cost_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    def fill() -> PriceListVersion:
        version = sales.published(sales.price_list(workspace), day_in_paris(timezone.now()))
        sales.price(version, product)
        return version

    product = make.product(workspace)
    version = fill()
    addresses = [
        url("price_lists", workspace),
        url("product", workspace, product.pk),
        url("price_version", workspace, version.price_list_id, 1),
    ]
    one = [count_queries(lambda a=a: signed_in.get(a)) for a in addresses]  # type: ignore[misc]
    for _ in range(29):
        fill()
        sales.price(version, make.product(workspace))

    assert [count_queries(lambda a=a: signed_in.get(a)) for a in addresses] == one  # type: ignore[misc]


def csv(*rows: str) -> SimpleUploadedFile:
    text = "\r\n".join(["Référence;À partir de;Prix;Remise %;Précision", *rows])
    return SimpleUploadedFile("prix.csv", text.encode("utf-8-sig"), content_type="text/csv")


def test_a_file_shows_every_fault_at_once_and_changes_nothing(
    keeper: StrictClient, workspace: Workspace
) -> None:
    make.product(workspace, reference="A")
    draft = sales.version(sales.price_list(workspace))
    sales.price(draft, make.product(workspace))
    address = url("price_lines_import", workspace, draft.price_list_id, 1)

    answer = keeper.post(
        address,
        {
            "file": csv(
                "A;1;12,50;;", "Z;1;10;;", "A;dix;10;;", "A;1;13;;", "A;2;;;", ";2;1;;",
                f"A;3;1;;{'x' * 201}", "A;4;-1;;",
            )
        },
    )  # fmt: skip

    assert answer.status_code == 422
    assert [fault.number for fault in answer.context["faults"]] == [3, 4, 5, 6, 7, 8, 9]
    assert draft.lines.count() == 1
    assert keeper.post(address, {}).status_code == 422
    assert keeper.post(address, {"file": csv("A;1;12;;")}).status_code == 302
    assert draft.lines.get().price == Decimal(12)


def test_what_is_exported_is_read_back(keeper: StrictClient, workspace: Workspace) -> None:
    version = sales.published(sales.price_list(workspace))
    product = make.product(workspace, reference="-A", label="=1+1")
    sales.price(version, product, price=Decimal("1234.5000"), note="Port compris")
    sales.price(version, product, least=Decimal("10.5"), percent=Decimal("12.50"))
    address = url("price_lines_export", workspace, version.price_list_id, 1)
    again = sales.version(sales.price_list(workspace))
    put = url("price_lines_import", workspace, again.price_list_id, 1)

    for form in ("csv", "xlsx"):
        content = keeper.get(address, {"format": form}).content
        keeper.post(put, {"file": SimpleUploadedFile(f"prix.{form}", content)})
        kept = [(one.least, one.price, one.percent, one.note) for one in again.lines.all()]
        assert kept == [
            (Decimal(1), Decimal("1234.5"), None, "Port compris"),
            (Decimal("10.5"), None, Decimal("12.50"), ""),
        ]
        again.lines.all().delete()


def test_a_file_without_its_column_or_too_long_is_refused(
    keeper: StrictClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = sales.version(sales.price_list(workspace))
    address = url("price_lines_import", workspace, draft.price_list_id, 1)
    bare = SimpleUploadedFile("prix.csv", b"Nom;Prix\r\nA;1")

    assert "référence" in keeper.post(address, {"file": bare}).content.decode()
    monkeypatch.setattr(price_files, "MOST_LINES", 1)
    assert keeper.post(address, {"file": csv("A;1;1;;", "B;1;1;;")}).status_code == 422


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 234,50 €", Decimal("1234.50")), ("12,5 %", Decimal("12.5")), ("x", None), ("", None),
     ("NaN", None)],
)  # fmt: skip
def test_numbers_are_read_as_the_french_write_them(text: str, expected: Decimal | None) -> None:
    assert price_files.decimal_of(text) == expected


@pytest.fixture
def robot(workspace: Workspace) -> Product:
    return make.product(workspace, reference="ALM-100")  # 100 HT, 20 %


def test_the_closest_list_in_force_gives_the_price(workspace: Workspace, robot: Product) -> None:
    everybody = sales.published(sales.price_list(workspace))
    sales.price(everybody, robot, price=Decimal(95))
    sales.price(everybody, robot, price=Decimal(90), least=Decimal(10))
    pro = sales.published(sales.price_list(workspace, audience="companies"))
    sales.price(pro, robot, percent=Decimal(20), least=Decimal(5))
    gold = sales.price_list(workspace, audience="segment", segment="Or", basis="ttc")
    sales.price(sales.published(gold), robot, price=Decimal("99.00"))
    company = make.customer(workspace, kind="company", company_name="Filature")
    golden = make.customer(workspace, kind="company", company_name="Or SA", segment="Or")

    def ht(customer: Any = None, quantity: int = 1) -> Decimal:
        found = prices.offer(
            workspace, robot, customer=customer, day=TODAY, quantity=Decimal(quantity)
        )
        return found.price.ht

    assert ht() == 95
    assert ht(quantity=12) == 90
    assert ht(company) == 95  # too few for the list of professionals
    assert ht(company, 5) == 80
    assert ht(golden, 5) == Decimal("82.50")
    before = prices.offer(workspace, robot, customer=None, day=TODAY - timedelta(days=1))
    assert (before.price.ht, before.line) == (Decimal(100), None)


def test_a_version_holds_until_its_end_or_the_next(workspace: Workspace, robot: Product) -> None:
    listed = sales.price_list(workspace)
    first = sales.published(listed, TODAY)
    second = sales.published(
        listed, TODAY + timedelta(days=10), valid_until=TODAY + timedelta(days=20)
    )
    for version in (first, second):
        sales.price(version, robot)

    def holds(days: int) -> list[PriceListVersion]:
        return list(prices.in_force(workspace, TODAY + timedelta(days=days)))

    assert holds(-1) == []
    assert holds(0) == holds(9) == [first]
    assert holds(10) == holds(20) == [second]
    assert holds(21) == []  # the first was replaced for good
    ends = [one.end for one in prices.standings(listed, TODAY)]
    assert ends == [TODAY + timedelta(days=20), TODAY + timedelta(days=9)]


def test_the_product_and_the_calculator_say_where_the_price_comes_from(
    signed_in: StrictClient, workspace: Workspace, robot: Product
) -> None:
    listed = sales.price_list(workspace, name="Pros", audience="companies")
    sales.price(sales.published(listed), robot, price=Decimal("77.00"))
    company = make.customer(workspace, kind="company", company_name="Filature", reference="C-7")
    asked = {"client": company.reference, "quantite": "2", "le": TODAY.isoformat()}

    page = signed_in.get(url("product", workspace, robot.pk), asked)
    plain = signed_in.get(url("product", workspace, robot.pk), {"le": TODAY.isoformat()})
    wrong = signed_in.get(url("product", workspace, robot.pk), {"client": "C-999"})
    counted = signed_in.get(url("calculator", workspace), asked | {"produit": "ALM-100"})

    assert page.context["offer"].price.ht == 77
    assert "Grille « Pros »" in page.content.decode()
    assert plain.context["offer"].line is None
    assert "Aucun client" in wrong.content.decode()
    assert "Grille « Pros »" in counted.content.decode()
    assert 'value="77' in counted.content.decode()


def test_lists_to_review_stand_on_the_first_page(supervisor: User, workspace: Workspace) -> None:
    sales.price_list(workspace, review_on=TODAY)
    sales.price_list(workspace)

    (card,) = home._to_review(supervisor, workspace.organisation, timezone.now())

    assert card.count == 1
    assert card.url.endswith("?relire=1")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("92.4000", "92,40\u00a0€"), ("0.1234", "0,1234\u00a0€"), ("1234.5", "1\u202f234,50\u00a0€")],
)
def test_unit_prices_have_two_decimals_or_four(amount: str, shown: str) -> None:
    assert unit_price(Decimal(amount)) == shown
