"""The words that records hold, of each desk apart: what one desk knows is guessed in no other.

On SQLite the index holds the trigrams of a word behind the number of its desk (« 12mar », « 12art »), so
that a guess reads the words of one desk whatever the number of desks; on PostgreSQL the index
begins with the desk. Words that no record holds any more stay until `acquis reindex`; those of a
desk that is gone are forgotten within the hour.

SQLite drops the triggers of a table that a later migration makes anew: such a migration ends by
creating them again (`create_triggers`, here and no longer in 0004).
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("acquis.desk.directory.migrations.0004_search_by_trigrams")

LONGEST = 40
PLACES = f"[{','.join(str(place) for place in range(1, LONGEST - 1))}]"
# `search_text` is folded: only a-z, 0-9, @ and spaces, so that it is a list of JSON once quoted.
OF_TEXT = """json_each('["' || replace({text}, ' ', '","') || '"]')
    WHERE length(value) BETWEEN 3 AND 40 AND value NOT GLOB '*[^a-z]*'"""
SQLITE_WORDS = f"""INSERT OR IGNORE INTO directory_word(workspace_id, word)
    SELECT NEW.workspace_id, value FROM {OF_TEXT.format(text="NEW.search_text")};"""
SQLITE_TRIGGERS = [
    f"""CREATE TRIGGER directory_customer_text_insert AFTER INSERT ON directory_customer
        BEGIN {BEFORE.SQLITE_KEEP} {SQLITE_WORDS} END""",
    f"""CREATE TRIGGER directory_customer_text_update AFTER UPDATE OF search_text
        ON directory_customer WHEN OLD.search_text <> NEW.search_text
        BEGIN {BEFORE.SQLITE_FORGET} {BEFORE.SQLITE_KEEP} {SQLITE_WORDS} END""",
    f"""CREATE TRIGGER directory_customer_text_delete AFTER DELETE ON directory_customer
        BEGIN {BEFORE.SQLITE_FORGET} END""",
]
SQLITE_TRIGGERS_BACK = [
    f"DROP TRIGGER IF EXISTS directory_customer_text_{verb}" for verb in ("insert", "update", "delete")
]
SQLITE = [
    *SQLITE_TRIGGERS_BACK,
    "DROP TABLE directory_word_text",
    "DROP TABLE directory_word",
    """CREATE TABLE directory_word (id INTEGER PRIMARY KEY, workspace_id BIGINT NOT NULL,
        word TEXT NOT NULL, UNIQUE (workspace_id, word))""",
    "CREATE VIRTUAL TABLE directory_word_text USING fts5(trigrams)",
    f"""CREATE TRIGGER directory_word_text_insert AFTER INSERT ON directory_word BEGIN
        INSERT INTO directory_word_text(rowid, trigrams) SELECT NEW.id,
            group_concat(NEW.workspace_id || substr(NEW.word, value, 3), ' ')
            FROM json_each('{PLACES}') WHERE value <= length(NEW.word) - 2; END""",
    """CREATE TRIGGER directory_word_text_delete AFTER DELETE ON directory_word BEGIN
        DELETE FROM directory_word_text WHERE rowid = OLD.id; END""",
    *SQLITE_TRIGGERS,
    f"""INSERT OR IGNORE INTO directory_word(workspace_id, word)
        SELECT workspace_id, value FROM directory_customer, {OF_TEXT.format(text="search_text")}""",
]
SQLITE_BACK = [
    *SQLITE_TRIGGERS_BACK,
    "DROP TABLE directory_word_text",
    "DROP TABLE directory_word",
    *(one for one in BEFORE.SQLITE if "directory_word" in one and "TRIGGER directory_customer" not in one),
    *BEFORE.SQLITE_TRIGGERS,
]

# In order, so that two transactions that bring the same words do not wait for each other in a ring.
POSTGRESQL_WORDS = """INSERT INTO directory_word(workspace_id, word)
    SELECT DISTINCT {desk}, word FROM {rows}, regexp_split_to_table({text}, ' ') AS word
    WHERE word ~ '^[a-z]{{3,40}}$' ORDER BY 1, 2 ON CONFLICT DO NOTHING"""
POSTGRESQL_LEARN = """CREATE OR REPLACE FUNCTION directory_{name}() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN {words}; RETURN NULL; END $$"""
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gin",
    "DROP TABLE directory_word",
    """CREATE TABLE directory_word (workspace_id bigint NOT NULL, word text NOT NULL,
        PRIMARY KEY (workspace_id, word))""",
    """CREATE INDEX directory_word_text ON directory_word
        USING gin (workspace_id, word gin_trgm_ops)""",
    POSTGRESQL_LEARN.format(
        name="learn_words",
        words=POSTGRESQL_WORDS.format(desk="workspace_id", rows="arrived", text="search_text"),
    ),
    POSTGRESQL_LEARN.format(
        name="learn_changed_words",
        words=POSTGRESQL_WORDS.format(
            desk="NEW.workspace_id", rows="(SELECT 1) AS one", text="NEW.search_text"
        ),
    ),
    POSTGRESQL_WORDS.format(desk="workspace_id", rows="directory_customer", text="search_text"),
]
POSTGRESQL_BACK = [
    "DROP TABLE directory_word",
    "CREATE TABLE directory_word (word text PRIMARY KEY)",
    "CREATE INDEX directory_word_text ON directory_word USING gin (word gin_trgm_ops)",
    *(
        POSTGRESQL_LEARN.format(
            name=name, words=BEFORE.POSTGRESQL_WORDS.format(rows=rows, text=text)
        )
        for name, rows, text in (
            ("learn_words", "arrived", "search_text"),
            ("learn_changed_words", "(SELECT 1) AS one", "NEW.search_text"),
        )
    ),
    BEFORE.POSTGRESQL_WORDS.format(rows="directory_customer", text="search_text"),
]


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


def create_triggers(apps, schema_editor):
    """For a later migration that makes `directory_customer` anew on SQLite."""
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, [*SQLITE_TRIGGERS_BACK, *SQLITE_TRIGGERS])
        _run(schema_editor, BEFORE.SQLITE[-2:-1])


def forwards(apps, schema_editor):
    _run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    _run(schema_editor, SQLITE_BACK if vendor == "sqlite" else POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_changed_since")]
    operations = [migrations.RunPython(forwards, backwards)]
