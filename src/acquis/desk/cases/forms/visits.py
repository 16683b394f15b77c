"""Forms of interventions on the spot, and of alerts that are taken up."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.agenda.models import Resource
from acquis.desk.agenda.policy import Span
from acquis.desk.cases.forms.fields import text
from acquis.desk.cases.models import (
    Case,
    Intervention,
)


class VisitForm(forms.Form):
    """One of the free slots offered, and what is to be done there."""

    slot = forms.ChoiceField(label=_("Créneau"))
    instructions = text(_("À faire sur place"), 3)

    def __init__(self, data: Any = None, *, slots: list[tuple[Resource, Span]]) -> None:
        super().__init__(data)
        self.offered = {f"{who.pk}@{span.start.isoformat()}": (who, span) for who, span in slots}
        field = self.fields["slot"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (key, f"{date_format(localtime(span.start), 'l j F H:i')} · {who.name}")
                for key, (who, span) in self.offered.items()
            ]

    def chosen(self) -> tuple[Resource, Span]:
        """Only on a valid form."""
        return self.offered[self.cleaned_data["slot"]]


class ReportForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Résultat"), choices=Intervention.Outcome.choices)
    report = text(_("Ce qui a été fait"), 3)


class AcknowledgeForm(forms.Form):
    note = forms.CharField(label=_("Ce qui est entrepris"), max_length=1000)
    parent = forms.CharField(label=_("Demande mère (numéro)"), max_length=30, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_parent(self) -> Case | None:
        number = self.cleaned_data["parent"].strip()
        if not number:
            return None
        found = Case.objects.filter(workspace=self.workspace, number__iexact=number).first()
        if found is None:
            raise forms.ValidationError(gettext("Aucune demande ne porte ce numéro."))
        return found
