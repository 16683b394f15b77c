"""Customers are found by any three signs in a row, on both engines, and words by their likeness.

The indexes follow the table by triggers: what writes many rows at once (a copy of a desk, a file
brought in) cannot forget them. `directory_word` is the list of the words that records hold, of
all desks together and without any link to a record: it only serves to guess what a misspelt word
stood for; what is then searched is searched in one desk.

SQLite drops the triggers of a table that a later migration makes anew: such a migration ends by
creating them again (`create_triggers`), and a test says when one forgot.
"""

from django.db import migrations

# `search_text` is folded: only a-z, 0-9, @ and spaces, so that it is a list of JSON once quoted.
SQLITE_WORDS = """INSERT OR IGNORE INTO directory_word(word)
    SELECT value FROM json_each('["' || replace(NEW.search_text, ' ', '","') || '"]')
    WHERE length(value) BETWEEN 3 AND 40 AND value NOT GLOB '*[^a-z]*';"""
SQLITE_FORGET = """INSERT INTO directory_customer_text(directory_customer_text, rowid, search_text)
    VALUES ('delete', OLD.id, OLD.search_text);"""
SQLITE_KEEP = """INSERT INTO directory_customer_text(rowid, search_text)
    VALUES (NEW.id, NEW.search_text);"""
SQLITE_TRIGGERS = [
    f"""CREATE TRIGGER directory_customer_text_insert AFTER INSERT ON directory_customer
        BEGIN {SQLITE_KEEP} {SQLITE_WORDS} END""",
    f"""CREATE TRIGGER directory_customer_text_update AFTER UPDATE OF search_text
        ON directory_customer WHEN OLD.search_text <> NEW.search_text
        BEGIN {SQLITE_FORGET} {SQLITE_KEEP} {SQLITE_WORDS} END""",
    f"""CREATE TRIGGER directory_customer_text_delete AFTER DELETE ON directory_customer
        BEGIN {SQLITE_FORGET} END""",
]
SQLITE = [
    """CREATE VIRTUAL TABLE directory_customer_text USING fts5(
        search_text, content='directory_customer', content_rowid='id', tokenize='trigram')""",
    "CREATE TABLE directory_word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
    """CREATE VIRTUAL TABLE directory_word_text USING fts5(
        word, content='directory_word', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER directory_word_text_insert AFTER INSERT ON directory_word
        BEGIN INSERT INTO directory_word_text(rowid, word) VALUES (NEW.id, NEW.word); END""",
    *SQLITE_TRIGGERS,
    "INSERT INTO directory_customer_text(directory_customer_text) VALUES ('rebuild')",
    """INSERT OR IGNORE INTO directory_word(word)
        SELECT value FROM directory_customer,
            json_each('["' || replace(search_text, ' ', '","') || '"]')
        WHERE length(value) BETWEEN 3 AND 40 AND value NOT GLOB '*[^a-z]*'""",
]
SQLITE_BACK = [
    *(f"DROP TRIGGER directory_customer_text_{verb}" for verb in ("insert", "update", "delete")),
    "DROP TABLE directory_customer_text",
    "DROP TABLE directory_word_text",
    "DROP TABLE directory_word",
]

# In order, so that two transactions that bring the same words do not wait for each other in a ring.
POSTGRESQL_WORDS = """INSERT INTO directory_word(word)
    SELECT DISTINCT word FROM {rows}, regexp_split_to_table({text}, ' ') AS word
    WHERE word ~ '^[a-z]{{3,40}}$' ORDER BY word ON CONFLICT DO NOTHING"""
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """CREATE INDEX directory_customer_text ON directory_customer
        USING gin (search_text gin_trgm_ops)""",
    "CREATE TABLE directory_word (word text PRIMARY KEY)",
    "CREATE INDEX directory_word_text ON directory_word USING gin (word gin_trgm_ops)",
    f"""CREATE FUNCTION directory_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {POSTGRESQL_WORDS.format(rows="arrived", text="search_text")};
            RETURN NULL;
        END $$""",
    f"""CREATE FUNCTION directory_learn_changed_words() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {POSTGRESQL_WORDS.format(rows="(SELECT 1) AS one", text="NEW.search_text")};
            RETURN NULL;
        END $$""",
    """CREATE TRIGGER directory_customer_text_insert AFTER INSERT ON directory_customer
        REFERENCING NEW TABLE AS arrived
        FOR EACH STATEMENT EXECUTE FUNCTION directory_learn_words()""",
    """CREATE TRIGGER directory_customer_text_update AFTER UPDATE OF search_text
        ON directory_customer FOR EACH ROW WHEN (OLD.search_text IS DISTINCT FROM NEW.search_text)
        EXECUTE FUNCTION directory_learn_changed_words()""",
    POSTGRESQL_WORDS.format(rows="directory_customer", text="search_text"),
]
POSTGRESQL_BACK = [
    "DROP TRIGGER directory_customer_text_update ON directory_customer",
    "DROP TRIGGER directory_customer_text_insert ON directory_customer",
    "DROP FUNCTION directory_learn_changed_words()",
    "DROP FUNCTION directory_learn_words()",
    "DROP TABLE directory_word",
    "DROP INDEX directory_customer_text",
]


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


def create_triggers(apps, schema_editor):
    """For a later migration that makes `directory_customer` anew on SQLite."""
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, SQLITE_TRIGGERS)
        _run(schema_editor, SQLITE[-2:-1])


def forwards(apps, schema_editor):
    _run(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    _run(schema_editor, SQLITE_BACK if vendor == "sqlite" else POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_parts_of_a_record")]
    operations = [migrations.RunPython(forwards, backwards)]
