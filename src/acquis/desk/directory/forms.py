from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as vat_numbers
from stdnum.fr import siren as siren_numbers
from stdnum.fr import siret as siret_numbers

from acquis.desk.directory import policy, queries
from acquis.desk.directory.models import Customer, CustomField
from acquis.desk.directory.policy import custom_fields
from acquis.desk.directory.policy.minimisation import Excess, excesses
from acquis.desk.directory.presentation import CONSENT_CHANNELS, LANGUAGES

CONSENT_ANSWERS = [("", _("non recueilli")), ("yes", _("oui")), ("no", _("non"))]
TITLES = ["", "M.", "Mme"]
PCS_GROUPS = [
    ("", "—"),
    ("1", _("Agriculteurs exploitants")),
    ("2", _("Artisans, commerçants et chefs d’entreprise")),
    ("3", _("Cadres et professions intellectuelles supérieures")),
    ("4", _("Professions intermédiaires")),
    ("5", _("Employés")),
    ("6", _("Ouvriers")),
    ("7", _("Retraités")),
    ("8", _("Autres personnes sans activité professionnelle")),
]  # the eight groups of the PCS of INSEE
FIRST_YEAR = 1900
PREFERRED_CHANNEL = (
    "Canal préféré"  # the keys of preferences are words of the desk, kept as written
)
PREFERRED_MOMENT = "Moment"


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """A customer's record as people type it; `values()` is what the action writes."""

    phone = forms.CharField(label=_("Téléphone"), required=False, max_length=40)
    phone_alt = forms.CharField(label=_("Autre téléphone"), required=False, max_length=40)
    title = forms.ChoiceField(
        label=_("Civilité"), required=False, choices=[(title, title or "—") for title in TITLES]
    )
    pcs = forms.ChoiceField(
        label=_("Catégorie socioprofessionnelle (PCS)"), required=False, choices=PCS_GROUPS
    )
    language = forms.ChoiceField(
        label=_("Langue préférée"), required=False, choices=[("", "—"), *LANGUAGES.items()]
    )
    siret = forms.CharField(label="SIRET", required=False, max_length=20)
    vat_number = forms.CharField(
        label=_("Numéro de TVA intracommunautaire"), required=False, max_length=24
    )
    tags = forms.CharField(
        label=_("Étiquettes"),
        required=False,
        max_length=300,
        help_text=_("Séparées par des virgules."),
    )
    preferred_channel = forms.CharField(label=_("Canal préféré"), required=False, max_length=60)
    preferred_hours = forms.CharField(label=_("Moment préféré"), required=False, max_length=120)

    class Meta:
        model = Customer
        fields = [
            "reference",
            "kind",
            "title",
            "first_name",
            "last_name",
            "company_name",
            "siren",
            "siret",
            "vat_number",
            "email",
            "phone",
            "phone_alt",
            "address_1",
            "address_2",
            "postcode",
            "city",
            "country",
            "birth_year",
            "pcs",
            "segment",
            "language",
            "customer_since",
        ]
        labels = {
            "reference": _("Référence client"),
            "kind": _("Type de client"),
            "first_name": _("Prénom"),
            "last_name": _("Nom"),
            "company_name": _("Raison sociale"),
            "email": _("Adresse électronique"),
            "address_1": _("Adresse"),
            "address_2": _("Complément d’adresse"),
            "postcode": _("Code postal"),
            "city": _("Ville"),
            "country": _("Pays"),
            "birth_year": _("Année de naissance"),
            "segment": _("Segment"),
            "customer_since": _("Client depuis"),
        }
        widgets = {
            "customer_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(
        self, *args: Any, today: date, custom: Sequence[CustomField] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.custom = custom
        self._ask_custom()
        self.kept_consents: Mapping[str, Any] = dict(self.instance.consents or {})
        self.kept_preferences: Mapping[str, Any] = dict(self.instance.preferences or {})
        self.fields["reference"].required = False
        self.fields["reference"].help_text = _("Laissée vide, elle est attribuée.")
        kept_title = self.instance.title
        titles = self.fields["title"]
        if kept_title and kept_title not in TITLES and isinstance(titles, forms.ChoiceField):
            # A title that came with the data stays; the list is what is offered for a new one.
            titles.choices = [(title, title or "—") for title in [*TITLES, kept_title]]
        self.initial["tags"] = ", ".join(map(str, self.instance.tags or []))
        self.initial["preferred_channel"] = self.kept_preferences.get(PREFERRED_CHANNEL, "")
        self.initial["preferred_hours"] = self.kept_preferences.get(PREFERRED_MOMENT, "")
        for name in ("phone", "phone_alt"):
            kept = getattr(self.instance, name)
            self.initial[name] = policy.spoken_phone(kept) if kept else ""
        for channel, label in CONSENT_CHANNELS.items():
            self.fields[f"consent_{channel}"] = forms.ChoiceField(
                label=label, required=False, choices=CONSENT_ANSWERS
            )
            self.initial[f"consent_{channel}"] = _answer(self.kept_consents.get(channel))

    def _ask_custom(self) -> None:
        for field in self.custom:
            kept = (self.instance.custom or {}).get(field.key)
            self.fields[f"custom_{field.key}"] = custom_field(field, kept)
            self.initial[f"custom_{field.key}"] = _typed(kept)

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        return [self[f"custom_{field.key}"] for field in self.custom]

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[f"consent_{channel}"] for channel in CONSENT_CHANNELS]

    def clean_phone(self) -> str:
        return self._clean_number("phone")

    def clean_phone_alt(self) -> str:
        return self._clean_number("phone_alt")

    def _clean_number(self, name: str) -> str:
        typed = str(self.cleaned_data[name]).strip()
        if not typed:
            return ""
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

    def clean_siren(self) -> str:
        typed = policy.digits(str(self.cleaned_data["siren"]))
        if typed and not siren_numbers.is_valid(typed):
            raise forms.ValidationError(
                _("Ce SIREN n’existe pas : neuf chiffres, dont le dernier est une clé.")
            )
        return typed

    def clean_siret(self) -> str:
        typed = policy.digits(str(self.cleaned_data["siret"]))
        if typed and not siret_numbers.is_valid(typed):
            raise forms.ValidationError(
                _("Ce SIRET n’existe pas : quatorze chiffres, SIREN puis établissement et clé.")
            )
        return typed

    def clean_vat_number(self) -> str:
        typed = str(self.cleaned_data["vat_number"]).strip()
        if not typed:
            return ""
        if not vat_numbers.is_valid(typed):
            raise forms.ValidationError(
                _("Ce numéro de TVA n’existe pas : deux lettres de pays, puis le numéro.")
            )
        return str(vat_numbers.compact(typed))

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not FIRST_YEAR <= year <= self.today.year:
            raise forms.ValidationError(
                _("L’année de naissance va de %(first)s à %(last)s."),
                params={"first": FIRST_YEAR, "last": self.today.year},
            )
        return year

    def clean_tags(self) -> list[str]:
        words = (word.strip() for word in str(self.cleaned_data["tags"]).split(","))
        return list(dict.fromkeys(word for word in words if word))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Customer.Kind.COMPANY and not cleaned.get("company_name"):
            self.add_error("company_name", _("Une entreprise a une raison sociale."))
        if cleaned.get("kind") == Customer.Kind.PERSON and not cleaned.get("last_name"):
            self.add_error("last_name", _("Un particulier a un nom."))
        self._clean_company_numbers(cleaned)
        self._clean_custom(cleaned)
        since = cleaned.get("customer_since")
        if since and since > self.today:
            self.add_error("customer_since", _("Cette date est dans l’avenir."))
        return cleaned

    def _clean_company_numbers(self, cleaned: dict[str, Any]) -> None:
        siren, siret = cleaned.get("siren"), cleaned.get("siret") or ""
        vat_number = cleaned.get("vat_number") or ""
        if siret and siren and not siret.startswith(siren):
            self.add_error("siret", _("Ce SIRET n’est pas celui de ce SIREN."))
        if siret and siren == "":
            cleaned["siren"] = siren = siret[:9]
        if siren and vat_number.startswith("FR") and not vat_number.endswith(siren):
            self.add_error("vat_number", _("Ce numéro de TVA n’est pas celui de ce SIREN."))

    def _clean_custom(self, cleaned: dict[str, Any]) -> None:
        for field in self.custom:
            name = f"custom_{field.key}"
            try:
                cleaned[name] = custom_fields.value_of(field.kind, cleaned.get(name), field.choices)
            except custom_fields.NotAValue as refused:
                self.add_error(name, CUSTOM_FAULTS[refused.code])

    def _custom(self) -> dict[str, Any]:
        """What is kept by key; the values of fields that are not asked stay as they are."""
        kept = dict(self.instance.custom or {})
        for field in self.custom:
            value = self.cleaned_data[f"custom_{field.key}"]
            if value is None:
                kept.pop(field.key, None)
            else:
                kept[field.key] = value
        return kept

    def values(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.instance.pk and not own["reference"]:
            del own["reference"]
        return own | {
            "tags": self.cleaned_data["tags"],
            "preferences": self._preferences(),
            "consents": self._consents(),
            "custom": self._custom(),
        }

    def _preferences(self) -> dict[str, Any]:
        kept = dict(self.kept_preferences)
        for key, name in (
            (PREFERRED_CHANNEL, "preferred_channel"),
            (PREFERRED_MOMENT, "preferred_hours"),
        ):
            if self.cleaned_data[name]:
                kept[key] = self.cleaned_data[name]
            else:
                kept.pop(key, None)
        return kept

    def _consents(self) -> dict[str, Any]:
        """An answer that did not change keeps the day and the place where it was given."""
        kept = dict(self.kept_consents)
        for channel in CONSENT_CHANNELS:
            answer = self.cleaned_data[f"consent_{channel}"]
            if answer == _answer(kept.get(channel)):
                continue
            if not answer:
                kept.pop(channel)
                continue
            kept[channel] = {
                "granted": answer == "yes",
                "on": self.today.isoformat(),
                "source": str(_("recueilli par le conseiller")),
            }
        return kept


CUSTOM_FAULTS = {
    "number": _("Un nombre est attendu, comme 12,5."),
    "date": _("Une date est attendue, comme 25/11/2026."),
    "yes_no": _("La réponse est oui ou non."),
    "choice": _("Choisissez dans la liste."),
    "long": _("Ce texte est trop long : 500 caractères au plus."),
}


def custom_field(field: CustomField, kept: Any) -> forms.Field:
    """The field of a form by which people fill in a field of the desk; `kept` is its value."""
    common: dict[str, Any] = {"label": field.label, "required": False, "help_text": field.hint}
    if field.kind == CustomField.Kind.YES_NO:
        return forms.ChoiceField(
            choices=[("", "—"), ("oui", _("oui")), ("non", _("non"))], **common
        )
    if field.kind == CustomField.Kind.CHOICE:
        offered = [*field.choices, *([kept] if kept and kept not in field.choices else [])]
        return forms.ChoiceField(choices=[("", "—"), *((text, text) for text in offered)], **common)
    widgets: dict[str, forms.Widget] = {
        CustomField.Kind.DATE: forms.DateInput(attrs={"type": "date"}),
        CustomField.Kind.NUMBER: forms.TextInput(attrs={"inputmode": "decimal"}),
    }
    return forms.CharField(widget=widgets.get(field.kind), max_length=500, **common)


def _typed(kept: Any) -> str:
    if isinstance(kept, bool):
        return "oui" if kept else "non"
    return "" if kept is None else str(kept)


def _answer(kept: Any) -> str:
    granted = kept.get("granted") if isinstance(kept, dict) else kept
    return {True: "yes", False: "no"}.get(granted, "") if isinstance(granted, bool) else ""


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoteForm(forms.Form):
    """A note; what says too much of a person is shown once before it is kept (G-06)."""

    body = forms.CharField(
        label=_("Ajouter une note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("La note est vide.")},
    )
    kept_anyway = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def excesses(self) -> list[Excess]:
        """What to think over first; nothing once the same text was confirmed."""
        body = str(self.cleaned_data.get("body", ""))
        found = excesses(body)
        if self.cleaned_data.get("kept_anyway") == fingerprint(body):
            return []
        return found


def fingerprint(body: str) -> str:
    """Of the very text that was confirmed: another one is looked at again."""
    return sha256(body.strip().encode()).hexdigest()


class TimelineForm(forms.Form):
    """What is asked of a history besides kind and channel; what is no date sets no bound."""

    texte = forms.CharField(label=_("Chercher dans l’historique"), required=False, max_length=120)
    du = forms.DateField(label=_("Du"), required=False, widget=DAY)
    au = forms.DateField(label=_("Au"), required=False, widget=DAY)

    def text(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("texte", ""))

    def period(self) -> queries.Period:
        self.is_valid()
        return queries.Period(self.cleaned_data.get("du"), self.cleaned_data.get("au"))


def api_data(kept: Customer, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the form would have received had a person typed `given` over the kept record.

    `consents` says yes or no for a channel; the other channels stay as they are.
    """
    typed = {name: getattr(kept, name) for name in CustomerForm.Meta.fields} | dict(given)
    own: Mapping[str, Any] = (kept.custom or {}) | typed.pop("custom", {})
    agreed: Mapping[str, bool] = given.get("consents", {})
    answers = {
        f"consent_{channel}": {True: "yes", False: "no"}[agreed[channel]]
        if channel in agreed
        else _answer(kept.consents.get(channel))
        for channel in CONSENT_CHANNELS
    }
    return {
        **{name: "" if value is None else value for name, value in typed.items()},
        "tags": ", ".join(map(str, given.get("tags", kept.tags))),
        "preferred_channel": kept.preferences.get(PREFERRED_CHANNEL, ""),
        "preferred_hours": kept.preferences.get(PREFERRED_MOMENT, ""),
        **answers,
        **{f"custom_{key}": _typed(value) for key, value in own.items()},
    }
