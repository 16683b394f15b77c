from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ConnectionRefused(DomainRefusal):
    """A server of mail said no, or nothing; `reason` is told in the words of the person."""

    code = "mail.connection_refused"
    message = _("%(reason)s")


class NotADraft(DomainRefusal):
    code = "mail.not_a_draft"
    message = _("Ce courriel n’est plus un brouillon : il est parti ou s’apprête à partir.")


class PartUnknown(DomainRefusal):
    code = "mail.part_unknown"
    message = _("« %(name)s » n’est pas une partie d’un courriel.")


class PartTooLong(DomainRefusal):
    code = "mail.part_too_long"
    message = _("Cette partie du courriel ne dépasse pas %(limit)s signes.")
    kept = _("Votre texte est resté dans la page.")


class VersionInvalid(DomainRefusal):
    code = "mail.version_invalid"
    message = _("Le numéro de version du texte manque ou est invalide.")


class RecipientMissing(DomainRefusal):
    code = "mail.recipient_missing"
    message = _("Indiquez au moins un destinataire.")
    kept = _("Votre brouillon est gardé.")


class AddressInvalid(DomainRefusal):
    code = "mail.address_invalid"
    message = _("Ce n’est pas une adresse électronique : %(addresses)s.")
    kept = _("Votre brouillon est gardé.")


class TooManyRecipients(DomainRefusal):
    code = "mail.too_many_recipients"
    message = _("Un courriel part vers %(limit)s adresses au plus.")
    kept = _("Votre brouillon est gardé.")


class BodyEmpty(DomainRefusal):
    code = "mail.body_empty"
    message = _("Le courriel est vide : écrivez un message ou joignez un fichier.")
    kept = _("Votre brouillon est gardé.")


class FilesTooLarge(DomainRefusal):
    code = "mail.files_too_large"
    message = _("Les fichiers joints dépassent ensemble %(limit)s Mo.")
    kept = _("Votre brouillon est gardé, sans ce fichier.")


class AlreadyLeft(DomainRefusal):
    code = "mail.already_left"
    message = _("Trop tard : le courriel est parti.")


class NotFailed(DomainRefusal):
    code = "mail.not_failed"
    message = _("Seul un courriel qui n’est pas parti s’envoie de nouveau.")


class ServersOfLiveDesks(DomainRefusal):
    code = "mail.servers_of_live_desks"
    message = _(
        "Une entreprise fictive n’a pas de serveur de courrier : ses courriels restent ici."
    )


class AlreadySettled(DomainRefusal):
    code = "mail.already_settled"
    message = _("Ce message mis de côté a déjà été traité.")


class MailUnreadable(DomainRefusal):
    code = "mail.unreadable"
    message = _("Ce fichier n’est pas un courriel.")


class SenderFloods(DomainRefusal):
    code = "mail.sender_floods"
    message = _("%(sender)s a écrit plus de %(limit)s fois en une heure : sans doute une boucle.")
