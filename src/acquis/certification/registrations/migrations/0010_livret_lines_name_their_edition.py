"""Each line of a livret is given its edition, apart from the changes of the table."""

from django.db import migrations


def name_editions(apps, _editor):
    """The edition of the exam that gave the line; else the person's own, else the newest."""
    HeldBlock = apps.get_model("registrations", "HeldBlock")
    Enrolment = apps.get_model("registrations", "Enrolment")
    FrameworkVersion = apps.get_model("frameworks", "FrameworkVersion")
    for held in HeldBlock.objects.filter(version__isnull=True).select_related("earned_by"):
        version = held.earned_by.version_id if held.earned_by else None
        if version is None:
            own = Enrolment.objects.filter(
                candidate=held.candidate_id, version__framework=held.framework_id
            ).order_by("-created_at", "-pk")
            version = own.values_list("version_id", flat=True).first()
        if version is None:
            newest = FrameworkVersion.objects.filter(framework=held.framework_id).order_by(
                "-valid_from", "-pk"
            )
            version = newest.values_list("pk", flat=True).first()
        HeldBlock.objects.filter(pk=held.pk).update(version_id=version)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0009_results_and_retakes")]
    operations = [migrations.RunPython(name_editions, migrations.RunPython.noop)]
