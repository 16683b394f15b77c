from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.certification.frameworks.choices import exam_choices, split_choice
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import policy
from acquis.certification.registrations.actions import CandidateData
from acquis.certification.registrations.enrolment_forms import BodiesForm
from acquis.certification.registrations.models import Candidate, Enrolment

INSEE_FAULTS = {
    "malformed": _("Un code INSEE a cinq caractères : 44109, 2A004."),
    "home": _("Le code 99… désigne l’étranger ; le pays indiqué est la France."),
    "abroad": _("Né(e) à l’étranger : le code commence par 99, ou reste vide."),
}
POSTCODE_FAULTS = {
    "malformed": _("Un code postal a cinq chiffres : 44000."),
    "abroad": _("Né(e) à l’étranger : sans code postal, avec la ville et le pays."),
    "twice": _("Le code INSEE suffit : videz le code postal."),
}


if TYPE_CHECKING:
    _CandidateForm = forms.ModelForm[Candidate]
else:
    _CandidateForm = forms.ModelForm


class CandidateForm(_CandidateForm):
    class Meta:
        model = Candidate
        fields = [
            "birth_name",
            "usual_name",
            "first_name",
            "other_first_names",
            "sex",
            "birth_date",
            "birth_city",
            "birth_insee_code",
            "birth_postcode",
            "birth_country",
            "email",
            "phone",
        ]
        widgets = {
            "birth_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "birth_name": _("Tel qu’il figure sur la pièce d’identité."),
            "birth_insee_code": _("Cinq caractères ; 99… pour l’étranger. Vide s’il est inconnu."),
            "birth_postcode": _("Seulement si le code INSEE est inconnu, et pour la France."),
            "email": _("La convocation y sera envoyée."),
        }

    def clean_birth_insee_code(self) -> str:
        return str(self.cleaned_data["birth_insee_code"]).upper()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        born = data.get("birth_date")
        today = timezone.localtime().date()
        if born and not policy.birth_date_is_likely(born, today):
            self.add_error("birth_date", _("Vérifiez l’année : cet âge est improbable."))
        fault = policy.insee_fault(
            data.get("birth_insee_code") or "", data.get("birth_country") or ""
        )
        if fault:
            self.add_error("birth_insee_code", INSEE_FAULTS[fault])
        postcode = policy.postcode_fault(
            data.get("birth_postcode") or "",
            data.get("birth_insee_code") or "",
            data.get("birth_country") or "",
        )
        if postcode:
            self.add_error("birth_postcode", POSTCODE_FAULTS[postcode])
        return data

    def data_for_action(self) -> CandidateData:
        return cast("CandidateData", {name: self.cleaned_data[name] for name in self.Meta.fields})


class EnrolmentForm(BodiesForm):
    exam = forms.ChoiceField(label=_("Certification ou bloc"))
    route = forms.ChoiceField(label=_("Voie d’accès"), choices=Enrolment.Route.choices)

    def __init__(self, *args: Any, versions: QuerySet[FrameworkVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {version.pk: version for version in versions}
        field = cast("forms.ChoiceField", self.fields["exam"])
        field.choices = [("", _("Choisissez…")), *exam_choices(self._versions.values())]
        self.order_fields(["exam", "route", "employer", "training_body"])

    def exam_chosen(self) -> tuple[FrameworkVersion, str]:
        pk, block = split_choice(self.cleaned_data["exam"])
        return self._versions[pk], block
