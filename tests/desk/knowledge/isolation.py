"""The rows of what a desk knows, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from tests.factories import desk as rows
from tests.factories import knowledge as make

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"knowledge:snippets", "knowledge:pane"}
READ_BY_POST = {"knowledge:remarks", "knowledge:preview"}
# Pages of those who keep what the desk knows: they do not exist for the others.
MISSING = {
    "knowledge:keeping", "knowledge:new", "knowledge:edit", "knowledge:versions",
    "knowledge:reading_new", "knowledge:reading_edit", "knowledge:reading_questions",
    "knowledge:reading_follow",
}  # fmt: skip


def fill(desk: "Filled") -> None:
    snippet = make.snippet(desk.workspace, title=desk.mark, body=desk.mark)
    article = rows.article(desk.workspace, title=desk.mark, slug=f"tenu-{desk.mark.lower()}")
    version = make.version(article, title=desk.mark, body=desk.mark)
    make.draft(article, title=desk.mark, body=desk.mark)
    make.vote(article, desk.adviser, comment=desk.mark)
    miss = make.miss(desk.workspace, text=desk.mark)
    synonyms = make.synonyms(desk.workspace, desk.mark, "autre")
    for name in ("snippet", "snippet_remove"):
        desk.objects[f"knowledge:{name}"] = {"pk": snippet.pk}
    desk.objects["knowledge:settle"] = {"pk": miss.pk}
    desk.objects["knowledge:synonyms_remove"] = {"pk": synonyms.pk}
    desk.objects["knowledge:restore"] = {"slug": article.slug, "rank": version.rank}
    listed = make.reading_list(
        desk.workspace, article, title=desk.mark, purpose=desk.mark, roles=["candidate"]
    )
    item = listed.items.get()
    make.reading(item, desk.adviser, version="0.1")
    make.named(listed, desk.adviser)
    make.reminder(listed, desk.adviser, sent_by=desk.mark)
    for name in ("list", "edit", "add", "follow", "remind", "archive"):
        desk.objects[f"knowledge:reading_{name}"] = {"pk": listed.pk}
    for name in ("item", "move", "drop", "questions"):
        desk.objects[f"knowledge:reading_{name}"] = {"pk": listed.pk, "item": item.pk}
