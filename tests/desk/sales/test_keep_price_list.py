"""A price list is made, drafted, published on a day, withdrawn before it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.sales import errors
from acquis.desk.sales.actions import keep_price_list as acts
from acquis.desk.sales.actions.keep_price_list import Asked, Given
from acquis.desk.sales.models import PriceLine, PriceList, PriceListVersion
from acquis.desk.sales.pricing import Step
from acquis.kernel.models import TraceLine
from tests.factories import desk as make
from tests.factories import sales
from tests.factories.desk import NOW, TODAY

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def test_a_list_is_made_and_renamed(workspace: Workspace, adviser: User) -> None:
    made = acts.keep_price_list(
        workspace=workspace,
        price_list=None,
        asked=Asked("Pro 2027", "segment", "Grands comptes", "ttc", "Ventes", TODAY),
        by=adviser,
        at=NOW,
    )
    acts.keep_price_list(
        workspace=workspace,
        price_list=made,
        asked=Asked("Pro", "all", "Grands comptes"),
        by=adviser,
        at=NOW,
    )

    row = PriceList.objects.get()
    assert (row.name, row.audience, row.segment, row.basis) == ("Pro", "all", "", "ht")
    verbs = TraceLine.objects.filter(stream=workspace.trace_stream).values_list("verb", flat=True)
    assert [*verbs] == ["sales.price_list_kept"] * 2


def test_two_lists_do_not_bear_one_name(workspace: Workspace, adviser: User) -> None:
    sales.price_list(workspace, name="Pro")
    sales.price_list(make.desk(), name="Autre")

    with pytest.raises(errors.NameTaken):
        acts.keep_price_list(
            workspace=workspace, price_list=None, asked=Asked("Pro"), by=adviser, at=NOW
        )
    acts.keep_price_list(
        workspace=workspace, price_list=None, asked=Asked("Autre"), by=adviser, at=NOW
    )
    assert PriceList.objects.filter(workspace=workspace).count() == 2


def test_for_whom_a_published_list_is_does_not_change(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace, name="Pro")
    sales.published(listed)

    for asked in (Asked("Pro", "persons"), Asked("Pro", basis="ttc")):
        with pytest.raises(errors.ListInUse):
            acts.keep_price_list(
                workspace=workspace, price_list=listed, asked=asked, by=adviser, at=NOW
            )
    kept = acts.keep_price_list(
        workspace=workspace, price_list=listed, asked=Asked("Pros"), by=adviser, at=NOW
    )
    assert kept.name == "Pros"


def test_a_draft_with_fractions_of_a_cent_is_not_turned_into_prices_with_vat(
    workspace: Workspace, adviser: User
) -> None:
    listed = sales.price_list(workspace, name="Pro")
    line = sales.price(sales.version(listed), make.product(workspace), price=Decimal("1.0050"))
    asked = Asked("Pro", basis="ttc")

    with pytest.raises(errors.LineRefused):
        acts.keep_price_list(
            workspace=workspace, price_list=listed, asked=asked, by=adviser, at=NOW
        )
    line.price = Decimal("1.0100")
    line.save()
    kept = acts.keep_price_list(
        workspace=workspace, price_list=listed, asked=asked, by=adviser, at=NOW
    )
    assert kept.basis == "ttc"


def test_a_draft_takes_the_lines_of_a_version_raised(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace)
    source = sales.published(listed)
    sales.price(source, make.product(workspace), price=Decimal("10.00"), note="Port compris")
    sales.price(source, make.product(workspace), percent=Decimal(5))

    draft = acts.draft_price_list(
        price_list=listed, source=source, percent=Decimal("2.5"), by=adviser, at=NOW
    )

    assert (draft.rank, draft.state, draft.saved_by) == (2, "draft", adviser.full_name)
    kept = [(line.price, line.percent, line.note) for line in draft.lines.order_by("product_id")]
    assert kept == [(Decimal("10.25"), None, "Port compris"), (None, Decimal("5.00"), "")]
    with pytest.raises(errors.DraftExists):
        acts.draft_price_list(price_list=listed, by=adviser, at=NOW)


def test_a_draft_takes_given_lines_or_none_and_nothing_of_another_list(
    workspace: Workspace,
) -> None:
    product = make.product(workspace)
    stranger = sales.published(sales.price_list(workspace))
    sales.price(stranger, product)
    given = [
        Given(product, Step(Decimal(1), Decimal(9)), "Franco"),
        Given(product, Step(Decimal(10), percent=Decimal(9))),
    ]

    packed = acts.draft_price_list(
        price_list=sales.price_list(workspace), lines=given, by=None, at=NOW
    )
    empty = acts.draft_price_list(price_list=sales.price_list(workspace), by=None, at=NOW)
    other = acts.draft_price_list(
        price_list=sales.price_list(workspace), source=stranger, by=None, at=NOW
    )

    assert [line.least for line in packed.lines.order_by("least")] == [
        Decimal("1.000"),
        Decimal("10.000"),
    ]
    assert not empty.lines.exists()
    assert not other.lines.exists()
    assert packed.saved_by == ""


def test_a_raise_out_of_bounds_is_refused_whole(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace)
    source = sales.published(listed)
    sales.price(source, make.product(workspace), price=Decimal(9000000))

    with pytest.raises(errors.LineRefused, match="10 millions"):
        acts.draft_price_list(
            price_list=listed, source=source, percent=Decimal(50), by=adviser, at=NOW
        )
    assert not listed.versions.filter(state="draft").exists()


def test_lines_of_a_draft_are_replaced_kept_and_removed(
    workspace: Workspace, adviser: User
) -> None:
    draft = sales.version(sales.price_list(workspace))
    one, two = make.product(workspace), make.product(workspace)
    sales.price(draft, one)

    acts.keep_lines(
        version=draft, lines=[Given(two, Step(Decimal(1), Decimal(5)))], by=adviser, at=NOW
    )
    acts.keep_line(
        version=draft, line=None, given=Given(two, Step(Decimal(1), Decimal(6))), by=adviser, at=NOW
    )
    line = draft.lines.get()
    assert (line.product, line.price) == (two, Decimal("6.0000"))
    acts.keep_line(
        version=draft, line=line, given=Given(one, Step(Decimal(3), Decimal(4))), by=adviser, at=NOW
    )
    moved = draft.lines.get()
    assert (moved.product, moved.least) == (one, Decimal("3.000"))
    acts.remove_line(line=moved, by=adviser, at=NOW)
    assert not draft.lines.exists()


def test_a_line_given_twice_is_refused_and_the_draft_is_as_it_was(
    workspace: Workspace, adviser: User
) -> None:
    draft = sales.version(sales.price_list(workspace))
    product = make.product(workspace)
    sales.price(draft, product)
    twice = [
        Given(product, Step(Decimal(1), Decimal(5))),
        Given(product, Step(Decimal("1.000"), Decimal(6))),
    ]

    with pytest.raises(errors.LineRefused, match="deux fois"):
        acts.keep_lines(version=draft, lines=twice, by=adviser, at=NOW)

    assert draft.lines.get().price == Decimal("90.0000")


def test_a_draft_is_published_from_today_on_or_later(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace)
    draft = sales.version(listed)
    sales.price(draft, make.product(workspace))

    made = acts.publish_price_list(
        version=draft, on=TOMORROW, until=TOMORROW, note="Hausse", by=adviser, at=NOW
    )

    assert (made.state, made.valid_from, made.valid_until) == ("published", TOMORROW, TOMORROW)
    assert (made.published_at, made.published_by) == (NOW, adviser.full_name)
    again = sales.version(listed)
    sales.price(again, make.product(workspace))
    with pytest.raises(errors.DayTaken):
        acts.publish_price_list(version=again, on=TOMORROW, by=adviser, at=NOW)
    assert acts.publish_price_list(version=again, on=TODAY, by=None, at=NOW).published_by == ""


def test_today_is_that_of_paris(workspace: Workspace, adviser: User) -> None:
    draft = sales.version(sales.price_list(workspace))
    sales.price(draft, make.product(workspace))
    late = NOW.replace(hour=23, minute=30)  # already the morrow in Paris

    with pytest.raises(errors.BeginsInThePast):
        acts.publish_price_list(version=draft, on=TODAY, by=adviser, at=late)
    acts.publish_price_list(version=draft, on=TOMORROW, by=adviser, at=late)


def test_what_cannot_be_published_stays_a_draft(workspace: Workspace, adviser: User) -> None:
    draft = sales.version(sales.price_list(workspace))

    def publish(on: date, until: date | None = None) -> None:
        acts.publish_price_list(version=draft, on=on, until=until, by=adviser, at=NOW)

    with pytest.raises(errors.NoLine):
        publish(TODAY)
    sales.price(draft, make.product(workspace))
    with pytest.raises(errors.BeginsInThePast):
        publish(TODAY - timedelta(days=1))
    with pytest.raises(errors.PeriodBackwards):
        publish(TOMORROW, TODAY)
    assert PriceListVersion.objects.get().state == "draft"


def test_what_is_published_is_never_edited(workspace: Workspace, adviser: User) -> None:
    version = sales.published(sales.price_list(workspace))
    product = make.product(workspace)
    line = sales.price(version, product)
    given = Given(product, Step(Decimal(1), Decimal(1)))
    refused: list[Callable[[], object]] = [
        lambda: acts.keep_lines(version=version, lines=[given], by=adviser, at=NOW),
        lambda: acts.keep_line(version=version, line=None, given=given, by=adviser, at=NOW),
        lambda: acts.remove_line(line=line, by=adviser, at=NOW),
        lambda: acts.discard_draft(version=version, by=adviser, at=NOW),
        lambda: acts.publish_price_list(version=version, on=TOMORROW, by=adviser, at=NOW),
    ]

    for act in refused:
        with pytest.raises(errors.NotADraft):
            act()

    assert PriceLine.objects.get().price == Decimal("90.0000")


def test_a_version_to_come_is_withdrawn_one_begun_is_not(
    workspace: Workspace, adviser: User
) -> None:
    listed = sales.price_list(workspace)
    begun, coming = sales.published(listed), sales.published(listed, TOMORROW)

    gone = acts.withdraw_version(version=coming, by=adviser, at=NOW)

    assert gone.state == "withdrawn"
    for version in (begun, coming, sales.version(listed)):
        with pytest.raises(errors.AlreadyInForce):
            acts.withdraw_version(version=version, by=adviser, at=NOW)
    # Its day is free again.
    draft = listed.versions.get(state="draft")
    sales.price(draft, make.product(workspace))
    acts.publish_price_list(version=draft, on=TOMORROW, by=adviser, at=NOW)


def test_a_draft_is_thrown_away_with_its_lines(workspace: Workspace, adviser: User) -> None:
    draft = sales.version(sales.price_list(workspace))
    sales.price(draft, make.product(workspace))

    acts.discard_draft(version=draft, by=adviser, at=NOW)

    assert not PriceListVersion.objects.exists()
    assert not PriceLine.objects.exists()


def test_a_list_is_read_over(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace, review_on=TODAY)

    kept = acts.review_price_list(price_list=listed, next_on=TOMORROW, by=adviser, at=NOW)

    assert kept.review_on == TOMORROW
    assert PriceList.objects.get().review_on == TOMORROW


def test_a_sealed_desk_takes_no_price(workspace: Workspace, adviser: User) -> None:
    listed = sales.price_list(workspace)
    version = sales.published(listed, TOMORROW)
    workspace.sealed_at = NOW
    workspace.save()
    refused: list[Callable[[], object]] = [
        lambda: acts.keep_price_list(
            workspace=workspace, price_list=None, asked=Asked("x"), by=adviser, at=NOW
        ),
        lambda: acts.draft_price_list(price_list=listed, by=adviser, at=NOW),
        lambda: acts.withdraw_version(version=version, by=adviser, at=NOW),
        lambda: acts.review_price_list(price_list=listed, next_on=None, by=adviser, at=NOW),
    ]

    for act in refused:
        with pytest.raises(WorkspaceSealed):
            act()


def test_the_database_refuses_what_no_list_may_hold(workspace: Workspace) -> None:
    listed = sales.price_list(workspace)
    draft, product = sales.version(listed), make.product(workspace)
    refused: list[Callable[[], object]] = [
        lambda: sales.version(listed, rank=9),  # a second draft
        lambda: sales.price_list(workspace, audience="segment"),
        lambda: sales.price_list(workspace, segment="Or"),
        lambda: sales.version(listed, rank=9, state="published"),
        lambda: sales.published(listed, rank=9, valid_until=TODAY - timedelta(days=1)),
        lambda: sales.price(draft, product, price=None),
        lambda: sales.price(draft, product, percent=Decimal(5), price=Decimal(5)),
        lambda: sales.price(draft, product, percent=Decimal(101)),
        lambda: sales.price(draft, product, price=Decimal(-1)),
        lambda: sales.price(draft, product, least=Decimal(0)),
    ]

    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
