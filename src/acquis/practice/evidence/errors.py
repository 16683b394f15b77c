from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ExchangesNotOver(DomainRefusal):
    code = "evidence.exchanges_not_over"
    message = _("Les preuves se lisent une fois les échanges du candidat terminés.")
