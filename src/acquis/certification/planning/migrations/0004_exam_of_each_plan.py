from django.db import migrations


def name_the_exam(apps, schema_editor):
    """The one exam of each plan becomes the first of its set, and that of its sessions."""
    plan_exam = apps.get_model("planning", "PlanExam")
    plan_session = apps.get_model("planning", "PlanSession")
    for plan in apps.get_model("planning", "SeasonPlan").objects.all():
        exam = plan_exam.objects.create(plan=plan, version_id=plan.version_id, block=plan.block)
        plan_session.objects.filter(plan=plan).update(exam=exam)


def keep_the_first(apps, schema_editor):
    """Back to one exam a plan: its first."""
    for exam in apps.get_model("planning", "PlanExam").objects.order_by("-pk"):
        apps.get_model("planning", "SeasonPlan").objects.filter(pk=exam.plan_id).update(
            version=exam.version_id, block=exam.block
        )


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0003_several_exams"),
    ]

    operations = [migrations.RunPython(name_the_exam, keep_the_first)]
