from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.juries.actions import JurorData
from acquis.certification.juries.models import DeclaredLink, Juror

_DAY = {"type": "date"}


if TYPE_CHECKING:
    _JurorForm = forms.ModelForm[Juror]
else:
    _JurorForm = forms.ModelForm


class JurorForm(_JurorForm):
    specialities = forms.CharField(
        label=_("Spécialités"),
        required=False,
        help_text=_("Séparées par des virgules : rétention, recouvrement…"),
    )

    class Meta:
        model = Juror
        fields = [
            "first_name",
            "last_name",
            "email",
            "phone",
            "employer",
            "job_title",
            "is_external",
            "experience_years",
            "left_job_on",
            "briefed_on",
            "briefing_hours",
            "represents",
            "accredited_from",
            "accredited_to",
        ]
        widgets = {
            name: forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
            for name in ("left_job_on", "briefed_on", "accredited_from", "accredited_to")
        }
        help_texts = {
            "left_job_on": _("Vide s’il l’exerce encore."),
            "briefed_on": _("Sans cette session, le juré ne peut pas siéger."),
            "represents": _("Quand le référentiel le demande : FILEA, monde économique…"),
            "accredited_to": _("Dernier jour inclus ; vide si l’habilitation est sans terme."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["specialities"] = ", ".join(self.instance.specialities)

    def clean_specialities(self) -> list[str]:
        words = str(self.cleaned_data["specialities"]).split(",")
        return [word.strip() for word in words if word.strip()]

    def data_for_action(self) -> JurorData:
        names = [*self.Meta.fields, "specialities"]
        return cast("JurorData", {name: self.cleaned_data[name] for name in names})


class LinkForm(forms.Form):
    candidate = forms.TypedChoiceField(
        label=_("Candidat"), coerce=int, required=False, empty_value=None
    )
    organisation_name = forms.CharField(
        label=_("Organisme"),
        required=False,
        max_length=200,
        help_text=_("Employeur ou organisme de formation : vaut pour tous ses candidats."),
    )
    nature = forms.ChoiceField(label=_("Nature du lien"), choices=DeclaredLink.Nature.choices)
    declared_by = forms.ChoiceField(label=_("Déclaré par"), choices=DeclaredLink.Declarer.choices)
    detail = forms.CharField(label=_("Précision"), required=False, max_length=300)

    def __init__(self, *args: Any, candidates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.TypedChoiceField", self.fields["candidate"])
        field.choices = [("", _("Aucun")), *candidates]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("candidate")) == bool(data.get("organisation_name")):
            raise forms.ValidationError(_("Choisissez un candidat ou un organisme, l’un des deux."))
        return data
