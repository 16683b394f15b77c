from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.cases.models import Case
from acquis.desk.raising import policy
from acquis.desk.raising.models import Raised

LONG = 4000
MOST_CASES = 50


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class RaiseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Genre"), choices=Raised.Kind.choices)
    title = forms.CharField(label=_("En une phrase"), max_length=160)
    seen = _text(
        _("Ce que vous avez vu"), error_messages={"required": _("Dites ce que vous avez vu.")}
    )
    effect = _text(_("Effet pour les clients"), 2, required=False)
    proposal = _text(_("Ce que vous proposez"), 2, required=False)
    cases = forms.CharField(label=_("Demandes concernées"), max_length=1000, required=False)
    article = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    conversation = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_cases(self) -> list[Case]:
        """Numbers with spaces or commas between them; each must be of this desk."""
        typed = str(self.cleaned_data["cases"]).upper().replace(",", " ").replace(";", " ")
        numbers = list(dict.fromkeys(typed.split()))[:MOST_CASES]
        found = {
            case.number.upper(): case
            for case in Case.objects.filter(workspace=self.workspace, number__in=numbers)
        }
        lost = [number for number in numbers if number not in found]
        if lost:
            raise forms.ValidationError(
                gettext("Aucune demande ne porte ce numéro : %(numbers)s."),
                params={"numbers": ", ".join(lost)},
            )
        return [found[number] for number in numbers]


class CaseNumberForm(forms.Form):
    number = forms.CharField(label=_("Numéro de la demande"), max_length=30)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_number(self) -> Case:
        typed = str(self.cleaned_data["number"]).strip().upper()
        found = Case.objects.filter(workspace=self.workspace, number=typed).first()
        if found is None:
            raise forms.ValidationError(gettext("Aucune demande ne porte ce numéro."))
        return found


class QualifyForm(forms.Form):
    state = forms.ChoiceField(label=_("Suite donnée"), required=False)
    body = _text(_("Réponse à l’auteur"), 3, required=False)

    def __init__(self, *args: Any, raised: Raised, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raised = raised
        states = [
            (key, label)
            for key, label in Raised.State.choices
            if policy.may_become(raised.state, key)
        ]
        self.fields["state"] = forms.ChoiceField(
            label=_("Suite donnée"), choices=[("", _("Sans changement")), *states], required=False
        )

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        body = str(kept.get("body", "")).strip()
        if not body and kept.get("state") == Raised.State.REFUSED:
            self.add_error("body", gettext("Dites pourquoi elle est refusée : son auteur le lira."))
        elif not body and not kept.get("state"):
            self.add_error("body", gettext("Écrivez une réponse, ou choisissez une suite."))
        return kept
