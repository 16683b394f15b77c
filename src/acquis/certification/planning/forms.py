from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.certification.exam_sessions.forms import ExamForm
from acquis.certification.planning.actions import PlanData
from acquis.certification.planning.models import PlanDay, PlanJuror, PlanRoom, SeasonPlan
from acquis.certification.planning.problem import Panel, Placed

_DAY = {"type": "date"}
_TIME = {"type": "time", "step": "300"}
WEEKDAYS = [
    ("0", _("lundi")),
    ("1", _("mardi")),
    ("2", _("mercredi")),
    ("3", _("jeudi")),
    ("4", _("vendredi")),
    ("5", _("samedi")),
]
MOST_DAYS = 60


class PlanForm(ExamForm):
    name = forms.CharField(
        label=_("Nom du plan"), max_length=120, help_text=_("Par exemple : Session de mars 2027.")
    )
    jury_size = forms.IntegerField(
        label=_("Membres d’un jury"),
        min_value=2,
        max_value=5,
        initial=2,
        help_text=_("Deux au moins, dont la moitié d’extérieurs au centre."),
    )
    speciality = forms.CharField(
        label=_("Spécialité d’un des membres"),
        max_length=80,
        required=False,
        help_text=_("Par exemple « rétention », que le CCP2 du CRCD demande."),
    )
    marking_minutes = forms.IntegerField(
        label=_("Correction de l’écrit (minutes)"),
        min_value=0,
        max_value=120,
        initial=15,
        help_text=_("Par candidat, avant l’entretien où le jury s’en sert."),
    )
    briefing_minutes = forms.IntegerField(
        label=_("Réunion du jury (minutes)"),
        min_value=0,
        max_value=180,
        initial=30,
        help_text=_("Chaque jour, avant le premier candidat ou la première copie."),
    )
    turnover_minutes = forms.IntegerField(
        label=_("Entre deux candidats (minutes)"), min_value=0, max_value=60, initial=5
    )
    most_a_day = forms.IntegerField(
        label=_("Candidats par jury et par jour, au plus"),
        min_value=1,
        max_value=20,
        required=False,
        help_text=_("Laissez vide : autant que la journée en permet."),
    )

    field_order = ("name",)

    def data_for_action(self) -> PlanData:
        data = self.cleaned_data
        return PlanData(
            name=data["name"].strip(),
            place=data["place"],
            address=data["address"],
            enterprise_id=self.chosen_enterprise(),
            jury_size=data["jury_size"],
            speciality=data["speciality"].strip(),
            marking_minutes=data["marking_minutes"],
            briefing_minutes=data["briefing_minutes"],
            turnover_minutes=data["turnover_minutes"],
            most_a_day=data["most_a_day"],
        )


def initial_of(plan: SeasonPlan) -> dict[str, Any]:
    """The form as the plan stands."""
    names = (
        "name",
        "place",
        "address",
        "jury_size",
        "speciality",
        "marking_minutes",
        "briefing_minutes",
        "turnover_minutes",
        "most_a_day",
    )
    return {name: getattr(plan, name) for name in names} | {
        "enterprise": str(plan.enterprise_id or ""),
    }


class RoomForm(forms.Form):
    name = forms.CharField(label=_("Nom de la salle"), max_length=100)
    kind = forms.ChoiceField(label=_("Usage"), choices=PlanRoom.Kind.choices)
    workstations = forms.IntegerField(
        label=_("Postes"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=_("Pour une salle d’écrit et de préparation."),
    )
    is_confidential = forms.BooleanField(
        label=_("Fermée et confidentielle : on n’y entend rien du dehors, ni l’inverse"),
        required=False,
        initial=True,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hears = data.get("kind") == PlanRoom.Kind.JURY
        if hears and not data.get("is_confidential"):
            self.add_error("is_confidential", gettext("Une salle de jury est confidentielle."))
        if hears:
            data["workstations"] = 0
        elif not data.get("workstations"):
            self.add_error("workstations", gettext("Indiquez le nombre de postes."))
        return data


class DaysForm(forms.Form):
    """A stretch of days with the same hours; times of day, as `time`."""

    first = forms.DateField(label=_("Du"), widget=forms.DateInput(attrs=_DAY))
    last = forms.DateField(
        label=_("Au"),
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text=_("Laissez vide pour un seul jour."),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Jours de la semaine"),
        choices=WEEKDAYS,
        initial=["0", "1", "2", "3", "4"],
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(
        label=_("Ouverture"), initial="08:30", widget=forms.TimeInput(attrs=_TIME)
    )
    closes = forms.TimeField(
        label=_("Fermeture"), initial="18:30", widget=forms.TimeInput(attrs=_TIME)
    )
    pause_from = forms.TimeField(
        label=_("Pause, de"),
        required=False,
        initial="12:30",
        widget=forms.TimeInput(attrs=_TIME),
    )
    pause_to = forms.TimeField(
        label=_("Pause, jusqu’à"),
        required=False,
        initial="13:30",
        widget=forms.TimeInput(attrs=_TIME),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last") or data.get("first")
        if first and last and last < first:
            self.add_error("last", gettext("La fin est avant le début."))
        elif first and last and (last - first).days > 366:
            self.add_error("last", gettext("Un plan couvre un an au plus."))
        elif first and last and "weekdays" in data:
            self.dates = _dates(first, last, {int(one) for one in data["weekdays"]})
            if not self.dates:
                self.add_error("weekdays", gettext("Aucun de ces jours n’est dans la période."))
            elif len(self.dates) > MOST_DAYS:
                self.add_error("last", gettext("Soixante jours au plus à la fois."))
        if bool(data.get("pause_from")) != bool(data.get("pause_to")):
            self.add_error("pause_to", gettext("Une pause a un début et une fin."))
        return data

    def pauses(self) -> list[tuple[int, int]]:
        data = self.cleaned_data
        if not data["pause_from"]:
            return []
        return [(minutes(data["pause_from"]), minutes(data["pause_to"]))]


def _dates(first: date, last: date, weekdays: set[int]) -> list[date]:
    span = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return [day for day in span if day.weekday() in weekdays]


def minutes(at: Any) -> int:
    """A time of day in minutes from midnight."""
    return int(at.hour) * 60 + int(at.minute)


class MoveForm(forms.Form):
    """Another day, jury or hour for one candidate."""

    day = forms.ChoiceField(label=_("Jour"))
    jury = forms.TypedChoiceField(label=_("Jury"), coerce=int)
    together_at = forms.TimeField(
        label=_("Début de l’écrit"), widget=forms.TimeInput(attrs=_TIME, format="%H:%M")
    )
    alone_at = forms.TimeField(
        label=_("Début du passage"), widget=forms.TimeInput(attrs=_TIME, format="%H:%M")
    )

    def __init__(
        self,
        *args: Any,
        days: Sequence[PlanDay],
        juries: Iterable[Panel],
        placed: Placed,
    ) -> None:
        super().__init__(*args)
        self.initial = {
            "day": days[placed.day].on.isoformat(),
            "jury": placed.panel,
            "alone_at": clock_time(placed.alone_at),
        }
        self._days = {day.on.isoformat(): day for day in days}
        day = cast("forms.ChoiceField", self.fields["day"])
        day.choices = [(key, date_format(one.on, "l j F")) for key, one in self._days.items()]
        jury = cast("forms.ChoiceField", self.fields["jury"])
        jury.choices = [(str(one.key), gettext("Jury %(n)s") % {"n": one.key}) for one in juries]
        if placed.together_at is None:
            del self.fields["together_at"]
        else:
            self.initial["together_at"] = clock_time(placed.together_at)

    def clean_day(self) -> PlanDay:
        return self._days[self.cleaned_data["day"]]


def clock_time(at: int) -> time:
    """Minutes from midnight as a time of day."""
    return time(at // 60, at % 60)


class AbsenceForm(forms.Form):
    """A juror who cannot come one day."""

    juror = forms.ChoiceField(label=_("Juré absent"))
    day = forms.ChoiceField(label=_("Jour de l’absence"))

    def __init__(
        self, *args: Any, jurors: Iterable[PlanJuror], days: Iterable[PlanDay], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._jurors = {str(one.pk): one for one in jurors}
        self._days = {one.on.isoformat(): one for one in days}
        juror = cast("forms.ChoiceField", self.fields["juror"])
        juror.choices = [(key, one.juror.full_name) for key, one in self._jurors.items()]
        day = cast("forms.ChoiceField", self.fields["day"])
        day.choices = [(key, date_format(one.on, "l j F")) for key, one in self._days.items()]

    def clean_juror(self) -> PlanJuror:
        return self._jurors[self.cleaned_data["juror"]]

    def clean_day(self) -> PlanDay:
        return self._days[self.cleaned_data["day"]]
