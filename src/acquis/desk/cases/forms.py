from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.access import members_of
from acquis.accounts.models import User, Workspace, WorkspaceMember
from acquis.accounts.verbs import ROLES, Verb
from acquis.desk.agenda.models import Resource
from acquis.desk.agenda.policy import HoursInvalid, Span, parsed
from acquis.desk.billing.errors import AmountOutOfInvoice
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.billing.policy import disputable, may_be_disputed
from acquis.desk.cases import queries
from acquis.desk.cases.models import (
    AuthorityRule,
    Case,
    CaseCode,
    CaseLink,
    CaseOption,
    Intervention,
    Stage,
)
from acquis.desk.cases.policy import complaints
from acquis.desk.cases.policy.deadlines import LEVELS, MATRIX, PRIORITIES
from acquis.desk.cases.policy.satisfaction import VALID_DAYS
from acquis.desk.cases.presentation import code_choices
from acquis.desk.cases.rules import Rules
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, Product
from acquis.kernel.money import format_euros

SCALE = [("", "—"), (1, _("1 · haut")), (2, _("2 · moyen")), (3, _("3 · bas"))]
DAYS = [
    _("Lundi"),
    _("Mardi"),
    _("Mercredi"),
    _("Jeudi"),
    _("Vendredi"),
    _("Samedi"),
    _("Dimanche"),
]
WAITING = [
    ("", _("Sans changement")),
    (Case.State.OPEN, Case.State.OPEN.label),
    (Case.State.WAITING_CUSTOMER, Case.State.WAITING_CUSTOMER.label),
]
SCORES = [(5, _("5 · très satisfait")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 · pas du tout"))]
OPINIONS = [
    (5, _("5 · Très satisfait")),
    (4, _("4 · Satisfait")),
    (3, _("3 · Ni satisfait ni insatisfait")),
    (2, _("2 · Insatisfait")),
    (1, _("1 · Très insatisfait")),
]
LONG = 8000


def people_of(workspace: Workspace) -> Any:
    """Who may follow a case: the people of the organisation who use desks, and its seats."""
    roles = [role for role, verbs in ROLES.items() if Verb.DESK_USE in verbs]
    members = members_of(workspace.organisation, roles).order_by().values("pk")
    seats = WorkspaceMember.objects.filter(workspace=workspace).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=seats), is_active=True)


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


def _scale(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=SCALE, coerce=int, empty_value=None, required=False
    )


class _CodeField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, obj: Any) -> str:
        return str(code_choices([obj])[0][1])


class CaseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Genre"), choices=Case.Kind.choices)
    title = forms.CharField(label=_("Titre"), max_length=200)
    description = _text(_("Ce que le client demande"), 5, required=False)
    reason = _CodeField(label=_("Motif"), queryset=CaseCode.objects.none(), required=False)
    product = forms.ModelChoiceField(
        label=_("Produit"), queryset=Product.objects.none(), required=False
    )
    urgency = _scale(_("Urgence"))
    impact = _scale(_("Impact"))
    order = forms.ModelChoiceField(
        label=_("Commande concernée"), queryset=Order.objects.none(), required=False
    )
    due_on = forms.DateField(
        label=_("Réponse promise le"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "order", Order.objects.filter(customer=customer))
        _offer_codes(self, customer.workspace)


class DiagnosisForm(forms.Form):
    reason = _CodeField(label=_("Motif"), queryset=CaseCode.objects.none(), required=False)
    product = forms.ModelChoiceField(
        label=_("Produit"), queryset=Product.objects.none(), required=False
    )
    symptom = _CodeField(label=_("Symptôme"), queryset=CaseCode.objects.none(), required=False)
    cause = _text(_("Cause"), 2, required=False)
    tried = _text(_("Ce qui a été essayé"), 3, required=False)
    urgency = _scale(_("Urgence"))
    impact = _scale(_("Impact"))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_codes(self, workspace)


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields.get(name)
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


def _offer_codes(form: forms.Form, workspace: Workspace) -> None:
    _offer(form, "reason", queries.codes(workspace, CaseCode.Kind.REASON))
    _offer(form, "symptom", queries.codes(workspace, CaseCode.Kind.SYMPTOM))
    _offer(form, "product", Product.objects.filter(workspace=workspace))


class CommentForm(forms.Form):
    body = _text(
        _("Ce qui s’est passé"), error_messages={"required": _("Le commentaire est vide.")}
    )
    new_state = forms.ChoiceField(label=_("Nouvel état"), choices=WAITING, required=False)
    customer_told = forms.BooleanField(label=_("Le client en est informé"), required=False)


class SecondLevelForm(forms.Form):
    team = forms.CharField(label=_("Équipe ou personne"), max_length=120)
    tried = _text(_("Ce qui a déjà été essayé"))
    question = _text(_("Question posée"), 2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The page of a case holds the diagnosis too, whose fields bear the same names.
        super().__init__(*args, **{"auto_id": "asked_%s"} | kwargs)


class AnswerForm(forms.Form):
    answer = _text(_("Réponse du second niveau"))


class ResolutionForm(forms.Form):
    resolution = _text(
        _("Comment la demande est résolue"),
        error_messages={"required": _("Dites comment la demande a été résolue.")},
    )
    ask_satisfaction = forms.BooleanField(
        label=_("Demander au client s’il est satisfait"), required=False
    )


class SatisfactionForm(forms.Form):
    score = forms.TypedChoiceField(label=_("Satisfaction"), choices=SCORES, coerce=int)
    comment = forms.CharField(label=_("Ce que dit le client"), max_length=1000, required=False)


LATEST_SURVEY_MINUTES = 7 * 24 * 60  # a week: later, nobody remembers


class OpinionForm(forms.Form):
    """What the customer answers by the link of the question."""

    score = forms.TypedChoiceField(
        label=_("Êtes-vous satisfait de la façon dont votre demande a été traitée ?"),
        choices=OPINIONS,
        coerce=int,
        widget=forms.RadioSelect,
    )
    solved = forms.TypedChoiceField(
        label=_("Votre problème est-il résolu ?"),
        choices=[("1", _("Oui")), ("0", _("Non"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    comment = _text(_("Votre commentaire"), 3, required=False)


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Suivie par"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("l’équipe"),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "to", people_of(workspace))


class OtherCaseForm(forms.Form):
    """Another case of the desk, by its number."""

    number = forms.CharField(label=_("Numéro de l’autre demande"), max_length=30)
    kind = forms.ChoiceField(
        label=_("Lien"), choices=[*CaseLink.Kind.choices, ("merge", _("réunir à"))]
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_number(self) -> Case:
        number = self.cleaned_data["number"].strip()
        found = Case.objects.filter(workspace=self.workspace, number__iexact=number).first()
        if found is None:
            raise forms.ValidationError(gettext("Aucune demande ne porte ce numéro."))
        return found


class ProcedureForm(forms.Form):
    article = forms.ModelChoiceField(label=_("Procédure à suivre"), queryset=Article.objects.none())

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Article.objects.filter(workspace=workspace, kind=Article.Kind.PROCEDURE)
        _offer(self, "article", rows)


class CodeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Liste"), choices=CaseCode.Kind.choices)
    parent = forms.ModelChoiceField(
        label=_("Sous"),
        queryset=CaseCode.objects.none(),
        required=False,
        empty_label=_("premier niveau"),
    )
    label = forms.CharField(label=_("Libellé"), max_length=120)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.codes(workspace, CaseCode.Kind.REASON).filter(parent__isnull=True)
        _offer(self, "parent", rows)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == CaseCode.Kind.SYMPTOM:
            values["parent"] = None  # symptoms are a flat list
        return values


class RulesForm(forms.Form):
    """Hours, matrix, delays; each cell a field, so that the page works without JavaScript."""

    reopen_days = forms.IntegerField(
        label=_("Réouverture possible pendant (jours)"), min_value=0, max_value=365
    )
    acknowledge_days = forms.IntegerField(
        label=_("Accusé de réception d’une réclamation (jours ouvrés)"), min_value=1, max_value=30
    )
    answer_days = forms.IntegerField(
        label=_("Réponse à une réclamation (jours ouvrés)"), min_value=1, max_value=60
    )
    recurrence_count = forms.IntegerField(
        label=_("Alerte à partir de (demandes du même produit et symptôme)"),
        min_value=0,
        max_value=1000,
    )
    recurrence_days = forms.IntegerField(
        label=_("Sur une période de (jours)"), min_value=1, max_value=365
    )
    survey_on = forms.BooleanField(
        label=_("Envoyer au client une question de satisfaction, sur demande du conseiller"),
        required=False,
    )
    survey_days = forms.IntegerField(
        label=_("Le lien de la question reste ouvert (jours)"),
        min_value=1,
        max_value=365,
        required=False,
    )
    survey_text = _text(_("Texte qui précède le lien"), 3, required=False)
    survey_delay_minutes = forms.IntegerField(
        label=_("La question part après la clôture (minutes)"),
        min_value=0,
        max_value=LATEST_SURVEY_MINUTES,
        required=False,
        help_text=_("60 : une heure après. 0 ou vide : tout de suite."),
    )

    def __init__(self, data: Any = None, *, rules: Rules) -> None:
        written = rules.hours.as_data()
        initial: dict[str, Any] = {
            name: getattr(rules, name)
            for name in ("reopen_days", "acknowledge_days", "answer_days", "recurrence_count",
                         "recurrence_days", "survey_on", "survey_days", "survey_text")
        }  # fmt: skip
        initial["survey_delay_minutes"] = int(rules.survey_delay.total_seconds() // 60)
        super().__init__(data, initial=initial)
        for day, name_of_day in enumerate(DAYS):
            self.fields[f"day_{day}"] = forms.CharField(
                label=name_of_day,
                required=False,
                max_length=80,
                initial=", ".join(written.get(str(day), [])),
            )
        for key in MATRIX:
            urgency, impact = key.split("-")
            self.fields[f"cell_{urgency}_{impact}"] = forms.TypedChoiceField(
                label=gettext("Urgence %(urgency)s, impact %(impact)s")
                % {"urgency": urgency, "impact": impact},
                choices=[(one, str(one)) for one in PRIORITIES],
                coerce=int,
                initial=rules.matrix[key],
            )
        for priority in PRIORITIES:
            for name, label, index in (
                ("first", gettext("Priorité %(rank)s, première réponse (minutes ouvertes)"), 0),
                ("resolution", gettext("Priorité %(rank)s, résolution (minutes ouvertes)"), 1),
            ):
                self.fields[f"{name}_{priority}"] = forms.IntegerField(
                    label=label % {"rank": priority},
                    min_value=1,
                    max_value=60_000,
                    initial=rules.targets[str(priority)][index],
                )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for day in range(7):
            try:
                parsed(values.get(f"day_{day}", ""))
            except HoursInvalid as error:
                self.add_error(
                    f"day_{day}",
                    gettext("« %(text)s » n’est pas un horaire : écrivez 9:00-12:30, 13:30-18:00.")
                    % {"text": error},
                )
        return values

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(7)]

    @property
    def matrix_rows(self) -> list[tuple[int, list[Any]]]:
        return [(row, [self[f"cell_{row}_{column}"] for column in LEVELS]) for row in LEVELS]

    @property
    def target_rows(self) -> list[tuple[int, Any, Any]]:
        return [(rank, self[f"first_{rank}"], self[f"resolution_{rank}"]) for rank in PRIORITIES]

    def values(self) -> dict[str, Any]:
        """As `change_rules` takes them; only on a valid form."""
        given = self.cleaned_data
        days = {
            str(day): [f"{start:%H:%M}-{end:%H:%M}" for start, end in parsed(given[f"day_{day}"])]
            for day in range(7)
        }
        plain = ("reopen_days", "acknowledge_days", "answer_days", "recurrence_count",
                 "recurrence_days")  # fmt: skip
        return {name: given[name] for name in plain} | {
            "survey_on": given["survey_on"],
            "survey_days": given["survey_days"] or VALID_DAYS,
            "survey_text": given["survey_text"].strip(),
            "survey_delay_minutes": given["survey_delay_minutes"] or 0,
            "hours": {day: spans for day, spans in days.items() if spans},
            "matrix": {key: given["cell_" + key.replace("-", "_")] for key in MATRIX},
            "targets": {
                str(rank): [given[f"first_{rank}"], given[f"resolution_{rank}"]]
                for rank in PRIORITIES
            },
        }


FACTOR = [(3, _("3 · fort")), (2, _("2 · moyen")), (1, _("1 · faible"))]


def _factor(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, help_text=help_text, choices=FACTOR, coerce=int)


def _money(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10_000_000, max_digits=10, decimal_places=2, **more
    )


class WeightsForm(forms.Form):
    gravity = _factor(_("Gravité"), _("Ce que le client subit : gêne, perte, danger."))
    pressure = _factor(_("Urgence"), _("Ce que l’attente aggrave."))
    stake = _factor(_("Enjeu"), _("Relation, image, droit du client."))
    customer_stake = _text(_("Enjeux du client"), 2, required=False)
    company_stake = _text(_("Enjeux de l’entreprise"), 2, required=False)


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Nouvel état"))
    note = forms.CharField(label=_("Précision"), max_length=1000, required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (key, label)
                for key, label in Stage
                if key != complaints.CLOSED and complaints.may_follow(case.stage, key)
            ]


class OptionForm(forms.Form):
    label = forms.CharField(label=_("Solution"), max_length=200)
    gesture = forms.ChoiceField(label=_("Nature"), choices=AuthorityRule.Gesture.choices)
    amount = _money(_("Montant TTC (€)"), initial=0)
    for_customer = _text(_("Pour le client"), 2, required=False)
    for_company = _text(_("Pour l’entreprise"), 2, required=False)


class DecisionForm(forms.Form):
    granted = forms.TypedChoiceField(
        label=_("Décision"),
        choices=[("1", _("Accorder")), ("0", _("Refuser"))],
        coerce=lambda value: value == "1",
    )
    reason = forms.CharField(label=_("Raison"), max_length=1000, required=False)
    decider = forms.CharField(
        label=_("Qui l’accorde, au-delà du superviseur"), max_length=160, required=False
    )


class AgreementForm(forms.Form):
    option = forms.ModelChoiceField(label=_("Solution retenue"), queryset=CaseOption.objects.none())
    terms = _text(_("Ce qui est convenu"), 3)
    amount = _money(_("Montant TTC (€)"), initial=0)
    due_on = forms.DateField(
        label=_("Fait au plus tard le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    in_charge = forms.CharField(label=_("Par qui"), max_length=160)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "agreed_%s"} | kwargs)
        _offer(self, "option", case.options.filter(refused_at__isnull=True))


class AuthorityForm(forms.Form):
    """The authority matrix, a row a gesture."""

    COLUMNS = (
        ("adviser_amount", _("conseiller, €")),
        ("adviser_percent", _("conseiller, % de la commande")),
        ("supervisor_amount", _("superviseur, €")),
        ("supervisor_percent", _("superviseur, % de la commande")),
    )

    def __init__(self, data: Any = None, *, rows: list[AuthorityRule]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            for name, label in self.COLUMNS:
                self.fields[f"{row.gesture}_{name}"] = _money(
                    f"{row.get_gesture_display()} : {label}",
                    required=False,
                    initial=getattr(row, name),
                )

    @property
    def groups(self) -> list[tuple[AuthorityRule, list[Any]]]:
        return [
            (row, [self[f"{row.gesture}_{name}"] for name, _label in self.COLUMNS])
            for row in self.rows
        ]

    def values(self) -> dict[str, dict[str, Any]]:
        return {
            row.gesture: {
                name: self.cleaned_data[f"{row.gesture}_{name}"] for name, _label in self.COLUMNS
            }
            for row in self.rows
        }


class VisitForm(forms.Form):
    """One of the free slots offered, and what is to be done there."""

    slot = forms.ChoiceField(label=_("Créneau"))
    instructions = _text(_("À faire sur place"), 3)

    def __init__(self, data: Any = None, *, slots: list[tuple[Resource, Span]]) -> None:
        super().__init__(data)
        self.offered = {f"{who.pk}@{span.start.isoformat()}": (who, span) for who, span in slots}
        field = self.fields["slot"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (key, f"{date_format(localtime(span.start), 'l j F H:i')} · {who.name}")
                for key, (who, span) in self.offered.items()
            ]

    def chosen(self) -> tuple[Resource, Span]:
        """Only on a valid form."""
        return self.offered[self.cleaned_data["slot"]]


class ReportForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Résultat"), choices=Intervention.Outcome.choices)
    report = _text(_("Ce qui a été fait"), 3)


class AcknowledgeForm(forms.Form):
    note = forms.CharField(label=_("Ce qui est entrepris"), max_length=1000)
    parent = forms.CharField(label=_("Demande mère (numéro)"), max_length=30, required=False)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_parent(self) -> Case | None:
        number = self.cleaned_data["parent"].strip()
        if not number:
            return None
        found = Case.objects.filter(workspace=self.workspace, number__iexact=number).first()
        if found is None:
            raise forms.ValidationError(gettext("Aucune demande ne porte ce numéro."))
        return found


class _InvoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {format_euros(obj.total_ttc)}"


class _CaseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.title}"


class DisputeForm(forms.Form):
    """What a customer contests of one of their invoices; an empty amount is all of it."""

    invoice = _InvoiceField(label=_("Facture contestée"), queryset=Invoice.objects.none())
    amount = _money(_("Montant contesté TTC (€)"), required=False, localize=True)
    reason = forms.ChoiceField(label=_("Motif du litige"), choices=InvoiceDispute.Reason.choices)
    case = _CaseField(
        label=_("Demande liée"),
        queryset=Case.objects.none(),
        required=False,
        empty_label=_("Ouvrir une réclamation"),
    )
    detail = _text(_("Ce que dit le client"), 3, required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "invoice", queries.disputable(customer))
        living = customer.cases.exclude(state=Case.State.CLOSED)
        _offer(self, "case", living.filter(merged_into__isnull=True))

    def clean(self) -> dict[str, Any]:
        """The act refuses it too; here, what was typed stays on screen."""
        kept = super().clean() or {}
        invoice, amount = kept.get("invoice"), kept.get("amount")
        if invoice is not None and amount is not None:
            credited = [note.total_ttc for note in invoice.credit_notes.all()]
            most = disputable(invoice.total_ttc, credited)
            if not may_be_disputed(amount, most):
                self.add_error("amount", str(AmountOutOfInvoice(most=format_euros(most))))
        return kept


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Issue"), choices=InvoiceDispute.Outcome.choices)
    credit_note = _InvoiceField(
        label=_("Avoir qui règle le litige"), queryset=Invoice.objects.none(), required=False
    )
    answer = _text(_("Ce qui est répondu au client"), 3, required=False)
    told_by = forms.ChoiceField(
        label=_("Prévenir le client"),
        choices=[
            ("", _("Ne pas écrire d’ici")),
            ("mail", _("Par courriel")),
            ("sms", _("Par SMS")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "credit_note", invoice.credit_notes.all())

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        outcome = kept.get("outcome")
        if outcome == InvoiceDispute.Outcome.CREDITED and kept.get("credit_note") is None:
            self.add_error("credit_note", gettext("Choisissez l’avoir qui règle le litige."))
        if outcome == InvoiceDispute.Outcome.REJECTED and not kept.get("answer", "").strip():
            self.add_error(
                "answer", gettext("Dites au client pourquoi la contestation est rejetée.")
            )
        return kept
