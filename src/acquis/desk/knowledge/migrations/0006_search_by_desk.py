"""The full text of each desk apart, and its vocabulary.

An article is indexed with its desk (« w12 »), so that a search reads the articles of one desk
whatever the number of desks. What the search reads of the articles of before is made again by the
worker (`actions.reindex`), as it is whenever `words.version` changes: no migration does.

A later migration that rebuilds `knowledge_article` on SQLite must run `install` again.
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = ("stems_title", "stems_keywords", "stems_body")
NAMES = ", ".join(COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
ROW = (
    f"INSERT INTO knowledge_article_fts(rowid, desk, {NAMES})"
    f" VALUES (new.id, 'w' || new.workspace_id, {NEW});"
)
DOCUMENT = (
    "(setweight(to_tsvector('simple', stems_title), 'A')"
    " || setweight(to_tsvector('simple', stems_keywords), 'B')"
    " || setweight(to_tsvector('simple', 'w' || workspace_id::text), 'C')"
    " || setweight(to_tsvector('simple', stems_body), 'D'))"
)
FORMER_DOCUMENT = (
    "(setweight(to_tsvector('simple', stems_title), 'A')"
    " || setweight(to_tsvector('simple', stems_keywords), 'B')"
    " || setweight(to_tsvector('simple', stems_body), 'D'))"
)
SQLITE = [
    f"CREATE VIRTUAL TABLE knowledge_article_fts USING fts5(desk, {NAMES}, prefix='2 3')",
    f"""CREATE TRIGGER knowledge_article_fts_added AFTER INSERT ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = new.id; {ROW} END""",
    f"""CREATE TRIGGER knowledge_article_fts_changed AFTER UPDATE OF id, workspace_id, {NAMES}
        ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id; {ROW} END""",
    """CREATE TRIGGER knowledge_article_fts_removed AFTER DELETE ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id; END""",
    f"""INSERT INTO knowledge_article_fts(rowid, desk, {NAMES})
        SELECT id, 'w' || workspace_id, {NAMES} FROM knowledge_article""",
]
FORMER_ROW = f"INSERT INTO knowledge_article_fts(rowid, {NAMES}) VALUES (new.id, {NEW});"
FORMER_SQLITE = [
    f"CREATE VIRTUAL TABLE knowledge_article_fts USING fts5({NAMES}, prefix='2 3')",
    f"""CREATE TRIGGER knowledge_article_fts_added AFTER INSERT ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = new.id; {FORMER_ROW} END""",
    f"""CREATE TRIGGER knowledge_article_fts_changed AFTER UPDATE OF id, {NAMES}
        ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id; {FORMER_ROW} END""",
    """CREATE TRIGGER knowledge_article_fts_removed AFTER DELETE ON knowledge_article BEGIN
        DELETE FROM knowledge_article_fts WHERE rowid = old.id; END""",
    f"""INSERT INTO knowledge_article_fts(rowid, {NAMES})
        SELECT id, {NAMES} FROM knowledge_article""",
]
REMOVED = [
    "DROP TRIGGER IF EXISTS knowledge_article_fts_added",
    "DROP TRIGGER IF EXISTS knowledge_article_fts_changed",
    "DROP TRIGGER IF EXISTS knowledge_article_fts_removed",
    "DROP TABLE IF EXISTS knowledge_article_fts",
]
INDEX = "CREATE INDEX knowledge_article_words ON knowledge_article USING gin"
DROP_INDEX = "DROP INDEX IF EXISTS knowledge_article_words"


def _run(schema_editor, on_sqlite, on_postgresql):
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    """Before the table is made anew, which would lose the triggers and keep what they filled."""
    _run(schema_editor, REMOVED, [DROP_INDEX])


def install(apps, schema_editor):
    _run(schema_editor, [*REMOVED, *SQLITE], [DROP_INDEX, f"{INDEX} ({DOCUMENT})"])


def install_former(apps, schema_editor):
    _run(schema_editor, FORMER_SQLITE, [f"{INDEX} ({FORMER_DOCUMENT})"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_user_language"),
        ("knowledge", "0005_reading_lists"),
    ]

    operations = [
        migrations.RunPython(drop, install_former),
        migrations.AddField(
            model_name='article',
            name='stems_version',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.CreateModel(
            name='ArticleWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin_id', models.BigIntegerField(editable=False, null=True)),
                ('word', models.CharField(max_length=40)),
                ('head', models.CharField(max_length=2)),
                ('tail', models.CharField(max_length=2)),
                ('length', models.PositiveSmallIntegerField()),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['word'],
                'abstract': False,
                'indexes': [models.Index(fields=['workspace', 'head', 'length'], name='article_word_head'), models.Index(fields=['workspace', 'tail', 'length'], name='article_word_tail')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'word'), name='article_word_once')],
            },
        ),
        migrations.RunPython(install, drop),
    ]
