"""Orders and invoices found by their number, through the index of it."""

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from acquis.desk.directory.policy import numbers

EXAMPLES = 20  # the last numbers given tell the series in use
LAST = "\U0010ffff"


def by_number(rows: QuerySet[Any], typed: str) -> Q:
    """Rows of which somebody types the number, or how it begins; `rows` are those of a workspace."""
    bare = typed.strip()
    latest = rows.order_by("-pk").values_list("number", flat=True)[:EXAMPLES]
    examples = list(latest) if bare.isdecimal() else []
    if not bare:
        return Q(pk__in=[])
    plain = rows.order_by()
    # Two steps of the index: as one condition, SQLite would rather read the workspace.
    exact = plain.filter(number__in=numbers.meant(bare, examples)).values("pk")
    return Q(pk__in=exact.union(plain.filter(_begins(bare.upper())).values("pk")))


def _begins(start: str) -> Q:
    """SQLite compares letters without case in a LIKE, which no index serves: it is given bounds."""
    if connection.vendor == "sqlite":
        return Q(number__gte=start, number__lt=start + LAST)
    return Q(number__startswith=start)
