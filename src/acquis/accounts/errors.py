"""Why an act on accounts or desks is refused."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class WorkspaceSealed(DomainRefusal):
    code = "workspace.sealed"
    message = _("Ce poste est scellé : il se consulte, plus rien ne s’y écrit.")


class WorkspaceReadOnly(DomainRefusal):
    code = "workspace.read_only"
    message = _("Vous pouvez consulter ce poste, sans y écrire.")
