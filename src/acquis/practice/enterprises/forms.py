from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.practice.enterprises import packs, queries

MOST_COPIES = 60  # of one request


class LoadForm(forms.Form):
    """A shipped enterprise, dated so that « yesterday » is the day before the exam."""

    slug = forms.ChoiceField(label=_("Entreprise"))
    reference_on = forms.DateField(
        label=_("Jour de l’épreuve"),
        help_text=_("Les deux années de contacts, de commandes et de factures s’arrêtent ce jour."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["slug"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(slug, packs.title(slug)) for slug in packs.slugs()]


class CopiesForm(forms.Form):
    people = forms.TypedMultipleChoiceField(
        label=_("Pour qui"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une personne.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [
                (one.pk, f"{one} · {one.email}") for one in queries.learners(organisation)
            ]

    def clean_people(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["people"]
        if len(chosen) > MOST_COPIES:
            raise forms.ValidationError(
                _("Choisissez %(count)d personnes au plus à la fois.") % {"count": MOST_COPIES}
            )
        return chosen
