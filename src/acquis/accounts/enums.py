from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The persons of the product; each is a set of verbs (see `verbs.ROLES`)."""

    CERTIFYING_BODY = "certifying_body", _("Certificateur")
    SESSION_MANAGER = "session_manager", _("Responsable de session")
    INVIGILATOR = "invigilator", _("Surveillant")
    JUROR = "juror", _("Juré")
    CANDIDATE = "candidate", _("Candidat")
    TRAINER = "trainer", _("Formateur")
    SUPERVISOR = "supervisor", _("Superviseur")
    ADVISER = "adviser", _("Conseiller")


class WorkspaceKind(TextChoices):
    LIVE = "live", _("Poste réel")
    MODEL = "model", _("Entreprise fictive (modèle)")
    COPY = "copy", _("Copie privée")


class SigningRule(TextChoices):
    """What a centre asks of who signs its minutes, besides their password (X-05, X-09)."""

    SECOND_FACTOR = "second_factor", _("Code de vérification exigé de chaque signataire")
    WHEN_ENROLLED = "when_enrolled", _("Code demandé aux signataires qui en ont un")
