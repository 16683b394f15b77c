import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """Subjects written before there were versions are each the first of theirs."""
    apps.get_model("papers", "Subject").objects.update(family=models.F("reference"))


class Migration(migrations.Migration):

    dependencies = [
        ('exam_sessions', '0002_summons_delivery'),
        ('kernel', '0003_trace_refuses_replacement'),
        ('papers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='family',
            field=models.CharField(default='', max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='subject',
            name='number',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='subject',
            name='recording',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile'),
        ),
        migrations.AddField(
            model_name='subject',
            name='recording_sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='subject',
            name='recording_type',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='subject',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='papers.subject'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name='DrawCommitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commitment', models.CharField(max_length=64)),
                ('frozen', models.JSONField()),
                ('sealed_seed', models.BinaryField()),
                ('committed_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('supplement', models.BooleanField(default=False)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('seed', models.CharField(blank=True, max_length=64)),
                ('revealed_at', models.DateTimeField(null=True)),
                ('committed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draw_commitments', to='exam_sessions.examsession')),
            ],
            options={
                'ordering': ['committed_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='draw',
            name='commitment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='papers.drawcommitment'),
        ),
        migrations.AddConstraint(
            model_name='drawcommitment',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True), ('supplement', False)), fields=('session',), name='draw_commitment_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='drawcommitment',
            constraint=models.CheckConstraint(condition=models.Q(('seed', ''), ('revealed_at__isnull', False), _connector='OR'), name='draw_commitment_told_is_dated'),
        ),
    ]
