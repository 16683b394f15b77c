import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.frameworks.choices import exam_choices, split_choice
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.papers import policy
from acquis.certification.papers.models import Subject

LONGEST = 2 * 1024 * 1024  # bytes; a subject has thirty thousand
COVER = ("code", "kind", "framework", "enterprise", "title")


def read_sound(uploaded: "UploadedFile[Any] | None") -> bytes | None:
    """The bytes of a recording. Raises ValidationError for what is none, or is too large."""
    if uploaded is None:
        return None
    if (uploaded.size or 0) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise forms.ValidationError(_("L’enregistrement dépasse %s mégaoctets.") % limit)
    content: bytes = uploaded.read()
    if policy.sound_type(content) is None:
        raise forms.ValidationError(
            _("Ce fichier n’est pas un enregistrement WAV, MP3, Ogg ou WebM.")
        )
    return content


class RecordingForm(forms.Form):
    """A recorded call with what the candidate is asked and what the jury expects."""

    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=200,
        help_text=gettext_lazy("Il paraît dans la banque : il ne révèle rien du contenu."),
    )
    sound = forms.FileField(
        label=gettext_lazy("Enregistrement"),
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*,.wav,.mp3,.ogg,.webm"}),
        help_text=gettext_lazy("WAV, MP3, Ogg ou WebM. Il est chiffré dès sa lecture."),
    )
    situation = forms.CharField(
        label=gettext_lazy("Situation, pour le candidat"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    instructions = forms.CharField(
        label=gettext_lazy("Consignes, une par ligne"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    transcript = forms.CharField(
        label=gettext_lazy("Transcription, pour le jury"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    expected = forms.CharField(
        label=gettext_lazy("Ce qui est attendu, pour le jury"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_sound(self) -> bytes | None:
        return read_sound(self.cleaned_data["sound"])

    def content(self, cover: Mapping[str, str]) -> dict[str, Any]:
        data = self.cleaned_data
        lines = [line.strip() for line in data["instructions"].splitlines() if line.strip()]
        return {
            "kind": cover["kind"],
            "code": cover["reference"],
            "framework": cover["framework_code"],
            "block": cover["block"],
            "enterprise": cover["pack"],
            "title": data["title"],
            "situation": data["situation"],
            "instructions": lines,
            "transcript": data["transcript"],
            "expected": {"notes": data["expected"]},
        }


class NewRecordingForm(RecordingForm):
    """The same with its cover: for which exam, in which enterprise, under which reference."""

    reference = forms.CharField(label=gettext_lazy("Référence"), max_length=36)
    exam = forms.ChoiceField(label=gettext_lazy("Certification ou bloc"))
    pack = forms.ChoiceField(label=gettext_lazy("Entreprise fictive"))

    def __init__(
        self,
        *args: Any,
        versions: Iterable[FrameworkVersion],
        packs: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.pk: version for version in versions}
        exam = cast("forms.ChoiceField", self.fields["exam"])
        exam.choices = [("", _("Choisissez…")), *exam_choices(self._versions.values())]
        pack = cast("forms.ChoiceField", self.fields["pack"])
        pack.choices = [("", _("Choisissez…")), *packs]

    def cover(self) -> dict[str, str]:
        pk, block = split_choice(self.cleaned_data["exam"])
        return {
            "reference": self.cleaned_data["reference"].strip(),
            "kind": Subject.Kind.RECORDING,
            "framework_code": self._versions[pk].framework.code,
            "block": block,
            "pack": self.cleaned_data["pack"],
            "title": self.cleaned_data["title"],
        }


class RevisedRecordingForm(RecordingForm):
    """A new version: without a file, the call of the former is kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sound"].required = False
        self.fields["sound"].help_text = _("Laissez vide pour garder l’enregistrement actuel.")


class RenewalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif du renouvellement"),
        max_length=300,
        help_text=gettext_lazy("Il est publié avec la nouvelle empreinte."),
    )


class SubjectFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier JSON du sujet"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy(
            "Il est scellé dès sa lecture : le fichier n’est pas gardé en clair."
        ),
    )

    def clean_file(self) -> dict[str, Any]:
        """The content, whose cover says kind, code, framework, block, enterprise and title."""
        uploaded = cast("UploadedFile[Any]", self.cleaned_data["file"])
        if (uploaded.size or 0) > LONGEST:
            raise forms.ValidationError(_("Le fichier dépasse deux mégaoctets."))
        try:
            content = json.loads(uploaded.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise forms.ValidationError(_("Ce fichier n’est pas du JSON.")) from None
        if not isinstance(content, dict):
            raise forms.ValidationError(_("Un sujet est un objet JSON."))
        missing = [
            key for key in COVER if not isinstance(content.get(key), str) or not content[key]
        ]
        if missing:
            raise forms.ValidationError(_("Il manque : %s.") % ", ".join(missing))
        if content["kind"] not in Subject.Kind.values:
            kinds = ", ".join(Subject.Kind.values)
            raise forms.ValidationError(_("La nature (kind) est l’une de : %s.") % kinds)
        return content

    def cover(self) -> dict[str, str]:
        content = self.cleaned_data["file"]
        return {
            "reference": content["code"][:40],
            "kind": content["kind"],
            "framework_code": content["framework"][:40],
            "block": str(content.get("block") or "")[:40],
            "pack": content["enterprise"][:50],
            "title": content["title"][:200],
        }
