"""The fields that several forms of cases share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.cases import queries
from acquis.desk.cases.models import CaseCode
from acquis.desk.cases.presentation import code_choices
from acquis.desk.sales.models import Product

SCALE = [("", "—"), (1, _("1 · haut")), (2, _("2 · moyen")), (3, _("3 · bas"))]
FACTOR = [(3, _("3 · fort")), (2, _("2 · moyen")), (1, _("1 · faible"))]
LONG = 8000


def text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def scale(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SCALE, coerce=int, empty_value=None, required=False
    )


def factor(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, help_text=help_text, choices=FACTOR, coerce=int)


def money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10_000_000, max_digits=10, decimal_places=2, **more
    )


class CodeField(forms.ModelChoiceField):  # type: ignore[type-arg]  # none at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(code_choices([obj])[0][1])


def offer(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields.get(name)
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


def offer_codes(form: forms.Form, workspace: Workspace) -> None:
    offer(form, "reason", queries.codes(workspace, CaseCode.Kind.REASON))
    offer(form, "symptom", queries.codes(workspace, CaseCode.Kind.SYMPTOM))
    offer(form, "product", Product.objects.filter(workspace=workspace))
