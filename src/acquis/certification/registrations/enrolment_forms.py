"""What is asked of an enrolment."""

from fractions import Fraction
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.content import assessment_for
from acquis.certification.frameworks.presentation import METHODS, PHASE_KINDS
from acquis.certification.registrations import policy, presentation
from acquis.certification.registrations.actions import AccommodationData, AdmissibilityData
from acquis.certification.registrations.models import (
    Accommodation,
    Admissibility,
    Enrolment,
    Proof,
)
from acquis.kernel import files

PROOF_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg"})


class AccommodationForm(forms.Form):
    """What is arranged, for which phases, by whose decision; never for which reason."""

    kind = forms.ChoiceField(label=_("Nature"), choices=Accommodation.Kind.choices)
    extra = forms.ChoiceField(
        label=_("Temps en plus"),
        required=False,
        help_text=_("Pour un temps majoré. Les durées sont arrondies à la minute du dessus."),
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes de pause par heure de travail"),
        required=False,
        min_value=1,
        max_value=policy.HOUR,
        help_text=_("Pour des pauses. Elles s’ajoutent à la journée, pas au temps de rédaction."),
    )
    scope = forms.MultipleChoiceField(
        label=_("Seulement pour"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : toute l’épreuve."),
    )
    details = forms.CharField(
        label=_("Ce qu’il faut préparer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Pour ceux qui l’appliquent : secrétaire, interface en langue des signes, écran, salle…"
            " N’écrivez jamais le motif médical."
        ),
    )
    decision_by = forms.CharField(
        label=_("Décision de"),
        required=False,
        max_length=120,
        help_text=_("DDETS, certificateur, centre…"),
    )
    decision_date = forms.DateField(
        label=_("Décision du"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vide tant que la décision est attendue : rien ne s’applique avant elle."),
    )

    def __init__(
        self, *args: Any, enrolment: Enrolment, former: Accommodation | None = None, **kwargs: Any
    ) -> None:
        if former is not None:
            kwargs["initial"] = _initial(former)
        super().__init__(*args, **kwargs)
        parts = [*presentation.PARTS, *([former.factor] if former and former.factor else [])]
        extra = cast("forms.ChoiceField", self.fields["extra"])
        extra.choices = [
            ("", _("Aucun")),
            *((str(part), presentation.part_words(part)) for part in dict.fromkeys(parts)),
        ]
        scope = cast("forms.MultipleChoiceField", self.fields["scope"])
        scope.choices = _scopes(enrolment)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind")
        timed = kind == Accommodation.Kind.EXTRA_TIME
        if timed:
            self._demand("extra", _("Indiquez la part de temps en plus."))
        data["extra"] = Fraction(data.get("extra") or 0) if timed else Fraction(0)
        if kind == Accommodation.Kind.BREAKS:
            self._demand("break_minutes", _("Indiquez les minutes de pause par heure."))
        else:
            data["break_minutes"] = 0
        decided = data.get("decision_date")
        if decided and decided > timezone.localtime().date():
            self.add_error("decision_date", _("Une décision ne peut pas dater de demain."))
        if decided and not data.get("decision_by"):
            self.add_error("decision_by", _("Indiquez qui a pris la décision."))
        return data

    def _demand(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def data_for_action(self) -> AccommodationData:
        return cast("AccommodationData", {name: self.cleaned_data[name] for name in self.fields})


def _scopes(enrolment: Enrolment) -> list[tuple[str, Any]]:
    """The methods of this exam, then the kinds of work."""
    exam = assessment_for(enrolment.version.content, enrolment.block) or {"phases": []}
    methods = dict.fromkeys(phase["method"] for phase in exam["phases"])
    kinds = [(name, words) for name, words in PHASE_KINDS.items() if name != "deposit"]
    return [*((name, METHODS[name]) for name in methods), *kinds]


def _initial(former: Accommodation) -> dict[str, Any]:
    return {
        "kind": former.kind,
        "extra": str(former.factor) if former.factor else "",
        "break_minutes": former.break_minutes or None,
        "scope": former.scope,
        "details": former.details,
        "decision_by": former.decision_by,
        "decision_date": former.decision_date,
    }


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class AdmissibilityForm(forms.Form):
    """Where a VAE file stands."""

    requested_on = _day(_("Demande déposée le"))
    authority = forms.CharField(
        label=_("Auprès de"),
        required=False,
        max_length=120,
        help_text=_("France VAE, certificateur…"),
    )
    decision = forms.ChoiceField(
        label=_("Décision"),
        required=False,
        choices=[("", _("Attendue")), *Admissibility.Decision.choices],
        help_text=_("Sans réponse deux mois après la demande, le dossier est recevable."),
    )
    decided_on = _day(_("Décision du"), required=False)
    reason = forms.CharField(
        label=_("Motif du refus"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localtime().date()
        asked, decided = data.get("requested_on"), data.get("decided_on")
        for name, day in (("requested_on", asked), ("decided_on", decided)):
            if day and day > today:
                self.add_error(name, _("Cette date est dans l’avenir."))
        if data.get("decision") and not decided and "decided_on" not in self.errors:
            self.add_error("decided_on", _("Indiquez la date de la décision."))
        if decided and not data.get("decision"):
            self.add_error("decision", _("Choisissez la décision, ou videz sa date."))
        if decided and asked and decided < asked:
            self.add_error("decided_on", _("La décision ne peut pas précéder la demande."))
        if data.get("decision") == Admissibility.Decision.REFUSED and not data.get("reason"):
            self.add_error("reason", _("Dites pourquoi : le candidat le demandera."))
        return data

    def data_for_action(self) -> AdmissibilityData:
        return cast("AdmissibilityData", {name: self.cleaned_data[name] for name in self.fields})


class BodiesForm(forms.Form):
    """Who employs and who trains the candidate of an enrolment."""

    employer = forms.CharField(
        label=_("Employeur"),
        required=False,
        max_length=200,
        help_text=_("Un juré qui lui est lié ne peut pas juger ce candidat."),
    )
    training_body = forms.CharField(
        label=_("Organisme de formation"), required=False, max_length=200
    )


class HeldForm(forms.Form):
    """One line of the livret de certification."""

    block = forms.ChoiceField(label=_("Obtenu"), required=False)
    obtained_on = _day(_("Obtenu le"))
    pv_reference = forms.CharField(label=_("Référence du PV"), required=False, max_length=80)

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        blocks = enrolment.version.content.get("blocks", [])
        field = cast("forms.ChoiceField", self.fields["block"])
        field.choices = [
            *((block["code"], f"{block['code']} – {block['title']}") for block in blocks),
            ("", _("La certification entière")),
        ]

    def clean_obtained_on(self) -> Any:
        day = self.cleaned_data["obtained_on"]
        if day > timezone.localtime().date():
            raise forms.ValidationError(_("Cette date est dans l’avenir."))
        return day


class ProofForm(forms.Form):
    """A paper brought; nothing but a look at an identity document."""

    kind = forms.ChoiceField(choices=Proof.Kind.choices, widget=forms.HiddenInput)
    file = forms.FileField(label=_("Fichier"), required=False)
    media_type = ""

    def clean_file(self) -> "UploadedFile[Any] | None":
        uploaded = cast("UploadedFile[Any] | None", self.cleaned_data["file"])
        if uploaded is not None:
            self.media_type = files.check_upload(uploaded, allowed=PROOF_TYPES)
        return uploaded
