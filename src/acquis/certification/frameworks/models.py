from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.kernel.models import StoredFile


class Framework(models.Model):
    """A référentiel through its editions, e.g. TP-00483."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="frameworks"
    )  # null: shipped with the product, read by everybody
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    acronym = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["title", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="framework_code_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class FrameworkVersion(models.Model):
    """One edition (millésime) of a référentiel: a published one is frozen by a database trigger."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        PUBLISHED = "published", _("Publiée")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="versions")
    edition = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField()  # the contract's shape: contract.schema.json
    content_sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # last day included
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    correspondences = models.JSONField(default=list)  # [{from, to, kind}] with the previous edition
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next_editions"
    )

    class Meta:
        ordering = ["framework", "-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "edition"], name="edition_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="edition_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False, valid_from__isnull=False),
                name="edition_published_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} · {self.edition}"

    @property
    def trace_stream(self) -> str:
        return f"framework:{self.framework_id}"


class FrameworkImport(models.Model):
    """Documents brought by a person, what was understood, and what was corrected since."""

    class State(models.TextChoices):
        READING = "reading", _("Lecture en cours")
        UNDERSTOOD = "understood", _("À relire")
        REFUSED = "refused", _("Refusé")
        PUBLISHED = "published", _("Publié")
        ABANDONED = "abandoned", _("Abandonné")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    files = models.ManyToManyField(StoredFile, related_name="+")
    merge = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.READING)
    source_text = models.TextField(blank=True)
    understood = models.JSONField(null=True)  # as read, never edited
    corrected = models.JSONField(null=True)  # as corrected by people; the draft to publish
    locations = models.JSONField(default=dict)  # code → line of source_text
    refusal = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    version = models.ForeignKey(
        FrameworkVersion, on_delete=models.SET_NULL, null=True, related_name="imports"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def trace_stream(self) -> str:
        return f"framework-import:{self.pk}"


class FrameworkCorrection(models.Model):
    """One correction of an import: what it was, what it became; the last one can be undone."""

    reading = models.ForeignKey(
        FrameworkImport, on_delete=models.CASCADE, related_name="corrections"
    )
    revision = models.PositiveIntegerField()
    operation = models.CharField(max_length=12)
    pointer = models.CharField(max_length=200)
    before = models.JSONField(null=True)  # the whole content before: undo is exact
    value = models.JSONField(null=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    corrected_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["reading", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "revision"], name="correction_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.pointer}"
