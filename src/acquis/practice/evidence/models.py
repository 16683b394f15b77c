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


class AttachedMoment(models.Model):
    """A moment that a juror set beside a criterion: a place of the candidate's file, or what they saw.

    Theirs alone until every grid of the candidate is closed. Never removed: taken back, it is kept with
    its hour and may be put back.
    """

    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.CASCADE, related_name="attached_moments"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60)
    ref = models.CharField(max_length=80, blank=True)  # anchor in the file; empty: seen and heard
    label = models.CharField(max_length=200, blank=True)  # of the place, copied when attached
    excerpt = models.TextField(blank=True)  # what stood there, copied when attached
    occurred_at = models.DateTimeField(null=True)
    from_second = models.PositiveIntegerField(null=True)  # of a recording
    to_second = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)  # the juror's own
    attached_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["occurred_at", "pk"]
        indexes = [models.Index(fields=["candidate", "criterion"], name="attached_beside")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(ref="") | ~models.Q(words=""), name="attached_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(from_second__isnull=True, to_second__isnull=True)
                | models.Q(from_second__lt=models.F("to_second")),
                name="attached_passage_goes_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.label or self.words[:60]}"


class Dismissal(models.Model):
    """What a juror set aside beside a criterion, and why: an observation, or one of its moments.

    It names what it sets aside by a fingerprint of its words, so that a later reading which sees the same
    leaves it aside, and one which sees something else shows it. Never removed: restored, it is kept.
    """

    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.CASCADE, related_name="dismissals"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60)
    unit = models.SlugField()
    fingerprint = models.CharField(max_length=64)
    shown = models.TextField()  # what was set aside, copied
    reason = models.TextField()
    dismissed_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dismissed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "author", "criterion", "fingerprint"],
                condition=models.Q(restored_at__isnull=True),
                name="dismissed_once",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="dismissal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.shown[:60]}"
