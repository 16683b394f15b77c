"""The rows of what a desk knows, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from tests.factories import knowledge as make

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"knowledge:snippets"}
READ_BY_POST = {"knowledge:remarks"}
MISSING: set[str] = set()


def fill(desk: "Filled") -> None:
    snippet = make.snippet(desk.workspace, title=desk.mark, body=desk.mark)
    for name in ("snippet", "snippet_remove"):
        desk.objects[f"knowledge:{name}"] = {"pk": snippet.pk}
    for name in ("snippets", "snippet_choices", "snippet_new", "remarks"):
        desk.objects[f"knowledge:{name}"] = {}
