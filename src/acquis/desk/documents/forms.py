from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.documents import policy
from acquis.desk.documents.actions.keep_template import FIELDS, TEXTS
from acquis.desk.documents.models import Letter, LetterPosting, LetterTemplate
from acquis.desk.knowledge import snippets

WIDGETS: dict[str, forms.Widget] = {
    "body": forms.Textarea(attrs={"rows": 16}),
    "closing": forms.Textarea(attrs={"rows": 2}),
    "dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
}


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """The parts of a letter; each is saved by itself as it is typed."""

    class Meta:
        model = Letter
        fields = list(policy.PARTS)
        widgets = WIDGETS
        labels = {
            "subject": _("Objet"),
            "references": _("Références"),
            "place": _("Lieu"),
            "dated_on": _("Date"),
            "salutation": _("Formule d’appel"),
            "body": _("Corps de la lettre"),
            "closing": _("Formule de politesse"),
            "signature": _("Signature"),
            "enclosures": _("Pièces jointes"),
        }

    def __init__(self, *args: Any, save_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {
                "maxlength": policy.PARTS[name],
                "data-preview": name,
                "data-autosave-url": save_url,
                "data-autosave-seq": self.instance.field_seqs.get(name, 0),
            }
            if name not in {"dated_on", "place"}:
                field.widget.attrs |= {"spellcheck": "true", "lang": "fr"}


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    """What the letters of one kind have alike."""

    class Meta:
        model = LetterTemplate
        fields = list(FIELDS)
        widgets = {
            "body": forms.Textarea(
                attrs={
                    "rows": 14,
                    "maxlength": policy.PARTS["body"],
                    "spellcheck": "true",
                    "lang": "fr",
                }
            ),
            "closing": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "purpose": _("Une phrase, pour choisir le bon modèle."),
            "category": _("Pour les retrouver ensemble : réclamation, retour, contrat…"),
            "body": _(
                "Une ligne vide sépare deux paragraphes. L’appel, le lieu, la date et la signature sont mis d’eux-mêmes."
            ),
            "closing": _("Vide : « Je vous prie d’agréer… », accordée au client."),
            "needs_release": _("La lettre ne part qu’une fois validée."),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in TEXTS:
            unknown = snippets.unknown_variables(given.get(name) or "")
            if unknown:
                sentence = _("« {%(name)s} » n’est pas une variable connue.")
                refusal = forms.ValidationError(sentence, params={"name": unknown[0]})
                self.add_error(name, refusal)
        return given


class PostingForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    """How a letter leaves."""

    class Meta:
        model = LetterPosting
        fields = ["method", "tracking", "posted_on"]
        widgets = {
            "posted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    tracking = forms.CharField(
        label=_("Numéro de suivi"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("De 11 à 15 lettres et chiffres ; sans objet pour une lettre simple."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("posted_on", today)

    def clean_tracking(self) -> str:
        typed = str(self.cleaned_data["tracking"])
        number = policy.tracking_number(typed)
        if typed.strip() and not number:
            raise forms.ValidationError(_("Un numéro de suivi a de 11 à 15 lettres et chiffres."))
        return number


class OutcomeForm(forms.Form):
    """What became of a letter given to the post."""

    outcome = forms.ChoiceField(label=_("Ce qu’elle est devenue"), choices=LetterPosting.Outcome)
    outcome_on = forms.DateField(
        label=_("Le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
