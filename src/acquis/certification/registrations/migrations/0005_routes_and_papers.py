"""What each route asks for: recevabilité, livret, papers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('frameworks', '0003_published_is_frozen'),
        ('kernel', '0003_trace_refuses_replacement'),
        ('registrations', '0004_birth_postcode'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='enrolment',
            name='route',
            field=models.CharField(choices=[('training', 'Parcours de formation'), ('vae', 'VAE'), ('capitalisation', 'Capitalisation de CCP'), ('ccs', 'CCS, après le titre'), ('free', 'Candidat libre')], default='training', max_length=20, verbose_name='voie d’accès'),
        ),
        migrations.CreateModel(
            name='Admissibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requested_on', models.DateField()),
                ('authority', models.CharField(blank=True, max_length=120)),
                ('decision', models.CharField(blank=True, choices=[('accepted', 'Recevable'), ('refused', 'Non recevable')], max_length=8)),
                ('decided_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='admissibility', to='registrations.enrolment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('decision', '')), models.Q(models.Q(('decision', ''), _negated=True), ('decided_on__gte', models.F('requested_on'))), _connector='OR'), name='admissibility_decided_after_request')],
            },
        ),
        migrations.CreateModel(
            name='HeldBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.CharField(blank=True, max_length=40)),
                ('obtained_on', models.DateField()),
                ('pv_reference', models.CharField(blank=True, max_length=80)),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held_blocks', to='registrations.candidate')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='frameworks.framework')),
            ],
            options={
                'ordering': ['obtained_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('candidate', 'framework', 'block'), name='held_block_once')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('identity', 'Pièce d’identité vue'), ('portfolio', 'Dossier professionnel (DP)'), ('in_training', 'Résultats des ECF'), ('booklet', 'Livret de certification'), ('admissibility', 'Décision de recevabilité VAE'), ('title', 'Titre professionnel obtenu')], max_length=13)),
                ('deposited_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('deposited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='registrations.enrolment')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'kind'), name='proof_once'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('kind', 'identity')), models.Q(models.Q(('kind', 'identity'), _negated=True), ('file__isnull', False)), _connector='OR'), name='proof_copy_but_of_identity')],
            },
        ),
    ]
