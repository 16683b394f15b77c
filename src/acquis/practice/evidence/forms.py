from collections.abc import Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from acquis.practice.evidence import policy
from acquis.practice.evidence.actions.attach_moment import MOST_WORDS
from acquis.practice.evidence.places import Place

SHOWN = 70  # characters of an excerpt in the list


class AttachForm(forms.Form):
    """Which criterion, which moment of the file or none, and the juror's words."""

    criterion = forms.ChoiceField(label=_("Critère"))
    ref = forms.ChoiceField(label=_("Moment"), required=False)
    passage_from = forms.CharField(label=_("Du"), required=False, max_length=8)
    passage_to = forms.CharField(label=_("Au"), required=False, max_length=8)
    hour = forms.TimeField(
        label=_("Heure"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    words = forms.CharField(
        label=_("Ce que vous relevez"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facultatif pour un moment du dossier."),
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Sequence[Any], places: Sequence[Place], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sounds = {place.ref for place in places if place.seconds}
        self._choices("criterion", [(one["code"], _line(one)) for one in lines])
        grouped = [
            (group, [(one.ref, _named(one)) for one in rows])
            for group, rows in groupby(places, lambda place: place.group)
        ]
        self._choices("ref", [("", _t("Vu ou entendu, hors du dossier")), *grouped])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """A passage is two positions of a sound; one alone, or one that cannot be read, is told."""
        cleaned = super().clean() or {}
        ends = [cleaned.get("passage_from", ""), cleaned.get("passage_to", "")]
        cleaned["passage"] = None
        if cleaned.get("ref") not in self.sounds or not any(ends):
            return cleaned
        read = [policy.seconds_of(end) for end in ends]
        for name, value in zip(("passage_from", "passage_to"), read, strict=True):
            if value is None:
                self.add_error(name, _t("Écrivez une position comme 1:05."))
        if None not in read:
            cleaned["passage"] = (read[0], read[1])
        return cleaned

    def occurred_at(self, day: datetime) -> datetime | None:
        """The hour typed, on the day of the exam in Paris time."""
        hour: time | None = self.cleaned_data.get("hour")
        if hour is None:
            return None
        return datetime.combine(localtime(day).date(), hour, get_current_timezone())


def _line(line: Any) -> str:
    text = line["text"]
    return f"{line['code']} · {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}"


def _named(place: Place) -> str:
    at = date_format(localtime(place.at), "H:i:s") + " · " if place.at else ""
    text = " ".join(place.excerpt.split())
    cut = f" : {text[:SHOWN]}{'…' if len(text) > SHOWN else ''}" if text else ""
    return f"{at}{place.label}{cut}"
