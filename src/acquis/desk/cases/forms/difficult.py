"""Forms of difficult situations, from weighing to what is agreed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.cases.forms.fields import factor, money, offer, text
from acquis.desk.cases.models import (
    AuthorityRule,
    Case,
    CaseOption,
    Stage,
)
from acquis.desk.cases.policy import complaints


class WeightsForm(forms.Form):
    gravity = factor(_("Gravité"), _("Ce que le client subit : gêne, perte, danger."))
    pressure = factor(_("Urgence"), _("Ce que l’attente aggrave."))
    stake = factor(_("Enjeu"), _("Relation, image, droit du client."))
    customer_stake = text(_("Enjeux du client"), 2, required=False)
    company_stake = text(_("Enjeux de l’entreprise"), 2, required=False)


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Nouvel état"))
    note = forms.CharField(label=_("Précision"), max_length=1000, required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (key, label)
                for key, label in Stage
                if key != complaints.CLOSED and complaints.may_follow(case.stage, key)
            ]


class OptionForm(forms.Form):
    label = forms.CharField(label=_("Solution"), max_length=200)
    gesture = forms.ChoiceField(label=_("Nature"), choices=AuthorityRule.Gesture.choices)
    amount = money(_("Montant TTC (€)"), initial=0)
    for_customer = text(_("Pour le client"), 2, required=False)
    for_company = text(_("Pour l’entreprise"), 2, required=False)


class DecisionForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("Décision"),
        choices=[("1", _("Accorder")), ("0", _("Refuser"))],
        coerce=lambda value: value == "1",
    )
    reason = forms.CharField(label=_("Raison"), max_length=1000, required=False)
    decider = forms.CharField(
        label=_("Qui l’accorde, au-delà du superviseur"), max_length=160, required=False
    )


class AgreementForm(forms.Form):
    option = forms.ModelChoiceField(label=_("Solution retenue"), queryset=CaseOption.objects.none())
    terms = text(_("Ce qui est convenu"), 3)
    amount = money(_("Montant TTC (€)"), initial=0)
    due_on = forms.DateField(
        label=_("Fait au plus tard le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    in_charge = forms.CharField(label=_("Par qui"), max_length=160)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "agreed_%s"} | kwargs)
        offer(self, "option", case.options.filter(refused_at__isnull=True))
