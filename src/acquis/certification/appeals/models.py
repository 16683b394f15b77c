"""Appeals against a session: the jury is sovereign, only regularity is contested (X-06, X-09)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.frameworks.models import Framework
from acquis.kernel.models import StoredFile


class AppealRule(models.Model):
    """The delays of a centre, for one certification or for all (`framework` null).

    None where nothing states any: then no appeal is late, and no answer is.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="appeal_rules"
    )
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, null=True, related_name="+")
    lodge_within_days = models.PositiveSmallIntegerField(null=True)  # from the result
    answer_within_days = models.PositiveSmallIntegerField(null=True)  # from the reception
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework"],
                name="appeal_rule_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.framework_id or '*'}"

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.organisation_id}"


class Appeal(models.Model):
    """What a candidate contests of their session, on which grounds, and what became of it."""

    class State(models.TextChoices):
        LODGED = "lodged", _("Recevabilité à examiner")
        ADMISSIBLE = "admissible", _("En examen")
        INADMISSIBLE = "inadmissible", _("Irrecevable")
        ACCEPTED = "accepted", _("Accepté")
        REJECTED = "rejected", _("Rejeté")
        WITHDRAWN = "withdrawn", _("Retiré")

    class Channel(models.TextChoices):
        PAGE = "page", _("Espace du candidat")
        LETTER = "letter", _("Lettre reçue")

    class Ground(models.TextChoices):
        """Regularity only: what the jury thought of the candidate is not contested."""

        SUMMONS = "summons", _("Convocation irrégulière ou tardive")
        JURY = "jury", _("Composition ou indépendance du jury")
        ACCOMMODATION = "accommodation", _("Aménagement décidé et non appliqué")
        SUBJECT = "subject", _("Sujet ou tirage au sort")
        TIME = "time", _("Durée des épreuves")
        EQUIPMENT = "equipment", _("Matériel ou incident non pris en compte")
        EQUALITY = "equality", _("Égalité de traitement ou neutralité")
        RECORD = "record", _("Erreur du procès-verbal ou de la fiche de résultat")
        OTHER = "other", _("Autre irrégularité de la session")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appeals")
    number = models.CharField(max_length=30)
    seat = models.ForeignKey(SessionCandidate, on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=12, choices=State, default=State.LODGED)
    channel = models.CharField(max_length=6, choices=Channel)
    grounds = models.JSONField(default=list)  # codes of Ground
    statement = models.TextField()
    received_on = models.DateField()
    lodged_at = models.DateTimeField()
    lodged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # The delay as it stood when it was lodged: the rule may change later.
    last_day = models.DateField(null=True)
    answer_by = models.DateField(null=True)
    standing = models.BooleanField(null=True)  # it comes from the candidate
    form = models.BooleanField(null=True)  # written, with its grounds
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    judgement_reason = models.TextField(blank=True)
    dossier = models.JSONField(default=list)  # the pieces, as `dossier.pieces` told them
    dossier_sha256 = models.CharField(max_length=64, blank=True)
    assembled_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="appeal_number_once"),
            models.UniqueConstraint(
                fields=["seat"],
                condition=models.Q(state__in=["lodged", "admissible"]),
                name="appeal_one_in_hand",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["accepted", "rejected"])
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision_reason="")),
                name="appeal_decided_in_words",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="inadmissible")
                | (models.Q(judged_at__isnull=False) & ~models.Q(judgement_reason="")),
                name="appeal_inadmissible_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def trace_stream(self) -> str:
        return f"appeal:{self.pk}"


class AppealPaper(models.Model):
    """What came with an appeal: the letter as it was received, what the candidate joins."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["brought_at", "pk"]

    def __str__(self) -> str:
        return self.title


class CommitteeMember(models.Model):
    """Who examines an appeal, in which quality, and their voice (X-09)."""

    class Quality(models.TextChoices):
        DIRECTION = "direction", _("Direction")
        SESSION_MANAGER = "session_manager", _("Responsable de session")
        TRAINING_MANAGER = "training_manager", _("Responsable de formation")

    class Voice(models.TextChoices):
        ACCEPT = "accept", _("Accepter")
        REJECT = "reject", _("Rejeter")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quality = models.CharField(max_length=16, choices=Quality)
    named_at = models.DateTimeField()
    voice = models.CharField(max_length=6, choices=Voice, blank=True)
    reason = models.TextField(blank=True)
    voiced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "user"], name="committee_person_once"),
            models.UniqueConstraint(fields=["appeal", "quality"], name="committee_quality_once"),
            models.CheckConstraint(
                condition=models.Q(voice="", voiced_at__isnull=True)
                | (~models.Q(voice="") & ~models.Q(reason="") & models.Q(voiced_at__isnull=False)),
                name="committee_voice_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.get_quality_display()}"


class AppealLetter(models.Model):
    """A letter to the candidate as it left: its PDF is kept with what became of it."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Accusé de réception")
        INADMISSIBLE = "inadmissible", _("Notification d’irrecevabilité")
        ACCEPTED = "accepted", _("Décision : recours accepté")
        REJECTED = "rejected", _("Décision : recours rejeté")

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind)
    number = models.CharField(max_length=40, unique=True)
    data = models.JSONField()  # what was printed
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)  # in the words of the server
    opened_at = models.DateTimeField(null=True)  # by the candidate, on their page
    posted_on = models.DateField(null=True)  # by registered post
    tracking = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["issued_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "kind"], name="appeal_letter_once")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def trace_stream(self) -> str:
        return f"appeal:{self.appeal_id}"
