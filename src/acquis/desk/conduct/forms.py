from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.conduct.models import AbusiveContact, ContactMeasure
from acquis.desk.conduct.policy import MEASURE_DAYS
from acquis.desk.directory.forms import fingerprint
from acquis.desk.directory.policy.minimisation import Excess, excesses

LONG = 4000


class MarkForm(forms.Form):
    """What happened; what says too much of a person is shown once before it is kept (G-06).

    Insults are not looked for: they are quoted here, as they were said.
    """

    nature = forms.ChoiceField(label=_("Nature"), choices=AbusiveContact.Nature.choices)
    facts = forms.CharField(
        label=_("Ce qui a été dit ou écrit"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites ce qui a été dit ou écrit.")},
    )
    kept_anyway = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def excesses(self) -> list[Excess]:
        """What to think over first; nothing once the same text was confirmed."""
        facts = str(self.cleaned_data.get("facts", ""))
        if self.cleaned_data.get("kept_anyway") == fingerprint(facts):
            return []
        return [one for one in excesses(facts) if one.subject != "insult"]

    def to_confirm(self) -> "MarkForm":
        """The same, ready to be confirmed as it is."""
        kept = {name: self.cleaned_data[name] for name in ("nature", "facts")}
        return MarkForm(initial=kept | {"kept_anyway": fingerprint(kept["facts"])})


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("Ce que le client répond"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("La réponse du client est vide.")},
    )


class ProposalForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi une mesure"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi une mesure est demandée.")},
    )


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Décision"),
        choices=[("", _("Aucune mesure")), *ContactMeasure.Kind.choices],
        required=False,
    )
    until = forms.DateField(
        label=_("Jusqu’au"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("Motif de la décision"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Dites pourquoi.")},
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": today + timedelta(days=MEASURE_DAYS)})
        super().__init__(*args, **kwargs)
