"""Decisions on blocks, and what another exam covers; what is closed stays frozen on both engines.

SQLite makes a changed table anew and loses its triggers: they are taken away first and put back.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_OF_DELIBERATION = "(SELECT closed_at FROM grading_deliberation WHERE id = OLD.deliberation_id)"
# table, the closed row that freezes it (OLD is the row about to change)
FROZEN = {
    "grading_grid": "OLD.closed_at",
    "grading_mark": "(SELECT closed_at FROM grading_grid WHERE id = OLD.grid_id)",
    "grading_deliberation": "OLD.closed_at",
    "grading_criteriondecision": _OF_DELIBERATION,
}
NEW = {"grading_unitdecision": _OF_DELIBERATION}
SQLITE = """
    CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {closed} IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{table}: closed, nothing changes any more'); END
"""
FUNCTION = """
    CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {closed} IS NOT NULL THEN
            RAISE EXCEPTION '{table}: closed, nothing changes any more'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
"""
TRIGGER = """
    CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_frozen()
"""


def _freeze(editor, tables):
    for table, closed in tables.items():
        if editor.connection.vendor == "sqlite":
            editor.execute(SQLITE.format(table=table, closed=closed))
        else:
            editor.execute(FUNCTION.format(table=table, closed=closed))
            editor.execute(TRIGGER.format(table=table))


def _thaw(editor, tables):
    for table in tables:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_frozen")
        else:
            editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
            editor.execute(f"DROP FUNCTION {table}_frozen")


def thaw(apps, editor):
    _thaw(editor, FROZEN)


def freeze(apps, editor):
    _freeze(editor, FROZEN)


def freeze_all(apps, editor):
    _freeze(editor, FROZEN | NEW)


def thaw_all(apps, editor):
    _thaw(editor, FROZEN | NEW)


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0003_closed_grids_are_frozen'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(thaw, freeze),
        migrations.CreateModel(
            name='UnitDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('competency', 'Compétence'), ('block', 'Bloc')], max_length=10)),
                ('code', models.CharField(blank=True, max_length=60)),
                ('title', models.TextField()),
                ('proposed', models.CharField(blank=True, choices=[('acquired', 'Acquis'), ('not_acquired', 'Non acquis'), ('not_assessed', 'Non évalué dans cette épreuve')], max_length=12)),
                ('calculation', models.TextField(blank=True)),
                ('verdict', models.CharField(choices=[('acquired', 'Acquis'), ('not_acquired', 'Non acquis'), ('not_assessed', 'Non évalué dans cette épreuve')], max_length=12)),
                ('reason', models.TextField(blank=True)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['deliberation', 'position', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='mark',
            name='mark_verdict_known',
        ),
        migrations.AddField(
            model_name='criteriondecision',
            name='elsewhere',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='mark',
            name='elsewhere',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='criteriondecision',
            name='agreed',
            field=models.CharField(blank=True, choices=[('acquired', 'Acquis'), ('not_acquired', 'Non acquis'), ('not_assessed', 'Non évalué dans cette épreuve')], max_length=12),
        ),
        migrations.AlterField(
            model_name='criteriondecision',
            name='verdict',
            field=models.CharField(blank=True, choices=[('acquired', 'Acquis'), ('not_acquired', 'Non acquis'), ('not_assessed', 'Non évalué dans cette épreuve')], max_length=12),
        ),
        migrations.AddField(
            model_name='deliberation',
            name='departure',
            field=models.TextField(blank=True, default=''),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='deliberation',
            name='outcome',
            field=models.CharField(blank=True, choices=[('passed', 'Admis'), ('partial', 'Réussite partielle'), ('failed', 'Refusé')], max_length=10),
        ),
        migrations.AlterField(
            model_name='mark',
            name='verdict',
            field=models.CharField(blank=True, choices=[('acquired', 'Acquis'), ('not_acquired', 'Non acquis'), ('not_assessed', 'Non évalué dans cette épreuve')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['', 'acquired', 'not_acquired', 'not_assessed'])), name='mark_verdict_known'),
        ),
        migrations.AddField(
            model_name='unitdecision',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='unitdecision',
            name='deliberation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='grading.deliberation'),
        ),
        migrations.AddConstraint(
            model_name='unitdecision',
            constraint=models.UniqueConstraint(fields=('deliberation', 'kind', 'code'), name='unit_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='unitdecision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['acquired', 'not_acquired'])), name='unit_verdict_decides'),
        ),
        migrations.RunPython(freeze_all, thaw_all),
    ]
