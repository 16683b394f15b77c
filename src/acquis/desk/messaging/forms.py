from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import snippets
from acquis.desk.messaging.models import ApprovedTemplate, Channel, Gateway
from acquis.desk.queues import queries as queues


class GatewayForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    address = forms.URLField(
        label=_("Adresse d’envoi"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Là où nous envoyons les messages, en https."),
    )

    class Meta:
        model = Gateway
        fields = [
            "channel", "name", "address", "sender", "queue", "closed_answer", "is_active",
        ]  # fmt: skip
        widgets = {"closed_answer": forms.Textarea(attrs={"rows": 3, "lang": "fr"})}
        help_texts = {
            "queue": _("Les messages y attendent ; ses horaires disent quand on répond."),
            "closed_answer": _(
                "Envoyée une fois, au début d’un échange, quand la file est fermée. Vide : aucune."
            ),
            "sender": _("Le numéro ou le nom d’expéditeur convenu avec l’opérateur."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        if isinstance(queue, forms.ModelChoiceField):
            queue.queryset = queues.serving(workspace, Channel.values, self.instance.queue_id)
            queue.empty_label = str(_("celle du canal"))


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # same
    class Meta:
        model = ApprovedTemplate
        fields = ["name", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "body": _(
                "Mot pour mot comme WhatsApp l’a approuvé ; {client}, {référence}… y prennent place."
            )
        }

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        unknown = snippets.unknown_variables(body)
        if unknown:
            sentence = _("« {%(name)s} » n’est pas une variable connue.")
            raise forms.ValidationError(sentence, params={"name": unknown[0]})
        return body

    def validate_unique(self) -> None:
        """The same name replaces the template that bears it."""


class WriteForm(forms.Form):
    """A message that begins an exchange."""

    channel = forms.ChoiceField(
        label=_("Canal"),
        choices=[(one.value, one.label) for one in (Channel.SMS, Channel.WHATSAPP)],
    )
    address = forms.ChoiceField(label=_("Numéro"))
    body = forms.CharField(
        label=_("Votre message"),
        max_length=1600,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "fr"}),
    )
    client_key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, numbers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["address"]
        if isinstance(field, forms.ChoiceField):
            field.choices = numbers
