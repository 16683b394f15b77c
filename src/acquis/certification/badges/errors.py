from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoBadge(DomainRefusal):
    code = "badges.no_badge"
    message = _(
        "Ce document ne donne pas de badge : il faut un certificat émis, ni remplacé ni retiré."
    )


class RenewalReasonMissing(DomainRefusal):
    code = "badges.renewal_reason_missing"
    message = _("Dites pourquoi les clés sont renouvelées.")


class BadgeNotSigned(DomainRefusal):
    code = "badges.not_signed"
    message = _("Le badge de ce certificat n’est pas encore signé : revenez dans dix minutes.")


class BadgeRevoked(DomainRefusal):
    code = "badges.revoked"
    message = _("Ce badge est révoqué : il ne se télécharge plus.")
