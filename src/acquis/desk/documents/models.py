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
        SUBMITTED = "submitted", _("À relire")
        FINAL = "final", _("Finalisée")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="letters")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
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
    needs_release = models.BooleanField(default=False)  # leaves only once a supervisor read it
    # What it must say, as it was agreed: {"amounts": ["15.00"], "dates": ["2026-12-01"],
    # "names": ["Léonie Tessier"]}.
    agreed = models.JSONField(default=dict, blank=True)
    released_by_label = models.CharField(max_length=160, blank=True)
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


class LetterReview(WorkspaceRow):
    """A letter submitted once to a supervisor: what was read, what was decided."""

    class Decision(models.TextChoices):
        RETURNED = "returned", _("Rendue avec remarques")
        RELEASED = "released", _("Validée")
        WITHDRAWN = "withdrawn", _("Reprise par son auteur")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="reviews")
    rank = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=dict)  # the letter as it was submitted, part by part
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_by_label = models.CharField(max_length=160)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=160, blank=True)
    remarks = models.TextField(blank=True)
    differences = models.JSONField(default=list, blank=True)  # with what was agreed, as decided

    class Meta(WorkspaceRow.Meta):
        ordering = ["letter", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "rank"], name="letter_review_once"),
            models.UniqueConstraint(
                fields=["letter"],
                condition=models.Q(decision=""),
                name="letter_read_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"relecture {self.rank}"
