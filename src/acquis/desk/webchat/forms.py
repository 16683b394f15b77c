from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.conversations import policy as conversations
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.policy import e164
from acquis.desk.queues import queries as queues
from acquis.desk.webchat import policy, slots
from acquis.desk.webchat.models import CallAttempt, Site
from acquis.desk.webchat.presentation import slot_choices

DAYS = (
    _("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"),
)  # fmt: skip
USUAL = "09:00-12:30, 13:30-18:00"
AGAIN = (
    ("15", _("dans 15 minutes")),
    ("60", _("dans une heure")),
    ("180", _("dans trois heures")),
    ("1440", _("demain à la même heure")),
)


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A site: who may hold the widget, how it looks, when people are there."""

    origins_text = forms.CharField(
        label=_("Sites autorisés à porter le chat"),
        help_text=_("Une adresse par ligne : https://www.exemple.fr, sans chemin."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    privacy_url = forms.URLField(
        label=_("Politique de confidentialité"), required=False, assume_scheme="https"
    )

    class Meta:
        model = Site
        fields = [
            "name", "is_active", "greeting", "accent", "theme", "privacy_url", "automatic",
            "queue", "on_holidays", "video_offered", "calls_open", "slot_minutes", "slot_capacity", "slot_lead_minutes",
            "slot_days", "most_attempts",
        ]  # fmt: skip
        help_texts = {
            "queue": _("Les échanges y attendent, et ses horaires remplacent ceux d’ici."),
            "video_offered": _("Le conseiller peut y inviter le visiteur d’un chat."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.instance
        queue = self.fields["queue"]
        if isinstance(queue, forms.ModelChoiceField):
            queue.queryset = queues.serving(workspace, [Conversation.Channel.CHAT], site.queue_id)
            queue.empty_label = _t("celle du canal")
        self.fields["origins_text"].initial = "\n".join(site.origins)
        for day, label in enumerate(DAYS):
            usual = USUAL if site.pk is None and day < 5 else ""
            self.fields[f"day_{day}"] = forms.CharField(
                label=label,
                required=False,
                max_length=80,
                initial=site.hours.get(str(day), usual),
            )
        limits = {
            "slot_minutes": (5, 240),
            "slot_capacity": (1, 500),
            "slot_lead_minutes": (0, 10_080),
            "slot_days": (1, 60),
            "most_attempts": (1, 20),
        }
        for name, (least, most) in limits.items():
            field = self.fields[name]
            if isinstance(field, forms.IntegerField):
                field.min_value, field.max_value = least, most
                field.widget.attrs.update(min=least, max=most)
                field.validators += [
                    MinValueValidator(least),
                    MaxValueValidator(most),
                ]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in range(len(DAYS))]

    def clean_origins_text(self) -> list[str]:
        found = []
        for line in self.cleaned_data["origins_text"].split():
            try:
                found.append(policy.origin(line))
            except ValueError:
                self.add_error(
                    "origins_text",
                    _t("« %(origin)s » n’est pas l’adresse d’un site en https.") % {"origin": line},
                )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        hours = {}
        for day in range(len(DAYS)):
            try:
                read = slots.spans(cleaned.get(f"day_{day}", ""))
            except ValueError:
                self.add_error(f"day_{day}", _t("Écrivez par exemple « 9:00-12:30, 13:30-18:00 »."))
                continue
            if read:
                hours[str(day)] = slots.said(read)
        cleaned["hours"] = hours
        return cleaned

    def values(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return kept | {
            "origins": self.cleaned_data["origins_text"],
            "hours": self.cleaned_data["hours"],
        }


class CallBackForm(forms.Form):
    """Who asks to be called, about what, and when."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Indiquez votre nom.")},
    )
    phone = forms.CharField(
        label=_("Votre numéro de téléphone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Indiquez le numéro où vous rappeler.")},
    )
    subject = forms.CharField(
        label=_("De quoi voulez-vous parler ?"),
        max_length=200,
        error_messages={"required": _("Dites en quelques mots ce dont vous voulez parler.")},
    )
    slot = forms.ChoiceField(
        label=_("Quand vous rappeler ?"),
        help_text=_("Heures de Paris."),
        error_messages={
            "required": _("Choisissez un créneau."),
            "invalid_choice": _("Ce créneau n’est plus libre : choisissez-en un autre."),
        },
    )
    client_key = forms.CharField(max_length=conversations.LONGEST_KEY, widget=forms.HiddenInput)

    def __init__(self, *args: Any, free: Iterable[slots.Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["slot"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choisissez un créneau")), *slot_choices(free)]

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if e164(typed) is None:
            raise forms.ValidationError(
                _t("Ce n’est pas un numéro de téléphone : 06 12 34 56 78, +32 2 555 12 12.")
            )
        return typed

    def slot_start(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["slot"])


class AttemptForm(forms.Form):
    """What came of a call."""

    result = forms.ChoiceField(
        label=_("Résultat"), choices=CallAttempt.Result.choices, widget=forms.RadioSelect
    )
    again_in = forms.ChoiceField(label=_("Sinon, rappeler"), choices=AGAIN, initial="60")
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
