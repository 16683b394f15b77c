from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siret

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User
from acquis.accounts.presentation import ROLE_TASKS, VERB_LABELS
from acquis.accounts.verbs import Verb


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Les six chiffres affichés par votre application, ou un code de secours."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


class EnrolmentForm(forms.Form):
    code = forms.CharField(
        label=_("Code affiché par l’application"),
        max_length=7,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class PersonalForm(forms.Form):
    """A form that needs to know whose account it is about."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person


class CurrentPasswordForm(PersonalForm):
    """Asks again for the password before what weakens the account."""

    password = forms.CharField(
        label=_("Votre mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        if not self.person.check_password(typed):
            raise ValidationError(_("Ce n’est pas votre mot de passe actuel."))
        return typed


class NewPasswordForm(PersonalForm):
    new_password = forms.CharField(
        label=_("Nouveau mot de passe"),
        strip=False,
        help_text=_(
            "Douze caractères au moins. Plusieurs mots sans rapport entre eux sont plus sûrs, et "
            "plus faciles à retenir, qu’un mot compliqué."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("Le même, une seconde fois"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_new_password(self) -> str:
        typed = str(self.cleaned_data["new_password"])
        password_validation.validate_password(typed, self.person)
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen, repeated = cleaned.get("new_password"), cleaned.get("repeated")
        if chosen and repeated and chosen != repeated:
            self.add_error("repeated", _("Les deux mots de passe diffèrent."))
        return cleaned


class PasswordChangeForm(CurrentPasswordForm, NewPasswordForm):
    field_order = ["password", "new_password", "repeated"]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ["first_name", "last_name", "phone", "language"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [("", _("Celle du navigateur")), *settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(
            label=_("Langue"), choices=languages, required=False
        )


class RolesField(forms.TypedMultipleChoiceField):
    """Roles, each with what it is for."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            (role.value, format_lazy("{} – {}", role.label, ROLE_TASKS[role])) for role in Role
        ]
        super().__init__(
            label=_("Rôles"),
            coerce=Role,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )


class PersonForm(forms.Form):
    """Invite a person: an address, a name, at least one role."""

    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    last_name = forms.CharField(label=_("Nom"), max_length=80)
    email = forms.EmailField(label=_("Adresse électronique"), max_length=254)
    roles = RolesField()


class RolesForm(forms.Form):
    roles = RolesField(required=False)


class PeopleFilterForm(forms.Form):
    q = forms.CharField(label=_("Chercher"), required=False)
    role = forms.ChoiceField(
        label=_("Rôle"), required=False, choices=[("", _("Tous les rôles")), *Role.choices]
    )
    etat = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[
            ("", _("Tous")),
            ("active", _("Actifs")),
            ("inactive", _("Désactivés")),
            ("blocked", _("Bloqués")),
        ],
    )


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    # Longer than what is kept: people type it with its spaces.
    siret = forms.CharField(label="SIRET", max_length=20, required=False)

    class Meta:
        model = Organisation
        fields = ["name", "siret", "address", "postcode", "city", "email", "phone", "signing"]
        labels = {"email": _("Adresse électronique"), "phone": _("Téléphone")}
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "signing": _(
                "Chaque signataire redonne son mot de passe ; le code vient en plus. Chacun l’active"
                " dans son compte, à la page « Sécurité »."
            )
        }

    def clean_siret(self) -> str:
        typed = str(self.cleaned_data["siret"]).replace(" ", "")
        if typed and not siret.is_valid(typed):
            raise ValidationError(_("Ce numéro n’est pas un SIRET : 14 chiffres, dont une clé."))
        return typed


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Nom"), max_length=100, help_text=_("Le programme qui s’en servira.")
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("Ce qu’il permet"), coerce=Verb, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Durée"),
        coerce=int,
        choices=[
            (30, _("30 jours")),
            (90, _("90 jours")),
            (365, _("Un an")),
        ],
        initial=90,
    )

    def __init__(self, *args: Any, verbs: frozenset[Verb], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        if isinstance(scopes, forms.TypedMultipleChoiceField):
            scopes.choices = [(verb.value, VERB_LABELS[verb]) for verb in Verb if verb in verbs]
