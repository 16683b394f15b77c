from django import forms
from django.utils.translation import gettext_lazy as _

_WHEN = "%Y-%m-%dT%H:%M"


class HourForm(forms.Form):
    until = forms.DateTimeField(
        label=_("Remise au plus tard"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        input_formats=[_WHEN, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        help_text=_(
            "Vide : l’heure du référentiel, s’il en dit une ; sinon le document se remet le jour de l’épreuve."
        ),
    )
