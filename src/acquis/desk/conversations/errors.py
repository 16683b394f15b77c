from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class AlreadyAccepted(DomainRefusal):
    code = "conversations.already_accepted"
    message = _("Cette conversation a déjà été prise par %(adviser)s.")


class WrapUpPending(DomainRefusal):
    code = "conversations.wrap_up_pending"
    message = _(
        "Qualifiez d’abord la conversation avec %(contact)s : elle est terminée et attend son "
        "motif et son résultat."
    )


class NotAccepted(DomainRefusal):
    code = "conversations.not_accepted"
    message = _("Prenez la conversation avant d’y répondre.")
    kept = _("Votre texte est resté dans la zone de saisie.")


class HeldBySomebodyElse(DomainRefusal):
    code = "conversations.held_by_somebody_else"
    message = _(
        "C’est %(adviser)s qui tient cette conversation : écrivez-lui une note interne, ou "
        "demandez-lui de vous la transmettre."
    )
    kept = _("Votre texte est resté dans la zone de saisie.")


class ConversationEnded(DomainRefusal):
    code = "conversations.ended"
    message = _("La conversation est terminée : le message n’est pas parti.")
    kept = _("Votre texte est resté dans la zone de saisie.")


class ConversationNotEnded(DomainRefusal):
    code = "conversations.not_ended"
    message = _("Terminez la conversation avant de la qualifier.")


class MessageEmpty(DomainRefusal):
    code = "conversations.message_empty"
    message = _("Le message est vide : rien n’a été envoyé.")


class MessageTooLong(DomainRefusal):
    code = "conversations.message_too_long"
    message = _("Le message dépasse %(limit)s signes : il n’est pas parti.")
    kept = _("Votre texte est resté dans la zone de saisie.")


class MessageKeyInvalid(DomainRefusal):
    code = "conversations.message_key_invalid"
    message = _("La clé d’envoi du message manque ou dépasse 80 signes.")


class FileMissing(DomainRefusal):
    code = "conversations.file_missing"
    message = _("Choisissez le fichier à envoyer.")


class NoFilesHere(DomainRefusal):
    code = "conversations.no_files_here"
    message = _("Ce canal (%(channel)s) ne porte pas de fichier : rien n’est parti.")


class NoteOfSomebodyElse(DomainRefusal):
    code = "conversations.note_of_somebody_else"
    message = _("Cette note est de %(author)s : qui l’a écrite peut seul la retirer.")


class QualificationIncomplete(DomainRefusal):
    code = "conversations.qualification_incomplete"
    message = _("Choisissez un motif précis et un résultat, et écrivez le compte rendu.")


class DetailUnknown(DomainRefusal):
    code = "conversations.detail_unknown"
    message = _("« %(value)s » n’est pas une réponse prévue pour « %(name)s ».")


class CodeOfAnotherDesk(DomainRefusal):
    code = "conversations.code_unknown"
    message = _("Le code « %(name)s » n’existe pas dans ce poste.")


class CodeOfAnotherQueue(DomainRefusal):
    code = "conversations.code_not_of_this_queue"
    message = _(
        "« %(name)s » ne qualifie pas les contacts de cette file : choisissez un autre code."
    )


class CustomerOfAnotherDesk(DomainRefusal):
    code = "conversations.customer_unknown"
    message = _("Ce client n’existe pas dans ce poste.")


class ContactInFuture(DomainRefusal):
    code = "conversations.contact_in_future"
    message = _("Un contact ne se consigne pas avant d’avoir eu lieu.")
