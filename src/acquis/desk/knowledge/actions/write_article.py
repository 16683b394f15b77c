"""An article is written in a draft, published as a version, withdrawn, read over again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import policy, queries
from acquis.desk.knowledge.actions.reindex import learn
from acquis.desk.knowledge.errors import (
    ArticleChangedMeanwhile,
    ArticleIncomplete,
    ArticleNotPublished,
    ArticleUnchanged,
    ValidityBackwards,
)
from acquis.desk.knowledge.models import Article, ArticleDraft, ArticleVersion
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

CONTENT = (
    "kind", "title", "body", "keywords", "owner", "valid_from", "valid_until", "review_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What the editor sends: the parts of an article."""

    kind: str
    title: str
    body: str
    keywords: tuple[str, ...] = ()
    owner: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_on: date | None = None

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CONTENT} | {"keywords": list(self.keywords)}


def content_of(row: Article | ArticleDraft | ArticleVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CONTENT}


@transaction.atomic
def begin_article(
    *, workspace: Workspace, written: Written, by: User, at: datetime
) -> ArticleDraft:
    """Begin an article: a draft that readers do not see.

    Raises ValidityBackwards or WorkspaceSealed; nothing is written then.
    """
    # One writer at a time, so that two articles cannot take the same address.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    _refuse_validity(written)
    taken = set(queries.of_workspace(workspace).values_list("slug", flat=True))
    article = Article(
        workspace=workspace,
        slug=policy.slug_of(written.title, taken),
        state=Article.State.DRAFT,
        version="",
        **written.fields(),
    )
    queries.index(article)
    article.save()
    trace.record(
        "knowledge.article_begun",
        article,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        slug=article.slug,
    )
    return _draft_of(article, written.fields(), by, at)


@transaction.atomic
def save_draft(
    *, article: Article, written: Written, read_at: datetime | None, by: User, at: datetime
) -> ArticleDraft:
    """Keep what will be published next; readers still see what is published.

    `read_at` is when the draft that the person changed was saved, None if there was none: a draft
    saved since by another raises ArticleChangedMeanwhile. Raises ValidityBackwards or
    WorkspaceSealed too; nothing is written then.
    """
    row = _locked(article)
    _refuse_validity(written)
    draft = ArticleDraft.objects.filter(article=row).first()
    if draft is not None and draft.saved_at != read_at and draft.saved_by != by.full_name:
        raise ArticleChangedMeanwhile(name=draft.saved_by)
    trace.record(
        "knowledge.draft_saved",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
        chars=len(written.body),
    )
    return _draft_of(row, written.fields(), by, at)


@transaction.atomic
def restore_version(*, version: ArticleVersion, by: User, at: datetime) -> ArticleDraft:
    """Make a draft of what was published once; it still is to be published.

    Raises WorkspaceSealed.
    """
    row = _locked(version.article)
    trace.record(
        "knowledge.version_restored",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
        version=version.label,
    )
    return _draft_of(row, content_of(version), by, at)


@transaction.atomic
def discard_draft(*, article: Article, by: User, at: datetime) -> bool:
    """Throw a draft away; an article never published goes with it. Whether the article is left.

    Raises ArticleUnchanged or WorkspaceSealed.
    """
    row = _locked(article)
    deleted, _rows = ArticleDraft.objects.filter(article=row).delete()
    if not deleted:
        raise ArticleUnchanged
    left = row.state != Article.State.DRAFT
    trace.record(
        "knowledge.draft_discarded",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
    )
    if not left:
        row.delete()
    return left


@transaction.atomic
def publish_article(
    *, article: Article, note: str, by: User, at: datetime, major: bool = False
) -> ArticleVersion:
    """Publish the draft as a new version; every version stays, the one before versions too.

    A `major` one is asked again from those who read the former in a reading list.
    Raises ArticleUnchanged, ArticleIncomplete or WorkspaceSealed; nothing is written then.
    """
    row = _locked(article)
    draft = ArticleDraft.objects.filter(article=row).first()
    if draft is None:
        raise ArticleUnchanged
    if not draft.title.strip() or not draft.body.strip():
        raise ArticleIncomplete
    last = row.versions.aggregate(last=Max("rank"))["last"] or 0
    if not last and row.state != Article.State.DRAFT:
        # What a pack brought, or what was published before versions were kept.
        last = 1
        ArticleVersion.objects.create(
            workspace_id=row.workspace_id,
            article=row,
            rank=last,
            label=row.version,
            published_at=row.published_at,
            **content_of(row),
        )
    for name, value in content_of(draft).items():
        setattr(row, name, value)
    row.version = policy.next_version(row.version, major=major) if row.version else "1"
    row.state = Article.State.PUBLISHED
    row.published_at = at
    queries.index(row)
    row.save()
    learn([row])
    version = ArticleVersion.objects.create(
        workspace_id=row.workspace_id,
        article=row,
        rank=last + 1,
        label=row.version,
        note=note,
        published_at=at,
        published_by=by.full_name,
        **content_of(row),
    )
    draft.delete()
    trace.record(
        "knowledge.article_published",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
        version=row.version,
        note=note,
    )
    return version


@transaction.atomic
def withdraw_article(*, article: Article, by: User, at: datetime) -> Article:
    """Take an article out of the search; its versions stay. Withdrawing twice changes nothing.

    Raises ArticleNotPublished (it never was) or WorkspaceSealed.
    """
    row = _locked(article)
    if row.state == Article.State.DRAFT:
        raise ArticleNotPublished
    if row.state == Article.State.WITHDRAWN:
        return row
    row.state = Article.State.WITHDRAWN
    row.save(update_fields=["state"])
    trace.record(
        "knowledge.article_withdrawn",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
    )
    return row


@transaction.atomic
def review_article(*, article: Article, next_on: date | None, by: User, at: datetime) -> Article:
    """Say that a published article was read over and still holds, until `next_on`.

    Raises ArticleNotPublished or WorkspaceSealed.
    """
    row = _locked(article)
    if row.state != Article.State.PUBLISHED:
        raise ArticleNotPublished
    row.review_on = next_on
    row.save(update_fields=["review_on"])
    trace.record(
        "knowledge.article_reviewed",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        slug=row.slug,
        version=row.version,
        next_on=next_on.isoformat() if next_on else None,
    )
    return row


def _locked(article: Article) -> Article:
    row = (
        Article.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=article.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _refuse_validity(written: Written) -> None:
    if written.valid_from and written.valid_until and written.valid_until < written.valid_from:
        raise ValidityBackwards


def _draft_of(article: Article, fields: Mapping[str, Any], by: User, at: datetime) -> ArticleDraft:
    values = {**fields, "saved_at": at, "saved_by": by.full_name, "workspace": article.workspace}
    draft, _new = ArticleDraft.objects.update_or_create(article=article, defaults=values)
    return draft
