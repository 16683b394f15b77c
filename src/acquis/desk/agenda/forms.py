from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.agenda import queries
from acquis.desk.agenda.models import Appointment, Resource
from acquis.desk.agenda.policy import PARIS, HoursInvalid, Span, parsed

LENGTHS = [(15, "15 min"), (30, "30 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30"),
           (120, "2 h"), (180, "3 h"), (240, "4 h"), (480, "8 h")]  # fmt: skip


class SlotForm(forms.Form):
    """Where and when: for a new appointment, and for one that moves."""

    resource = forms.ModelChoiceField(label=_("Qui ou quoi"), queryset=Resource.objects.none())
    day = forms.DateField(
        label=_("Jour"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=_("Heure"),
        widget=forms.TimeInput(attrs={"type": "time", "step": 900}, format="%H:%M"),
    )
    minutes = forms.TypedChoiceField(label=_("Durée"), choices=LENGTHS, coerce=int, initial=60)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["resource"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = queries.resources(workspace)

    def span(self) -> Span:
        """Only on a valid form."""
        given = self.cleaned_data
        start = datetime.combine(given["day"], given["begins"], PARIS)
        return Span(start, start + timedelta(minutes=given["minutes"]))


class AppointmentForm(SlotForm):
    title = forms.CharField(label=_("Objet"), max_length=200)
    kind = forms.ChoiceField(label=_("Nature"), choices=Appointment.Kind.choices)
    place = forms.CharField(label=_("Lieu"), max_length=300, required=False)


class ResourceForm(forms.Form):
    name = forms.CharField(label=_("Nom"), max_length=120)
    kind = forms.ChoiceField(label=_("Nature"), choices=Resource.Kind.choices)
    weekdays = forms.CharField(
        label=_("Horaire du lundi au vendredi"), max_length=80, initial="9:00-12:30, 13:30-18:00"
    )
    visits = forms.BooleanField(label=_("Fait des interventions chez les clients"), required=False)

    def clean_weekdays(self) -> dict[str, list[str]]:
        try:
            spans = parsed(self.cleaned_data["weekdays"])
        except HoursInvalid as error:
            raise forms.ValidationError(
                _("« %(text)s » n’est pas un horaire."), params={"text": str(error)}
            ) from error
        written = [f"{start:%H:%M}-{end:%H:%M}" for start, end in spans]
        return {str(day): written for day in range(5)}

    def values(self) -> dict[str, Any]:
        """As `keep_resource` takes them; only on a valid form."""
        given = self.cleaned_data
        return {name: given[name] for name in ("name", "kind", "visits")} | {
            "hours": given["weekdays"]
        }
