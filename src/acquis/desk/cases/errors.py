from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class CaseClosed(DomainRefusal):
    code = "cases.closed"
    message = _("La demande %(number)s est close : rouvrez-la pour y écrire.")


class CaseNotClosed(DomainRefusal):
    code = "cases.not_closed"
    message = _("La demande %(number)s n'est pas close.")


class ResolutionMissing(DomainRefusal):
    code = "cases.resolution_missing"
    message = _("Dites comment la demande a été résolue avant de la clore.")


class CommentEmpty(DomainRefusal):
    code = "cases.comment_empty"
    message = _("Le commentaire est vide : rien n'a été enregistré.")


class OrderOfAnotherCustomer(DomainRefusal):
    code = "cases.order_of_another_customer"
    message = _("Cette commande n'est pas de ce client.")
