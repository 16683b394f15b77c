from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotAPracticeCopy(DomainRefusal):
    code = "enterprises.not_a_practice_copy"
    message = _("La copie d’une épreuve ne se scelle et ne se supprime pas d’ici.")
