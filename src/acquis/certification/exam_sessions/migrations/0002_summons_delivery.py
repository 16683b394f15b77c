import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """Summons issued before their delivery was followed: what their session and person say."""
    Summons = apps.get_model("exam_sessions", "Summons")
    rows = Summons.objects.select_related(
        "session", "candidate__enrolment__candidate", "juror__juror"
    )
    for summons in rows:
        person = (
            summons.candidate.enrolment.candidate if summons.candidate else summons.juror.juror
        )
        summons.recipient = "candidate" if summons.candidate else "juror"
        summons.email = person.email
        summons.event_uid = f"{summons.number.lower()}@acquis"
        summons.starts_at = summons.ends_at = summons.session.starts_at
        summons.save()


class Migration(migrations.Migration):
    dependencies = [
        ('exam_sessions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='summons', name='summons_one_recipient'),
        migrations.AddField('summons', 'answer', models.CharField(blank=True, choices=[('coming', 'Sera présent(e)'), ('not_coming', 'Ne pourra pas venir')], max_length=10)),
        migrations.AddField('summons', 'answer_reason', models.CharField(blank=True, max_length=500)),
        migrations.AddField('summons', 'answered_at', models.DateTimeField(null=True)),
        migrations.AddField('summons', 'bounce_reason', models.CharField(blank=True, max_length=300)),
        migrations.AddField('summons', 'bounced_at', models.DateTimeField(null=True)),
        migrations.AddField('summons', 'delay_reason', models.CharField(blank=True, max_length=300)),
        migrations.AddField('summons', 'email', models.EmailField(default='', max_length=254), preserve_default=False),
        migrations.AddField('summons', 'event_uid', models.CharField(default='', max_length=120), preserve_default=False),
        migrations.AddField('summons', 'message_id', models.CharField(blank=True, db_index=True, max_length=200)),
        migrations.AddField('summons', 'recipient', models.CharField(choices=[('candidate', 'Candidat'), ('juror', 'Juré')], default='candidate', max_length=10), preserve_default=False),
        migrations.AddField('summons', 'sequence', models.PositiveSmallIntegerField(default=0)),
        migrations.AddField('summons', 'starts_at', models.DateTimeField(default=django.utils.timezone.now), preserve_default=False),
        migrations.AddField('summons', 'ends_at', models.DateTimeField(default=django.utils.timezone.now), preserve_default=False),
        migrations.AddField('summons', 'withdrawal_reason', models.CharField(blank=True, max_length=300)),
        migrations.AddField('summons', 'withdrawal_sent_at', models.DateTimeField(null=True)),
        migrations.AddField('summons', 'withdrawn_at', models.DateTimeField(null=True)),
        migrations.AlterField('summons', 'candidate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='summonses', to='exam_sessions.sessioncandidate')),
        migrations.AlterField('summons', 'juror', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='summonses', to='exam_sessions.sessionjuror')),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='summons',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('candidate__isnull', False), ('juror__isnull', True)),
                    models.Q(('candidate__isnull', True), ('juror__isnull', False)),
                    models.Q(('candidate__isnull', True), ('juror__isnull', True), ('withdrawn_at__isnull', False)),
                    models.Q(('candidate__isnull', True), ('juror__isnull', True), ('replaced_by__isnull', False)),
                    _connector='OR',
                ),
                name='summons_one_recipient',
            ),
        ),
        migrations.CreateModel(
            name='SummonsPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('send_at', models.DateTimeField()),
                ('planned_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='summons_plan', to='exam_sessions.examsession')),
            ],
            options={'ordering': ['send_at', 'pk']},
        ),
    ]
