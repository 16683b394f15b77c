from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.agenda.policy import HoursInvalid, hours_of, parsed
from acquis.desk.conversations import queries as conversations
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.desk.queues import queries
from acquis.desk.queues.models import (
    HIGHEST_PRIORITY,
    LONGEST_OFFER,
    LOWEST_PRIORITY,
    SHORTEST_OFFER,
    AdviserSkill,
    Presence,
    Queue,
)
from acquis.desk.queues.presentation import CHOSEN_STATES
from acquis.desk.queues.team_times import LONGEST_DAYS

if TYPE_CHECKING:
    QueueModelForm = forms.ModelForm[Queue]
else:
    QueueModelForm = forms.ModelForm

WEEKDAYS = (
    _("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"),
)  # fmt: skip
LONGEST_NOTE = 2000
# Left empty, they are what a new queue has.
DEFAULTED = ("offer_seconds", "overflow_rounds", "overflow_seconds")


class DaysField(forms.CharField):
    """Days typed one a line or between commas, as 24/12/2026; gives ISO days in order."""

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        day = forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d"])
        parts = [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
        return sorted({day.clean(part).isoformat() for part in parts})


class QueueForm(QueueModelForm):
    channels = forms.MultipleChoiceField(
        label=_("Canaux servis"),
        choices=Conversation.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    closures = DaysField(
        label=_("Fermetures exceptionnelles"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Une date par ligne, par exemple 24/12/2026. Les jours fériés sont connus."),
    )

    codes = forms.MultipleChoiceField(
        label=_("Motifs et résultats qui qualifient ses contacts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : tous ceux du poste."),
    )

    class Meta:
        model = Queue
        fields = (
            "name", "key", "channels", "priority", "skill", "target_seconds", "target_percent",
            "short_abandon_seconds", "wrapup_seconds", "offer_seconds", "opens_by_itself",
            "overflow_rounds", "overflow_seconds", "overflow_queue",
        )  # fmt: skip
        labels = {
            "priority": _("Priorité"),
            "target_seconds": _("Répondre en moins de (secondes)"),
            "target_percent": _("… pour ce pourcentage de contacts"),
            "short_abandon_seconds": _("Abandon court en deçà de (secondes)"),
            "wrapup_seconds": _("Durée visée de la qualification (secondes)"),
            "offer_seconds": _("Temps pour répondre à une proposition (secondes)"),
            "opens_by_itself": _("Suivant sans clic"),
            "overflow_rounds": _("Débordement après tant de propositions sans réponse"),
            "overflow_seconds": _("Débordement après tant de secondes d’attente"),
            "overflow_queue": _("Débordement vers la file"),
        }
        help_texts = {
            "priority": _("De 1 (d’abord) à 9 (en dernier)."),
            "skill": _("Laissez vide si chacun peut prendre ces contacts."),
            "key": _("Laissez vide pour le tirer du nom."),
            "offer_seconds": _("De 5 à 600. 0 : chacun prend lui-même ce qui attend."),
            "opens_by_itself": _(
                "Le contact proposé s’ouvre tout seul après la qualification du précédent, sauf pour "
                "qui y renonce. Un appel est alors décroché sans geste."
            ),
            "overflow_rounds": _("0 : jamais pour cette raison."),
            "overflow_seconds": _("0 : jamais pour cette raison."),
            "overflow_queue": _("Vide : à tout le poste, quelles que soient les compétences."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        self.fields["priority"] = forms.IntegerField(
            label=_("Priorité"),
            min_value=HIGHEST_PRIORITY,
            max_value=LOWEST_PRIORITY,
            initial=self.instance.priority,
            help_text=self.fields["priority"].help_text,
        )
        percent = self.fields["target_percent"]
        self.fields["target_percent"] = forms.IntegerField(
            label=percent.label, min_value=1, max_value=100, initial=self.instance.target_percent
        )
        codes = self.fields["codes"]
        assert isinstance(codes, forms.MultipleChoiceField)  # noqa: S101  declared so above
        codes.choices = [
            (f"{kind}:{code.code}", f"{kind.label} · {code.code} · {code.label}")
            for kind in ContactCode.Kind
            for code in conversations.codes(self.instance.workspace, kind)
        ]
        self.initial["codes"] = [f"{kind}:{code}" for kind, code in self.instance.codes]
        for defaulted in DEFAULTED:
            self.fields[defaulted].required = False
        overflow = self.fields["overflow_queue"]
        assert isinstance(overflow, forms.ModelChoiceField)  # noqa: S101  declared so above
        others = queries.of_workspace(self.instance.workspace)
        overflow.queryset = others.exclude(pk=self.instance.pk)
        overflow.empty_label = "—"
        self.initial["closures"] = "\n".join(self.instance.closures)
        spans = hours_of(self.instance.hours).as_data()
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = forms.CharField(
                label=name, required=False, initial=", ".join(spans.get(str(number), ()))
            )

    def clean_offer_seconds(self) -> int | None:
        seconds: int | None = self.cleaned_data["offer_seconds"]
        if seconds and not SHORTEST_OFFER <= seconds <= LONGEST_OFFER:
            raise forms.ValidationError(_("Choisissez 0, ou de 5 à 600 secondes."))
        return seconds

    def clean_codes(self) -> list[list[str]]:
        return [one.split(":", 1) for one in self.cleaned_data["codes"]]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"day_{number}"] for number in range(len(WEEKDAYS))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        hours: dict[str, list[str]] = {}
        for number in range(len(WEEKDAYS)):
            typed = cleaned.get(f"day_{number}", "")
            try:
                spans = parsed(typed)
            except HoursInvalid as fault:
                self.add_error(
                    f"day_{number}",
                    _("« %(part)s » n’est pas un horaire : écrivez 09:00-12:30, 13:30-18:00.")
                    % {"part": fault},
                )
                continue
            if spans:
                hours[str(number)] = [f"{start:%H:%M}-{end:%H:%M}" for start, end in spans]
        cleaned["hours"] = hours
        for name in DEFAULTED:
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = getattr(Queue(), name)
        cleaned["key"] = cleaned.get("key") or slugify(cleaned.get("name", ""))[:40]
        if not cleaned["key"]:
            self.add_error("key", _("Donnez un code à la file."))
        return cleaned


class PresenceForm(forms.Form):
    state = forms.ChoiceField(choices=[*CHOSEN_STATES, ("away", _("Absent du poste"))])
    reason = forms.ChoiceField(choices=Presence.Reason.choices, required=False)
    takes_next = forms.TypedChoiceField(  # left out: as the queue says
        choices=[("on", "on"), ("off", "off")],
        required=False,
        coerce=lambda value: value == "on",
        empty_value=None,
    )


class SetPresenceForm(forms.Form):
    """What a supervisor decides for somebody, and the words in which they are told."""

    state = forms.ChoiceField(choices=CHOSEN_STATES)
    reason = forms.ChoiceField(choices=Presence.Reason.choices, required=False)
    why = forms.CharField(max_length=200, required=False)


class HandOverForm(forms.Form):
    """Where an exchange goes, and what the next person must know."""

    queue = forms.ModelChoiceField(
        label=_("Vers la file"), queryset=Queue.objects.none(), required=False
    )
    adviser = forms.ChoiceField(label=_("Vers une personne"), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priorité"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("celle de la file")), ("1", _("1 – d’abord")), ("3", _("3 – haute")),
            ("5", _("5 – ordinaire")), ("9", _("9 – en dernier")),
        ],
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note pour qui prendra l’échange"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui a été dit et tenté, ce qui reste à faire. Le client ne la voit pas."),
    )

    def __init__(
        self, *args: Any, workspace: Workspace, people: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101  declared so above
        queue.queryset = queries.of_workspace(workspace)
        queue.empty_label = "—"
        adviser = self.fields["adviser"]
        assert isinstance(adviser, forms.ChoiceField)  # noqa: S101  same
        adviser.choices = [("", "—"), *people]


class PeriodForm(forms.Form):
    """Two days, both included, at most a quarter apart."""

    du = forms.DateField(
        label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    au = forms.DateField(
        label=_("Au"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and last < first:
            self.add_error("au", _("Le dernier jour vient avant le premier."))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("au", _("Choisissez au plus trois mois."))
        return cleaned


class SkillsForm(forms.Form):
    """One line a skill: « Facturation : 3 »; the level is 1 to 3, 2 when it is left out."""

    skills = forms.CharField(
        label=_("Compétences"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une par ligne ; après deux-points, 1 apprend, 2 sait faire, 3 référent."),
    )  # fmt: skip

    def clean_skills(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self.cleaned_data["skills"].splitlines():
            name, _colon, level = line.partition(":")
            if not name.strip():
                continue
            if level.strip() not in {"", "1", "2", "3"} or len(name.strip()) > 60:
                raise forms.ValidationError(
                    _("« %(line)s » : écrivez un nom d’au plus 60 signes, puis : et 1, 2 ou 3.")
                    % {"line": line.strip()}
                )
            found[name.strip()] = int(level.strip() or AdviserSkill.Level.KNOWS)
        return found
