"""What a desk decides once for all its cases: lists, hours, delays, authority."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.agenda.policy import HoursInvalid, parsed
from acquis.desk.cases import queries
from acquis.desk.cases.forms.fields import money, offer, text
from acquis.desk.cases.models import (
    AuthorityRule,
    CaseCode,
)
from acquis.desk.cases.policy.deadlines import LEVELS, MATRIX, PRIORITIES
from acquis.desk.cases.policy.satisfaction import VALID_DAYS
from acquis.desk.cases.rules import Rules

DAYS = [
    _("Lundi"),
    _("Mardi"),
    _("Mercredi"),
    _("Jeudi"),
    _("Vendredi"),
    _("Samedi"),
    _("Dimanche"),
]
LATEST_SURVEY_MINUTES = 7 * 24 * 60  # a week: later, nobody remembers


class CodeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Liste"), choices=CaseCode.Kind.choices)
    parent = forms.ModelChoiceField(
        label=_("Sous"),
        queryset=CaseCode.objects.none(),
        required=False,
        empty_label=_("premier niveau"),
    )
    label = forms.CharField(label=_("Libellé"), max_length=120)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.codes(workspace, CaseCode.Kind.REASON).filter(parent__isnull=True)
        offer(self, "parent", rows)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == CaseCode.Kind.SYMPTOM:
            values["parent"] = None  # symptoms are a flat list
        return values


class RulesForm(forms.Form):
    """Hours, matrix, delays; each cell a field, so that the page works without JavaScript."""

    reopen_days = forms.IntegerField(
        label=_("Réouverture possible pendant (jours)"), min_value=0, max_value=365
    )
    acknowledge_days = forms.IntegerField(
        label=_("Accusé de réception d’une réclamation (jours ouvrés)"), min_value=1, max_value=30
    )
    answer_days = forms.IntegerField(
        label=_("Réponse à une réclamation (jours ouvrés)"), min_value=1, max_value=60
    )
    recurrence_count = forms.IntegerField(
        label=_("Alerte à partir de (demandes du même produit et symptôme)"),
        min_value=0,
        max_value=1000,
    )
    recurrence_days = forms.IntegerField(
        label=_("Sur une période de (jours)"), min_value=1, max_value=365
    )
    survey_on = forms.BooleanField(
        label=_("Envoyer au client une question de satisfaction, sur demande du conseiller"),
        required=False,
    )
    survey_days = forms.IntegerField(
        label=_("Le lien de la question reste ouvert (jours)"),
        min_value=1,
        max_value=365,
        required=False,
    )
    survey_text = text(_("Texte qui précède le lien"), 3, required=False)
    survey_delay_minutes = forms.IntegerField(
        label=_("La question part après la clôture (minutes)"),
        min_value=0,
        max_value=LATEST_SURVEY_MINUTES,
        required=False,
        help_text=_("60 : une heure après. 0 ou vide : tout de suite."),
    )

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        written = rules.hours.as_data()
        initial: dict[str, Any] = {
            name: getattr(rules, name)
            for name in ("reopen_days", "acknowledge_days", "answer_days", "recurrence_count",
                         "recurrence_days", "survey_on", "survey_days", "survey_text")
        }  # fmt: skip
        initial["survey_delay_minutes"] = int(rules.survey_delay.total_seconds() // 60)
        super().__init__(data, initial=initial)
        for day, name_of_day in enumerate(DAYS):
            self.fields[f"day_{day}"] = forms.CharField(
                label=name_of_day,
                required=False,
                max_length=80,
                initial=", ".join(written.get(str(day), [])),
            )
        for key in MATRIX:
            urgency, impact = key.split("-")
            self.fields[f"cell_{urgency}_{impact}"] = forms.TypedChoiceField(
                label=gettext("Urgence %(urgency)s, impact %(impact)s")
                % {"urgency": urgency, "impact": impact},
                choices=[(one, str(one)) for one in PRIORITIES],
                coerce=int,
                initial=rules.matrix[key],
            )
        for priority in PRIORITIES:
            for name, label, index in (
                ("first", gettext("Priorité %(rank)s, première réponse (minutes ouvertes)"), 0),
                ("resolution", gettext("Priorité %(rank)s, résolution (minutes ouvertes)"), 1),
            ):
                self.fields[f"{name}_{priority}"] = forms.IntegerField(
                    label=label % {"rank": priority},
                    min_value=1,
                    max_value=60_000,
                    initial=rules.targets[str(priority)][index],
                )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for day in range(7):
            try:
                parsed(values.get(f"day_{day}", ""))
            except HoursInvalid as error:
                self.add_error(
                    f"day_{day}",
                    gettext("« %(text)s » n’est pas un horaire : écrivez 9:00-12:30, 13:30-18:00.")
                    % {"text": error},
                )
        return values

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(7)]

    @property
    def matrix_rows(self) -> list[tuple[int, list[Any]]]:
        return [(row, [self[f"cell_{row}_{column}"] for column in LEVELS]) for row in LEVELS]

    @property
    def target_rows(self) -> list[tuple[int, Any, Any]]:
        return [(rank, self[f"first_{rank}"], self[f"resolution_{rank}"]) for rank in PRIORITIES]

    def values(self) -> dict[str, Any]:
        """As `change_rules` takes them; only on a valid form."""
        given = self.cleaned_data
        days = {
            str(day): [f"{start:%H:%M}-{end:%H:%M}" for start, end in parsed(given[f"day_{day}"])]
            for day in range(7)
        }
        plain = ("reopen_days", "acknowledge_days", "answer_days", "recurrence_count",
                 "recurrence_days")  # fmt: skip
        return {name: given[name] for name in plain} | {
            "survey_on": given["survey_on"],
            "survey_days": given["survey_days"] or VALID_DAYS,
            "survey_text": given["survey_text"].strip(),
            "survey_delay_minutes": given["survey_delay_minutes"] or 0,
            "hours": {day: spans for day, spans in days.items() if spans},
            "matrix": {key: given["cell_" + key.replace("-", "_")] for key in MATRIX},
            "targets": {
                str(rank): [given[f"first_{rank}"], given[f"resolution_{rank}"]]
                for rank in PRIORITIES
            },
        }


class AuthorityForm(forms.Form):
    """The authority matrix, a row a gesture."""

    COLUMNS = (
        ("adviser_amount", _("conseiller, €")),
        ("adviser_percent", _("conseiller, % de la commande")),
        ("supervisor_amount", _("superviseur, €")),
        ("supervisor_percent", _("superviseur, % de la commande")),
    )

    def __init__(self, data: Any = None, *, rows: list[AuthorityRule]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            for name, label in self.COLUMNS:
                self.fields[f"{row.gesture}_{name}"] = money(
                    f"{row.get_gesture_display()} : {label}",
                    required=False,
                    initial=getattr(row, name),
                )

    @property
    def groups(self) -> list[tuple[AuthorityRule, list[Any]]]:
        return [
            (row, [self[f"{row.gesture}_{name}"] for name, _label in self.COLUMNS])
            for row in self.rows
        ]

    def values(self) -> dict[str, dict[str, Any]]:
        return {
            row.gesture: {
                name: self.cleaned_data[f"{row.gesture}_{name}"] for name, _label in self.COLUMNS
            }
            for row in self.rows
        }
