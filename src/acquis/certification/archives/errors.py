from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotIssuedYet(DomainRefusal):
    code = "archives.not_issued_yet"
    message = _(
        "Le dossier d’une session s’archive une fois son procès-verbal émis : il manquerait des"
        " pièces."
    )


class PackageDestroyed(DomainRefusal):
    code = "archives.package_destroyed"
    message = _("Ce paquet a été détruit à la fin de sa durée de conservation.")


class ReasonMissing(DomainRefusal):
    code = "archives.reason_missing"
    message = _("Écrivez pourquoi la destruction est suspendue.")


class AlreadyHeld(DomainRefusal):
    code = "archives.already_held"
    message = _("La destruction est déjà suspendue pour ce motif.")


class NotHeld(DomainRefusal):
    code = "archives.not_held"
    message = _("Cette suspension est déjà levée.")


class HeldElsewhere(DomainRefusal):
    code = "archives.held_elsewhere"
    message = _("Cette suspension se lève là où elle a été posée (%(origin)s).")


class SessionHeld(DomainRefusal):
    code = "archives.session_held"
    message = _("Rien n’est détruit de la session %(session)s : %(reason)s.")


class NothingDue(DomainRefusal):
    code = "archives.nothing_due"
    message = _("Rien n’est à détruire : aucune durée de conservation n’est passée.")
