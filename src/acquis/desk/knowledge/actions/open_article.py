from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.knowledge.models import Article
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def open_article(*, article: Article, view_key: str, by: User, at: datetime) -> bool:
    """Record that a person looked at an article; the same page view is recorded once.

    Return whether this call recorded it. Raises WorkspaceSealed.
    """
    refuse_if_sealed(article.workspace)
    stream = f"workspace:{article.workspace_id}"
    seen = trace.lines(stream).filter(
        verb="knowledge.article_opened", object_id=str(article.pk), data__view=view_key
    )
    if seen.exists():
        return False
    trace.record(
        "knowledge.article_opened",
        article,
        by=by,
        at=at,
        stream=stream,
        view=view_key,
        slug=article.slug,
        version=article.version,
    )
    return True
