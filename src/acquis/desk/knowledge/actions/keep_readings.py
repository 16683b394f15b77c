"""Reading lists are made, ordered, put away; what they ask is kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import readings
from acquis.desk.knowledge.errors import (
    ArticleListedTwice,
    ArticleNotPublished,
    DeadlineTwice,
    QuestionIncomplete,
)
from acquis.desk.knowledge.models import Article, ReadingItem, ReadingList, ReadingListReader
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a list gives; `due_days` counts from a person's arrival."""

    title: str
    purpose: str = ""
    roles: Collection[str] = ()
    groups: Collection[str] = ()
    readers: Collection[User] = ()
    due_on: date | None = None
    due_days: int | None = None


@transaction.atomic
def keep_list(
    *, workspace: Workspace, listed: ReadingList | None, asked: Asked, by: User, at: datetime
) -> ReadingList:
    """Write what a list is and for whom, a new one when `listed` is None.

    Raises DeadlineTwice or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(workspace)
    if asked.due_on is not None and asked.due_days is not None:
        raise DeadlineTwice
    if listed is None:
        row = ReadingList(workspace=workspace, made_at=at)
    else:
        row = ReadingList.objects.select_for_update(of=("self",)).get(pk=listed.pk)
    row.title = asked.title
    row.purpose = asked.purpose
    row.roles = sorted(asked.roles)
    row.groups = sorted(asked.groups)
    row.due_on = asked.due_on
    row.due_days = asked.due_days
    row.save()
    row.readers.exclude(reader__in=asked.readers).delete()
    known = set(row.readers.values_list("reader_id", flat=True))
    ReadingListReader.objects.bulk_create(
        ReadingListReader(workspace=workspace, reading_list=row, reader=reader)
        for reader in asked.readers
        if reader.pk not in known
    )
    trace.record(
        "knowledge.reading_list_kept",
        row,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        new=listed is None,
        title=row.title,
        roles=row.roles,
        groups=row.groups,
        readers=len(asked.readers),
    )
    return row


@transaction.atomic
def archive_list(*, listed: ReadingList, archived: bool, by: User, at: datetime) -> ReadingList:
    """Put a list away, or take it back; what was read stays known. Twice changes nothing.

    Raises WorkspaceSealed.
    """
    row = _locked(listed)
    if (row.archived_at is not None) == archived:
        return row
    row.archived_at = at if archived else None
    row.save(update_fields=["archived_at"])
    _trace("archived" if archived else "taken_back", row, by, at)
    return row


@transaction.atomic
def add_item(*, listed: ReadingList, article: Article, by: User, at: datetime) -> ReadingItem:
    """Put an article at the end of a list.

    Raises ArticleNotPublished, ArticleListedTwice or WorkspaceSealed; nothing is written then.
    """
    row = _locked(listed)
    if article.state != Article.State.PUBLISHED:
        raise ArticleNotPublished
    if row.items.filter(article=article).exists():
        raise ArticleListedTwice(title=article.title)
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    item = ReadingItem.objects.create(
        workspace_id=row.workspace_id, reading_list=row, article=article, position=last + 1
    )
    _trace("article_added", row, by, at, slug=article.slug)
    return item


@transaction.atomic
def move_item(*, item: ReadingItem, up: bool, by: User, at: datetime) -> bool:
    """Exchange an article with its neighbour; at an end of the list nothing moves.

    Return whether it moved. Raises WorkspaceSealed.
    """
    row = _locked(item.reading_list)
    order = list(row.items.order_by("position", "pk"))
    place = [one.pk for one in order].index(item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    ReadingItem.objects.bulk_update(order, ["position"])
    _trace("article_moved", row, by, at, item=item.pk, up=up)
    return True


@transaction.atomic
def drop_item(*, item: ReadingItem, by: User, at: datetime) -> None:
    """Take an article off a list, and what was confirmed there with it; the trace keeps both.

    Raises WorkspaceSealed.
    """
    row = _locked(item.reading_list)
    _trace("article_dropped", row, by, at, slug=item.article.slug, readings=item.readings.count())
    item.delete()


@transaction.atomic
def keep_questions(
    *, item: ReadingItem, questions: Sequence[readings.Question], by: User, at: datetime
) -> ReadingItem:
    """Say what a reader of an article answers before confirming; what was confirmed stays so.

    Raises QuestionIncomplete or WorkspaceSealed; nothing is written then.
    """
    row = _locked(item.reading_list)
    for one in questions:
        bounds = readings.LEAST_CHOICES <= len(one.choices) <= readings.MOST_CHOICES
        if not one.text or not bounds or not 0 <= one.right < len(one.choices):
            raise QuestionIncomplete
    item.questions = [
        {"text": one.text, "choices": list(one.choices), "right": one.right}
        for one in questions[: readings.MOST_QUESTIONS]
    ]
    item.save(update_fields=["questions"])
    _trace("questions_kept", row, by, at, item=item.pk, questions=len(item.questions))
    return item


def _locked(listed: ReadingList) -> ReadingList:
    row = (
        ReadingList.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=listed.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _trace(what: str, row: ReadingList, by: User, at: datetime, **data: Any) -> None:
    stream = row.workspace.trace_stream
    trace.record(f"knowledge.reading_list_{what}", row, by=by, at=at, stream=stream, **data)
