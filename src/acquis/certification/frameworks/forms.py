"""Forms by which people bring, correct and publish frameworks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.models import FrameworkVersion


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        if isinstance(data, list | tuple):
            return [single(one, initial) for one in data] or [single(None, initial)]
        return [single(data, initial)]


class ImportForm(forms.Form):
    documents = ManyFilesField(
        label=_("Documents"),
        required=False,
        help_text=_(
            "PDF, HTML, Markdown ou texte ; 25 Mo au plus chacun. Vous pouvez en déposer plusieurs."
        ),
    )
    pasted = forms.CharField(
        label=_("ou texte collé"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Collez ici le texte du référentiel si vous n'avez pas de fichier."),
    )
    merge = forms.BooleanField(
        label=_("Ces documents décrivent un seul référentiel (par exemple un REAC et son RE)"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        documents = [one for one in cleaned.get("documents") or [] if one]
        if not documents and not (cleaned.get("pasted") or "").strip() and not self.errors:
            raise forms.ValidationError(_("Déposez un document ou collez un texte."))
        cleaned["documents"] = documents
        return cleaned


class PublishForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=40)
    edition = forms.CharField(label=_("Édition (millésime)"), max_length=40)
    valid_from = forms.DateField(
        label=_("Valable à partir du"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=_("Valable jusqu'au (dernier jour inclus)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    previous = forms.ModelChoiceField(
        label=_("Édition précédente"),
        queryset=FrameworkVersion.objects.none(),
        required=False,
        empty_label=_("Aucune : c'est la première"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("La fin de validité précède son début."))
        return cleaned


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]


def _text(label: Any, *, rows: int = 0, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=required, widget=widget)


class IdentityForm(forms.Form):
    title = _text(_("Intitulé"), rows=2)
    code = _text(_("Code"), required=False)
    acronym = _text(_("Sigle"), required=False)
    edition = _text(_("Édition"), required=False)
    level = forms.IntegerField(label=_("Niveau"), min_value=1, max_value=8, required=False)
    effective_from = forms.CharField(
        label=_("Date d'effet"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    nsf = LinesField(label=_("Codes NSF (un par ligne)"), required=False)
    rome = LinesField(label=_("Codes ROME (un par ligne)"), required=False)
    formacode = LinesField(label=_("Formacodes (un par ligne)"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("code", "acronym", "edition", "effective_from"):
            cleaned[name] = cleaned.get(name) or None
        return cleaned


class BlockForm(forms.Form):
    code = _text(_("Code"))
    title = _text(_("Intitulé"), rows=2)


class CompetencyForm(forms.Form):
    code = _text(_("Code"))
    statement = _text(_("Énoncé"), rows=3)
    activity = _text(_("Activité (code)"), required=False)
    evaluated = forms.BooleanField(label=_("Évaluée"), required=False)

    def clean_activity(self) -> str | None:
        return self.cleaned_data["activity"] or None


class CriterionForm(forms.Form):
    code = _text(_("Code"))
    text = _text(_("Critère"), rows=3)
    theme = _text(_("Thème"), required=False)
    competencies = LinesField(
        label=_("Compétences (codes, un par ligne ; vide : tout le bloc)"), required=False
    )

    def clean_theme(self) -> str | None:
        return self.cleaned_data["theme"] or None


class TransversalForm(forms.Form):
    code = _text(_("Code"))
    title = _text(_("Intitulé"), rows=2)
    criteria = LinesField(label=_("Critères (un par ligne)"), required=False)


class StepForm(forms.Form):
    title = _text(_("Intitulé"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    exchanges = forms.IntegerField(label=_("Échanges"), min_value=0, max_value=50, required=False)
    drawn_by_lot = forms.NullBooleanField(label=_("Sujet tiré au sort"), required=False)
    jury_present = forms.NullBooleanField(label=_("Jury présent"), required=False)
    invigilated = forms.NullBooleanField(label=_("Surveillée"), required=False)


class PhaseForm(forms.Form):
    title = _text(_("Intitulé"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)


class RulesForm(forms.Form):
    pass_ratio = forms.DecimalField(
        label=_("Part des critères à acquérir (0,70 pour 70 %)"),
        min_value=0,
        max_value=1,
        max_digits=4,
        decimal_places=2,
        required=False,
        localize=True,
    )
    attempts_max = forms.IntegerField(label=_("Présentations au plus"), min_value=1, required=False)

    def clean_pass_ratio(self) -> str | None:
        value = self.cleaned_data["pass_ratio"]
        return None if value is None else f"{value:.2f}"


FORMS: dict[str, type[forms.Form]] = {
    "identity": IdentityForm,
    "block": BlockForm,
    "competency": CompetencyForm,
    "criterion": CriterionForm,
    "transversal": TransversalForm,
    "phase": PhaseForm,
    "step": StepForm,
    "rules": RulesForm,
}

EMPTY: dict[str, dict[str, Any]] = {
    "block": {"activities": [], "competencies": [], "criteria": []},
    "competency": {},
    "criterion": {},
    "transversal": {},
    "step": {},
}


def kind_of(pointer: str) -> str:
    """Which form corrects what the pointer names: /blocks/0/criteria/3 → criterion."""
    steps = [step for step in pointer.split("/") if step and not step.isdigit()]
    names = {
        "blocks": "block",
        "competencies": "competency",
        "criteria": "criterion",
        "transversal_competencies": "transversal",
        "phases": "phase",
        "steps": "step",
        "rules": "rules",
    }
    return names.get(steps[-1], "identity") if steps else "identity"
