from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, SessionJuror
from acquis.certification.registrations.models import outcome_words


class Verdict(models.TextChoices):
    """The scale of the frameworks: given by people, never computed from a trace."""

    ACQUIRED = "acquired", _("Acquis")
    NOT_ACQUIRED = "not_acquired", _("Non acquis")
    # Only where another exam of the framework covers the criterion; it then counts for nothing.
    NOT_ASSESSED = "not_assessed", _("Non évalué dans cette épreuve")


class Grid(models.Model):
    """One juror's own grid for one candidate, blind to the others until all are closed."""

    candidate = models.ForeignKey(SessionCandidate, on_delete=models.PROTECT, related_name="grids")
    juror = models.ForeignKey(SessionJuror, on_delete=models.PROTECT, related_name="grids")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    general_observation = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)  # its observations were erased, their time over

    class Meta:
        ordering = ["candidate", "juror"]
        constraints = [models.UniqueConstraint(fields=["candidate", "juror"], name="grid_once")]

    def __str__(self) -> str:
        return f"{self.candidate} · {self.juror}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.candidate.session_id}"

    @property
    def own_stream(self) -> str:
        """Where each mark is traced: apart from the session's, whose readers must stay blind."""
        return f"grid:{self.pk}"


class Mark(models.Model):
    """A juror's mark of one criterion, with the criterion's own wording copied."""

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="marks")
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=60)
    text = models.TextField()
    theme = models.CharField(max_length=300, blank=True)
    competency = models.CharField(max_length=200, blank=True)  # codes; empty: the whole block
    competency_text = models.TextField(blank=True)
    elsewhere = models.BooleanField(default=False)  # another exam covers it
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    observation = models.TextField(blank=True)
    seq = models.PositiveIntegerField(default=0)  # grows with each accepted save
    client_id = models.CharField(
        max_length=64, blank=True
    )  # of the last save: sent twice, kept once
    marked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["grid", "position"]
        constraints = [
            models.UniqueConstraint(fields=["grid", "criterion"], name="mark_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["", *Verdict.values]), name="mark_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.verdict or '–'}"


class Deliberation(models.Model):
    """The jury's deliberation for one candidate: opened when every grid is closed."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Admis")
        PARTIAL = "partial", _("Réussite partielle")
        FAILED = "failed", _("Refusé")

    candidate = models.OneToOneField(
        SessionCandidate, on_delete=models.PROTECT, related_name="deliberation"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reasons = models.TextField(blank=True)
    departure = models.TextField(blank=True)  # why the jury left what the rule proposed
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    present = models.JSONField(default=list)  # ids of SessionJuror present

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | ~models.Q(outcome=""),
                name="deliberation_closed_has_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"deliberation {self.pk}"

    @property
    def outcome_words(self) -> str:
        """The outcome in words that agree with its candidate."""
        return outcome_words(self.outcome, self.candidate.enrolment.candidate)

    @property
    def trace_stream(self) -> str:
        return f"session:{self.candidate.session_id}"


class CriterionDecision(models.Model):
    """The jury's decision on one criterion; a reason is required where the grids disagreed."""

    deliberation = models.ForeignKey(
        Deliberation, on_delete=models.PROTECT, related_name="decisions"
    )
    position = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=60)
    text = models.TextField()
    theme = models.CharField(max_length=300, blank=True)
    competency = models.CharField(max_length=200, blank=True)
    competency_text = models.TextField(blank=True)
    elsewhere = models.BooleanField(default=False)
    disputed = models.BooleanField(default=False)
    agreed = models.CharField(max_length=12, choices=Verdict, blank=True)  # by all grids
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)  # the one a person saw before deciding
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["deliberation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "criterion"], name="criterion_decided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.verdict or '–'}"


class UnitDecision(models.Model):
    """The jury's decision on a competency or a block, beside what the rule proposed.

    Written when the jury decides one itself, and for every unit when the deliberation is closed.
    """

    class Kind(models.TextChoices):
        COMPETENCY = "competency", _("Compétence")
        BLOCK = "block", _("Bloc")

    deliberation = models.ForeignKey(Deliberation, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=60, blank=True)  # empty: the whole certification
    title = models.TextField()
    proposed = models.CharField(max_length=12, choices=Verdict, blank=True)  # fixed on closing
    calculation = models.TextField(blank=True)  # how, in French, as documents print it
    verdict = models.CharField(max_length=12, choices=Verdict)
    reason = models.TextField(blank=True)  # required where the jury leaves the proposal
    revision = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["deliberation", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "kind", "code"], name="unit_decided_once"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["acquired", "not_acquired"]),
                name="unit_verdict_decides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.verdict}"


class SessionOutcome(models.Model):
    """The moment all candidates of a session are decided; grids are closed for good."""

    session = models.OneToOneField(
        ExamSession, on_delete=models.PROTECT, related_name="deliberation_record"
    )
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"outcome of {self.session}"
