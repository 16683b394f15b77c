from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.directory.queries import segments
from acquis.desk.sales import pricing
from acquis.desk.sales.actions.keep_price_list import Asked, Given
from acquis.desk.sales.forms import decimal_field
from acquis.desk.sales.models import PriceList, PriceListVersion, Product
from acquis.desk.sales.problems import PROBLEMS

DAY = {"type": "date"}


def _day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )


class PriceListForm(forms.Form):
    name = forms.CharField(label=_("Nom de la grille"), max_length=120)
    audience = forms.ChoiceField(label=_("Pour qui"), choices=PriceList.Audience.choices)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    basis = forms.ChoiceField(label=_("Prix exprimés"), choices=PriceList.Basis.choices)
    owner = forms.CharField(
        label=_("Tenue par"),
        required=False,
        max_length=120,
        help_text=_("La personne ou le service qui répond de ses prix."),
    )
    review_on = _day(_("À relire le"))

    def __init__(
        self, *args: Any, workspace: Workspace, listed: PriceList | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = segments(workspace)
        if listed and listed.segment and listed.segment not in names:
            names.append(listed.segment)
        choice = self.fields["segment"]
        choice.choices = [("", "—"), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = given.get("audience") == PriceList.Audience.SEGMENT
        if wanted and not given.get("segment") and "segment" not in self.errors:
            self.add_error("segment", _("Choisissez le segment à qui la grille s’adresse."))
        return given

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class NextVersionForm(forms.Form):
    percent = forms.DecimalField(
        label=_("Hausse de tous les prix (%)"),
        required=False,
        min_value=-100,
        max_value=pricing.MOST_RAISE,
        decimal_places=2,
        localize=True,
        help_text=_("Négative : une baisse. Les remises sur le catalogue ne changent pas."),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )


class LineForm(forms.Form):
    reference = forms.CharField(
        label=_("Référence du produit"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "price-products", "autocomplete": "off"}),
    )
    least = decimal_field(_("À partir de (quantité)"), most=1_000_000, decimals=3)
    price = decimal_field(_("Prix"), most=10_000_000, decimals=4)
    percent = decimal_field(_("ou remise sur le catalogue (%)"), most=100)
    note = forms.CharField(label=_("Précision"), required=False, max_length=200)

    def __init__(self, *args: Any, version: PriceListVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        product = Product.objects.filter(
            workspace=self.version.workspace_id, reference=given["reference"].strip()
        ).first()
        if product is None:
            self.add_error("reference", str(PROBLEMS["unknown"]))
            return given
        least = Decimal(1) if given["least"] is None else given["least"]
        step = pricing.Step(least, given["price"], given["percent"])
        with_vat = self.version.price_list.basis == PriceList.Basis.TTC
        problem = pricing.problem_of(step, with_vat=with_vat)
        if problem is not None:
            field = "least" if problem.startswith("least") else "price"
            self.add_error(field, str(PROBLEMS[problem]))
        return {**given, "given": Given(product, step, given["note"])}


class PriceFileForm(forms.Form):
    file = forms.FileField(
        label=_("Fichier de prix"),
        help_text=_("CSV ou XLSX, 5 000 lignes au plus ; il remplace les lignes du brouillon."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Ce fichier est vide."),
        },
    )


class PublishPricesForm(forms.Form):
    on = _day(_("En vigueur à partir du"), required=True, hint=_("Dès minuit, heure de Paris."))
    until = _day(_("jusqu’au"), hint=_("Vide : jusqu’à la version suivante."))
    note = forms.CharField(label=_("Ce qui change"), required=False, max_length=300)


class NextReviewForm(forms.Form):
    next_on = _day(_("À relire de nouveau le"))


class PriceAskedForm(forms.Form):
    """For whom, when and how many: what the price of a product hangs on."""

    client = forms.CharField(label=_("Référence du client"), required=False, max_length=20)
    quantite = decimal_field(_("Quantité"), most=1_000_000, decimals=3)
    le = _day(_("Le jour"))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        self.customer: Customer | None = None

    def clean_client(self) -> str:
        typed = str(self.cleaned_data["client"]).strip()
        if typed:
            found = Customer.objects.filter(workspace=self.workspace, reference=typed.upper())
            self.customer = found.first()
            if self.customer is None:
                raise forms.ValidationError(_("Aucun client n’a cette référence."))
        return typed
