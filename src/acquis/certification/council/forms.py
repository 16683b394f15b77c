from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.council.models import QUESTIONS, wording_of
from acquis.certification.frameworks.models import Framework

LEVELS = [
    (4, _("Tout à fait")),
    (3, _("Plutôt")),
    (2, _("Plutôt pas")),
    (1, _("Pas du tout")),
    ("", _("Sans avis")),
]


class OrderForm(forms.Form):
    """Which certification and which year, among those that have something to count."""

    what = forms.ChoiceField(label=_("Certification et année"))

    def __init__(
        self, *args: Any, offered: list[tuple[Framework, int, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {f"{one.pk}:{year}": (one, year) for one, year, _judged in offered}
        field: Any = self.fields["what"]
        field.choices = [
            (f"{one.pk}:{year}", f"{year} · {one.acronym or one.title} ({one.code})")
            for one, year, _judged in offered
        ]

    def chosen(self) -> tuple[Framework, int]:
        """Once valid."""
        return self.offered[self.cleaned_data["what"]]


class SurveyForm(forms.Form):
    """The questionnaire: each affirmation may be left without an opinion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in QUESTIONS:
            self.fields[name] = forms.TypedChoiceField(
                label=wording_of(name),
                choices=LEVELS,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
