from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NotTheSupervisor(DomainRefusal):
    code = "queues.not_the_supervisor"
    message = _("Ce réglage revient au superviseur du poste.")


class QueueKeyTaken(DomainRefusal):
    code = "queues.key_taken"
    message = _("Une file porte déjà le code « %(key)s ».")


class NowhereToGo(DomainRefusal):
    code = "queues.nowhere_to_go"
    message = _("Choisissez une file ou une personne à qui transmettre l’échange.")
    kept = _("Votre note est restée dans le formulaire.")


class NotYoursToMove(DomainRefusal):
    code = "queues.not_yours_to_move"
    message = _("Seuls la personne qui traite l’échange et le superviseur peuvent le transmettre.")
    kept = _("Votre note est restée dans le formulaire.")


class LiveCall(DomainRefusal):
    code = "queues.live_call"
    message = _("Un appel en cours se transfère depuis la barre du téléphone.")


class AlreadyOver(DomainRefusal):
    code = "queues.already_over"
    message = _("L’échange est terminé : il n’est plus à transmettre.")


class NotOfThisDesk(DomainRefusal):
    code = "queues.not_of_this_desk"
    message = _("Cette personne ou cette file n’est pas de ce poste.")


class ReasonMissing(DomainRefusal):
    code = "queues.reason_missing"
    message = _("Dites le motif de la pause.")


class HoursUnreadable(DomainRefusal):
    code = "queues.hours_unreadable"
    message = _("« %(part)s » n’est pas un horaire : écrivez par exemple 09:00-12:30, 13:30-18:00.")


class OfferedToSomebody(DomainRefusal):
    code = "queues.offered_to_somebody"
    message = _(
        "Ce contact est proposé à %(adviser)s, qui a encore quelques secondes pour répondre."
    )


class OfferGone(DomainRefusal):
    code = "queues.offer_gone"
    message = _("Ce contact ne vous est plus proposé.")


class WhyMissing(DomainRefusal):
    code = "queues.why_missing"
    message = _("Dites à la personne pourquoi vous changez son état.")


class NotAtTheDesk(DomainRefusal):
    code = "queues.not_at_the_desk"
    message = _("Cette personne n’est pas au poste en ce moment.")


class NothingToExtend(DomainRefusal):
    code = "queues.nothing_to_extend"
    message = _("Il n’y a pas de qualification en cours à prolonger pour cet échange.")


class ExtensionUnclear(DomainRefusal):
    code = "queues.extension_unclear"
    message = _("Dites combien de temps il vous faut, et pourquoi.")
