from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.grading.models import Deliberation, Verdict

OBSERVATION_CHARS = 10_000
REASON_CHARS = 5_000


class MarkForm(forms.Form):
    """What a page sends for one criterion; an empty verdict takes the mark back."""

    criterion = forms.CharField(max_length=60)
    verdict = forms.ChoiceField(choices=[("", ""), *Verdict.choices], required=False)
    observation = forms.CharField(required=False, max_length=OBSERVATION_CHARS, strip=False)
    seq = forms.IntegerField(min_value=0)
    client_id = forms.CharField(max_length=64, required=False)


class ClosingForm(forms.Form):
    general_observation = forms.CharField(
        label=_("Observation générale"),
        required=False,
        max_length=OBSERVATION_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lue par les autres jurés pendant la délibération."),
    )


class DecisionForm(forms.Form):
    criterion = forms.CharField(max_length=60)
    verdict = forms.ChoiceField(choices=Verdict.choices, required=False)
    reason = forms.CharField(required=False, max_length=REASON_CHARS)
    revision = forms.IntegerField(min_value=0)


class OutcomeForm(forms.Form):
    """The presence is ticked by people: nobody is ticked for them."""

    present = forms.TypedMultipleChoiceField(
        label=_("Jurés présents à la délibération"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    outcome = forms.ChoiceField(
        label=_("Décision du jury"),
        choices=Deliberation.Outcome.choices,
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Motifs et observations remis au candidat"),
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: object, jurors: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["present"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the types
        field.choices = jurors
