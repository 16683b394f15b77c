from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.desk.queues.models import Queue
from acquis.kernel.models import StoredFile


class Mailbox(WorkspaceRow):
    """An address of the desk: where its mail is read, by which server it leaves.

    Without servers its mail is written to the outbox folder and leaves no further.
    """

    class Security(models.TextChoices):
        TLS = "tls", _("TLS dès la connexion")
        STARTTLS = "starttls", _("STARTTLS")
        NONE = "none", _("Aucune (réseau interne seulement)")

    class Acknowledge(models.TextChoices):
        NEVER = "never", _("Jamais")
        ALWAYS = "always", _("Toujours")
        CLOSED = "closed", _("Hors des heures d’ouverture")
        OPEN = "open", _("Pendant les heures d’ouverture")

    address = models.EmailField(_("adresse"), max_length=254)
    display_name = models.CharField(_("nom affiché"), max_length=120, blank=True)
    is_active = models.BooleanField(_("en service"), default=True)
    signature = models.TextField(_("signature"), max_length=2000, blank=True)

    imap_host = models.CharField(_("serveur"), max_length=253, blank=True)
    imap_port = models.PositiveIntegerField(_("port"), default=993)
    imap_security = models.CharField(
        _("protection"), max_length=8, choices=Security, default=Security.TLS
    )
    imap_user = models.CharField(_("identifiant"), max_length=254, blank=True)
    imap_secret = models.BinaryField(default=b"")  # sealed
    folder = models.CharField(_("dossier"), max_length=120, default="INBOX")

    smtp_host = models.CharField(_("serveur"), max_length=253, blank=True)
    smtp_port = models.PositiveIntegerField(_("port"), default=465)
    smtp_security = models.CharField(
        _("protection"), max_length=8, choices=Security, default=Security.TLS
    )
    smtp_user = models.CharField(_("identifiant"), max_length=254, blank=True)
    smtp_secret = models.BinaryField(default=b"")  # sealed

    acknowledge = models.CharField(
        _("accusé de réception"), max_length=8, choices=Acknowledge, default=Acknowledge.NEVER
    )
    acknowledgement = models.TextField(_("texte de l’accusé"), max_length=4000, blank=True)
    queue = models.ForeignKey(  # where its mail waits, and whose hours it keeps
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="mailboxes"
    )

    created_at = models.DateTimeField()

    # How reading goes.
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    next_fetch_at = models.DateTimeField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)  # a worker reads it until then
    fetched_at = models.DateTimeField(null=True, editable=False)  # the last reading that succeeded
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(WorkspaceRow.Meta):
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "address"], name="mailbox_address_once")
        ]

    def __str__(self) -> str:
        return f"{self.display_name} <{self.address}>" if self.display_name else self.address

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Mail(WorkspaceRow):
    """One e-mail: received, or from its draft to its arrival.

    What is said of it in an exchange is a `conversations.Message`, made when it is received or
    when it leaves.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Reçu")
        DRAFT = "draft", _("Brouillon")
        SCHEDULED = "scheduled", _("Part dans un instant")
        SENDING = "sending", _("En cours d’envoi")
        SENT = "sent", _("Envoyé")
        FAILED = "failed", _("Non envoyé")
        BOUNCED = "bounced", _("Non remis")

    class Kind(models.TextChoices):
        NORMAL = "normal", _("Courriel")
        AUTOMATIC = "automatic", _("Réponse automatique")
        LIST = "list", _("Liste de diffusion")
        BOUNCE = "bounce", _("Avis de non-remise")
        OWN = "own", _("Propre message revenu")

    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, null=True, blank=True, related_name="mails"
    )  # null: the outbox folder, in the name of the desk
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="mails"
    )
    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="mail"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="mails"
    )
    answers = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="answered_by"
    )
    state = models.CharField(max_length=10, choices=State)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NORMAL)
    identifier = models.CharField(max_length=300, blank=True)  # Message-ID
    references = models.TextField(blank=True)  # identifiers between spaces, oldest first
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    to = models.TextField(_("à"), blank=True)  # addresses as one types them, between commas
    cc = models.TextField(_("copie à"), blank=True)
    bcc = models.TextField(_("copie cachée à"), blank=True)
    subject = models.CharField(_("objet"), max_length=400, blank=True)
    body = models.TextField(_("message"), blank=True)  # what the person wrote, without quotation
    quoted = models.TextField(blank=True)  # what they quoted below it
    html = models.TextField(blank=True)  # sanitised; images by « cid: » or from outside
    raw = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()  # received, begun, then scheduled or sent

    # Of a draft.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_label = models.CharField(max_length=160, blank=True)
    field_seqs = models.JSONField(default=dict, blank=True)  # the version of each field
    saved_at = models.DateTimeField(null=True, blank=True)

    # Of a sending.
    leaves_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused = models.JSONField(default=list, blank=True)  # {"address", "reason", "status"}

    class Meta(WorkspaceRow.Meta):
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "mailbox", "identifier"],
                condition=models.Q(state="received"),
                name="mail_received_once",
            ),
            # The mail of a desk without a mailbox: NULL is unlike NULL above.
            models.UniqueConstraint(
                fields=["workspace", "identifier"],
                condition=models.Q(state="received", mailbox__isnull=True),
                name="mail_received_once_by_desk",
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "identifier"], name="mail_by_identifier"),
            models.Index(fields=["workspace", "from_address", "at"], name="mail_by_sender"),
            models.Index(fields=["workspace", "state", "-at"], name="mail_by_state"),
        ]

    def __str__(self) -> str:
        return self.subject or f"courriel {self.pk}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class MailFile(WorkspaceRow):
    """A file of a draft, or an image that the HTML of a received mail shows by its `cid`."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_id = models.CharField(max_length=250, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["mail", "pk"]

    def __str__(self) -> str:
        return self.name


class SetAside(WorkspaceRow):
    """A message that could not be taken in: kept with its reason, it blocks no other."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="set_aside")
    uid = models.BigIntegerField(null=True, blank=True)
    raw = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: too large to be fetched
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject or self.reason

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class DeadAddress(WorkspaceRow):
    """An address that a server said for good it does not serve."""

    address = models.CharField(max_length=254)  # lower case
    status = models.CharField(max_length=12, blank=True)  # RFC 3463: 5.1.1
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "address"], name="dead_address_once")
        ]

    def __str__(self) -> str:
        return self.address
