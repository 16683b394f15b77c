from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.knowledge import snippets
from acquis.desk.knowledge.actions.write_article import Written
from acquis.desk.knowledge.models import ArticleDraft, Snippet

# As conversations name them; this room stands below conversations and says them again.
CHANNELS = [
    ("chat", _("Chat")),
    ("mail", _("Courriel")),
    ("letter", _("Courrier")),
    ("sms", _("SMS")),
    ("whatsapp", _("WhatsApp")),
    ("social", _("Réseau social")),
    ("summary", _("Compte rendu")),
]


class SnippetForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    channels = forms.MultipleChoiceField(
        label=_("Canaux"),
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucun coché : la réponse est proposée partout."),
    )
    shared = forms.BooleanField(
        label=_("Partagée avec tout le poste"),
        required=False,
        help_text=_("Sinon, vous seul la voyez."),
    )

    class Meta:
        model = Snippet
        fields = ["title", "shortcut", "category", "body"]
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8, "maxlength": snippets.LONGEST_BODY}),
            "shortcut": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }
        help_texts = {
            "shortcut": _("Quelques lettres sans espace, à taper après « / »."),
            "category": _("Pour les retrouver ensemble : livraison, retour…"),
        }

    field_order = ["title", "shortcut", "category", "body", "channels", "shared"]

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["channels"] = self.instance.channels
            self.initial["shared"] = self.instance.owner_id is None
        if not may_share:
            del self.fields["shared"]

    def clean_shortcut(self) -> str:
        return str(self.cleaned_data["shortcut"]).lower()

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        unknown = snippets.unknown_variables(body)
        if unknown:
            sentence = _("« {%(name)s} » n'est pas une variable connue.")
            raise forms.ValidationError(sentence, params={"name": unknown[0]})
        return body


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    keywords = forms.CharField(
        label=_("Mots-clés"),
        required=False,
        max_length=400,
        help_text=_(
            "Séparés par des virgules : ils font trouver l'article sans être dans son texte."
        ),
    )
    read_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ArticleDraft
        fields = ["kind", "title", "owner", "valid_from", "valid_until", "review_on", "body"]
        widgets = {
            "body": forms.Textarea(
                attrs={"rows": 24, "data-markdown": "", "spellcheck": "true", "lang": "fr"}
            ),
            **{
                name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
                for name in ("valid_from", "valid_until", "review_on")
            },
        }
        help_texts = {"owner": _("La personne ou le service qui répond de son contenu.")}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("La fin de validité précède son début."))
        return given

    def written(self) -> Written:
        given = self.cleaned_data
        keywords = [word.strip() for word in given["keywords"].split(",")]
        return Written(
            **{name: given[name] for name in self.Meta.fields},
            keywords=tuple(word for word in keywords if word),
        )


class PublishForm(forms.Form):
    note = forms.CharField(
        label=_("Ce qui change dans cette version"), max_length=300, required=False
    )


class ReviewForm(forms.Form):
    next_on = forms.DateField(
        label=_("Prochaine relecture"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SynonymsForm(forms.Form):
    words = forms.CharField(
        label=_("Mots ou expressions qui se valent"),
        max_length=400,
        help_text=_("Séparés par des virgules : colis, paquet, bon de livraison."),
    )
