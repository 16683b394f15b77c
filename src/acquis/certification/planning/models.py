from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Enrolment


class SeasonPlan(models.Model):
    """A season of exams to place: who sits, who judges, who watches, where, on which days."""

    class State(models.TextChoices):
        DRAFT = "draft", _("En composition")
        SOLVED = "solved", _("Planning trouvé")
        PUBLISHED = "published", _("Publié")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="season_plans"
    )
    name = models.CharField(_("nom"), max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    place = models.CharField(_("lieu"), max_length=200)
    address = models.TextField(_("adresse"), blank=True)
    enterprise_id = models.BigIntegerField(null=True)  # accounts.Workspace of kind model
    jury_size = models.PositiveSmallIntegerField(default=2)
    speciality = models.CharField(max_length=80, blank=True)  # one member of each jury has it
    # Minutes (X-04 « temps supplémentaire »): what the centre gives beside the framework's own.
    marking_minutes = models.PositiveSmallIntegerField(default=15)
    briefing_minutes = models.PositiveSmallIntegerField(default=30)
    turnover_minutes = models.PositiveSmallIntegerField(default=5)
    most_a_day = models.PositiveSmallIntegerField(null=True)  # candidates of one jury; null: any
    refusal = models.JSONField(null=True)  # why the last search found nothing
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="season_plans"
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_number = models.PositiveIntegerField(null=True)  # of the revision published last

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="season_plan_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def trace_stream(self) -> str:
        return f"plan:{self.pk}"


class PlanExam(models.Model):
    """One of the exams of a plan: a version of a framework, or one of its blocks."""

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="exams")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "version", "block"], name="plan_exam_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.block}".rstrip()


class PlanDay(models.Model):
    """Opening hours of one day, in minutes from midnight where the exam is held."""

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField(validators=[MaxValueValidator(24 * 60)])
    pauses = models.JSONField(default=list)  # [[750, 810]]: nobody works from 12:30 to 13:30

    class Meta:
        ordering = ["plan", "on"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "on"], name="plan_day_once"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="plan_day_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.on}"


class PlanRoom(models.Model):
    class Kind(models.TextChoices):
        JURY = "jury", _("Salle de jury")
        EXAM = "exam", _("Salle d’écrit et de préparation")

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("nom"), max_length=100)
    kind = models.CharField(max_length=6, choices=Kind)
    workstations = models.PositiveSmallIntegerField(default=0)  # 0 for the room of a jury
    is_confidential = models.BooleanField(default=True)  # closed, nobody hears: what a jury needs

    class Meta:
        ordering = ["plan", "kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="plan_room_name_once"),
            models.CheckConstraint(
                condition=models.Q(kind="jury", workstations=0, is_confidential=True)
                | models.Q(kind="exam", workstations__gt=0),
                name="plan_room_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanCandidate(models.Model):
    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="candidates")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    away = models.ManyToManyField(PlanDay, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "enrolment"], name="plan_candidate_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} @ {self.plan}"


class PlanJuror(models.Model):
    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="jurors")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="+")
    away = models.ManyToManyField(PlanDay, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "juror"], name="plan_juror_once")]

    def __str__(self) -> str:
        return f"{self.juror} @ {self.plan}"


class PlanInvigilator(models.Model):
    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="invigilators")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    away = models.ManyToManyField(PlanDay, related_name="+")

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "user"], name="plan_invigilator_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.plan}"


class PlanRevision(models.Model):
    """One timetable as it was found, moved or proposed; the former ones stay, to go back to."""

    class Kind(models.TextChoices):
        SOLVED = "solved", _("Planning calculé")
        MOVED = "moved", _("Candidat déplacé")
        REPLANNED = "replanned", _("Planning repris après une absence")

    class State(models.TextChoices):
        CURRENT = "current", _("En vigueur")
        FORMER = "former", _("Remplacé")
        PROPOSED = "proposed", _("Proposé")
        REFUSED = "refused", _("Écarté")

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State)
    content = models.JSONField()  # see `revisions.py`
    note = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state="current"),
                name="plan_revision_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"


class PlanJury(models.Model):
    """A jury of the timetable in force; the first member presides."""

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="juries")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_jury_once")]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"


class PlanJuryMember(models.Model):
    jury = models.ForeignKey(PlanJury, on_delete=models.CASCADE, related_name="members")
    juror = models.ForeignKey(PlanJuror, on_delete=models.CASCADE, related_name="memberships")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["jury", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["jury", "juror"], name="plan_jury_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.juror} @ {self.jury}"


class PlannedSlot(models.Model):
    """One phase of one candidate in the timetable in force, or the marking of their written work."""

    MARKING = "marking"

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="slots")
    candidate = models.ForeignKey(PlanCandidate, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()  # 0 for the marking
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    before_jury = models.BooleanField()
    jury = models.ForeignKey(PlanJury, on_delete=models.CASCADE, related_name="slots")
    room = models.ForeignKey(PlanRoom, on_delete=models.CASCADE, null=True, related_name="+")
    workstation = models.PositiveSmallIntegerField(null=True)
    invigilator = models.ForeignKey(
        PlanInvigilator, on_delete=models.CASCADE, null=True, related_name="slots"
    )

    class Meta:
        ordering = ["plan", "starts_at", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "position"], name="planned_slot_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="planned_slot_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.starts_at:%d/%m %H:%M}"


class PlanSession(models.Model):
    """The session that one jury's day became when the plan was published: one for each exam."""

    plan = models.ForeignKey(SeasonPlan, on_delete=models.CASCADE, related_name="sessions")
    jury_number = models.PositiveSmallIntegerField()
    on = models.DateField()
    exam = models.ForeignKey(PlanExam, on_delete=models.PROTECT, related_name="sessions")
    session = models.OneToOneField(ExamSession, on_delete=models.PROTECT, related_name="plan_row")

    class Meta:
        ordering = ["plan", "on", "jury_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "jury_number", "on", "exam"], name="plan_session_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session}"
