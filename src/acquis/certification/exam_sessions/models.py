from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Enrolment
from acquis.kernel.models import StoredFile


class ExamSession(models.Model):
    """One sitting of an exam: a version (or one of its blocks), a place, a day, a jury."""

    class State(models.TextChoices):
        DRAFT = "draft", _("En préparation")
        SUMMONED = "summoned", _("Convoquée")
        OPEN = "open", _("Ouverte")
        CLOSED = "closed", _("Épreuves terminées")
        DELIBERATED = "deliberated", _("Délibérée")
        ISSUED = "issued", _("PV émis")
        CANCELLED = "cancelled", _("Annulée")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="exam_sessions"
    )
    reference = models.CharField(max_length=30)
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    starts_at = models.DateTimeField(_("début"))
    place = models.CharField(_("lieu"), max_length=200)
    address = models.TextField(_("adresse"), blank=True)
    room = models.CharField(_("salle"), max_length=100, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="managed_sessions"
    )
    enterprise_id = models.BigIntegerField(null=True)  # accounts.Workspace of kind model
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="session_reference_once"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def trace_stream(self) -> str:
        return f"session:{self.pk}"


class SessionCandidate(models.Model):
    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="candidates")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sessions")
    order = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField(null=True)
    present = models.BooleanField(null=True)  # ticked by the invigilator; null: not yet said
    identity_checked_at = models.DateTimeField(null=True)
    identity_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["session", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="session_candidate_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.candidate} @ {self.session}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"


class PlannedPhase(models.Model):
    """The hour of one phase of one candidate, as a season's plan was published: it wins over the computed one."""

    seat = models.ForeignKey(
        SessionCandidate, on_delete=models.CASCADE, related_name="planned_phases"
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    jury_present = models.BooleanField(default=False)
    room = models.CharField(max_length=100, blank=True)
    workstation = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["seat", "position"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "position"], name="planned_phase_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="planned_phase_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} · {self.title}"


class SessionJuror(models.Model):
    class Function(models.TextChoices):
        PRESIDENT = "president", _("Présidence du jury")
        MEMBER = "member", _("Membre")

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="jurors")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="sessions")
    function = models.CharField(max_length=10, choices=Function, default=Function.MEMBER)
    present = models.BooleanField(null=True)

    class Meta:
        ordering = ["session", "-function", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "juror"], name="session_juror_once")
        ]

    def __str__(self) -> str:
        return f"{self.juror} @ {self.session}"


class Summons(models.Model):
    """A convocation as it was issued: its PDF is kept, a new one replaces it without erasing it.

    Once the person is taken out of the session, only what was printed still names them.
    """

    class Recipient(models.TextChoices):
        CANDIDATE = "candidate", _("Candidat")
        JUROR = "juror", _("Juré")

    class Answer(models.TextChoices):
        COMING = "coming", _("Sera présent(e)")
        NOT_COMING = "not_coming", _("Ne pourra pas venir")

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="summonses")
    recipient = models.CharField(max_length=10, choices=Recipient)
    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.SET_NULL, null=True, related_name="summonses"
    )
    juror = models.ForeignKey(
        SessionJuror, on_delete=models.SET_NULL, null=True, related_name="summonses"
    )
    number = models.CharField(max_length=40, unique=True)
    email = models.EmailField()  # where it goes, as the person's record said when it was issued
    event_uid = models.CharField(max_length=120)  # one a person and session: replacements share it
    sequence = models.PositiveSmallIntegerField(default=0)  # 0, then one more at each replacement
    starts_at = models.DateTimeField()  # when the person is expected, and until when
    ends_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField()  # what was printed
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    sent_at = models.DateTimeField(null=True)
    delay_reason = models.CharField(max_length=300, blank=True)  # of the last attempt that failed
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.CharField(max_length=300, blank=True)  # in the words of the server
    opened_at = models.DateTimeField(null=True)
    # What came back by mail that is no report: an absence told by a machine, or a person's words.
    reply_at = models.DateTimeField(null=True)
    reply_words = models.CharField(max_length=500, blank=True)
    reply_automatic = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_reason = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)
    withdrawal_sent_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(candidate__isnull=False, juror__isnull=True)
                | models.Q(candidate__isnull=True, juror__isnull=False)
                | models.Q(candidate__isnull=True, juror__isnull=True, withdrawn_at__isnull=False)
                | models.Q(candidate__isnull=True, juror__isnull=True, replaced_by__isnull=False),
                name="summons_one_recipient",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the person was moved to another session since; the summons to that one is due."""
        place = self.candidate or self.juror
        return place is not None and place.session_id != self.session_id


class SummonsPlan(models.Model):
    """The day on which the summons of a session leave by themselves."""

    session = models.OneToOneField(
        ExamSession, on_delete=models.CASCADE, related_name="summons_plan"
    )
    send_at = models.DateTimeField()
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # once the work is queued

    class Meta:
        ordering = ["send_at", "pk"]

    def __str__(self) -> str:
        return f"{self.session} · {self.send_at:%Y-%m-%d}"


class DigestChoice(models.Model):
    """Whether a person is told of their deadlines by mail, and what the last digest said.

    No row: they are told, and never were yet.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_choices"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    wanted = models.BooleanField(default=True)
    looked_on = models.DateField(null=True)  # the last day on which it was decided
    sent_on = models.DateField(null=True)
    told = models.JSONField(default=list)  # what that digest told, as `policy.digest_marks`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="digest_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organisation_id}"


class BoardFeed(models.Model):
    """The secret address under which a person's calendar reads their board of deadlines."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="board_feeds"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    token_sha256 = models.CharField(max_length=64, unique=True)  # the secret itself is kept nowhere
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="board_feed_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organisation_id}"


class SiteAccreditation(models.Model):
    """The agrément of a centre: which title it may examine, on which site, from when to when (X-05)."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="site_accreditations"
    )
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(max_length=200)  # as the place of a session is written
    number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()  # last day included
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(null=True)  # by the authority, or noted by mistake

    class Meta:
        ordering = ["version__framework__title", "site", "-valid_to", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number", "version", "site"],
                name="site_accreditation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")),
                name="site_accreditation_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.site}"

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.organisation_id}"


class ReturnsReading(models.Model):
    """How far the mailbox of returns was read, one row an address and folder."""

    account = models.CharField(max_length=300, unique=True)  # user@host/folder
    uid_validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)  # a worker is at it
    next_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()  # messages before that day were there before us

    def __str__(self) -> str:
        return self.account


class Incident(models.Model):
    """Something that happened in the room, from a closed list, with its effect on the decision."""

    class Category(models.TextChoices):
        ENVIRONMENT = "environment", _("Environnement (bruit, coupure, confort)")
        CANDIDATE_LATE = "candidate_late", _("Retard ou sortie d’un candidat")
        CANDIDATE_BEHAVIOUR = "candidate_behaviour", _("Comportement d’un candidat")
        CANDIDATE_ILLNESS = "candidate_illness", _("Malaise ou maladie")
        IDENTITY = "identity", _("Identité ou émargement")
        FRAUD = "fraud", _("Suspicion de fraude")
        STAFF = "staff", _("Personnel ou jury")
        TECHNICAL = "technical", _("Poste, réseau ou impression")
        HEADSET = "headset", _("Ligne ou casque")
        RECORDING = "recording", _("Enregistrement absent")
        JUROR_ACTOR = "juror_actor", _("Juré dans le rôle du client")
        SUBJECT = "subject", _("Sujet")
        ACCOMMODATION = "accommodation", _("Aménagement non appliqué")
        CONFIDENTIALITY = "confidentiality", _("Confidentialité")

    class Effect(models.TextChoices):
        NONE = "none", _("Sans effet")
        TIME_GIVEN = "time_given", _("Temps rendu")
        NEUTRALISED = "neutralised", _("Épreuve neutralisée")
        NEW_SITTING = "new_sitting", _("Nouvelle présentation")

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="incidents")
    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, null=True, related_name="incidents"
    )
    category = models.CharField(max_length=24, choices=Category)
    effect = models.CharField(max_length=12, choices=Effect, default=Effect.NONE)
    description = models.TextField()
    happened_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ["happened_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_category_display()} · {self.session}"
