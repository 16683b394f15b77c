from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.cases.models import Case
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order

PRIORITIES = [
    (1, _("1 · urgente")),
    (2, _("2 · haute")),
    (3, _("3 · normale")),
    (4, _("4 · basse")),
]
WAITING = [
    ("", _("Sans changement")),
    (Case.State.OPEN, Case.State.OPEN.label),
    (Case.State.WAITING_CUSTOMER, Case.State.WAITING_CUSTOMER.label),
    (Case.State.SECOND_LEVEL, Case.State.SECOND_LEVEL.label),
]


class CaseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Genre"), choices=Case.Kind.choices)
    title = forms.CharField(label=_("Titre"), max_length=200)
    description = forms.CharField(
        label=_("Ce que le client demande"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    priority = forms.TypedChoiceField(
        label=_("Priorité"), choices=PRIORITIES, coerce=int, initial=3
    )
    order = forms.ModelChoiceField(
        label=_("Commande concernée"), queryset=Order.objects.none(), required=False
    )
    due_on = forms.DateField(
        label=_("Réponse promise le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["order"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Order.objects.filter(customer=customer)


class CommentForm(forms.Form):
    body = forms.CharField(
        label=_("Ce qui s'est passé"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Le commentaire est vide.")},
    )
    new_state = forms.ChoiceField(label=_("Nouvel état"), choices=WAITING, required=False)


class ResolutionForm(forms.Form):
    resolution = forms.CharField(
        label=_("Comment la demande est résolue"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites comment la demande a été résolue.")},
    )
