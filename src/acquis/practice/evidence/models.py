from django.conf import settings
from django.db import models

from acquis.certification.exam_sessions.models import SessionCandidate


class Observation(models.Model):
    """What a unit read in the trace and productions of one sitting: a fact and its moments.

    Never a verdict. Computed once the sitting's phases have ended; computed again, a new set replaces
    the shown one and the old set is kept with its number.
    """

    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.CASCADE, related_name="observations"
    )
    reading = models.PositiveIntegerField(default=1)  # number of the set
    unit = models.SlugField()  # which unit saw it
    criteria = models.JSONField(default=list)  # codes of the criteria it may serve
    title = models.CharField(max_length=200)
    statement = models.TextField()  # a sentence of fact, in French
    moments = models.JSONField(default=list)  # [{label, kind, ref, at, excerpt}]
    figures = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["candidate", "reading", "position"]
        indexes = [models.Index(fields=["candidate", "reading"], name="observation_set")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.title}"


class MomentNote(models.Model):
    """A juror's quick note bound to the moment it was taken, their own until grids are closed."""

    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.CASCADE, related_name="moment_notes"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    criterion = models.CharField(max_length=60, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["noted_at"]

    def __str__(self) -> str:
        return self.body[:60]
