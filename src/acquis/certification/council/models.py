import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.frameworks.models import Framework
from acquis.kernel.models import StoredFile

FIRST_YEAR, LAST_YEAR = 2000, 2100


class CouncilPack(models.Model):
    """The figures of one certification and one civil year, as they stood at one moment.

    Never changed once written: what was counted later is another number of the same year. Holds no
    name; which juror each letter stands for is sealed.
    """

    class State(models.TextChoices):
        WRITING = "writing", _("En préparation")
        READY = "ready", _("Prêt")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="council_packs"
    )
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # 1, 2, …: of this certification and year
    state = models.CharField(max_length=7, choices=State, default=State.WRITING)
    as_of = models.DateTimeField()  # what was decided later is not counted
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)  # `measuring.measured`
    data_sha256 = models.CharField(max_length=64, blank=True)
    sealed_key = models.BinaryField(default=bytes)  # crypto.seal(JSON): seed, letter → juror
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-year", "framework", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework", "year", "number"], name="council_pack_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "framework", "year"],
                condition=models.Q(state="writing"),
                name="council_pack_one_in_writing",
            ),
            models.CheckConstraint(
                condition=models.Q(state="writing", written_at__isnull=True)
                | (
                    models.Q(state="ready", written_at__isnull=False, file__isnull=False)
                    & ~models.Q(data_sha256="")
                ),
                name="council_pack_ready_is_written",
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="council_pack_year_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.year} · {self.number}"

    @property
    def trace_stream(self) -> str:
        return f"council:{self.organisation_id}"


SATISFIED = 3  # of four: from there a person is counted as satisfied


def _opinion(label: object) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        label,  # type: ignore[arg-type]
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
    )


class SurveyAnswer(models.Model):
    """What one candidate thought of their exam, from 1 (not at all) to 4 (wholly); null: no answer.

    Anonymous: it names neither the person nor the session nor the day, its key is drawn by lot,
    and there is no place to write words that would tell who speaks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()  # of the session
    information = _opinion(_("J’ai été bien informé(e) avant l’examen."))
    welcome = _opinion(_("L’accueil le jour de l’examen était bon."))
    conditions = _opinion(_("La salle, le matériel et les consignes permettaient de travailler."))
    time = _opinion(_("Le temps donné suffisait."))
    jury = _opinion(_("Le jury était neutre et bienveillant."))
    results = _opinion(_("Les résultats étaient clairs et sont venus à temps."))
    overall = _opinion(_("Dans l’ensemble, je suis satisfait(e) de cet examen."))

    def __str__(self) -> str:
        return f"{self.framework} {self.year}"


def wording_of(question: str) -> str:
    """What a candidate is asked to agree with."""
    field: models.Field[Any, Any] = SurveyAnswer._meta.get_field(question)  # type: ignore[assignment]  # noqa: SLF001
    return str(field.verbose_name)


QUESTIONS = ("information", "welcome", "conditions", "time", "jury", "results", "overall")


class SurveyTicket(models.Model):
    """That a candidate has answered, so that nobody answers twice: not what, not when."""

    seat = models.OneToOneField(
        SessionCandidate, on_delete=models.PROTECT, related_name="survey_ticket"
    )

    def __str__(self) -> str:
        return f"{self.seat_id}"
