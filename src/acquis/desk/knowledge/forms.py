from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge import audiences, readings, snippets
from acquis.desk.knowledge.actions.keep_readings import Asked
from acquis.desk.knowledge.actions.write_article import Written
from acquis.desk.knowledge.models import Article, ArticleDraft, ReadingList, Snippet
from acquis.desk.knowledge.readings import Question
from acquis.desk.shell import DESK_ROLES, people

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
            sentence = _("« {%(name)s} » n’est pas une variable connue.")
            raise forms.ValidationError(sentence, params={"name": unknown[0]})
        return body


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    keywords = forms.CharField(
        label=_("Mots-clés"),
        required=False,
        max_length=400,
        help_text=_(
            "Séparés par des virgules : ils font trouver l’article sans être dans son texte."
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


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # same
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class ReadingListForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    roles = forms.MultipleChoiceField(
        label=_("Rôles"),
        choices=[(role.value, role.label) for role in DESK_ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.MultipleChoiceField(
        label=_("Équipes des files"), required=False, widget=forms.CheckboxSelectMultiple
    )
    readers = PeopleField(
        label=_("Personnes"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché, ni rôle, ni équipe, ni personne : tout le poste est concerné."),
    )

    class Meta:
        model = ReadingList
        fields = ["title", "purpose", "due_on", "due_days"]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    field_order = ["title", "purpose", "due_on", "due_days", "roles", "groups", "readers"]

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.key, one.label) for one in audiences.of_desk(workspace)]
        # A queue that is gone stays ticked until the list is changed by hand.
        lost = [key for key in self.instance.groups if key not in dict(known)]
        self.fields["groups"].choices = [*known, *((key, key) for key in lost)]  # type: ignore[attr-defined]
        if not known and not lost:
            del self.fields["groups"]
        self.fields["readers"].queryset = people(workspace).order_by("last_name", "first_name")  # type: ignore[attr-defined]
        self.fields["due_days"] = forms.IntegerField(
            label=_("ou : jours après l’arrivée"),
            required=False,
            min_value=1,
            max_value=readings.LONGEST_DELAY,
        )
        if self.instance.pk:
            self.initial = {
                **self.initial,
                "roles": self.instance.roles,
                "groups": self.instance.groups,
                "readers": [one.reader_id for one in self.instance.readers.all()],
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("due_on") and given.get("due_days"):
            self.add_error(
                "due_days",
                _("Donnez une date ou un nombre de jours après l’arrivée, pas les deux."),
            )
        return given

    def asked(self) -> Asked:
        given = self.cleaned_data
        return Asked(
            title=given["title"],
            purpose=given["purpose"],
            roles=given["roles"],
            groups=given.get("groups", ()),
            readers=list(given["readers"]),
            due_on=given["due_on"],
            due_days=given["due_days"],
        )


class ReadingItemForm(forms.Form):
    article = forms.ModelChoiceField(
        label=_("Ajouter un article"), queryset=Article.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, listed: ReadingList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Article.objects.filter(workspace=listed.workspace, state=Article.State.PUBLISHED)
        inside = listed.items.values("article_id")
        self.fields["article"].queryset = rows.exclude(pk__in=inside)  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """One question; left empty, it is not asked."""

    text = forms.CharField(label=_("Question posée"), max_length=300, required=False)
    choice_0 = forms.CharField(label=_("Réponse A"), max_length=200, required=False)
    choice_1 = forms.CharField(label=_("Réponse B"), max_length=200, required=False)
    choice_2 = forms.CharField(label=_("Réponse C"), max_length=200, required=False)
    right = forms.ChoiceField(
        label=_("Bonne réponse"), choices=[("0", "A"), ("1", "B"), ("2", "C")], required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        choices = self._choices(given)
        if not given.get("text") and not choices:
            return given
        if not given.get("text"):
            self.add_error("text", _("Écrivez la question, ou videz ses réponses."))
        if len(choices) < readings.LEAST_CHOICES:
            self.add_error("choice_1", _("Deux réponses au moins."))
        elif int(given.get("right") or 0) not in choices:
            self.add_error("right", _("La bonne réponse est vide."))
        return given

    @staticmethod
    def _choices(given: dict[str, Any]) -> dict[int, str]:
        texts = {place: given.get(f"choice_{place}", "") for place in range(readings.MOST_CHOICES)}
        return {place: text for place, text in texts.items() if text}

    def question(self) -> Question | None:
        given = self.cleaned_data
        choices = self._choices(given)
        if not given["text"]:
            return None
        places = list(choices)
        return Question(
            given["text"], tuple(choices.values()), places.index(int(given["right"] or 0))
        )
