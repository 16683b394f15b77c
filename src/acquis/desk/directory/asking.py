"""What the address of a list asks, understood once for the page, the files and the bulk edits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from acquis.accounts.models import Workspace
from acquis.desk.directory import columns, queries
from acquis.desk.directory.errors import FilterUnclear
from acquis.desk.directory.list_forms import SearchForm
from acquis.desk.directory.models import Customer, CustomField
from acquis.desk.directory.policy import listing


@dataclass(frozen=True, slots=True)
class Asked:
    form: SearchForm
    found: queries.Found
    shown: list[columns.Column]
    offered: dict[str, columns.Column]
    query: str  # canonical
    fields: list[CustomField]

    def refuse_unclear(self) -> None:
        """Raise FilterUnclear when a filter was ignored.

        A list may show more than was meant; what is done to all those found may not.
        """
        if not self.form.is_clear:
            raise FilterUnclear

    def rows(self, customers: Iterable[Customer]) -> Iterable[list[str]]:
        """The texts of each customer, one a column."""
        return ([column.text(customer) for column in self.shown] for customer in customers)


def understand(workspace: Workspace, params: QueryDict, *, today: date) -> Asked:
    """Two queries, and none of the customers is read yet."""
    fields = queries.custom_fields(workspace)
    form = SearchForm(params, segments=queries.segments(workspace), fields=fields)
    known = columns.offered(fields)
    keys = listing.columns(
        params.get(listing.COLUMNS, ""), params.getlist(listing.CHOSEN), [*known]
    )
    found = queries.find(
        workspace,
        form.typed(),
        filters=form.filters(),
        sort=params.get(listing.SORT, "nom"),
        today=today,
    )
    return Asked(
        form=form,
        found=found,
        shown=columns.of_keys(keys, known),
        offered=known,
        query=listing.canonical({name: params.getlist(name) for name in params}),
        fields=fields,
    )
