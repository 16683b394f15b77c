"""What is refused of a list that is brought."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ListNotReadable(DomainRefusal):
    code = "lists.not_readable"
    message = _("Ce fichier n’est pas une liste lisible : %(problem)s.")


class ListHasErrors(DomainRefusal):
    code = "lists.has_errors"
    message = _("%(count)s ligne(s) sont à corriger : rien n’a été importé.")


class ListGone(DomainRefusal):
    code = "lists.gone"
    message = _("Ce fichier n’est plus disponible : déposez-le à nouveau.")
