from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.phone import queries
from acquis.desk.phone.errors import NumberTaken
from acquis.desk.phone.models import Line
from acquis.desk.queues import queries as queues

LONGEST_OFFER = 60_000  # signs; a browser's has about 5,000, with pictures 20,000


class OfferForm(forms.Form):
    """What a browser proposes to bring its sound in (SDP)."""

    sdp = forms.CharField(max_length=LONGEST_OFFER, strip=False)


class CallerForm(forms.Form):
    """How a caller presents themself; nothing of it is verified."""

    name = forms.CharField(
        label=_("Votre nom"),
        max_length=120,
        error_messages={"required": _("Dites-nous à qui nous parlerons.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=_("Votre numéro de téléphone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    subject = forms.CharField(label=_("L’objet de votre appel"), required=False, max_length=200)


class DialForm(forms.Form):
    """A number to call, of a customer's record or typed."""

    number = forms.CharField(
        label=_("Numéro à appeler"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Donnez le numéro à appeler.")},
    )


class DeleteForm(forms.Form):
    why = forms.CharField(
        label=_("Raison de la suppression"),
        max_length=200,
        error_messages={"required": _("Dites pourquoi l’enregistrement est supprimé.")},
    )


if TYPE_CHECKING:
    _LineForm = forms.ModelForm[Line]
else:
    _LineForm = forms.ModelForm


class LineForm(_LineForm):
    class Meta:
        model = Line
        fields = (
            "number", "public", "queue", "ring_seconds", "voicemail", "recording_percent",
            "recording_purpose",
        )  # fmt: skip
        help_texts = {
            "number": _(
                "Les appels à ce numéro sonnent sur ce poste ; ceux du poste partent par lui."
            ),
            "queue": _(
                "Les appels y attendent. En dehors de ses horaires, la personne peut laisser un "
                "message aussitôt."
            ),
            "public": _(
                "Toute personne qui a l’adresse peut appeler ce poste depuis un navigateur."
            ),
            "ring_seconds": _(
                "En secondes, de 5 à 120. Ensuite, la personne peut laisser un message."
            ),
            "recording_percent": _(
                "En pourcentage, 0 pour aucun. Un enregistrement permanent de tous les appels "
                "n’est en principe pas permis."
            ),
            "recording_purpose": _(
                "Dite à la personne au téléphone : « la formation de nos équipes »."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        if isinstance(queue, forms.ModelChoiceField):
            line = self.instance
            queue.queryset = queues.serving(
                line.workspace, [Conversation.Channel.PHONE], line.queue_id
            )
            queue.empty_label = str(_("celle du canal"))
        numbers = queries.numbers_for(self.instance.workspace)
        if numbers or self.instance.number:
            kept = dict.fromkeys([*numbers, *filter(None, [self.instance.number])])
            choices = [("", _("Aucun")), *((one, spoken_phone(one)) for one in kept)]
            known = self.fields["number"]
            self.fields["number"] = forms.ChoiceField(
                label=known.label, help_text=known.help_text, choices=choices, required=False
            )
        else:
            del self.fields["number"]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if queries.is_taken(number, by_other_than=self.instance.workspace):
            raise forms.ValidationError(NumberTaken.message)
        return number

    def clean_ring_seconds(self) -> int:
        seconds: int = self.cleaned_data["ring_seconds"]
        if not 5 <= seconds <= 120:
            raise forms.ValidationError(_("Choisissez de 5 à 120 secondes."))
        return seconds

    def clean_recording_percent(self) -> int:
        percent: int = self.cleaned_data["recording_percent"]
        if percent > 100:
            raise forms.ValidationError(_("Choisissez de 0 à 100."))
        return percent

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("recording_percent") and not values.get("recording_purpose"):
            self.add_error(
                "recording_purpose",
                _("Dites à quoi serviront les enregistrements : les personnes l’entendront."),
            )
        return values
