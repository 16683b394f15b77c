from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.frameworks.models import FrameworkVersion


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
        FREE = "free", _("Candidat libre")

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(FrameworkVersion, on_delete=models.PROTECT, related_name="+")
    block = models.CharField(max_length=40, blank=True)  # empty: the whole certification
    route = models.CharField(
        _("voie d’accès"), max_length=20, choices=Route, default=Route.TRAINING
    )
    extra_time_percent = models.PositiveSmallIntegerField(_("temps majoré (%)"), default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "version", "block"], name="enrolment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(extra_time_percent__lte=200), name="extra_time_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} → {self.version} {self.block}"

    @property
    def trace_stream(self) -> str:
        return f"candidate:{self.candidate_id}"
