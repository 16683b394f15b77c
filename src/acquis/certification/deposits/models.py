from django.conf import settings
from django.db import models

from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations.models import Enrolment
from acquis.kernel.models import StoredFile


class DepositHour(models.Model):
    """The hour by which a session's documents are handed in: it wins over the framework's."""

    session = models.OneToOneField(
        ExamSession, on_delete=models.CASCADE, related_name="deposit_hour"
    )
    until = models.DateTimeField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.session} · {self.until:%Y-%m-%d %H:%M}"


class EarlyDeposit(models.Model):
    """A document handed in before the day of the exam; each version is kept.

    It belongs to the enrolment: a candidate who is moved to another session keeps it. Once an exam has
    taken it over, a later exam of the same enrolment asks for its own.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="early_deposits"
    )
    code = models.CharField(
        max_length=40
    )  # of the document, as « written_production.1 » or « written_production.1.2 »
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    late = models.BooleanField(default=False)
    taken_over_by = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, null=True, related_name="early_deposits"
    )

    class Meta:
        ordering = ["enrolment", "code", "pk"]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.title}"
