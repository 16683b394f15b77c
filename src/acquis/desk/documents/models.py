from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.kernel.models import StoredFile


class Letter(WorkspaceRow):
    """A letter to a customer: drafted with autosave, finalised once as a PDF."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        FINAL = "final", _("Finalisée")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="letters")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    references = models.CharField(_("références"), max_length=200, blank=True)
    place = models.CharField(_("lieu"), max_length=80, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    salutation = models.CharField(_("formule d'appel"), max_length=120, blank=True)
    body = models.TextField(_("corps de la lettre"), blank=True)
    closing = models.CharField(_("formule de politesse"), max_length=300, blank=True)
    signature = models.CharField(_("signature"), max_length=160, blank=True)
    enclosures = models.CharField(_("pièces jointes"), max_length=300, blank=True)
    seq = models.PositiveBigIntegerField(default=0)  # how many times a field was saved
    field_seqs = models.JSONField(default=dict, blank=True)  # the version of each field
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    finalised_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject or f"lettre {self.pk}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"
