from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.kernel.models import StoredFile


class LetterTemplate(WorkspaceRow):
    """A letter that the desk writes often, its variables between braces."""

    title = models.CharField(_("titre"), max_length=120)
    purpose = models.CharField(_("quand l’employer"), max_length=200, blank=True)
    category = models.CharField(_("catégorie"), max_length=60, blank=True)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    references = models.CharField(_("références"), max_length=200, blank=True)
    body = models.TextField(_("corps de la lettre"))
    closing = models.CharField(_("formule de politesse"), max_length=300, blank=True)
    enclosures = models.CharField(_("pièces jointes"), max_length=300, blank=True)
    needs_release = models.BooleanField(
        _("relue par un superviseur avant de partir"), default=False
    )
    updated_at = models.DateTimeField()
    updated_by_label = models.CharField(max_length=160, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["category", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "title"],
                condition=models.Q(archived_at__isnull=True),
                name="letter_template_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Letter(WorkspaceRow):
    """A letter to a customer: drafted with autosave, finalised once as a PDF."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        SUBMITTED = "submitted", _("À relire")
        FINAL = "final", _("Finalisée")
        DISCARDED = "discarded", _("Jetée")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="letters")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="letters"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    subject = models.CharField(_("objet"), max_length=200, blank=True)
    references = models.CharField(_("références"), max_length=200, blank=True)
    place = models.CharField(_("lieu"), max_length=80, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    salutation = models.CharField(_("formule d’appel"), max_length=120, blank=True)
    body = models.TextField(_("corps de la lettre"), blank=True)
    closing = models.CharField(_("formule de politesse"), max_length=300, blank=True)
    signature = models.CharField(_("signature"), max_length=160, blank=True)
    enclosures = models.CharField(_("pièces jointes"), max_length=300, blank=True)
    template_title = models.CharField(max_length=120, blank=True)  # the template it began with
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


class LetterPosting(WorkspaceRow):
    """A final letter given to the post, and what the post said of it."""

    class Method(models.TextChoices):
        PLAIN = "plain", _("Lettre simple")
        TRACKED = "tracked", _("Lettre suivie")
        REGISTERED = "registered", _("Lettre recommandée")
        RECEIPT = "receipt", _("Recommandée avec avis de réception")

    class Outcome(models.TextChoices):
        DELIVERED = "delivered", _("Distribuée")
        UNKNOWN = "unknown", _("Revenue : destinataire inconnu à l’adresse")
        UNCLAIMED = "unclaimed", _("Revenue : pli avisé et non réclamé")
        REFUSED = "refused", _("Revenue : pli refusé par le destinataire")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="postings")
    method = models.CharField(_("envoi"), max_length=10, choices=Method, default=Method.PLAIN)
    tracking = models.CharField(_("numéro de suivi"), max_length=15, blank=True)
    posted_on = models.DateField(_("postée le"))
    recorded_at = models.DateTimeField()
    recorded_by_label = models.CharField(max_length=160)
    outcome = models.CharField(_("suite"), max_length=10, choices=Outcome, blank=True)
    outcome_on = models.DateField(_("le"), null=True, blank=True)
    outcome_by_label = models.CharField(max_length=160, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)  # noted by mistake

    class Meta(WorkspaceRow.Meta):
        ordering = ["-posted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=models.Q(outcome="", cancelled_at__isnull=True),
                name="letter_in_the_post_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.tracking}".strip()

    @property
    def returned(self) -> bool:
        return self.outcome in {self.Outcome.UNKNOWN, self.Outcome.UNCLAIMED, self.Outcome.REFUSED}

    @property
    def on_its_way(self) -> bool:
        return not self.outcome and self.cancelled_at is None
