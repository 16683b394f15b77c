"""The parts of a record as people type them: telephones, addresses, people, agreements, calls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from acquis.desk.directory import policy
from acquis.desk.directory.actions.record_consent import Statement
from acquis.desk.directory.models import (
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    CustomField,
    HouseholdMember,
    PostalAddress,
    ProspectingCall,
)
from acquis.desk.directory.policy import postal
from acquis.desk.directory.policy.calling import RELATIONS
from acquis.desk.directory.presentation import RELATION_LABELS

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "required": False}
INSTANT_FORMAT = "%Y-%m-%dT%H:%M"


def _instant(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=INSTANT_FORMAT),
        input_formats=[INSTANT_FORMAT, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
    )


class PartForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """A part of a record with the days on which it holds; `values()` is what the action writes."""

    valid_from = forms.DateField(label=_("Depuis le"), **DAY)  # type: ignore[arg-type]
    valid_to = forms.DateField(label=_("Jusqu’au"), **DAY)  # type: ignore[arg-type]

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("Cette période finit avant de commencer."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def validate_constraints(self) -> None:
        """The action refuses in words; the constraints of the table stand behind it."""


class PhoneForm(PartForm):
    kind = ContactPoint.Kind.PHONE
    value = forms.CharField(label=_("Numéro"), max_length=40)

    class Meta:
        model = ContactPoint
        fields = ["value", "use", "label", "contact", "valid_from", "valid_to"]
        labels = {"use": _("Usage"), "label": _("Précision")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["contact"]
        if self.customer.kind != Customer.Kind.COMPANY:
            del self.fields["contact"]
        elif isinstance(people, forms.ModelChoiceField):
            people.label, people.required = _("Interlocuteur"), False
            people.queryset = self.customer.people.all()
            people.empty_label = str(_("l’entreprise"))
        if self.instance.pk and self.kind == ContactPoint.Kind.PHONE:
            self.initial["value"] = policy.spoken_phone(self.instance.value)

    def clean_value(self) -> str:
        typed = str(self.cleaned_data["value"]).strip()
        number = policy.e164(typed)
        if number is None:
            raise forms.ValidationError(
                _(
                    "« %(typed)s » n’est pas un numéro de téléphone : dix chiffres en France, "
                    "ou l’indicatif du pays précédé de « + »."
                ),
                params={"typed": typed},
            )
        return number

    def values(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in self.fields}
        return {"contact": None, **kept, "kind": self.kind}


class EmailForm(PhoneForm):
    kind = ContactPoint.Kind.EMAIL
    value = forms.CharField(label=_("Adresse électronique"), max_length=254)

    def clean_value(self) -> str:
        typed = str(self.cleaned_data["value"]).strip().lower()
        validate_email(typed)
        return typed


class AddressForm(PartForm):
    class Meta:
        model = PostalAddress
        fields = ["use", *postal.LINES, "postcode", "city", "country", "valid_from", "valid_to"]
        labels = {
            "use": _("Usage"),
            "recipient": _("Destinataire, s’il n’est pas le client"),
            "inside": _("Appartement, étage, escalier"),
            "outside": _("Entrée, bâtiment, résidence"),
            "street": _("Numéro et voie"),
            "locality": _("Lieu-dit, boîte postale"),
            "postcode": _("Code postal"),
            "city": _("Ville"),
            "country": _("Pays"),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = {name: str(cleaned.get(name) or "") for name in (*postal.LINES, "city", "country")}
        said["postcode"] = str(cleaned.get("postcode") or "")
        for name, code in postal.faults(said).items():
            if name not in self.errors:
                self.add_error(name, POSTAL_FAULTS[code])
        return cleaned


POSTAL_FAULTS = {
    "long": _("Une ligne d’adresse a 38 caractères au plus."),
    "postcode": _("Un code postal français a cinq chiffres."),
    "street_or_box": _("Une adresse a une voie, un lieu-dit ou une boîte postale."),
}


class PersonForm(PartForm):
    person = forms.CharField(
        label=_("Sa fiche de particulier (référence)"), required=False, max_length=20
    )

    class Meta:
        model = CompanyContact
        fields = [
            "title", "first_name", "last_name", "function", "part", "is_main", "person",
            "valid_from", "valid_to",
        ]  # fmt: skip
        labels = {
            "title": _("Civilité"),
            "first_name": _("Prénom"),
            "last_name": _("Nom"),
            "function": _("Fonction"),
            "part": _("Rôle"),
            "is_main": _("Contact principal"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = self.instance.person
        self.initial["person"] = linked.reference if linked else ""

    def clean_person(self) -> Customer | None:
        return _by_reference(self.customer, str(self.cleaned_data["person"]))


class HouseholdForm(forms.Form):
    other = forms.CharField(label=_("Référence de la personne avec qui il vit"), max_length=20)
    part = forms.ChoiceField(
        label=_("Sa place dans le foyer"), choices=HouseholdMember.Part.choices
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.initial.setdefault("part", HouseholdMember.Part.OTHER)

    def clean_other(self) -> Customer | None:
        return _by_reference(self.customer, str(self.cleaned_data["other"]))


def _by_reference(customer: Customer, reference: str) -> Customer | None:
    """A person of the same desk, not the customer themself."""
    reference = reference.strip()
    if not reference:
        return None
    found = (
        Customer.objects.filter(
            workspace_id=customer.workspace_id,
            reference__iexact=reference,
            kind=Customer.Kind.PERSON,
        )
        .exclude(pk=customer.pk)
        .first()
    )
    if found is None:
        raise forms.ValidationError(
            _("Aucun autre particulier n’a la référence « %(reference)s »."),
            params={"reference": reference},
        )
    return found


class ConsentForm(forms.Form):
    """What the customer said; an agreement is kept with its text and its act (P-07)."""

    given = forms.ChoiceField(
        label=_("Le client"),
        choices=[("yes", _("donne son accord")), ("no", _("retire ou refuse son accord"))],
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=_("Canal"), choices=Consent.Channel.choices)
    purpose = forms.ChoiceField(label=_("Finalité"), choices=Consent.Purpose.choices)
    decided_at = _instant(_("Dit le"))
    medium = forms.ChoiceField(label=_("Recueilli par"), choices=Consent.Medium.choices)
    text_shown = forms.CharField(
        label=_("Texte montré ou lu au client"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mot pour mot : il est gardé avec son empreinte."),
    )
    act = forms.CharField(
        label=_("Geste du client"),
        required=False,
        max_length=200,
        help_text=_("Case cochée par lui, bouton pressé, « oui » dit et enregistré…"),
    )
    any_hours = forms.BooleanField(
        label=_("Accord distinct : l’appeler aussi hors des jours et horaires légaux"),
        required=False,
    )
    partner = forms.CharField(label=_("Partenaire d’origine"), required=False, max_length=120)
    proof = forms.CharField(
        label=_("Où se trouve la preuve"), required=False, max_length=300,
        help_text=_("Numéro d’enregistrement, de formulaire, de dossier…"),
    )  # fmt: skip

    def statement(self) -> Statement:
        kept: Mapping[str, Any] = self.cleaned_data
        return Statement(**{**kept, "given": kept["given"] == "yes"})


class CallForm(forms.Form):
    """A call made to sell, or tried."""

    called_at = _instant(_("Appel du"))
    outcome = forms.ChoiceField(label=_("Issue"), choices=ProspectingCall.Outcome.choices)
    relation = forms.ChoiceField(label=_("Lien avec un contrat en cours"), required=False)
    contract = forms.ChoiceField(label=_("Contrat concerné"), required=False)

    def __init__(self, *args: Any, contracts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not contracts:
            del self.fields["relation"], self.fields["contract"]
            return
        offered = {
            "relation": [("", _("aucun")), *((key, RELATION_LABELS[key]) for key in RELATIONS)],
            "contract": [("", "—"), *contracts],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("relation") and not cleaned.get("contract"):
            self.add_error("contract", _("Dites de quel contrat il s’agit."))
        return cleaned

    def values(self) -> dict[str, Any]:
        kept = self.cleaned_data
        return {
            "called_at": kept["called_at"],
            "outcome": kept["outcome"],
            "relation": kept.get("relation") or None,
            "contract": kept.get("contract", "") if kept.get("relation") else "",
        }


class FieldForm(forms.Form):
    """A field that the desk adds; its type is chosen once."""

    label = forms.CharField(label=_("Libellé"), max_length=80)
    kind = forms.ChoiceField(label=_("Type"), choices=CustomField.Kind.choices)
    choices = forms.CharField(
        label=_("Choix de la liste"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Un par ligne, pour un choix dans une liste."),
    )
    hint = forms.CharField(label=_("Aide, et à quoi sert ce champ"), required=False, max_length=200)

    def __init__(self, *args: Any, kept: CustomField | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept is not None:
            del self.fields["kind"]
            self.initial["label"], self.initial["hint"] = kept.label, kept.hint
            self.initial["choices"] = "\n".join(kept.choices)
            if kept.kind != CustomField.Kind.CHOICE:
                del self.fields["choices"]

    def clean_label(self) -> str:
        label = str(self.cleaned_data["label"]).strip()
        if not any(map(str.isalnum, label)):
            raise forms.ValidationError(_("Un libellé a au moins une lettre."))
        return label

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in str(self.cleaned_data["choices"]).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def values(self) -> dict[str, Any]:
        return {"choices": [], **self.cleaned_data}


PART_FORMS: Mapping[str, type[PartForm]] = {
    "telephone": PhoneForm,
    "courriel": EmailForm,
    "adresse": AddressForm,
    "interlocuteur": PersonForm,
}


def now_typed(at: datetime) -> str:
    """An instant in Paris as a `datetime-local` field holds it."""
    return at.strftime(INSTANT_FORMAT)
