from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from acquis.kernel import files, sheets


class ListForm(forms.Form):
    """A list brought as a file; `media_type` is what its content is, once it is valid."""

    file = forms.FileField(
        label=_("Fichier CSV, XLSX ou ODS"),
        help_text=_("Une personne par ligne ; la première ligne nomme les colonnes."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.ods"}),
    )
    media_type = ""

    def clean_file(self) -> "UploadedFile[Any]":
        uploaded = cast("UploadedFile[Any]", self.cleaned_data["file"])
        self.media_type = files.check_upload(uploaded, allowed=sheets.READ_TYPES)
        return uploaded
