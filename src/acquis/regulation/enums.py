from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    PERCENT = "percent", _("pour cent")
    POINTS = "points", _("points de pourcentage")
    EURO = "euro", _("euros")
    HOURS = "hours", _("heures")
    DAYS = "days", _("jours calendaires")
    MONTHS = "months", _("mois")
    YEARS = "years", _("ans")
    TIMES = "times", _("fois")
    PEOPLE = "people", _("personnes")
    FLAG = "flag", _("oui ou non")
    TEXT = "text", _("texte")


class Certainty(TextChoices):
    """How sure the source of a value is; shown beside it."""

    PRIMARY = "A", _("lu dans le texte officiel")
    SECONDARY = "B", _("lu dans une source secondaire")
    FRAMEWORK = "S", _("dit par un référentiel")
    MEMORY = "M", _("à vérifier")
    ENTERED = "E", _("saisi ici")


class Theme(TextChoices):
    INTEREST = "interest", _("Intérêts et retards de paiement")
    VAT = "vat", _("TVA et factures")
    SELLING = "selling", _("Vente à distance")
    PROSPECTING = "prospecting", _("Prospection téléphonique")
    RECOVERY = "recovery", _("Recouvrement et prescription")
    PRIVACY = "privacy", _("Données personnelles")
    CERTIFICATION = "certification", _("Certification")
    AI = "ai", _("Intelligence artificielle")
