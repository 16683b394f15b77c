from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotAnInvoice(DomainRefusal):
    code = "billing.not_an_invoice"
    message = _("Un avoir ne se conteste pas : contestez la facture qu’il corrige.")


class AlreadyDisputed(DomainRefusal):
    code = "billing.already_disputed"
    message = _("La facture %(number)s est déjà en litige : complétez ce litige, ou réglez-le.")


class AmountOutOfInvoice(DomainRefusal):
    code = "billing.amount_out_of_invoice"
    message = _("Le montant contesté va de 0,01 € à %(most)s, ce qui reste de la facture.")


class DisputeSettled(DomainRefusal):
    code = "billing.dispute_settled"
    message = _("Ce litige est déjà réglé.")


class DisputeOpen(DomainRefusal):
    code = "billing.dispute_open"
    message = _("Ce litige n’est pas réglé : il n’y a rien à annuler.")


class CreditNoteMissing(DomainRefusal):
    code = "billing.credit_note_missing"
    message = _("Un litige accepté se règle par un avoir de cette facture : choisissez-le.")


class OutcomeReasonMissing(DomainRefusal):
    code = "billing.outcome_reason_missing"
    message = _("Dites au client pourquoi la contestation est rejetée.")
