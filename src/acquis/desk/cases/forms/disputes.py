"""Forms of invoices in dispute."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.desk.billing.errors import AmountOutOfInvoice
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.billing.policy import disputable, may_be_disputed
from acquis.desk.cases import queries
from acquis.desk.cases.forms.fields import money, offer, text
from acquis.desk.cases.models import Case
from acquis.desk.directory.models import Customer
from acquis.kernel.money import format_euros


class _InvoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # none at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {format_euros(obj.total_ttc)}"


class _CaseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # none at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title}"


class DisputeForm(forms.Form):
    """What a customer contests of one of their invoices; an empty amount is all of it."""

    invoice = _InvoiceField(label=_("Facture contestée"), queryset=Invoice.objects.none())
    amount = money(_("Montant contesté TTC (€)"), required=False, localize=True)
    reason = forms.ChoiceField(label=_("Motif du litige"), choices=InvoiceDispute.Reason.choices)
    case = _CaseField(
        label=_("Demande liée"),
        queryset=Case.objects.none(),
        required=False,
        empty_label=_("Ouvrir une réclamation"),
    )
    detail = text(_("Ce que dit le client"), 3, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "invoice", queries.disputable(customer))
        living = customer.cases.exclude(state=Case.State.CLOSED)
        offer(self, "case", living.filter(merged_into__isnull=True))

    def clean(self) -> dict[str, Any]:
        """The act refuses it too; here, what was typed stays on screen."""
        kept = super().clean() or {}
        invoice, amount = kept.get("invoice"), kept.get("amount")
        if invoice is not None and amount is not None:
            credited = [note.total_ttc for note in invoice.credit_notes.all()]
            most = disputable(invoice.total_ttc, credited)
            if not may_be_disputed(amount, most):
                self.add_error("amount", str(AmountOutOfInvoice(most=format_euros(most))))
        return kept


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Issue"), choices=InvoiceDispute.Outcome.choices)
    credit_note = _InvoiceField(
        label=_("Avoir qui règle le litige"), queryset=Invoice.objects.none(), required=False
    )
    answer = text(_("Ce qui est répondu au client"), 3, required=False)
    told_by = forms.ChoiceField(
        label=_("Prévenir le client"),
        choices=[
            ("", _("Ne pas écrire d’ici")),
            ("mail", _("Par courriel")),
            ("sms", _("Par SMS")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "credit_note", invoice.credit_notes.all())

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        outcome = kept.get("outcome")
        if outcome == InvoiceDispute.Outcome.CREDITED and kept.get("credit_note") is None:
            self.add_error("credit_note", gettext("Choisissez l’avoir qui règle le litige."))
        if outcome == InvoiceDispute.Outcome.REJECTED and not kept.get("answer", "").strip():
            self.add_error(
                "answer", gettext("Dites au client pourquoi la contestation est rejetée.")
            )
        return kept
