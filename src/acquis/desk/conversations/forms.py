from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.conversations import policy, queries, routing
from acquis.desk.conversations.models import ContactCode, Conversation

BY_HAND = ["phone", "mail", "letter", "sms"]
Choices = list[tuple[Any, Any]]


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Votre message"),
        max_length=policy.LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Le message est vide.")},
    )
    client_key = forms.CharField(max_length=policy.LONGEST_KEY, widget=forms.HiddenInput)


class QualificationForm(forms.Form):
    """Why the contact was made, what came of it, and its account."""

    reason = forms.ModelChoiceField(
        label=_("Motif"),
        queryset=ContactCode.objects.none(),
        empty_label=_("Choisissez le motif"),
        error_messages={"required": _("Choisissez le motif du contact.")},
    )
    outcome = forms.ModelChoiceField(
        label=_("Résultat"),
        queryset=ContactCode.objects.none(),
        empty_label=_("Choisissez le résultat"),
        error_messages={"required": _("Choisissez le résultat du contact.")},
    )
    summary = forms.CharField(
        label=_("Compte rendu"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Écrivez le compte rendu du contact.")},
    )

    def __init__(
        self,
        *args: Any,
        workspace: Workspace,
        conversation: Conversation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kept = routing.codes_for(conversation) if conversation is not None else {}
        for name in ("reason", "outcome"):
            field = self.fields[name]
            if not isinstance(field, forms.ModelChoiceField):
                raise TypeError(name)
            field.queryset = queries.codes(workspace, name)
            if name in kept:
                # What it bears already stays among the answers.
                borne = Q(pk=getattr(conversation, f"{name}_id"))
                field.queryset = field.queryset.filter(Q(code__in=kept[name]) | borne)
            # Grouped by their first level, as people look for them.
            field.choices = grouped(field.queryset, str(field.empty_label))
        self.asked = queries.details(workspace)
        for detail in self.asked:
            self.fields[f"detail_{detail.code}"] = forms.ChoiceField(
                label=detail.label,
                required=False,
                choices=[("", _("non renseigné")), *((value, value) for value in detail.values)],
            )

    @property
    def detail_fields(self) -> list[forms.BoundField]:
        return [self[f"detail_{detail.code}"] for detail in self.asked]

    def details(self) -> dict[str, str]:
        return {detail.code: self.cleaned_data[f"detail_{detail.code}"] for detail in self.asked}


def grouped(codes: Iterable[ContactCode], nothing: str) -> Choices:
    choices: Choices = [("", nothing)]
    groups: dict[str, Choices] = {}
    for code in codes:
        if code.parent is None:
            choices.append((code.pk, f"{code.code} · {code.label}"))
        else:
            groups.setdefault(code.parent.label, []).append(
                (code.pk, f"{code.code} · {code.label}")
            )
    return [*choices, *groups.items()]


class ContactForm(QualificationForm):
    """A contact that took place elsewhere, written down by hand."""

    channel = forms.ChoiceField(
        label=_("Canal"),
        choices=[choice for choice in Conversation.Channel.choices if choice[0] in BY_HAND],
    )
    direction = forms.ChoiceField(label=_("Sens"), choices=Conversation.Direction.choices)
    started_at = forms.DateTimeField(
        label=_("Date et heure"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    subject = forms.CharField(label=_("Objet"), required=False, max_length=200)

    field_order = ["channel", "direction", "started_at", "subject"]


class LookupForm(forms.Form):
    """Who is it? A search among the customers of the desk, beside the exchange."""

    q = forms.CharField(label=_("Qui est-ce ?"), required=False, max_length=120)
