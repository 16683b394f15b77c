"""Forms by which people bring, correct and publish frameworks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.actions.publish_import import Correspondence, Edition
from acquis.certification.frameworks.comparison import KINDS, Change, nature, nearness
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.frameworks.presentation import ITEM_KINDS, NATURE_TONES, NATURES


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
        help_text=_("Collez ici le texte du référentiel si vous n’avez pas de fichier."),
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
        label=_("Valable jusqu’au (dernier jour inclus)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    previous = forms.ModelChoiceField(
        label=_("Édition précédente"),
        queryset=FrameworkVersion.objects.none(),
        required=False,
        empty_label=_("Aucune : c’est la première"),
        help_text=_("Vous confirmez plus bas ce que chacun de ses éléments devient."),
    )

    def __init__(self, *args: Any, candidates: QuerySet[FrameworkVersion], **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = candidates
        choice = self.fields["previous"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = candidates.defer("correspondences")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("La fin de validité précède son début."))
        return cleaned

    def stated(self, confirmed: Sequence[Correspondence]) -> Edition:
        return Edition(**self.cleaned_data, correspondences=tuple(confirmed))


class CorrespondencesForm(forms.Form):
    """Which item of the previous edition became which one; a person ticks and completes."""

    prefix = "lien"

    def __init__(
        self, data: Any = None, *, changes: Sequence[Change], previous: FrameworkVersion
    ) -> None:
        super().__init__(data)
        self.previous = previous
        self.changes = [change for change in changes if change.before]
        self.codes = {
            kind: [one.after for one in changes if one.after and one.kind == kind] for kind in KINDS
        }
        for rank, change in enumerate(self.changes):
            after = change.after
            self.fields[f"keep_{rank}"] = forms.BooleanField(
                required=False,
                initial=after is not None,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"to_{rank}"] = forms.CharField(
                required=False,
                max_length=40,
                initial=after.code if after else "",
                widget=forms.TextInput(
                    attrs={
                        "list": f"codes-{change.kind}",
                        "class": "form-control form-control-sm",
                        "placeholder": _("code nouveau"),
                    }
                ),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for rank, change in enumerate(self.changes):
            known = {item.code for item in self.codes[change.kind] if item}
            if cleaned.get(f"keep_{rank}") and cleaned.get(f"to_{rank}") not in known:
                self.add_error(f"to_{rank}", _("Ce code n’existe pas dans la nouvelle édition."))
        return cleaned

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "change": change,
                "keep": self[f"keep_{rank}"],
                "to": self[f"to_{rank}"],
                "kind": ITEM_KINDS[change.kind],
                "nature": NATURES[change.nature],
                "tone": NATURE_TONES[change.nature],
            }
            for rank, change in enumerate(self.changes)
        ]

    @property
    def uncertain(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["change"].nature != "same" or row["to"].errors]

    @property
    def certain(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row not in self.uncertain]

    def confirmed(self) -> list[dict[str, Any]]:
        """The ticked ones; the nature and nearness are those of the pair that the person kept."""
        kept = []
        for rank, change in enumerate(self.changes):
            target = self.cleaned_data[f"to_{rank}"]
            if not self.cleaned_data[f"keep_{rank}"] or change.before is None:
                continue
            item = next(one for one in self.codes[change.kind] if one and one.code == target)
            kept.append(
                {
                    "kind": change.kind,
                    "from": change.before.code,
                    "to": target,
                    "nature": nature(change.before, item),
                    "nearness": nearness(change.before, item),
                }
            )
        return kept
