from fractions import Fraction

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.frameworks.models import Framework, FrameworkVersion
from acquis.kernel.models import StoredFile


class Candidate(models.Model):
    """A person who seeks a certification, with the identity the CPF file will need (X-08)."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("Féminin")
        MALE = "M", _("Masculin")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="candidates"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="candidacies"
    )
    reference = models.CharField(max_length=20)
    birth_name = models.CharField(_("nom de naissance"), max_length=60)
    usual_name = models.CharField(_("nom d’usage"), max_length=60, blank=True)
    first_name = models.CharField(_("prénom"), max_length=60)
    other_first_names = models.CharField(_("autres prénoms"), max_length=120, blank=True)
    sex = models.CharField(_("sexe"), max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    birth_city = models.CharField(_("commune de naissance"), max_length=60, blank=True)
    birth_insee_code = models.CharField(_("code INSEE de naissance"), max_length=5, blank=True)
    birth_postcode = models.CharField(
        _("code postal de naissance"), max_length=5, blank=True
    )  # when the INSEE code is unknown
    birth_country = models.CharField(_("pays de naissance"), max_length=60, default="France")
    email = models.EmailField(_("adresse électronique"))
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["birth_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="candidate_reference_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "birth_name", "first_name", "birth_date"],
                name="candidate_identity_once",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.usual_name or self.birth_name}"

    @property
    def trace_stream(self) -> str:
        return f"candidate:{self.pk}"


class Enrolment(models.Model):
    """A candidate's way to one certification: which version, which block, by which route."""

    class Route(models.TextChoices):
        TRAINING = "training", _("Parcours de formation")
        VAE = "vae", _("VAE")
        CAPITALISATION = "capitalisation", _("Capitalisation de CCP")
        CCS = "ccs", _("CCS, après le titre")
        FREE = "free", _("Candidat libre")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification
    attempt = models.PositiveSmallIntegerField(default=1)  # 2: comes again after a failure
    route = models.CharField(
        _("voie d’accès"), max_length=20, choices=Route, default=Route.TRAINING
    )
    employer = models.CharField(_("employeur"), max_length=200, blank=True)
    training_body = models.CharField(_("organisme de formation"), max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "version", "block", "attempt"], name="enrolment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} → {self.version} {self.block}"

    @property
    def trace_stream(self) -> str:
        return f"candidate:{self.candidate_id}"


class Accommodation(models.Model):
    """What is arranged for a person at an exam (X-11): what is done, never why.

    The reason is a matter of health: it is not asked, so that nobody has to hide it. A decision
    that changes is ended and replaced by another row, which keeps the history.
    """

    class Kind(models.TextChoices):
        EXTRA_TIME = "extra_time", _("Temps majoré")
        BREAKS = "breaks", _("Pauses")
        HUMAN_AID = "human_aid", _("Aide humaine")
        TECHNICAL_AID = "technical_aid", _("Aide technique")
        ROOM = "room", _("Salle ou poste adapté")
        GESTURE = "gesture", _("Geste professionnel adapté")

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="accommodations"
    )
    kind = models.CharField(_("nature"), max_length=14, choices=Kind)
    extra_numerator = models.PositiveSmallIntegerField(default=0)  # 1 of 1/3
    extra_denominator = models.PositiveSmallIntegerField(default=1)
    break_minutes = models.PositiveSmallIntegerField(default=0)  # an hour of work
    scope = models.JSONField(default=list)  # kinds or methods of phases; empty: the whole exam
    details = models.TextField(blank=True)  # for those who apply it
    decision_by = models.CharField(max_length=120, blank=True)
    decision_date = models.DateField(null=True)  # null: awaited, nothing applies yet
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    end_reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(extra_denominator__gte=1)
                & models.Q(extra_numerator__lte=2 * models.F("extra_denominator")),
                name="accommodation_extra_bounded",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="extra_time", extra_numerator__gte=1)
                | (~models.Q(kind="extra_time") & models.Q(extra_numerator=0)),
                name="accommodation_extra_when_time",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="breaks", break_minutes__gte=1, break_minutes__lte=60)
                | (~models.Q(kind="breaks") & models.Q(break_minutes=0)),
                name="accommodation_minutes_when_breaks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.get_kind_display()}"

    @property
    def factor(self) -> Fraction:
        """The part of time added; 0 for what adds none."""
        return Fraction(self.extra_numerator, self.extra_denominator)

    @property
    def is_in_force(self) -> bool:
        return self.decision_date is not None and self.ended_at is None


class Admissibility(models.Model):
    """The recevabilité of a VAE file (X-12): asked, then decided or admitted by silence."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Recevable")
        REFUSED = "refused", _("Non recevable")

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="admissibility"
    )
    requested_on = models.DateField()
    authority = models.CharField(max_length=120, blank=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # of a refusal

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="", decided_on__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_on__gte=models.F("requested_on"))),
                name="admissibility_decided_after_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.get_decision_display()}"


class HeldBlock(models.Model):
    """One line of the livret de certification: a block, or the whole, obtained for good.

    A line whose decision was annulled, or whose certificate was revoked, is withdrawn with the reason:
    it stays written and counts no more. What had been typed for it before is then written anew.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="held_blocks")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    # The edition whose block it is: correspondences carry it to the later ones.
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification
    obtained_on = models.DateField()
    pv_reference = models.CharField(max_length=80, blank=True)
    # The enrolment whose result gave the line; null: typed from the livret that was brought.
    earned_by = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    # What was typed of the same block before an exam of the centre gave it; null: nothing was.
    typed_on = models.DateField(null=True)
    typed_pv = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["obtained_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "version", "block"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="held_block_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawal_reason="")),
                name="held_block_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(typed_on__isnull=True, typed_pv="")
                | models.Q(typed_on__isnull=False, earned_by__isnull=False),
                name="held_block_typed_before_its_exam",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} · {self.framework_id} {self.block}"


class Result(models.Model):
    """What a jury decided of an enrolment: whence the right to come again (X-06, X-09).

    A result that an appeal annulled stays, and counts no more.
    """

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Admis")
        PARTIAL = "partial", _("Réussite partielle")
        FAILED = "failed", _("Refusé")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=8, choices=Outcome)
    blocks = models.JSONField(default=list)  # codes of the blocks acquired, in document order
    sat_on = models.DateField()  # the day of the session, from which windows run
    session_reference = models.CharField(max_length=30)
    decided_at = models.DateTimeField()
    annulled_at = models.DateTimeField(null=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    annulment_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["sat_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(annulled_at__isnull=True),
                name="result_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.get_outcome_display()}"

    @property
    def outcome_words(self) -> str:
        """The outcome in words that agree with its candidate."""
        return outcome_words(self.outcome, self.enrolment.candidate)

    @property
    def trace_stream(self) -> str:
        return self.enrolment.trace_stream


# What is not the same word of a woman; `Result.Outcome` has the others.
_OF_A_WOMAN = {"passed": _("Admise"), "failed": _("Refusée")}


def outcome_words(outcome: str, person: Candidate) -> str:
    """« Admise », « Refusé »: an outcome in words that agree with its candidate; « » when none."""
    if person.sex == Candidate.Sex.FEMALE and outcome in _OF_A_WOMAN:
        return str(_OF_A_WOMAN[outcome])
    return str(Result.Outcome(outcome).label) if outcome else ""


class Proof(models.Model):
    """A paper of an enrolment: brought, then verified; of an identity no copy is kept."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("Pièce d’identité vue")
        PORTFOLIO = "portfolio", _("Dossier professionnel (DP)")
        IN_TRAINING = "in_training", _("Résultats des ECF")
        BOOKLET = "booklet", _("Livret de certification")
        ADMISSIBILITY = "admissibility", _("Décision de recevabilité VAE")
        TITLE = "title", _("Titre professionnel obtenu")
        EXPERIENCE = "experience", _("Expérience professionnelle dans le métier")
        NEW_TRAINING = "new_training", _("Attestation d’une nouvelle formation")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=13, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    deposited_at = models.DateTimeField()
    deposited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind"], name="proof_once"),
            models.CheckConstraint(
                condition=models.Q(kind="identity", file__isnull=True)
                | (~models.Q(kind="identity") & models.Q(file__isnull=False)),
                name="proof_copy_but_of_identity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.get_kind_display()}"


class RetakeRight(models.Model):
    """A new sitting that a centre owes a candidate: it counts for no attempt (X-09).

    Given by an appeal that was accepted, or by an incident that spoilt the exam.
    """

    class Source(models.TextChoices):
        APPEAL = "appeal", _("Recours accepté")
        INCIDENT = "incident", _("Incident de session")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="retake_rights")
    source = models.CharField(max_length=8, choices=Source)
    reference = models.CharField(max_length=40)  # the appeal's number, or the session's reference
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_in = models.CharField(max_length=30, blank=True)  # reference of the new session
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["granted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "source", "reference"], name="retake_right_once"
            ),
            models.CheckConstraint(
                condition=models.Q(used_in="", used_at__isnull=True)
                | (~models.Q(used_in="") & models.Q(used_at__isnull=False)),
                name="retake_right_used_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.get_source_display()} {self.reference}"

    @property
    def trace_stream(self) -> str:
        return self.enrolment.trace_stream
