"""What follows an incident of a session: its settlement, the sheet of the debrief, corrective actions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.kernel.models import StoredFile


class Settlement(models.Model):
    """What was decided of an incident, in words: until then those that weigh hold the results.

    The incident itself stays as it was reported in the room.
    """

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="settlement")
    effect = models.CharField(max_length=12, choices=Incident.Effect)
    phase = models.CharField(max_length=60, blank=True)  # code of the part that is neutralised
    phase_title = models.CharField(max_length=300, blank=True)  # as it was named that day
    text = models.TextField()
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["settled_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="settlement_has_words"),
            models.CheckConstraint(
                condition=~models.Q(effect="neutralised") | ~models.Q(phase=""),
                name="settlement_names_the_phase",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.get_effect_display()}"


class IncidentSheet(models.Model):
    """The fiche de dysfonctionnement of a session, filled with the jury and sent to the direction.

    A sheet that was sent is frozen; what comes after it opens another.
    """

    session = models.ForeignKey(
        ExamSession, on_delete=models.PROTECT, related_name="incident_sheets"
    )
    rank = models.PositiveSmallIntegerField()
    jurors = models.JSONField(default=list)  # keys of SessionJuror: who took part in the debrief
    causes = models.TextField(blank=True)
    measures = models.TextField(blank=True)  # what was done at once
    jury_words = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(null=True)  # all that is printed, copied when it was sent
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["session", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["session", "rank"], name="incident_sheet_rank_once"),
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(sent_at__isnull=True),
                name="incident_sheet_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True)
                | models.Q(file__isnull=False, data__isnull=False, sent_by__isnull=False),
                name="incident_sheet_sent_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.rank}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"


class CorrectiveAction(models.Model):
    """What a centre does so that it does not happen again: who, by when, done, and whether it worked."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="corrective_actions"
    )
    session = models.ForeignKey(
        ExamSession, on_delete=models.PROTECT, related_name="corrective_actions"
    )
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, related_name="corrective_actions"
    )
    title = models.CharField(max_length=200)
    details = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrective_actions"
    )
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)  # said by whoever answers for it
    closed_at = models.DateTimeField(null=True)  # checked by somebody else, or given up
    effective = models.BooleanField(null=True)  # null once closed: given up

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(effective=True)
                | models.Q(done_at__isnull=False, closed_at__isnull=False),
                name="corrective_action_effective_once_done",
            ),
            models.CheckConstraint(
                condition=~models.Q(effective=False), name="corrective_action_reopened_if_not"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"


class ActionStep(models.Model):
    """One line of the history of a corrective action."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Action ouverte")
        MOVED = "moved", _("Échéance déplacée")
        DONE = "done", _("Action faite")
        EFFECTIVE = "effective", _("Efficacité vérifiée")
        INEFFECTIVE = "ineffective", _("Sans effet suffisant : reprise")
        DROPPED = "dropped", _("Action abandonnée")

    action = models.ForeignKey(CorrectiveAction, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(blank=True)
    due_on = models.DateField()  # the day in force from here
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.get_kind_display()}"
