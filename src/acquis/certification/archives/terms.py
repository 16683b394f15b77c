"""How long each kind is kept, as the regulation in force that day says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from acquis.certification.archives.policy import TERMS, Kind, Term
from acquis.regulation import parameter
from acquis.regulation.enums import Unit

PARIS = ZoneInfo("Europe/Paris")
YEAR = 12  # months
LABELS = {
    Kind.FILES: _("Enregistrements et documents de l’épreuve"),
    Kind.TEXTS: _("Écrits des candidats"),
    Kind.OBSERVATIONS: _("Observations des jurés dans leurs grilles"),
    Kind.DRAFTS: _("Brouillons (enregistrements intermédiaires)"),
    Kind.ARRANGEMENTS: _("Détail des aménagements"),
    Kind.PACKAGES: _("Paquets d’archive exportés"),
}


def term(kind: Kind, *, on: date) -> Term:
    """Raises RateMissing where the regulation says nothing that day."""
    found = [parameter(code, on=on) for code in TERMS[kind]]
    months = sum(int(one.value or 0) * (YEAR if one.unit == Unit.YEARS else 1) for one in found)
    return Term(months, " + ".join(f"{one.label} : {one.source}" for one in found))


def day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
