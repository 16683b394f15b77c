"""« Lu et compris », and telling those who have not read yet."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.knowledge import presentation, readings
from acquis.desk.knowledge.errors import (
    ArticleNotPublished,
    ReadingCheckFailed,
    ReadingOutdated,
)
from acquis.desk.knowledge.models import (
    Article,
    Reading,
    ReadingItem,
    ReadingList,
    ReadingReminder,
)
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import outbox, trace

REMINDER = "knowledge.reading_reminder"


@transaction.atomic
def confirm_reading(
    *, item: ReadingItem, version: str, answers: Sequence[int | None], by: User, at: datetime
) -> Reading:
    """Keep that a person read and understood the version that stood on their page.

    Confirming again changes nothing. Raises ArticleNotPublished, ReadingOutdated (another version
    was published meanwhile), ReadingCheckFailed or WorkspaceSealed; nothing is written then.
    """
    # The article is locked: no version may be published between the look and the line.
    article = Article.objects.select_for_update(of=("self",)).get(pk=item.article_id)
    refuse_if_sealed(item.reading_list.workspace)
    if article.state != Article.State.PUBLISHED:
        raise ArticleNotPublished
    if article.version != version:
        raise ReadingOutdated(version=article.version)
    if readings.wrong(presentation.questions_of(item), answers):
        raise ReadingCheckFailed
    kept, new = Reading.objects.get_or_create(
        item=item,
        reader=by,
        version=version,
        defaults={"workspace_id": item.workspace_id, "confirmed_at": at},
    )
    if new:
        trace.record(
            "knowledge.reading_confirmed",
            kept,
            by=by,
            at=at,
            stream=item.reading_list.workspace.trace_stream,
            reading_list=item.reading_list_id,
            slug=article.slug,
            version=version,
        )
    return kept


@transaction.atomic
def remind_readers(
    *, listed: ReadingList, readers: Collection[User], by: User, at: datetime
) -> int:
    """Tell people by mail what a list still asks; those told within the day are left in peace.

    Return how many mails leave. Raises WorkspaceSealed.
    """
    row = (
        ReadingList.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=listed.pk)
    )
    refuse_if_sealed(row.workspace)
    lately = row.reminders.filter(sent_at__gt=at - readings.REMIND_AGAIN)
    told = set(lately.values_list("reader_id", flat=True))
    sent = [
        ReadingReminder.objects.create(
            workspace_id=row.workspace_id,
            reading_list=row,
            reader=reader,
            sent_by=by.full_name,
            sent_at=at,
        )
        for reader in readers
        if reader.pk not in told
    ]
    for reminder in sent:
        outbox.put(REMINDER, {"reminder": reminder.pk}, at=at)
    if sent:
        trace.record(
            "knowledge.readers_reminded",
            row,
            by=by,
            at=at,
            stream=row.workspace.trace_stream,
            readers=[one.reader_id for one in sent],
        )
    return len(sent)
