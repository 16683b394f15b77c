from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi suspendre toute destruction"),
        max_length=300,
        help_text=_("Un recours, un contrôle, un litige : la suspension dure jusqu’à sa levée."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
