from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer


class MatchKey(WorkspaceRow):
    """A digest under which a record is compared with others. Made from the record, never typed."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=16)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="match_key_once")]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "key"], name="match_key_shared"),
        ]

    def __str__(self) -> str:
        return self.key


class DuplicateScan(WorkspaceRow):
    """How far the records of a desk have been compared: the next run reads what changed since."""

    seen_until = models.DateTimeField(null=True)
    seen_key = models.BigIntegerField(default=0)  # of the last record read at that instant
    finished_at = models.DateTimeField(null=True)
    job_key = models.BigIntegerField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="duplicate_scan_once")]

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.seen_until}"


class Suspicion(WorkspaceRow):
    """Two records that may be one customer, the older key first; that they are not is remembered."""

    class State(models.TextChoices):
        OPEN = "open", _("À regarder")
        DISMISSED = "dismissed", _("Ce ne sont pas les mêmes")

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()  # 0 to 100
    reasons = models.JSONField(default=list)  # of policy.Reason
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suspicion_once"),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state", "-score"], name="suspicion_to_see"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.score}"


class Merge(WorkspaceRow):
    """Records that became one, with all that is needed to part them again."""

    kept = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merges")
    changes = models.JSONField(default=dict)  # see actions.merge_customers
    counts = models.JSONField(default=dict)  # rows moved, by model label
    label = models.CharField(max_length=500)  # the merged records, as they were called
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    merged_by_label = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return self.label


class FormerRecord(WorkspaceRow):
    """The address that a merged record had: it leads to the one that was kept."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="former")
    former_key = models.BigIntegerField()
    reference = models.CharField(max_length=20)

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "former_key"], name="former_record_by_key"),
        ]

    def __str__(self) -> str:
        return self.reference
