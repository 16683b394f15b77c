from django import forms
from django.utils.translation import gettext_lazy as _


class TimeForm(forms.Form):
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=120)
    reason = forms.CharField(label=_("Motif"), max_length=300, required=False)
    request_key = forms.CharField(max_length=64, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=300, required=False)
