from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.mail import policy
from acquis.desk.mail.models import Mail, Mailbox
from acquis.desk.queues import queries as queues
from acquis.desk.queues.models import Queue

SERVERS = (
    "imap_host", "imap_port", "imap_security", "imap_user", "imap_password", "folder",
    "smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password",
)  # fmt: skip
KEPT = _("Laissez vide pour garder celui qui est enregistré ; il n’est jamais réaffiché.")


class DraftForm(forms.Form):
    """The parts of a mail; each is saved by itself as it is typed."""

    to = forms.CharField(label=_("À"), required=False)
    cc = forms.CharField(label=_("Copie à"), required=False)
    bcc = forms.CharField(label=_("Copie cachée à"), required=False)
    subject = forms.CharField(label=_("Objet"), required=False)
    body = forms.CharField(
        label=_("Message"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *, mail: Mail) -> None:
        super().__init__(
            auto_id="mail-%s", initial={name: getattr(mail, name) for name in policy.PARTS}
        )
        for name, field in self.fields.items():
            field.widget.attrs |= {
                "maxlength": policy.PARTS[name],
                "data-autosave-url": reverse("mail:save", args=[mail.workspace_id, mail.pk]),
                "data-autosave-seq": mail.field_seqs.get(name, 0),
            }
            if name in {"subject", "body"}:
                field.widget.attrs |= {"spellcheck": "true", "lang": "fr"}
            else:
                field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]  # subscripting needs the stubs at run time
    """An address of the desk and its servers; passwords are only ever typed anew."""

    imap_password = forms.CharField(
        label=_("mot de passe"),
        required=False,
        max_length=400,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=KEPT,
    )
    smtp_password = forms.CharField(
        label=_("mot de passe"),
        required=False,
        max_length=400,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=KEPT,
    )

    class Meta:
        model = Mailbox
        fields = [
            "address", "display_name", "queue", "is_active", "signature",
            "imap_host", "imap_port", "imap_security", "imap_user", "folder",
            "smtp_host", "smtp_port", "smtp_security", "smtp_user",
            "acknowledge", "acknowledgement",
        ]  # fmt: skip
        labels = {"queue": _("File d’attente")}
        widgets = {
            "signature": forms.Textarea(attrs={"rows": 4}),
            "acknowledgement": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "display_name": _("Ce que le client lit devant l’adresse."),
            "queue": _("Où attend ce qui arrive ici ; ses horaires décident de l’accusé."),
            "signature": _("Posée au bas de chaque nouveau message."),
            "imap_host": _("Vide : on ne lit pas cette boîte."),
            "smtp_host": _("Vide : les courriels s’écrivent dans le dossier d’envoi du serveur."),
            "acknowledgement": _("Vide : un texte simple qui dit que le message est arrivé."),
            "acknowledge": _("Jamais à une machine ni à une liste, une fois par jour à chacun."),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace
        served = [
            one.pk
            for one in queues.of_workspace(workspace)
            if Conversation.Channel.MAIL in one.channels or one.pk == self.instance.queue_id
        ]
        queue = self.fields["queue"]
        if isinstance(queue, forms.ModelChoiceField):
            queue.queryset = Queue.objects.filter(pk__in=served)
            queue.empty_label = str(_("celle du canal"))
        self.has_servers = workspace.kind == WorkspaceKind.LIVE
        if not self.has_servers:
            for name in SERVERS:
                del self.fields[name]
            return
        for name in ("imap_port", "smtp_port"):
            self.fields[name] = forms.IntegerField(
                label=_("port"),
                min_value=1,
                max_value=65535,
                initial=getattr(self.instance, name),
            )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        same = Mailbox.objects.filter(workspace=self.workspace, address=address)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Cette adresse a déjà une boîte sur ce poste."))
        return address

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for server in ("imap", "smtp"):
            host = str(cleaned.get(f"{server}_host", "")).strip()
            user, secret = cleaned.get(f"{server}_user"), cleaned.get(f"{server}_password")
            kept = bool(getattr(self.instance, f"{server}_secret"))
            if host and user and not secret and not kept:
                self.add_error(f"{server}_password", _("Saisissez le mot de passe de ce compte."))
        return cleaned
