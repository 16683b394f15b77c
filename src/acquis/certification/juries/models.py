from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation


class Juror(models.Model):
    """A professional who may sit in juries (X-03)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="juror_records"
    )
    first_name = models.CharField(_("prénom"), max_length=60)
    last_name = models.CharField(_("nom"), max_length=60)
    email = models.EmailField(_("adresse électronique"))
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    employer = models.CharField(_("employeur"), max_length=200, blank=True)
    job_title = models.CharField(_("fonction"), max_length=200, blank=True)
    is_external = models.BooleanField(_("extérieur au centre"), default=True)
    experience_years = models.PositiveSmallIntegerField(_("années d’expérience dans le métier"))
    left_job_on = models.DateField(_("a quitté le métier le"), null=True, blank=True)
    briefed_on = models.DateField(_("session d’information suivie le"), null=True, blank=True)
    accredited_from = models.DateField(_("habilité du"), null=True, blank=True)
    accredited_to = models.DateField(_("habilité jusqu’au"), null=True, blank=True)
    specialities = models.JSONField(_("spécialités"), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "email"], name="juror_email_once"),
            models.CheckConstraint(
                condition=models.Q(accredited_to__isnull=True)
                | models.Q(accredited_from__isnull=True)
                | models.Q(accredited_to__gte=models.F("accredited_from")),
                name="juror_accreditation_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def trace_stream(self) -> str:
        return f"juror:{self.pk}"


class DeclaredLink(models.Model):
    """A link between a juror and a candidate or organisation that bars independence."""

    class Nature(models.TextChoices):
        EMPLOYER = "employer", _("Même employeur")
        TRAINER = "trainer", _("A formé le candidat")
        TUTOR = "tutor", _("Tuteur du candidat")
        FAMILY = "family", _("Lien familial")
        OTHER = "other", _("Autre lien déclaré")

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="links")
    candidate_id = models.BigIntegerField()  # of registrations.Candidate, its equal in the house
    nature = models.CharField(max_length=10, choices=Nature)
    detail = models.CharField(max_length=300, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["juror", "candidate_id", "nature"], name="juror_link_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.juror} – {self.get_nature_display()}"
