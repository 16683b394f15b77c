"""Texts found by three signs in a row: FTS5 on SQLite, pg_trgm on PostgreSQL, one face.

`Customer.search_text` is folded and begins with a space, so that a term of two signs is searched
at the beginning of words: with that space it has the three signs that an index needs.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import RawSQL

from acquis.accounts.models import Workspace
from acquis.desk.directory import policy
from acquis.desk.directory.models import Customer

SHORTEST_TERM = 3  # signs: shorter ones have no trigram
WORDS_COMPARED = 80

_SQLITE_TEXTS = "SELECT rowid FROM directory_customer_text WHERE directory_customer_text MATCH %s"
_LIKE_WORDS = {
    "sqlite": "SELECT word FROM directory_word_text JOIN directory_word"
    " ON directory_word.id = directory_word_text.rowid"
    " WHERE directory_word_text MATCH %s AND workspace_id = %s"
    " ORDER BY bm25(directory_word_text), word LIMIT %s",
    "postgresql": "SELECT word FROM directory_word WHERE word %% %s AND workspace_id = %s"
    " ORDER BY similarity(word, %s) DESC, word LIMIT %s",
}
_LEARN = {
    "sqlite": """INSERT OR IGNORE INTO directory_word(workspace_id, word)
        SELECT workspace_id, value FROM directory_customer,
            json_each('["' || replace(search_text, ' ', '","') || '"]')
        WHERE workspace_id = %s AND length(value) BETWEEN 3 AND 40
            AND value NOT GLOB '*[^a-z]*'""",
    "postgresql": """INSERT INTO directory_word(workspace_id, word)
        SELECT DISTINCT workspace_id, word
        FROM directory_customer, regexp_split_to_table(search_text, ' ') AS word
        WHERE workspace_id = %s AND word ~ '^[a-z]{3,40}$'
        ORDER BY 1, 2 ON CONFLICT DO NOTHING""",
}
_GONE = """DELETE FROM directory_word
    WHERE workspace_id NOT IN (SELECT id FROM accounts_workspace)"""

Terms = Sequence[Sequence[str]]  # each must be there, in any one of its spellings


def records(workspace: Workspace) -> QuerySet[Customer]:
    """The customers of a desk, to be searched by their text.

    Without figures on the table SQLite would rather walk the whole desk than read what the text
    index names: the desk is hidden from it in a sum.
    """
    if connection.vendor != "sqlite":
        return Customer.objects.filter(workspace=workspace)
    hidden = ExpressionWrapper(F("workspace_id") + 0, output_field=BigIntegerField())
    return Customer.objects.alias(desk=hidden).filter(desk=workspace.pk)


def holding(scope: QuerySet[Customer], terms: Terms) -> QuerySet[Customer]:
    """The customers of `scope` whose text holds every term in one of its spellings."""
    kept = [[_padded(spelling) for spelling in term if spelling] for term in terms]
    if connection.vendor == "sqlite":
        return _by_full_text(scope, kept)
    return scope.filter(_every(kept))


def like_words(workspace: Workspace, word: str) -> list[str]:
    """The words of a desk's records that look most like a misspelt one, best first."""
    if len(word) < SHORTEST_TERM:
        return []
    parameters: list[str | int] = [word, workspace.pk, word, WORDS_COMPARED]
    if connection.vendor == "sqlite":
        asked = (_quoted(f"{workspace.pk}{part}") for part in _trigrams(word))
        parameters = [" OR ".join(asked), workspace.pk, WORDS_COMPARED]
    with connection.cursor() as cursor:
        cursor.execute(_LIKE_WORDS[connection.vendor], parameters)
        words = [row[0] for row in cursor.fetchall()]
    return policy.like_spellings(word, words)


@transaction.atomic
def learn_again(workspace: Workspace) -> int:
    """Forget the words that no record of a desk holds any more; returns how many it holds."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory_word WHERE workspace_id = %s", [workspace.pk])
        cursor.execute(_LEARN[connection.vendor], [workspace.pk])
        cursor.execute(
            "SELECT count(*) FROM directory_word WHERE workspace_id = %s", [workspace.pk]
        )
        return int(cursor.fetchone()[0])


def forget_gone_desks() -> None:
    """The list of words is no model, whose rows would go with the desk."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE)


def _by_full_text(scope: QuerySet[Customer], terms: Terms) -> QuerySet[Customer]:
    long = [term for term in terms if all(len(spelling) >= SHORTEST_TERM for spelling in term)]
    short = [term for term in terms if term not in long]
    if long:
        asked = " AND ".join(f"({' OR '.join(map(_quoted, term))})" for term in long)
        scope = scope.filter(pk__in=RawSQL(_SQLITE_TEXTS, [asked]))  # noqa: S611 - bound
    return scope.filter(_every(short))


def _every(terms: Terms) -> Q:
    condition = Q()
    for term in terms:
        any_of = Q()
        for spelling in term:
            any_of |= Q(search_text__contains=spelling)
        condition &= any_of
    return condition


def _padded(term: str) -> str:
    return term if len(term) >= SHORTEST_TERM else f" {term}"


def _trigrams(word: str) -> Iterable[str]:
    return dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2))


def _quoted(term: str) -> str:
    """A string of FTS5; terms are folded and hold no quote."""
    return f'"{term}"'
