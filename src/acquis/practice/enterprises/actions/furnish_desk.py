"""How a pack sets a desk on which one works: queues, site, canned answers, letter templates, readings."""

from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import ContactCode
from acquis.desk.documents.actions.keep_template import keep_template
from acquis.desk.knowledge.actions.keep_readings import Asked, add_item, keep_list
from acquis.desk.knowledge.actions.keep_snippet import keep_snippet
from acquis.desk.knowledge.actions.use_articles import keep_synonyms
from acquis.desk.knowledge.models import Article
from acquis.desk.queues.actions.keep_queue import keep_queue
from acquis.desk.queues.models import Queue
from acquis.desk.webchat.actions.keep_site import create_site
from acquis.practice.enterprises.packs import Pack

Json = dict[str, Any]
OF_THE_PACK = {"overflow", "codes"}


@transaction.atomic
def furnish_desk(*, workspace: Workspace, pack: Pack, by: User, at: datetime) -> None:
    """Set a desk as its pack says, by the acts of a supervisor; what the pack leaves out is not set.

    For a desk that has none of it yet. The model of the pack stays bare, so that what a candidate
    works on is routed as the exam says and the key of a site opens one desk alone. Raises
    NotTheSupervisor, KeptByTheSupervisor (who has no seat there) or WorkspaceSealed; nothing is
    written then.
    """
    queues = _queues(workspace, pack.desk.get("queues", []), by, at)
    for site in pack.desk.get("sites", []):
        create_site(
            workspace=workspace,
            values={
                "name": site["name"],
                "origins": [site["origin"]],
                "greeting": site["greeting"],
                "automatic": site.get("automatic", True),
                "queue": queues[site["queue"]],
            },
            by=by,
            at=at,
        )
    for answer in pack.desk.get("canned_answers", []):
        keep_snippet(
            workspace=workspace, snippet=None, **answer, shared=True, may_share=True, by=by, at=at
        )
    for letter in pack.desk.get("letter_templates", []):
        keep_template(workspace=workspace, template=None, values=letter, by=by, at=at)
    for words in pack.desk.get("synonyms", []):
        keep_synonyms(workspace=workspace, given=words, by=by, at=at)
    _readings(workspace, pack.desk.get("readings", []), by, at)


def _queues(workspace: Workspace, asked: list[Json], by: User, at: datetime) -> dict[str, Queue]:
    """Make the queues, then say where they overflow, once they all exist."""
    kinds = dict(ContactCode.objects.filter(workspace=workspace).values_list("code", "kind"))
    made = {}
    for record in asked:
        values = {name: value for name, value in record.items() if name not in OF_THE_PACK}
        values["codes"] = [[kinds[code], code] for code in record.get("codes", [])]
        made[record["key"]] = keep_queue(
            workspace=workspace, queue=None, values=values, by=by, at=at
        )
    for record in asked:
        if "overflow" in record:
            keep_queue(
                workspace=workspace,
                queue=made[record["key"]],
                values={"overflow_queue": made[record["overflow"]]},
                by=by,
                at=at,
            )
    return made


def _readings(workspace: Workspace, asked: list[Json], by: User, at: datetime) -> None:
    articles = {one.slug: one for one in Article.objects.filter(workspace=workspace)}
    for record in asked:
        about = Asked(
            title=record["title"],
            purpose=record["purpose"],
            roles=[Role.ADVISER],
            due_days=record["due_days"],
        )
        listed = keep_list(workspace=workspace, listed=None, asked=about, by=by, at=at)
        for slug in record["articles"]:
            add_item(listed=listed, article=articles[slug], by=by, at=at)
