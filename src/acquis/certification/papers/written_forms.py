"""The form of a written subject: what the candidate reads, and what the jury expects by criterion."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.papers.models import Subject

DOCUMENTS = 4  # that one dossier may hold beside its situation
LONGEST = 20_000  # signs of one document
ENDINGS = (
    ".pdf", ".png", ".jpg", ".jpeg", ".docx", ".odt", ".xlsx", ".ods", ".pptx", ".odp",
    ".wav", ".mp3", ".ogg", ".webm",
)  # fmt: skip
Criterion = Mapping[str, Any]


def _area(label: Any, *, rows: int, most: int, required: bool = True, help_text: Any = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=most, required=required, widget=widget, help_text=help_text
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Any number of files; `attaching` looks at each of them."""

    widget = ManyFiles(attrs={"accept": ",".join(ENDINGS)})


class WrittenForm(forms.Form):
    """A dossier to study and to answer in writing; `criteria` are those of its exam."""

    title = forms.CharField(
        label=gettext_lazy("Titre"),
        max_length=200,
        help_text=gettext_lazy("Il paraît dans la banque : il ne révèle rien du contenu."),
    )
    situation = _area(gettext_lazy("Situation, pour le candidat"), rows=6, most=5000)
    instructions = _area(gettext_lazy("Consignes, une par ligne"), rows=5, most=5000)
    notes = _area(gettext_lazy("Remarques pour le jury"), rows=3, most=5000, required=False)
    attachments = FilesField(
        label=gettext_lazy("Pièces jointes, pour le candidat"),
        required=False,
        help_text=gettext_lazy(
            "PDF, images PNG ou JPEG, documents DOCX, ODT, XLSX, ODS, PPTX, ODP, sons WAV, MP3, Ogg, WebM ;"
            " 10 Mo au plus chacune, huit par sujet. Elles sont chiffrées dès leur lecture."
        ),
    )
    jury_attachments = FilesField(
        label=gettext_lazy("Pièces jointes, pour le jury seul"),
        required=False,
        help_text=gettext_lazy("Un corrigé, par exemple : le candidat ne les voit jamais."),
    )

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for rank in range(1, DOCUMENTS + 1):
            self.fields[f"document_{rank}_title"] = forms.CharField(
                label=_("Document %s : titre") % rank, max_length=200, required=False
            )
            self.fields[f"document_{rank}_body"] = _area(
                _("Document %s : texte") % rank, rows=5, most=LONGEST, required=False
            )
        for rank, criterion in enumerate(criteria):
            self.fields[f"criterion_{rank}"] = _area(
                criterion["text"], rows=2, most=2000, required=False
            )

    @property
    def documents(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [
            (self[f"document_{rank}_title"], self[f"document_{rank}_body"])
            for rank in range(1, DOCUMENTS + 1)
        ]

    @property
    def expected(self) -> list[forms.BoundField]:
        return [self[f"criterion_{rank}"] for rank in range(len(self.criteria))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for rank in range(1, DOCUMENTS + 1):
            title, body = (data.get(f"document_{rank}_{part}") for part in ("title", "body"))
            if title and not body and f"document_{rank}_body" not in self.errors:
                self.add_error(f"document_{rank}_body", _("Écrivez le texte de ce document."))
            if body and not title and f"document_{rank}_title" not in self.errors:
                self.add_error(f"document_{rank}_title", _("Donnez un titre à ce document."))
        names = [f"criterion_{rank}" for rank in range(len(self.criteria))]
        if names and not any(data.get(name) or name in self.errors for name in names):
            self.add_error(names[0], _("Dites ce qui est attendu pour un critère au moins."))
        return data

    def content(self, cover: Mapping[str, str]) -> dict[str, Any]:
        """What is sealed; a criterion of which nothing is expected is left out."""
        data = self.cleaned_data
        return {
            "kind": Subject.Kind.WRITTEN.value,
            "code": cover["reference"],
            "framework": cover["framework_code"],
            "block": cover["block"],
            "enterprise": cover["pack"],
            "title": data["title"],
            "situation": data["situation"],
            "instructions": [
                line.strip() for line in data["instructions"].splitlines() if line.strip()
            ],
            "documents": [
                {"title": data[title.name], "body": data[body.name]}
                for title, body in self.documents
                if data[title.name]
            ],
            "criteria": [
                {
                    "code": criterion["code"],
                    "competency": ", ".join(criterion.get("competencies", [])),
                    "text": criterion["text"],
                    "look_for": data[f"criterion_{rank}"],
                }
                for rank, criterion in enumerate(self.criteria)
                if data[f"criterion_{rank}"]
            ],
            "notes": data["notes"],
        }


def initial_of(content: Mapping[str, Any], criteria: Sequence[Criterion]) -> dict[str, Any]:
    """A sealed subject as the form shows it again; a criterion is known by its code or its words."""
    found: dict[str, Any] = {
        "title": content.get("title", ""),
        "situation": content.get("situation", ""),
        "instructions": "\n".join(content.get("instructions", [])),
        "notes": content.get("notes", ""),
    }
    for rank, document in enumerate(content.get("documents", [])[:DOCUMENTS], start=1):
        found[f"document_{rank}_title"] = document.get("title", "")
        found[f"document_{rank}_body"] = document.get("body", "")
    told = {
        key: one.get("look_for", "")
        for one in content.get("criteria", [])
        for key in (one.get("code"), one.get("text"))
        if key
    }
    for rank, criterion in enumerate(criteria):
        look_for = told.get(criterion["code"]) or told.get(criterion["text"], "")
        found[f"criterion_{rank}"] = look_for
    return found


class NewWrittenForm(WrittenForm):
    """The same with its reference and its enterprise; the exam is chosen before."""

    reference = forms.CharField(label=gettext_lazy("Référence"), max_length=36)
    pack = forms.ChoiceField(label=gettext_lazy("Entreprise fictive"))

    def __init__(self, *args: Any, packs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pack = cast("forms.ChoiceField", self.fields["pack"])
        pack.choices = [("", _("Choisissez…")), *packs]
