"""The smallest valid price lists; traits name situations."""

import itertools
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from acquis.accounts.models import Workspace
from acquis.desk.sales.models import PriceLine, PriceList, PriceListVersion, Product
from tests.factories.desk import NOW, TODAY

_rank = itertools.count(1)


def price_list(workspace: Workspace, **fields: Any) -> PriceList:
    values = {"name": f"Grille {next(_rank)}", "made_at": NOW}
    return PriceList.objects.create(workspace=workspace, **(values | fields))


def version(of: PriceList, **fields: Any) -> PriceListVersion:
    """A draft; `published` gives it a day."""
    values = {"rank": of.versions.count() + 1, "saved_at": NOW, "saved_by": "Jeanne Aubier"}
    return PriceListVersion.objects.create(
        workspace_id=of.workspace_id, price_list=of, **(values | fields)
    )


def published(
    of: PriceList, on: date = TODAY, at: datetime = NOW, **fields: Any
) -> PriceListVersion:
    values: dict[str, Any] = {"state": "published", "valid_from": on, "published_at": at}
    return version(of, **(values | fields))


def price(of: PriceListVersion, product: Product, **fields: Any) -> PriceLine:
    values: dict[str, Any] = {"least": Decimal(1)}
    if "percent" not in fields:
        values["price"] = Decimal("90.0000")
    return PriceLine.objects.create(
        workspace_id=of.workspace_id, version=of, product=product, **(values | fields)
    )
