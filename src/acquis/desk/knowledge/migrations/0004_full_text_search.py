"""Full text of articles: FTS5 kept by triggers on SQLite, an index on an expression on PostgreSQL.

Triggers, because private copies of a desk are made by INSERT … SELECT, which no code of ours sees.
A later migration that rebuilds `knowledge_article` on SQLite must run `install` again.
"""

import re
import unicodedata

import snowballstemmer
from django.db import migrations

COLUMNS = ("stems_title", "stems_keywords", "stems_body")
NAMES = ", ".join(COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
DOCUMENT = (
    "(setweight(to_tsvector('simple', stems_title), 'A')"
    " || setweight(to_tsvector('simple', stems_keywords), 'B')"
    " || setweight(to_tsvector('simple', stems_body), 'D'))"
)
SQLITE = [
    f"CREATE VIRTUAL TABLE knowledge_article_fts USING fts5({NAMES}, prefix='2 3')",
    f"""CREATE TRIGGER knowledge_article_fts_added AFTER INSERT ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = new.id;
        INSERT INTO knowledge_article_fts(rowid, {NAMES}) VALUES (new.id, {NEW}); END""",
    f"""CREATE TRIGGER knowledge_article_fts_changed AFTER UPDATE OF id, {NAMES}
        ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id;
        INSERT INTO knowledge_article_fts(rowid, {NAMES}) VALUES (new.id, {NEW}); END""",
    """CREATE TRIGGER knowledge_article_fts_removed AFTER DELETE ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id; END""",
]
REMOVED = [
    "DROP TRIGGER IF EXISTS knowledge_article_fts_added",
    "DROP TRIGGER IF EXISTS knowledge_article_fts_changed",
    "DROP TRIGGER IF EXISTS knowledge_article_fts_removed",
    "DROP TABLE IF EXISTS knowledge_article_fts",
]


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(
            f"CREATE INDEX knowledge_article_words ON knowledge_article USING gin ({DOCUMENT})"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in REMOVED:
            schema_editor.execute(statement)
    else:
        schema_editor.execute("DROP INDEX IF EXISTS knowledge_article_words")


def fill(apps, schema_editor):
    """Articles written before: their words, stemmed as the application does since."""
    stemmer = snowballstemmer.stemmer("french")
    stopped = set(
        "a au aux avec ce ces cet cette comment dans de des du elle en est et eux il ils je la le les"
        " leur lui ma mais me mes moi mon ne nos notre nous on ou par pas pour qu que quel quelle qui"
        " s sa sans se ses si son sont sur ta te tes toi ton tu un une vos votre vous y d l j n m t c"
        .split()
    )

    def bare(text):
        text = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
        return re.sub(r"[^a-z0-9]+", "", text)

    def indexed(text):
        kept = [word for word in re.findall(r"[^\W_]+", text) if bare(word) not in stopped]
        first = [bare(stemmer.stemWord(word.casefold())) for word in kept]
        others = {one for word in kept for one in (bare(word), stemmer.stemWord(bare(word)))}
        return " ".join([*first, *sorted(others - set(first) - {""})])

    for article in apps.get_model("knowledge", "Article").objects.iterator():
        keywords = article.keywords if isinstance(article.keywords, list) else [article.keywords]
        article.stems_title = indexed(article.title)
        article.stems_keywords = indexed(" ".join(map(str, keywords)))
        article.stems_body = indexed(re.sub(r"[#*_`|>\[\]]", " ", article.body))
        article.save(update_fields=COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_versions_of_articles")]

    operations = [
        migrations.RunPython(install, remove),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
