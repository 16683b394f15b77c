from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

PKCS12_MAX = 200_000  # bytes: a key and a chain weigh some thousands
PDF_MAX = 25 * 1024 * 1024


class CertificateForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier PKCS#12 (.p12 ou .pfx)"),
        help_text=_("Le certificat de cachet du centre, avec sa clé privée et sa chaîne."),
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )
    password = forms.CharField(
        label=_("Mot de passe du fichier"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Il sert une fois, pour ouvrir le fichier, et n’est pas gardé."),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        return _within(self.cleaned_data["file"], PKCS12_MAX)


class VerifyForm(forms.Form):
    file = forms.FileField(
        label=_("Document PDF"),
        help_text=_("25 Mo au plus. Il est lu, puis oublié : rien n’en est gardé."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        return _within(self.cleaned_data["file"], PDF_MAX)


def _within(file: "UploadedFile[bytes]", most: int) -> "UploadedFile[bytes]":
    if (file.size or 0) > most:
        raise ValidationError(_("Ce fichier est trop lourd pour être ce que cette page attend."))
    return file
