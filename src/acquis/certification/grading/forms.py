from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.certification.grading.models import Deliberation, UnitDecision, Verdict
from acquis.certification.registrations.models import Candidate, outcome_words

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


class UnitForm(forms.Form):
    """The decision on one competency or block; an empty code is the whole certification."""

    kind = forms.ChoiceField(choices=UnitDecision.Kind.choices)
    code = forms.CharField(max_length=60, required=False)
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
    departure = forms.CharField(
        label=_("Motif, si le jury s’écarte de la proposition"),
        required=False,
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Imprimé au procès-verbal et sur la fiche de résultat."),
    )
    reasons = forms.CharField(
        label=_("Motifs et observations remis au candidat"),
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(
        self,
        *args: object,
        jurors: list[tuple[int, str]],
        person: Candidate,
        partial: bool = False,
        **kwargs: object,
    ) -> None:
        """`partial`: several blocks are decided, some of which may be obtained without the rest."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - for the types
        outcome.choices = [
            (one, outcome_words(one, person))
            for one in Deliberation.Outcome.values
            if partial or one != Deliberation.Outcome.PARTIAL
        ]
        field = self.fields["present"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - for the types
        field.choices = jurors
