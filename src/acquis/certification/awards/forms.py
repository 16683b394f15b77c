from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.awards.models import ResultNotice


class SigningForm(forms.Form):
    """Who signs proves again who they are."""

    password = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    otp = forms.CharField(
        label=_("Code de vérification"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Le code affiché par votre application d’authentification."),
    )

    def __init__(self, *args: object, second_factor: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if second_factor:
            self.fields["otp"].required = True
        else:
            del self.fields["otp"]


class RevocationForm(forms.Form):
    """One form: why, and that the person has understood that nothing undoes it."""

    reason = forms.CharField(
        label=_("Motif de la révocation"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lu par le titulaire et gardé dans le journal ; le public ne le voit pas."),
    )
    understood = forms.BooleanField(
        label=_("Je confirme : ce certificat ne vaut plus, et rien ne le rétablit"),
        error_messages={"required": _("Cochez cette case pour révoquer le certificat.")},
    )


class HandOverForm(forms.Form):
    """How a result reached a candidate otherwise than by mail."""

    how = forms.ChoiceField(
        label=_("Remise"), choices=ResultNotice.Handed.choices, widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("Le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    detail = forms.CharField(
        label=_("Numéro de la lettre, ou précision"),
        required=False,
        max_length=200,
        help_text=_(
            "Le numéro de suivi d’une lettre recommandée ; pour une remise en main propre, ce qui la prouve."
        ),
    )


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif de la rectification"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Imprimé sur le nouveau document. Le premier reste conservé tel quel."),
    )
