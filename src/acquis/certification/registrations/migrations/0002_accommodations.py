"""Accommodations replace the percentage of extra time of an enrolment: 33 was one third exactly."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


EXACT = {33: (1, 3), 66: (2, 3), 67: (2, 3)}


def fill(apps, editor):
    enrolments = apps.get_model("registrations", "Enrolment")
    accommodations = apps.get_model("registrations", "Accommodation")
    for enrolment in enrolments.objects.filter(extra_time_percent__gt=0):
        percent = enrolment.extra_time_percent
        numerator, denominator = EXACT.get(percent, (percent, 100))
        accommodations.objects.create(
            enrolment=enrolment,
            kind="extra_time",
            extra_numerator=numerator,
            extra_denominator=denominator,
            decision_date=enrolment.created_at.date(),
            created_at=enrolment.created_at,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Accommodation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('extra_time', 'Temps majoré'), ('breaks', 'Pauses'), ('human_aid', 'Aide humaine'), ('technical_aid', 'Aide technique'), ('room', 'Salle ou poste adapté'), ('gesture', 'Geste professionnel adapté')], max_length=14, verbose_name='nature')),
                ('extra_numerator', models.PositiveSmallIntegerField(default=0)),
                ('extra_denominator', models.PositiveSmallIntegerField(default=1)),
                ('break_minutes', models.PositiveSmallIntegerField(default=0)),
                ('scope', models.JSONField(default=list)),
                ('details', models.TextField(blank=True)),
                ('decision_by', models.CharField(blank=True, max_length=120)),
                ('decision_date', models.DateField(null=True)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='accommodation',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accommodation',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accommodation',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accommodations', to='registrations.enrolment'),
        ),
        migrations.AddField(
            model_name='accommodation',
            name='replaced_by',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='registrations.accommodation'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(('extra_denominator__gte', 1), ('extra_numerator__lte', django.db.models.expressions.CombinedExpression(models.Value(2), '*', models.F('extra_denominator')))), name='accommodation_extra_bounded'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('extra_numerator__gte', 1), ('kind', 'extra_time')), models.Q(models.Q(('kind', 'extra_time'), _negated=True), ('extra_numerator', 0)), _connector='OR'), name='accommodation_extra_when_time'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('break_minutes__gte', 1), ('break_minutes__lte', 60), ('kind', 'breaks')), models.Q(models.Q(('kind', 'breaks'), _negated=True), ('break_minutes', 0)), _connector='OR'), name='accommodation_minutes_when_breaks'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
