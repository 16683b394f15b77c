from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoBadge(DomainRefusal):
    code = "badges.no_badge"
    message = _(
        "Ce document ne donne pas de badge : il faut un certificat émis, ni remplacé ni retiré."
    )
