from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NothingToDeposit(DomainRefusal):
    code = "deposits.nothing"
    message = _("Cet examen ne demande pas ce document.")


class NoDepositHour(DomainRefusal):
    code = "deposits.no_hour"
    message = _("Aucune heure de remise n’est fixée : le document se remet le jour de l’épreuve.")


class DepositNotOpen(DomainRefusal):
    code = "deposits.not_open"
    message = _("La remise s’ouvre avec votre convocation.")


class DepositInTheRoom(DomainRefusal):
    code = "deposits.in_the_room"
    message = _("La session est ouverte : un document se remet maintenant dans la salle d’épreuve.")


class DepositTooLate(DomainRefusal):
    code = "deposits.too_late"
    message = _("L’heure de remise est passée, et le référentiel refuse un document en retard.")


class HourAfterTheExam(DomainRefusal):
    code = "deposits.hour_after_the_exam"
    message = _("L’heure de remise précède le début de la session, le %(starts)s.")


class DocumentMissing(DomainRefusal):
    code = "deposits.document_missing"
    message = _("Choisissez le document à remettre.")
