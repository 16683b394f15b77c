"""What customers dispute of their invoices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_user_language'),
        ('billing', '0002_invoice_adds_up_within_half_a_cent'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceDispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin_id', models.BigIntegerField(editable=False, null=True)),
                ('reason', models.CharField(choices=[('product', 'Produit non conforme ou défectueux'), ('delivery', 'Livraison absente, partielle ou tardive'), ('price', 'Prix ou quantité facturés'), ('mistake', 'Erreur administrative'), ('principle', 'Commande contestée'), ('other', 'Autre motif de litige')], max_length=10)),
                ('detail', models.TextField(blank=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('reference', models.CharField(max_length=30)),
                ('opened_at', models.DateTimeField()),
                ('opened_by_label', models.CharField(max_length=160)),
                ('outcome', models.CharField(blank=True, choices=[('credited', 'Accepté, réglé par un avoir'), ('rejected', 'Contestation rejetée'), ('withdrawn', 'Retiré par le client')], max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_by_label', models.CharField(blank=True, max_length=160)),
                ('credit_note', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='billing.invoice')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='billing.invoice')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.workspace')),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['workspace', 'origin_id'], name='invoicedispute_copied_from'), models.Index(fields=['workspace', 'reference'], name='invoice_dispute_of_case')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('invoice',), name='invoice_disputed_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='invoice_dispute_of_something'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True)), models.Q(('settled_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='invoice_dispute_settled_somehow')],
            },
        ),
    ]
