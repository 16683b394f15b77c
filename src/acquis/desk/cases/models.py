from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order


class Case(WorkspaceRow):
    """A request, breakdown or complaint followed until it is closed (V-13)."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Demande")
        BREAKDOWN = "breakdown", _("Panne")
        COMPLAINT = "complaint", _("Réclamation")

    class State(models.TextChoices):
        OPEN = "open", _("Ouverte")
        WAITING_CUSTOMER = "waiting_customer", _("En attente du client")
        SECOND_LEVEL = "second_level", _("Au second niveau")
        CLOSED = "closed", _("Close")

    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(default=3)  # 1 urgent … 4 low
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="cases")
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, blank=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="case_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class CaseEvent(WorkspaceRow):
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    author_label = models.CharField(max_length=160, blank=True)
    body = models.TextField()
    new_state = models.CharField(max_length=20, choices=Case.State, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["case", "at", "pk"]

    def __str__(self) -> str:
        return self.body[:60]
