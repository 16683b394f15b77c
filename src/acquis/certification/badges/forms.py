from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from acquis.certification.badges.receiving import MOST_BYTES


class VerifyForm(forms.Form):
    """One badge, as a file or as its text; `content` is its bytes once the form is valid."""

    file = forms.FileField(
        label=_("Fichier du badge"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Fichier .jwt, .json ou .svg, 256 Ko au plus. Il est lu, puis oublié : rien n’en est gardé."
        ),
        widget=forms.FileInput(attrs={"accept": ".jwt,.jws,.json,.jsonld,.svg,.txt"}),
    )
    text = forms.CharField(
        label=_("Ou son texte, collé ici"),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "off", "autocomplete": "off"}
        ),
    )
    name = forms.CharField(
        label=_("Nom du titulaire"),
        required=False,
        max_length=200,
        help_text=_(
            "Le badge ne dit pas le nom de la personne. Écrivez-le comme sur le certificat pour savoir si c’est le sien."
        ),
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is not None and not file.size:
            raise ValidationError(_("Ce fichier est vide."))
        if file is not None and (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("Ce fichier est trop lourd pour être un badge : 256 Ko au plus sont lus.")
            )
        return file

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text.encode(errors="replace")) > MOST_BYTES:
            raise ValidationError(
                _("Ce texte est trop long pour être un badge : 256 Ko au plus sont lus.")
            )
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        if given["file"] and given["text"]:
            self.add_error("text", _("Donnez le fichier ou le texte, pas les deux."))
        elif not given["file"] and not given["text"]:
            self.add_error("file", _("Choisissez le fichier d’un badge, ou collez son texte."))
        return given

    def content(self) -> bytes:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        return file.read() if file is not None else str(self.cleaned_data["text"]).encode()


class RenewalForm(forms.Form):
    """Why the keys change, and that the person knows what it does."""

    reason = forms.CharField(
        label=_("Motif du renouvellement"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Gardé avec les clés retirées et dans le journal ; il n’est pas publié."),
    )
    understood = forms.BooleanField(
        label=_("Je confirme : les clés en vigueur ne signeront plus, et rien ne les rétablit"),
        error_messages={"required": _("Cochez cette case pour renouveler les clés.")},
    )
