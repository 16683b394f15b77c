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
    briefing_hours = models.DecimalField(
        _("durée de cette session (heures)"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    represents = models.CharField(_("siège au titre de"), max_length=120, blank=True)
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
    """A link between a juror and a candidate or organisation that bars independence.

    Of an organisation, it bars from judging those whom it employs or trains. Ended, it stays in the
    history of the juror.
    """

    class Nature(models.TextChoices):
        EMPLOYER = "employer", _("Même employeur")
        TRAINER = "trainer", _("A formé le candidat")
        TUTOR = "tutor", _("Tuteur du candidat")
        FAMILY = "family", _("Lien familial")
        OTHER = "other", _("Autre lien déclaré")

    class Declarer(models.TextChoices):
        JUROR = "juror", _("Le juré")
        CENTRE = "centre", _("Le centre")

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="links")
    candidate_id = models.BigIntegerField(null=True)  # of registrations.Candidate, its equal
    organisation_name = models.CharField(max_length=200, blank=True)
    nature = models.CharField(max_length=10, choices=Nature)
    detail = models.CharField(max_length=300, blank=True)
    declared_by = models.CharField(max_length=6, choices=Declarer, default=Declarer.CENTRE)
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["juror", "candidate_id", "nature"],
                condition=models.Q(ended_at__isnull=True, candidate_id__isnull=False),
                name="juror_link_with_candidate_once",
            ),
            models.UniqueConstraint(
                fields=["juror", "organisation_name", "nature"],
                condition=models.Q(ended_at__isnull=True, candidate_id__isnull=True),
                name="juror_link_with_organisation_once",
            ),
            models.CheckConstraint(
                condition=models.Q(candidate_id__isnull=False, organisation_name="")
                | models.Q(candidate_id__isnull=True) & ~models.Q(organisation_name=""),
                name="juror_link_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror} – {self.get_nature_display()}"
