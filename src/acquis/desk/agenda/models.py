"""The shared planning: who and what can be booked, and when they are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.agenda.policy import Span
from acquis.desk.directory.models import Customer


class Resource(WorkspaceRow):
    """A person, a team, a room or a vehicle that is in one place at a time."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Personne")
        TEAM = "team", _("Équipe")
        ROOM = "room", _("Salle")
        VEHICLE = "vehicle", _("Véhicule")

    kind = models.CharField(_("nature"), max_length=10, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("nom"), max_length=120)
    hours = models.JSONField(default=dict, blank=True)  # as policy.hours_of; empty: office hours
    visits = models.BooleanField(_("fait des interventions"), default=False)
    retired = models.BooleanField(default=False)

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="resource_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(WorkspaceRow):
    """Time booked of a resource, on the grid of quarters of an hour."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Rendez-vous")
        VISIT = "visit", _("Intervention")
        ABSENCE = "absence", _("Absence")

    class State(models.TextChoices):
        PLANNED = "planned", _("Prévu")
        CANCELLED = "cancelled", _("Annulé")

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="appointments")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MEETING)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="appointments"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField(default=0)  # how many times it changed (RFC 5545)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_by_label = models.CharField(max_length=160)
    reason = models.CharField(max_length=300, blank=True)  # why it was cancelled or moved

    class Meta(WorkspaceRow.Meta):
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"
            )
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "starts_at"], name="appointment_by_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)


class TakenQuarter(WorkspaceRow):
    """One quarter of an hour of a resource that an appointment takes.

    Both engines refuse that two take the same: no appointment overlaps another of its resource.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="quarters")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["resource", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "starts_at"], name="quarter_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.starts_at:%d/%m/%Y %H:%M}"
