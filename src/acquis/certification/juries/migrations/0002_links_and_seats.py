"""Links with organisations, ended and kept; in whose name a juror sits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('juries', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='declaredlink',
            name='juror_link_once',
        ),
        migrations.AddField(
            model_name='declaredlink',
            name='declared_by',
            field=models.CharField(choices=[('juror', 'Le juré'), ('centre', 'Le centre')], default='centre', max_length=6),
        ),
        migrations.AddField(
            model_name='declaredlink',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='declaredlink',
            name='organisation_name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='juror',
            name='briefing_hours',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True, verbose_name='durée de cette session (heures)'),
        ),
        migrations.AddField(
            model_name='juror',
            name='represents',
            field=models.CharField(blank=True, max_length=120, verbose_name='siège au titre de'),
        ),
        migrations.AlterField(
            model_name='declaredlink',
            name='candidate_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='declaredlink',
            constraint=models.UniqueConstraint(condition=models.Q(('candidate_id__isnull', False), ('ended_at__isnull', True)), fields=('juror', 'candidate_id', 'nature'), name='juror_link_with_candidate_once'),
        ),
        migrations.AddConstraint(
            model_name='declaredlink',
            constraint=models.UniqueConstraint(condition=models.Q(('candidate_id__isnull', True), ('ended_at__isnull', True)), fields=('juror', 'organisation_name', 'nature'), name='juror_link_with_organisation_once'),
        ),
        migrations.AddConstraint(
            model_name='declaredlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('candidate_id__isnull', False), ('organisation_name', '')), models.Q(('candidate_id__isnull', True), models.Q(('organisation_name', ''), _negated=True)), _connector='OR'), name='juror_link_of_one'),
        ),
    ]
