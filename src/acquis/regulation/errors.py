"""Why a legal parameter is refused."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class RateMissing(DomainRefusal):
    code = "RATE_MISSING"
    message = _(
        "La valeur de « %(label)s » n’est pas connue pour le %(day)s. Le calcul n’est pas fait "
        "avec celle d’une autre période : complétez les paramètres réglementaires."
    )


class PeriodsOverlap(DomainRefusal):
    code = "regulation.periods_overlap"
    message = _(
        "« %(label)s » a déjà une valeur du %(start)s %(end)s : deux périodes ne se recouvrent pas."
    )


class PeriodReversed(DomainRefusal):
    code = "regulation.period_reversed"
    message = _("La période finit avant de commencer.")
