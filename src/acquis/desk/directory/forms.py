from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.fr import siren as siren_numbers

from acquis.desk.directory import policy, queries
from acquis.desk.directory.models import Customer
from acquis.desk.directory.presentation import CONSENT_CHANNELS
from acquis.desk.directory.rooms import situations

CONSENT_ANSWERS = [("", _("non recueilli")), ("yes", _("oui")), ("no", _("non"))]
TITLES = ["", "M.", "Mme"]
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
            "email",
            "phone",
            "phone_alt",
            "address_1",
            "address_2",
            "postcode",
            "city",
            "country",
            "birth_year",
            "segment",
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
            "address_2": _("Complément d'adresse"),
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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
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
                    "« %(typed)s » n'est pas un numéro de téléphone : dix chiffres en France, "
                    "ou l'indicatif du pays précédé de « + »."
                ),
                params={"typed": typed},
            )
        return number

    def clean_siren(self) -> str:
        typed = policy.digits(str(self.cleaned_data["siren"]))
        if typed and not siren_numbers.is_valid(typed):
            raise forms.ValidationError(
                _("Ce SIREN n'existe pas : neuf chiffres, dont le dernier est une clé.")
            )
        return typed

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not FIRST_YEAR <= year <= self.today.year:
            raise forms.ValidationError(
                _("L'année de naissance va de %(first)s à %(last)s."),
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
        since = cleaned.get("customer_since")
        if since and since > self.today:
            self.add_error("customer_since", _("Cette date est dans l'avenir."))
        return cleaned

    def values(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.instance.pk and not own["reference"]:
            del own["reference"]
        return own | {
            "tags": self.cleaned_data["tags"],
            "preferences": self._preferences(),
            "consents": self._consents(),
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


def _answer(kept: Any) -> str:
    granted = kept.get("granted") if isinstance(kept, dict) else kept
    return {True: "yes", False: "no"}.get(granted, "") if isinstance(granted, bool) else ""


class NoteForm(forms.Form):
    body = forms.CharField(
        label=_("Ajouter une note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("La note est vide.")},
    )


class SearchForm(forms.Form):
    """What is asked of the list of customers; a value that is not offered is ignored."""

    q = forms.CharField(label=_("Rechercher un client"), required=False, max_length=120)
    type = forms.ChoiceField(label=_("Type"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    situation = forms.ChoiceField(label=_("Situation"), required=False)
    cp = forms.CharField(label=_("Code postal"), required=False, max_length=10)

    def __init__(self, *args: Any, segments: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, list[tuple[str, Any]]] = {
            "type": [("", _("Tous les types")), *Customer.Kind.choices],
            "segment": [("", _("Tous les segments")), *((name, name) for name in segments)],
            "situation": [
                ("", _("Toutes les situations")),
                *((key, situation.label) for key, situation in situations().items()),
            ],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        self.fields["q"].widget.attrs |= {"type": "search", "autocomplete": "off"}

    def typed(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    def filters(self) -> queries.Filters:
        self.is_valid()
        kept = self.cleaned_data
        return queries.Filters(
            kind=kept.get("type", ""),
            segment=kept.get("segment", ""),
            area=policy.digits(kept.get("cp", "")),
            situation=kept.get("situation", ""),
        )


def api_data(kept: Customer, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the form would have received had a person typed `given` over the kept record.

    `consents` says yes or no for a channel; the other channels stay as they are.
    """
    typed = {name: getattr(kept, name) for name in CustomerForm.Meta.fields} | dict(given)
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
    }
