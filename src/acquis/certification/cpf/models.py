from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.cpf import policy
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.frameworks.models import Framework
from acquis.certification.registrations.models import Enrolment
from acquis.kernel.models import StoredFile


class Access(models.TextChoices):
    """How a person came to the exam, in the words of the schema."""

    INITIAL = "FORMATION_INITIALE_HORS_APPRENTISSAGE", _("Formation initiale, hors apprentissage")
    APPRENTICE = "FORMATION_INITIALE_APPRENTISSAGE", _("Apprentissage")
    CONTINUING = (
        "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
        _("Formation continue, hors contrat de professionnalisation"),
    )
    CONTRACT = (
        "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
        _("Contrat de professionnalisation"),
    )
    VAE = "VAE", _("VAE")
    FOREIGN = "EQUIVALENCE_DIPLOME_ETRANGER", _("Équivalence d’un diplôme étranger")
    FREE = "CANDIDAT_LIBRE", _("Candidat libre")


TRAINING_ACCESS = [
    (one.value, one.label)
    for one in (Access.INITIAL, Access.APPRENTICE, Access.CONTINUING, Access.CONTRACT)
]


class LoadedSchema(models.Model):
    """A version of the official schema that a centre brought; the one that ships is a file."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cpf_schemas"
    )
    version = models.CharField(max_length=20)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-version", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version"], name="cpf_schema_version_once"
            )
        ]

    def __str__(self) -> str:
        return self.version


class CdcAccount(models.Model):
    """The contract of a centre with the Caisse des dépôts, and how its files are made (X-08)."""

    class Depositor(models.TextChoices):
        CERTIFIER = "CERTIFICATEUR", _("Le certificateur lui-même")
        TRUSTED_PARTY = "TIERS_CONFIANCE", _("Un tiers de confiance")

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="cdc_account"
    )
    client_id = models.CharField(
        _("identifiant client de l’émetteur"),
        max_length=8,
        validators=[RegexValidator(policy.EIGHT)],
    )
    certifier_id = models.CharField(
        _("identifiant client du certificateur"),
        max_length=8,
        validators=[RegexValidator(policy.EIGHT)],
    )
    contract_id = models.CharField(_("numéro de contrat"), max_length=20)
    depositor = models.CharField(
        _("nature du déposant"), max_length=20, choices=Depositor, default=Depositor.CERTIFIER
    )
    split_at = models.PositiveIntegerField(
        _("passages par fichier au plus"),
        default=policy.SPLIT_AT,
        validators=[MinValueValidator(1), MaxValueValidator(policy.SPLIT_AT)],
    )
    keep_days = models.PositiveSmallIntegerField(
        _("jours de conservation des fichiers"),
        default=policy.KEEP_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(policy.KEEP_DAYS_MOST)],
    )
    schema_version = models.CharField(
        _("version du schéma"), max_length=20, default=policy.SHIPPED_VERSION
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(split_at__gte=1, split_at__lte=policy.SPLIT_AT),
                name="cpf_split_bounded",
            ),
            models.CheckConstraint(
                condition=models.Q(keep_days__gte=1, keep_days__lte=policy.KEEP_DAYS_MOST),
                name="cpf_keep_days_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.client_id

    @property
    def trace_stream(self) -> str:
        return f"cpf:{self.organisation_id}"


class RegisteredCertification(models.Model):
    """How a certification, or one of its blocks, stands in the national registers (RNCP, RS).

    Without a register it is known not to be there: nothing of it is ever sent.
    """

    class Register(models.TextChoices):
        NONE = "", _("Ni l’un ni l’autre : rien à transmettre")
        RNCP = "RNCP", _("RNCP")
        RS = "RS", _("Répertoire spécifique (RS)")

    class Obtained(models.TextChoices):
        ADMISSION = "PAR_ADMISSION", _("Par admission")
        SCORING = "PAR_SCORING", _("Par un score")

    class Modality(models.TextChoices):
        REMOTE = "A_DISTANCE", _("À distance")
        ON_SITE = "EN_PRESENTIEL", _("En présentiel")
        MIXED = "MIXTE", _("Mixte")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="registered_certifications"
    )
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification
    register = models.CharField(_("répertoire"), max_length=4, choices=Register, blank=True)
    code = models.CharField(_("code au répertoire"), max_length=100, blank=True)
    obtained = models.CharField(
        _("obtention"), max_length=13, choices=Obtained, default=Obtained.ADMISSION
    )
    validity_months = models.PositiveSmallIntegerField(
        _("durée de validité en mois"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )  # null: for good
    modality = models.CharField(
        _("modalité de l’examen"), max_length=13, choices=Modality, default=Modality.ON_SITE
    )
    exam_postcode = models.CharField(_("code postal du lieu d’examen"), max_length=9, blank=True)
    training_access = models.CharField(
        _("modalité d’accès des candidats en parcours de formation"),
        max_length=60,
        choices=TRAINING_ACCESS,
        default=Access.CONTINUING,
    )

    class Meta:
        ordering = ["framework", "block"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework", "block"], name="cpf_certification_once"
            ),
            models.CheckConstraint(
                condition=models.Q(register="", code="")
                | (~models.Q(register="") & ~models.Q(code="")),
                name="cpf_code_with_register",
            ),
        ]

    def __str__(self) -> str:
        return self.code or f"{self.framework_id} {self.block}"

    @property
    def trace_stream(self) -> str:
        return f"cpf:{self.organisation_id}"


class Particulars(models.Model):
    """What the file asks of an enrolment and nothing else does: the way of a VAE, a score."""

    class VaeWay(models.TextChoices):
        LEAVE = "CONGES_VAE", _("Congé VAE")
        CLASSIC = "VAE_CLASSIQUE", _("VAE classique")

    class Initiative(models.TextChoices):
        HOLDER = "CERTIFIE", _("La personne certifiée")
        TRAINING_BODY = "OF", _("L’organisme de formation")
        JOB_CENTRE = "POLE_EMPLOI", _("France Travail (Pôle emploi)")
        EMPLOYER = "EMPLOYEUR", _("L’employeur")
        OTHER = "AUTRE", _("Autre")

    class Mention(models.TextChoices):
        NONE = "SANS_MENTION", _("Sans mention")
        FAIRLY_GOOD = "MENTION_ASSEZ_BIEN", _("Mention assez bien")
        GOOD = "MENTION_BIEN", _("Mention bien")
        VERY_GOOD = "MENTION_TRES_BIEN", _("Mention très bien")
        CONGRATULATIONS = (
            "MENTION_TRES_BIEN_AVEC_FELICITATIONS_DU_JURY",
            _("Mention très bien avec félicitations du jury"),
        )

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="cpf_particulars"
    )
    access = models.CharField(
        _("modalité d’accès"), max_length=60, choices=Access, blank=True
    )  # empty: as the route says
    vae_way = models.CharField(_("voie de la VAE"), max_length=13, choices=VaeWay, blank=True)
    initiative = models.CharField(
        _("initiative de l’inscription"), max_length=11, choices=Initiative, blank=True
    )
    score = models.CharField(_("score"), max_length=255, blank=True)
    mention = models.CharField(_("mention"), max_length=44, choices=Mention, blank=True)

    def __str__(self) -> str:
        return f"{self.enrolment_id}"

    @property
    def trace_stream(self) -> str:
        return f"candidate:{self.enrolment.candidate_id}"


class Deposit(models.Model):
    """One deposit at the Caisse des dépôts: a few files, sent together, answered one by one."""

    class State(models.TextChoices):
        WRITING = "writing", _("Fichiers en préparation")
        READY = "ready", _("À envoyer")
        SENT = "sent", _("Envoyé, rapport attendu")
        CLOSED = "closed", _("Traité")
        CANCELLED = "cancelled", _("Annulé")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cpf_deposits"
    )
    number = models.CharField(max_length=30)
    state = models.CharField(max_length=9, choices=State, default=State.WRITING)
    schema_version = models.CharField(max_length=20)
    # As they stood when it was opened, so that the files can be written again the same.
    client_id = models.CharField(max_length=8)
    certifier_id = models.CharField(max_length=8)
    contract_id = models.CharField(max_length=20)
    depositor = models.CharField(max_length=20)
    split_at = models.PositiveIntegerField()
    total = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)  # why the files could not be written
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="cpf_deposit_number_once"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(state__in=["writing", "ready", "sent"]),
                name="cpf_one_open_deposit",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def trace_stream(self) -> str:
        return f"cpf:{self.organisation_id}"


class DepositFile(models.Model):
    """One XML file of a deposit, sealed at rest; its fingerprint is that of the clear file."""

    class State(models.TextChoices):
        WRITTEN = "written", _("Prêt")
        SENT = "sent", _("Envoyé")
        PROCESSED = "processed", _("Traité")
        REFUSED = "refused", _("Refusé en entier")

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    flux_id = models.CharField(max_length=50)
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=9, choices=State, default=State.WRITTEN)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    sealed = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: erased after its time
    errors = models.JSONField(default=list)  # of a file refused whole: line, column, text

    class Meta:
        ordering = ["deposit", "number"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "number"], name="cpf_file_number_once"),
        ]
        indexes = [
            models.Index(fields=["flux_id"], name="cpf_file_by_flux"),
            models.Index(fields=["name"], name="cpf_file_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Passage(models.Model):
    """One holder's line in one deposit; once accepted, the database refuses another."""

    class State(models.TextChoices):
        READY = "ready", _("Dans un dépôt")
        SENT = "sent", _("Envoyé")
        ACCEPTED = "accepted", _("Accepté")
        REJECTED = "rejected", _("Rejeté")
        ERROR = "error", _("Erreur")
        CANCELLED = "cancelled", _("Retiré")

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="passages")
    file = models.ForeignKey(
        DepositFile, on_delete=models.PROTECT, null=True, related_name="passages"
    )
    seat = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, related_name="cpf_passages"
    )
    block = models.CharField(max_length=40, blank=True)
    rank = models.PositiveIntegerField()
    technical_id = models.CharField(max_length=255)
    line = models.PositiveIntegerField(null=True)  # of the file, by which a refusal names it
    state = models.CharField(max_length=9, choices=State, default=State.READY)
    message = models.TextField(blank=True)  # of the report, or why it was set aside
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["deposit", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "rank"], name="cpf_rank_once"),
            models.UniqueConstraint(fields=["deposit", "technical_id"], name="cpf_id_once"),
            models.UniqueConstraint(
                fields=["seat", "block"],
                condition=models.Q(state__in=["ready", "sent", "accepted"]),
                name="cpf_passage_never_twice",
            ),
        ]

    def __str__(self) -> str:
        return self.technical_id


class Report(models.Model):
    """A processing report as it came, sealed; what it answered is on the passages."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="reports")
    file = models.ForeignKey(DepositFile, on_delete=models.PROTECT, related_name="reports")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    sealed = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    treatment_id = models.CharField(max_length=100, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["deposit", "sha256"], name="cpf_report_once")
        ]

    def __str__(self) -> str:
        return self.name
