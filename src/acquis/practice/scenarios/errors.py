"""What is refused when a subject is put into play."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotAPrivateCopy(DomainRefusal):
    code = "scenarios.not_a_private_copy"
    message = _(
        "Un sujet ne s’ouvre que dans la copie privée d’un candidat,"
        " tant qu’elle n’est pas scellée."
    )


class OtherEnterprise(DomainRefusal):
    code = "scenarios.other_enterprise"
    message = _("Ce sujet se joue dans l’entreprise « %(pack)s », qui n’est pas celle de la copie.")


class CustomerAbsent(DomainRefusal):
    code = "scenarios.customer_absent"
    message = _("Le client %(reference)s du sujet n’est pas dans cette copie.")


class ExchangeUnknown(DomainRefusal):
    code = "scenarios.exchange_unknown"
    message = _("Ce sujet n’a pas d’échange « %(key)s ».")


class ExchangeOutgoing(DomainRefusal):
    code = "scenarios.exchange_outgoing"
    message = _(
        "Dans cet échange, c’est le candidat qui appelle : attendez que son appel sonne ici."
    )
