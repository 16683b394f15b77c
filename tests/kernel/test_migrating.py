"""Migrations applied quickly leave the very tables that Django's own way leaves."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from django.db import migrations, models
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from acquis.kernel.migrating import quickly

pytestmark = pytest.mark.django_db


def fill(apps, editor) -> None:
    """Asks for a model that refers to the first one, and for the way back to it."""
    room, seat = apps.get_model("hall", "Room"), apps.get_model("hall", "Seat")
    assert {one.name for one in room._meta.get_fields()} >= {"seat", "doors"}
    with editor.connection.cursor() as cursor:
        words = ["A", seat._meta.model_name]
        cursor.execute('INSERT INTO "hall_room" ("code", "width") VALUES (%s, %s)', words)


class Made(Migration):
    operations = [
        migrations.CreateModel("Room", [("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=5, unique=True))]),
        migrations.CreateModel("Seat", [
            ("id", models.BigAutoField(primary_key=True)),
            ("room", models.ForeignKey("hall.Room", models.CASCADE)),
        ]),
        migrations.CreateModel("Door", [("id", models.BigAutoField(primary_key=True)), ("beside", models.ForeignKey("hall.Door", models.CASCADE, null=True))]),
        migrations.AddField("Room", "width", models.CharField(max_length=20, default="")),
        migrations.AddField("Room", "doors", models.ManyToManyField("hall.Door")),
        migrations.AddField("Seat", "row", models.IntegerField(default=1)),
        migrations.AddIndex("Seat", models.Index(fields=["room", "row"], name="seat_row")),
        migrations.AddConstraint("Seat", models.CheckConstraint(condition=models.Q(row__gt=0), name="seat_row_positive")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("Seat", "row", models.BigIntegerField(null=True)),
        migrations.AlterField("Room", "code", models.CharField(max_length=9, unique=True)),
        migrations.RemoveConstraint("Seat", "seat_row_positive"),
        migrations.AlterUniqueTogether("Seat", {("room", "row")}),
        migrations.RemoveField("Room", "width"),
    ]  # fmt: skip


@contextmanager
def empty() -> Iterator[DatabaseWrapper]:
    from django.db import connections  # noqa: PLC0415

    made = DatabaseWrapper(
        {**connections.settings["default"], "NAME": ":memory:", "OPTIONS": {}}, alias="default"
    )
    made.init_connection_state = lambda: None  # type: ignore[method-assign]
    try:
        yield made
    finally:
        made.close()


def left(how) -> list[tuple[str, ...]]:
    """The tables and indexes that the migration leaves, and the rooms it wrote."""
    with empty() as made, how():
        with made.schema_editor() as editor:
            state = Made("0001", "hall").apply(ProjectState(), editor)
        state.clear_delayed_apps_cache()
        assert {one.__name__ for one in state.apps.get_models()} >= {"Room", "Seat", "Door"}
        with made.cursor() as cursor:
            tables = cursor.execute(
                "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
            ).fetchall()
            return [*tables, *cursor.execute("SELECT * FROM hall_room").fetchall()]


def test_the_tables_are_the_same_as_in_djangos_way() -> None:
    slow = left(nullcontext)
    assert len(slow) > 8
    assert left(quickly) == slow


def test_the_sql_of_a_migration_is_that_of_django() -> None:
    def told(how) -> list[str]:
        with empty() as made, how(), made.schema_editor(collect_sql=True) as editor:
            Made("0001", "hall").apply(ProjectState(), editor, collect_sql=True)
        return editor.collected_sql

    slow = told(nullcontext)
    assert any("CREATE TABLE" in line for line in slow)
    assert told(quickly) == slow
