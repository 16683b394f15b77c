from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation, User
from acquis.certification.appeals import queries
from acquis.certification.appeals.models import Appeal, CommitteeMember
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.frameworks.models import Framework
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_WORDS = forms.Textarea(attrs={"rows": 5})
PAPERS = {"application/pdf", "image/png", "image/jpeg"}


class GroundsForm(forms.Form):
    """What one contests: regularity only, from a closed list and in one's own words."""

    grounds = forms.MultipleChoiceField(
        label=_("Motifs"),
        choices=Appeal.Ground.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Le jury est souverain : son appréciation ne se conteste pas, la régularité de la session si."
        ),
    )
    statement = forms.CharField(
        label=_("Les faits"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Ce qui s’est passé, quand, et ce que vous en demandez."),
    )
    paper = forms.FileField(
        label=_("Pièce jointe"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=_("PDF, PNG ou JPEG, si vous en avez une."),
    )

    def clean_paper(self) -> "UploadedFile[bytes] | None":
        paper: UploadedFile[bytes] | None = self.cleaned_data.get("paper")
        if paper:
            try:
                self.media_type = files.check_upload(paper, allowed=PAPERS)
            except DomainRefusal as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return paper


class RegisterForm(GroundsForm):
    """A letter that came: who, which session, when, its scan."""

    session = forms.CharField(label=_("Référence de la session"), max_length=30)
    candidate = forms.CharField(label=_("Référence du candidat"), max_length=20)
    received_on = forms.DateField(label=_("Reçue le"), widget=_DAY)
    field_order = ["session", "candidate", "received_on", "paper", "grounds", "statement"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.seat: SessionCandidate | None = None
        self.fields["paper"].label = _("Lettre numérisée")
        self.fields["paper"].required = True

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("session") and said.get("candidate"):
            self.seat = queries.seat_named(self.organisation, said["session"], said["candidate"])
            if self.seat is None:
                self.add_error("candidate", _("Ce candidat n’est pas dans cette session."))
        return said


class AdmissibilityForm(forms.Form):
    standing = forms.BooleanField(
        label=_("Il vient du candidat lui-même, ou de qui le représente"), required=False
    )
    form = forms.BooleanField(label=_("Il est écrit, daté et dit ses motifs"), required=False)
    admissible = forms.ChoiceField(
        label=_("Décision"),
        choices=[("yes", _("Recevable : il est examiné")), ("no", _("Irrecevable"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Raisons"),
        required=False,
        max_length=4000,
        widget=_WORDS,
        help_text=_(
            "Obligatoires pour une irrecevabilité, et pour admettre un recours malgré une condition"
            " manquante. Le candidat les lit."
        ),
    )


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(label=_("Personne"), queryset=User.objects.none())
    quality = forms.ChoiceField(choices=CommitteeMember.Quality.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[User]", self.fields["user"])
        field.queryset = people
        field.label_from_instance = _name  # type: ignore[method-assign,assignment]


def _name(user: User) -> str:
    return user.full_name


class VoiceForm(forms.Form):
    prefix = "voice"  # several stand on one page

    voice = forms.ChoiceField(
        label=_("Votre avis"),
        choices=CommitteeMember.Voice.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Vos raisons"), max_length=4000, widget=_WORDS)


class DecisionForm(forms.Form):
    prefix = "decision"

    reason = forms.CharField(
        label=_("Motivation"),
        max_length=6000,
        widget=_WORDS,
        help_text=_("Elle est imprimée dans la lettre au candidat."),
    )


class PlaceForm(forms.Form):
    prefix = "place"

    session = forms.ModelChoiceField(
        label=_("Nouvelle session"), queryset=ExamSession.objects.none()
    )

    def __init__(self, *args: Any, sessions: QuerySet[ExamSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[ExamSession]", self.fields["session"])
        field.queryset = sessions
        field.label_from_instance = _session  # type: ignore[method-assign,assignment]


def _session(one: ExamSession) -> str:
    return f"{one.reference} · {one.starts_at:%d/%m/%Y} · {one.place}"


class PostForm(forms.Form):
    posted_on = forms.DateField(label=_("Envoyée en recommandé le"), widget=_DAY)
    tracking = forms.CharField(label=_("Numéro de suivi"), max_length=40)


class RuleForm(forms.Form):
    framework = forms.ModelChoiceField(
        label=_("Certification"), queryset=Framework.objects.none(), required=False
    )
    lodge_within_days = forms.IntegerField(
        label=_("Délai pour déposer, en jours"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("À compter de l’émission du résultat. Vide : aucun délai n’est opposé."),
    )
    answer_within_days = forms.IntegerField(
        label=_("Délai de réponse, en jours"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("À compter de la réception. Vide : aucune échéance."),
    )

    def __init__(self, *args: Any, frameworks: QuerySet[Framework], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Framework]", self.fields["framework"])
        field.queryset = frameworks
        field.empty_label = str(_("Toutes les certifications"))
