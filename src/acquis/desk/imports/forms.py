from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.imports import presentation
from acquis.desk.imports.models import CustomerImport


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier de clients"),
        help_text=_("CSV, XLSX ou vCard ; 200 Mo et un million de lignes au plus."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.vcf"}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
        },
    )


class ReadingForm(forms.Form):
    """How a text is written, when it was told wrong."""

    encoding = forms.ChoiceField(
        label=_("Codage des caractères"), choices=[*presentation.ENCODINGS.items()]
    )
    separator = forms.ChoiceField(
        label=_("Séparateur des colonnes"),
        required=False,
        choices=[*presentation.SEPARATORS.items()],
    )


class ColumnsForm(forms.Form):
    """What each column gives: `mapping()` is what the action takes."""

    on_duplicate = forms.ChoiceField(
        label=_("Si le client a probablement déjà une fiche"),
        choices=CustomerImport.OnDuplicate.choices,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, source: CustomerImport, workspace: Workspace
    ) -> None:
        super().__init__(data, initial={"on_duplicate": source.on_duplicate})
        self.offered = presentation.fields(workspace)
        for rank, header in enumerate(source.headers):
            self.fields[f"column_{rank}"] = forms.ChoiceField(
                label=header or _("(sans titre)"), required=False, choices=self.offered
            )
            self.initial[f"column_{rank}"] = source.mapping.get(str(rank), "")

    def bound(self, rank: int) -> forms.BoundField:
        return self[f"column_{rank}"]

    def mapping(self) -> dict[int, str]:
        chosen = {
            int(name.removeprefix("column_")): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_")
        }
        return {rank: field for rank, field in chosen.items() if field}
