from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.documents import policy
from acquis.desk.documents.models import Letter

WIDGETS: dict[str, forms.Widget] = {
    "body": forms.Textarea(attrs={"rows": 16}),
    "closing": forms.Textarea(attrs={"rows": 2}),
    "dated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
}


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """The parts of a letter; each is saved by itself as it is typed."""

    class Meta:
        model = Letter
        fields = list(policy.PARTS)
        widgets = WIDGETS
        labels = {
            "subject": _("Objet"),
            "references": _("Références"),
            "place": _("Lieu"),
            "dated_on": _("Date"),
            "salutation": _("Formule d'appel"),
            "body": _("Corps de la lettre"),
            "closing": _("Formule de politesse"),
            "signature": _("Signature"),
            "enclosures": _("Pièces jointes"),
        }

    def __init__(self, *args: Any, save_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs |= {
                "maxlength": policy.PARTS[name],
                "data-preview": name,
                "data-autosave-url": save_url,
                "data-autosave-seq": self.instance.field_seqs.get(name, 0),
            }
            if name not in {"dated_on", "place"}:
                field.widget.attrs |= {"spellcheck": "true", "lang": "fr"}
