from collections.abc import Iterable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.actions import AccreditationData, SessionData
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionCandidate
from acquis.certification.exam_sessions.policy import ACCREDITED_KINDS
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.frameworks.choices import exam_choices, split_choice
from acquis.certification.frameworks.models import FrameworkVersion

EIGHT = time(8)  # summons that were planned leave in the morning
_WHEN = "%Y-%m-%dT%H:%M"


class ExamChoiceForm(forms.Form):
    """One exam among those of the published frameworks that the organisation reads."""

    exam = forms.ChoiceField(label=_("Certification ou bloc"))

    def __init__(self, *args: Any, user: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {each.pk: each for each in readable_versions(user, organisation)}
        exam = cast("forms.ChoiceField", self.fields["exam"])
        exam.choices = [("", gettext("Choisissez…")), *exam_choices(self._versions.values())]

    def chosen_exam(self) -> tuple[FrameworkVersion, str]:
        """The version of the framework, and the block of it or nothing for the whole title."""
        pk, block = split_choice(self.cleaned_data["exam"])
        return self._versions[pk], block


class ExamForm(ExamChoiceForm):
    """What is held, where, and in which fictitious enterprise: the same for a session and a season."""

    place = forms.CharField(label=_("Lieu"), max_length=200)
    address = forms.CharField(
        label=_("Adresse"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    enterprise = forms.ChoiceField(
        label=_("Entreprise fictive"),
        required=False,
        help_text=_("Chaque candidat en reçoit une copie privée au début de l’épreuve."),
    )

    def __init__(self, *args: Any, user: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, user=user, organisation=organisation, **kwargs)
        enterprise = cast("forms.ChoiceField", self.fields["enterprise"])
        enterprise.choices = [
            ("", gettext("Aucune (oral ou écrit seul)")),
            *(
                (str(each.pk), each.name)
                for each in Workspace.objects.filter(
                    organisation=organisation, kind=WorkspaceKind.MODEL
                )
            ),
        ]

    def chosen_enterprise(self) -> int | None:
        chosen = self.cleaned_data["enterprise"]
        return int(chosen) if chosen else None


class AccreditationForm(forms.Form):
    """An agrément as its decision says it."""

    title = forms.ChoiceField(label=_("Titre et édition"))
    site = forms.CharField(
        label=_("Site"),
        max_length=200,
        help_text=_("Comme dans le lieu ou l’adresse des sessions : c’est là qu’il est reconnu."),
    )
    number = forms.CharField(label=_("Numéro de l’agrément"), max_length=60)
    valid_from = forms.DateField(
        label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("Au, inclus"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: User, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {
            str(each.pk): each
            for each in readable_versions(user, organisation)
            if each.framework.kind in ACCREDITED_KINDS
        }
        title = cast("forms.ChoiceField", self.fields["title"])
        title.choices = [
            ("", gettext("Choisissez…")),
            *(
                (key, f"{one.framework.title} · {one.edition}")
                for key, one in self._versions.items()
            ),
        ]

    def data_for_action(self) -> AccreditationData:
        said = self.cleaned_data
        return AccreditationData(
            version=self._versions[said["title"]],
            site=said["site"].strip(),
            number=said["number"].strip(),
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
        )


class SessionForm(ExamForm):
    starts_at = forms.DateTimeField(
        label=_("Date et heure de début"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WHEN),
        input_formats=[_WHEN, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
    )
    room = forms.CharField(label=_("Salle"), max_length=100, required=False)
    reference = forms.CharField(
        label=_("Référence"),
        max_length=30,
        required=False,
        help_text=_("Laissez vide : le prochain numéro est donné."),
    )

    field_order = ("exam", "starts_at", "place", "address", "room", "enterprise", "reference")

    def data_for_action(self) -> SessionData:
        version, block = self.chosen_exam()
        return SessionData(
            reference=self.cleaned_data["reference"].strip(),
            version=version,
            block=block,
            starts_at=self.cleaned_data["starts_at"],
            place=self.cleaned_data["place"],
            address=self.cleaned_data["address"],
            room=self.cleaned_data["room"],
            enterprise_id=self.chosen_enterprise(),
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
