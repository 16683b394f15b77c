"""Forms by which a case is opened, followed and closed."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acquis.accounts.access import members_of
from acquis.accounts.models import User, Workspace, WorkspaceMember
from acquis.accounts.verbs import ROLES, Verb
from acquis.desk.cases.forms.fields import CodeField, offer, offer_codes, scale, text
from acquis.desk.cases.models import (
    Case,
    CaseCode,
    CaseLink,
)
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge.models import Article
from acquis.desk.sales.models import Order, Product

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


def people_of(workspace: Workspace) -> Any:
    """Who may follow a case: the people of the organisation who use desks, and its seats."""
    roles = [role for role, verbs in ROLES.items() if Verb.DESK_USE in verbs]
    members = members_of(workspace.organisation, roles).order_by().values("pk")
    seats = WorkspaceMember.objects.filter(workspace=workspace).values("user")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=seats), is_active=True)


class CaseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Genre"), choices=Case.Kind.choices)
    title = forms.CharField(label=_("Titre"), max_length=200)
    description = text(_("Ce que le client demande"), 5, required=False)
    reason = CodeField(label=_("Motif"), queryset=CaseCode.objects.none(), required=False)
    product = forms.ModelChoiceField(
        label=_("Produit"), queryset=Product.objects.none(), required=False
    )
    urgency = scale(_("Urgence"))
    impact = scale(_("Impact"))
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
        offer(self, "order", Order.objects.filter(customer=customer))
        offer_codes(self, customer.workspace)


class DiagnosisForm(forms.Form):
    reason = CodeField(label=_("Motif"), queryset=CaseCode.objects.none(), required=False)
    product = forms.ModelChoiceField(
        label=_("Produit"), queryset=Product.objects.none(), required=False
    )
    symptom = CodeField(label=_("Symptôme"), queryset=CaseCode.objects.none(), required=False)
    cause = text(_("Cause"), 2, required=False)
    tried = text(_("Ce qui a été essayé"), 3, required=False)
    urgency = scale(_("Urgence"))
    impact = scale(_("Impact"))

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_codes(self, workspace)


class CommentForm(forms.Form):
    body = text(_("Ce qui s’est passé"), error_messages={"required": _("Le commentaire est vide.")})
    new_state = forms.ChoiceField(label=_("Nouvel état"), choices=WAITING, required=False)
    customer_told = forms.BooleanField(label=_("Le client en est informé"), required=False)


class SecondLevelForm(forms.Form):
    team = forms.CharField(label=_("Équipe ou personne"), max_length=120)
    tried = text(_("Ce qui a déjà été essayé"))
    question = text(_("Question posée"), 2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The page of a case holds the diagnosis too, whose fields bear the same names.
        super().__init__(*args, **{"auto_id": "asked_%s"} | kwargs)


class AnswerForm(forms.Form):
    answer = text(_("Réponse du second niveau"))


class ResolutionForm(forms.Form):
    resolution = text(
        _("Comment la demande est résolue"),
        error_messages={"required": _("Dites comment la demande a été résolue.")},
    )
    ask_satisfaction = forms.BooleanField(
        label=_("Demander au client s’il est satisfait"), required=False
    )


class SatisfactionForm(forms.Form):
    score = forms.TypedChoiceField(label=_("Satisfaction"), choices=SCORES, coerce=int)
    comment = forms.CharField(label=_("Ce que dit le client"), max_length=1000, required=False)


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
    comment = text(_("Votre commentaire"), 3, required=False)


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Suivie par"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("l’équipe"),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", people_of(workspace))


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
        offer(self, "article", rows)
