import json
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.papers.models import Subject

LONGEST = 2 * 1024 * 1024  # bytes; a subject has thirty thousand
COVER = ("code", "kind", "framework", "enterprise", "title")


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
