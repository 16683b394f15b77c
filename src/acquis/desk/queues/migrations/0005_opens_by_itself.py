from django.db import migrations, models


def nothing_was_chosen(apps, schema_editor):
    """Of spells under way, « no » was what nobody had said otherwise."""
    rows = apps.get_model("queues", "Presence").objects
    rows.filter(ended_at=None, takes_next=False).update(takes_next=None)


def as_before(apps, schema_editor):
    apps.get_model("queues", "Presence").objects.filter(takes_next=None).update(takes_next=False)


class Migration(migrations.Migration):

    dependencies = [("queues", "0004_wrapup_clock")]

    operations = [
        migrations.AddField("queue", "opens_by_itself", models.BooleanField(default=False)),
        migrations.AlterField(
            "presence", "takes_next", models.BooleanField(blank=True, default=None, null=True)
        ),
        migrations.RunPython(nothing_was_chosen, as_before),
    ]
