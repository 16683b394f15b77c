from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.certification.exam_sessions.actions import SessionData
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionCandidate
from acquis.certification.frameworks.choices import exam_choices, split_choice
from acquis.certification.frameworks.models import FrameworkVersion

EIGHT = time(8)  # summons that were planned leave in the morning
_WHEN = "%Y-%m-%dT%H:%M"


class SessionForm(forms.Form):
    exam = forms.ChoiceField(label=_("Certification ou bloc"))
    starts_at = forms.DateTimeField(
        label=_("Date et heure de début"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        input_formats=[_WHEN, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
    )
    place = forms.CharField(label=_("Lieu"), max_length=200)
    address = forms.CharField(
        label=_("Adresse"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    room = forms.CharField(label=_("Salle"), max_length=100, required=False)
    enterprise = forms.ChoiceField(
        label=_("Entreprise fictive"),
        required=False,
        help_text=_("Chaque candidat en reçoit une copie privée au début de l’épreuve."),
    )
    reference = forms.CharField(
        label=_("Référence"),
        max_length=30,
        required=False,
        help_text=_("Laissez vide : le prochain numéro est donné."),
    )

    def __init__(
        self,
        *args: Any,
        versions: Iterable[FrameworkVersion],
        enterprises: Iterable[Workspace],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.pk: version for version in versions}
        exam = cast("forms.ChoiceField", self.fields["exam"])
        exam.choices = [("", gettext("Choisissez…")), *exam_choices(self._versions.values())]
        enterprise = cast("forms.ChoiceField", self.fields["enterprise"])
        enterprise.choices = [
            ("", gettext("Aucune (oral ou écrit seul)")),
            *((str(each.pk), each.name) for each in enterprises),
        ]

    def data_for_action(self) -> SessionData:
        pk, block = split_choice(self.cleaned_data["exam"])
        chosen = self.cleaned_data["enterprise"]
        return SessionData(
            reference=self.cleaned_data["reference"].strip(),
            version=self._versions[pk],
            block=block,
            starts_at=self.cleaned_data["starts_at"],
            place=self.cleaned_data["place"],
            address=self.cleaned_data["address"],
            room=self.cleaned_data["room"],
            enterprise_id=int(chosen) if chosen else None,
        )


def initial_of(session: ExamSession) -> dict[str, Any]:
    """The form as the session stands."""
    return {
        "exam": f"{session.version_id}:{session.block}",
        "starts_at": timezone.localtime(session.starts_at).replace(tzinfo=None),
        "place": session.place,
        "address": session.address,
        "room": session.room,
        "enterprise": str(session.enterprise_id or ""),
        "reference": session.reference,
    }


if TYPE_CHECKING:
    _IncidentForm = forms.ModelForm[Incident]
else:
    _IncidentForm = forms.ModelForm


class IncidentForm(_IncidentForm):
    happened_at = forms.DateTimeField(
        label=_("Heure"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        input_formats=[_WHEN, "%Y-%m-%dT%H:%M:%S"],
    )

    class Meta:
        model = Incident
        fields = ["category", "candidate", "description", "effect", "happened_at"]
        labels = {
            "category": _("Nature"),
            "candidate": _("Candidat concerné"),
            "description": _("Ce qui s’est passé"),
            "effect": _("Effet sur la décision"),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, session: ExamSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        candidate = cast("forms.ModelChoiceField[SessionCandidate]", self.fields["candidate"])
        candidate.queryset = session.candidates.select_related("enrolment__candidate")
        candidate.required = False
        candidate.empty_label = gettext("Toute la session")
        candidate.label_from_instance = _name  # type: ignore[method-assign,assignment]


def _name(seat: SessionCandidate) -> str:
    return seat.enrolment.candidate.full_name


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=300)


class AbsenceForm(forms.Form):
    reason = forms.CharField(
        label=_("Motif"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Le centre le lira. N’écrivez rien de médical : un justificatif se remet à part."
        ),
    )


class SendingForm(forms.Form):
    """The day on which summons leave, at eight in the morning."""

    day = forms.DateField(
        label=_("Envoi le"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def send_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], EIGHT))


class ReportForm(forms.Form):
    file = forms.FileField(
        label=_("Avis de non-remise (.eml)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,message/rfc822"}),
        help_text=_("Le message tel que votre messagerie l’a reçu, enregistré en fichier."),
    )


class ChosenForm(forms.Form):
    """Rows ticked in a list of people."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, label=_("Personnes"))

    def __init__(self, *args: Any, allowed: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.TypedMultipleChoiceField", self.fields["chosen"])
        field.choices = [(str(pk), str(pk)) for pk in allowed]
