"""The settings of the CPF file, and what is brought."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from acquis.certification.cpf import policy
from acquis.certification.cpf.models import CdcAccount, Particulars, RegisteredCertification
from acquis.kernel.files import FileEmpty, FileTooLarge

EIGHT = _("Huit lettres ou chiffres, tels que la Caisse des dépôts les a donnés : 00TEST00.")
CODES = {
    "unknown_register": _("Choisissez le RNCP ou le RS, ou videz le code."),
    "malformed": _("Un code s’écrit RNCP35304, RNCP35304BC01 pour un bloc, ou RS1234."),
    "block_of_rs": _("Le répertoire spécifique n’a pas de blocs."),
    "block_code": _(
        "Un bloc a un code en BC (RNCP35304BC01) ; la certification entière n’en a pas."
    ),
}

if TYPE_CHECKING:
    _AccountForm = forms.ModelForm[CdcAccount]
    _CertificationForm = forms.ModelForm[RegisteredCertification]
    _ParticularsForm = forms.ModelForm[Particulars]
else:
    _AccountForm = _CertificationForm = _ParticularsForm = forms.ModelForm


class AccountForm(_AccountForm):
    schema_version = forms.ChoiceField(
        label=_("Version du schéma"),
        help_text=_("Celle des prochains dépôts, sauf choix contraire."),
    )

    class Meta:
        model = CdcAccount
        fields = [
            "client_id",
            "certifier_id",
            "contract_id",
            "depositor",
            "split_at",
            "keep_days",
            "schema_version",
        ]
        help_texts = {
            "client_id": EIGHT,
            "certifier_id": _(
                "Le même, sauf si un tiers de confiance dépose pour le certificateur."
            ),
            "contract_id": _("Vingt caractères au plus : MCFCER000000."),
            "split_at": _("De 1 à 50 000 ; au-delà, le dépôt est coupé en plusieurs fichiers."),
            "keep_days": _(
                "Après la clôture d’un dépôt ; ensuite seules restent les empreintes des fichiers."
            ),
        }
        error_messages = {
            "client_id": {"invalid": EIGHT},
            "certifier_id": {"invalid": EIGHT},
        }

    def __init__(self, *args: Any, versions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["schema_version"])
        field.choices = [(one, one) for one in versions]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        alone = data.get("depositor") == CdcAccount.Depositor.CERTIFIER
        ids = data.get("client_id"), data.get("certifier_id")
        if alone and all(ids) and ids[0] != ids[1]:
            self.add_error(
                "certifier_id",
                _("Le certificateur dépose lui-même : les deux identifiants sont les mêmes."),
            )
        return data

    def data_for_action(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CertificationForm(_CertificationForm):
    class Meta:
        model = RegisteredCertification
        fields = [
            "register",
            "code",
            "obtained",
            "validity_months",
            "modality",
            "exam_postcode",
            "training_access",
        ]
        help_texts = {
            "code": _("RNCP35304, RNCP35304BC01 pour un bloc, RS1234. Vide si rien n’est inscrit."),
            "validity_months": _("Vide : la certification est acquise pour toujours."),
            "exam_postcode": _("Facultatif. Celui du lieu où se passe l’examen."),
        }

    def __init__(self, *args: Any, block: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._block = block

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()

    def clean_exam_postcode(self) -> str:
        text = str(self.cleaned_data["exam_postcode"]).replace(" ", "")
        if text and not text.isalnum():
            raise forms.ValidationError(_("Des lettres et des chiffres : 44000."))
        return text

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        register, code = data.get("register", ""), data.get("code", "")
        if register or code:
            fault = policy.code_fault(register, code, block=bool(self._block))
            if fault:
                field = "register" if fault == "unknown_register" else "code"
                self.add_error(field, CODES[fault])
        return data

    def data_for_action(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ParticularsForm(_ParticularsForm):
    class Meta:
        model = Particulars
        fields = ["access", "vae_way", "initiative", "score", "mention"]
        help_texts = {
            "access": _("Vide : comme le dit la voie d’accès de l’inscription."),
            "vae_way": _("Obligatoire pour une VAE, et pour elle seule."),
            "score": _("Obligatoire si la certification s’obtient par un score."),
        }

    def __init__(self, *args: Any, route: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._route = route

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        access = policy.access_of(self._route, "", data.get("access", ""))
        if data.get("vae_way") and access != "VAE":
            self.add_error("vae_way", _("Cette personne ne vient pas par la VAE : videz ce champ."))
        return data

    def data_for_action(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class XmlForm(forms.Form):
    """A file brought from the portal; what it is worth is said by who reads it."""

    file = forms.FileField(label=_("Fichier"), allow_empty_file=True)

    def __init__(self, *args: Any, label: Any, accept: str, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label
        self.fields["file"].help_text = hint
        self.fields["file"].widget.attrs["accept"] = accept

    def content(self) -> bytes:
        """What was brought. Raises FileEmpty or FileTooLarge."""
        uploaded = cast("UploadedFile[Any]", self.cleaned_data["file"])
        if not uploaded.size:
            raise FileEmpty(name=uploaded.name)
        if uploaded.size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
            raise FileTooLarge(name=uploaded.name, limit=limit)
        return bytes(uploaded.read())

    @property
    def name(self) -> str:
        return str(self.cleaned_data["file"].name)
