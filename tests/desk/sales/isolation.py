"""The price lists of a desk, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from tests.factories import desk as rows
from tests.factories import sales as make

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"sales:price_lists"}
READ_BY_POST: set[str] = set()
# Pages of those who keep the lists: they do not exist for the others.
MISSING = {"sales:price_list_new", "sales:price_list_edit"}


def fill(desk: "Filled") -> None:
    listed = make.price_list(
        desk.workspace, name=desk.mark, owner=desk.mark, audience="segment", segment=desk.mark
    )
    version = make.published(listed, note=desk.mark, published_by=desk.mark)
    line = make.price(version, rows.product(desk.workspace, label=desk.mark), note=desk.mark)
    for name in ("", "_edit", "_review", "_draft"):
        desk.objects[f"sales:price_list{name}"] = {"pk": listed.pk}
    for name in (
        "version", "line_keep", "lines_import", "lines_export", "version_publish",
        "version_withdraw", "version_discard", "compare", "print",
    ):  # fmt: skip
        desk.objects[f"sales:price_{name}"] = {"pk": listed.pk, "rank": version.rank}
    desk.objects["sales:price_line_remove"] = {
        "pk": listed.pk, "rank": version.rank, "line": line.pk,
    }  # fmt: skip
