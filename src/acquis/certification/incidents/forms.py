from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import Incident, SessionJuror
from acquis.certification.incidents.queries import IncidentFilter

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_WORDS = forms.Textarea(attrs={"rows": 4})


class SettlementForm(forms.Form):
    effect = forms.ChoiceField(label=_("Effet sur la décision"), choices=Incident.Effect.choices)
    phase = forms.ChoiceField(
        label=_("Partie neutralisée"),
        required=False,
        help_text=_("Seulement pour une épreuve neutralisée."),
    )
    text = forms.CharField(
        label=_("Ce qui a été décidé, et pourquoi"), max_length=2000, widget=_WORDS
    )

    def __init__(self, *args: Any, phases: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["phase"])
        field.choices = [("", gettext("Aucune")), *phases.items()]


class SheetForm(forms.Form):
    jurors = forms.TypedMultipleChoiceField(
        label=_("Jurés présents au débriefing"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    causes = forms.CharField(label=_("Causes"), required=False, max_length=4000, widget=_WORDS)
    measures = forms.CharField(
        label=_("Ce qui a été fait sur le moment"),
        required=False,
        max_length=4000,
        widget=_WORDS,
    )
    jury_words = forms.CharField(
        label=_("Observations du jury"), required=False, max_length=4000, widget=_WORDS
    )

    def __init__(self, *args: Any, members: Iterable[SessionJuror], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.TypedMultipleChoiceField", self.fields["jurors"])
        field.choices = [(str(one.pk), one.juror.full_name) for one in members]


class ActionForm(forms.Form):
    title = forms.CharField(label=_("Action"), max_length=200)
    details = forms.CharField(label=_("Précisions"), required=False, max_length=4000, widget=_WORDS)
    incident = forms.ModelChoiceField(
        label=_("Incident"), queryset=Incident.objects.none(), required=False
    )
    owner = forms.ModelChoiceField(label=_("Responsable"), queryset=User.objects.none())
    due_on = forms.DateField(label=_("À faire avant le"), widget=_DAY)

    def __init__(
        self,
        *args: Any,
        owners: QuerySet[User],
        incidents: QuerySet[Incident],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = owners
        owner.label_from_instance = _name  # type: ignore[method-assign,assignment]
        incident = cast("forms.ModelChoiceField[Incident]", self.fields["incident"])
        incident.queryset = incidents
        incident.empty_label = gettext("Toute la session")
        incident.label_from_instance = _category  # type: ignore[method-assign,assignment]


def _name(user: User) -> str:
    return user.full_name


def _category(one: Incident) -> str:
    return str(one.get_category_display())


class NoteForm(forms.Form):
    """Words that go with an act on an action."""

    prefix = "done"  # several stand on one page
    note = forms.CharField(label=_("Ce qui a été fait"), max_length=2000, widget=_WORDS)


class MoveForm(forms.Form):
    prefix = "move"
    due_on = forms.DateField(label=_("Nouvelle échéance"), widget=_DAY)
    reason = forms.CharField(label=_("Motif"), max_length=500)


class CheckForm(forms.Form):
    prefix = "check"
    effective = forms.ChoiceField(
        label=_("L’action a-t-elle produit son effet ?"),
        choices=[
            ("yes", gettext_lazy("Oui : elle est efficace, l’action est close")),
            ("no", gettext_lazy("Non : elle est reprise")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Constat"), max_length=2000, widget=_WORDS)
    due_on = forms.DateField(
        label=_("Nouvelle échéance"),
        required=False,
        widget=_DAY,
        help_text=_("Pour une action reprise."),
    )


class DropForm(forms.Form):
    prefix = "drop"
    reason = forms.CharField(label=_("Motif de l’abandon"), max_length=500)


class FilterForm(forms.Form):
    """What the address of the list asks for; a day that is none asks for nothing."""

    q = forms.CharField(required=False)
    nature = forms.CharField(required=False)
    effet = forms.CharField(required=False)
    suivi = forms.CharField(required=False)
    du = forms.DateField(required=False)
    au = forms.DateField(required=False)

    def chosen(self) -> IncidentFilter:
        self.is_valid()
        said = self.cleaned_data
        return IncidentFilter(
            text=said.get("q", ""),
            category=said.get("nature", ""),
            effect=said.get("effet", ""),
            settled=said.get("suivi", ""),
            since=said.get("du"),
            until=said.get("au"),
        )
