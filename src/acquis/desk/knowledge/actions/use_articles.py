"""What readers tell of the articles: useful or not, searched and not found."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import queries, words
from acquis.desk.knowledge.errors import SynonymsTooFew
from acquis.desk.knowledge.models import Article, ArticleVote, SearchMiss, Synonyms
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace

COMMENT_CHARS = 500


@transaction.atomic
def vote(*, article: Article, useful: bool, comment: str, by: User, at: datetime) -> ArticleVote:
    """Answer « Utile ? » ; answering again replaces the answer. Raises WorkspaceSealed."""
    refuse_if_sealed(article.workspace)
    kept, _new = ArticleVote.objects.update_or_create(
        article=article,
        voter=by,
        defaults={
            "workspace": article.workspace,
            "useful": useful,
            "comment": comment.strip()[:COMMENT_CHARS],
            "version": article.version,
            "voted_at": at,
        },
    )
    trace.record(
        "knowledge.article_voted",
        article,
        by=by,
        at=at,
        stream=article.workspace.trace_stream,
        slug=article.slug,
        version=article.version,
        useful=useful,
    )
    return kept


@transaction.atomic
def record_miss(*, workspace: Workspace, typed: str, at: datetime) -> SearchMiss | None:
    """Count a search that found nothing: its words alone, without numbers, addresses or names.

    None, and nothing written, when the whole question is answered after all or when no word is left. Who
    searched is not kept, nor traced. Raises WorkspaceSealed.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    text = words.without_personal(typed, queries.names_among(workspace, typed))
    found = queries.search(workspace, typed)
    if not text or (found.hits and not found.instead and not found.partial):
        return None
    miss, new = SearchMiss.objects.get_or_create(
        workspace=workspace, text=text, defaults={"first_at": at, "last_at": at}
    )
    if not new:
        miss.times += 1
        miss.last_at = at
        miss.save(update_fields=["times", "last_at"])
    return miss


@transaction.atomic
def settle_miss(*, miss: SearchMiss, by: User, at: datetime) -> None:
    """Take a search off the list once an article or a synonym answers it. Raises WorkspaceSealed."""
    refuse_if_sealed(miss.workspace)
    trace.record(
        "knowledge.miss_settled",
        miss,
        by=by,
        at=at,
        stream=miss.workspace.trace_stream,
        text=miss.text,
        times=miss.times,
    )
    miss.delete()


@transaction.atomic
def keep_synonyms(
    *, workspace: Workspace, given: Iterable[str], by: User, at: datetime
) -> Synonyms:
    """Say that words or expressions mean the same to a search of this desk.

    Raises SynonymsTooFew or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(workspace)
    kept = list(dict.fromkeys(word.strip() for word in given if word.strip()))
    if len(kept) < 2:
        raise SynonymsTooFew
    row = Synonyms.objects.create(workspace=workspace, words=kept)
    trace.record(
        "knowledge.synonyms_kept", row, by=by, at=at, stream=workspace.trace_stream, words=kept
    )
    return row


@transaction.atomic
def remove_synonyms(*, synonyms: Synonyms, by: User, at: datetime) -> None:
    """Words that no longer mean the same. Raises WorkspaceSealed."""
    refuse_if_sealed(synonyms.workspace)
    trace.record(
        "knowledge.synonyms_removed",
        synonyms,
        by=by,
        at=at,
        stream=synonyms.workspace.trace_stream,
        words=synonyms.words,
    )
    synonyms.delete()
