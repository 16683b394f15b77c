from django.db import migrations


def as_a_state(apps, _editor):
    """Treating cases was a reason for a pause: it is work."""
    presence = apps.get_model("queues", "Presence")
    presence.objects.filter(state="paused", reason="casework").update(state="casework", reason="")


def as_a_pause(apps, _editor):
    presence = apps.get_model("queues", "Presence")
    presence.objects.filter(state="casework").update(state="paused", reason="casework")


class Migration(migrations.Migration):
    dependencies = [("queues", "0002_offers")]
    operations = [migrations.RunPython(as_a_state, as_a_pause)]
