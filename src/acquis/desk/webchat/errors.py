from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SupervisorNeeded(DomainRefusal):
    code = "webchat.supervisor_needed"
    message = _("Seul un superviseur peut modifier le chat d’un site.")


class OriginInvalid(DomainRefusal):
    code = "webchat.origin_invalid"
    message = _(
        "« %(origin)s » n’est pas l’adresse d’un site : https://www.exemple.fr, sans chemin."
    )


class TokenInvalid(DomainRefusal):
    code = "webchat.token_invalid"
    message = _("Cette conversation n’existe plus sur cet appareil. Commencez-en une autre.")
    status = 401


class TooManyChats(DomainRefusal):
    code = "webchat.too_many_chats"
    message = _(
        "Trop de conversations ont commencé d’ici. Réessayez dans une heure, ou téléphonez."
    )
    status = 429


class TooFast(DomainRefusal):
    code = "webchat.too_fast"
    message = _("Trop de messages d’un coup : attendez une demi-minute, votre texte est gardé.")
    status = 429


class ChatInvalid(DomainRefusal):
    code = "webchat.invalid"
    message = _("Indiquez votre nom et votre question.")
    kept = _("Ce que vous avez saisi est resté dans le formulaire.")


class EmailNeeded(DomainRefusal):
    code = "webchat.email_needed"
    message = _("Indiquez une adresse électronique valable : la réponse vous y sera envoyée.")
    kept = _("Ce que vous avez saisi est resté dans le formulaire.")


class ChatOver(DomainRefusal):
    code = "webchat.over"
    message = _("Cette conversation est terminée. Commencez-en une autre.")
    kept = _("Votre texte est resté dans la zone de saisie.")


class ChatNotOver(DomainRefusal):
    code = "webchat.not_over"
    message = _("La conversation n’est pas terminée.")


class ScoreInvalid(DomainRefusal):
    code = "webchat.score_invalid"
    message = _("Donnez une note de 1 à 5.")


class PhoneInvalid(DomainRefusal):
    code = "webchat.phone_invalid"
    message = _("« %(phone)s » n’est pas un numéro de téléphone : 06 12 34 56 78, +32 2 555 12 12.")


class CallBackInvalid(DomainRefusal):
    code = "webchat.call_back_invalid"
    message = _("Indiquez votre nom et ce dont vous voulez parler.")


class CallBacksClosed(DomainRefusal):
    code = "webchat.call_backs_closed"
    message = _("Ce site ne propose pas de rappel.")


class SlotNotOffered(DomainRefusal):
    code = "webchat.slot_not_offered"
    message = _("Ce créneau n’est plus libre : choisissez-en un autre.")
    kept = _("Vos coordonnées sont restées dans le formulaire.")


class TooManyCalls(DomainRefusal):
    code = "webchat.too_many_calls"
    message = _("Ce numéro a déjà des rappels prévus : annulez-en un pour en demander un autre.")


class CallBackOver(DomainRefusal):
    code = "webchat.call_back_over"
    message = _("Ce rappel n’est plus à faire.")


class CallBackTaken(DomainRefusal):
    code = "webchat.call_back_taken"
    message = _("%(adviser)s fait déjà ce rappel.")


class CallBackNotTaken(DomainRefusal):
    code = "webchat.call_back_not_taken"
    message = _("Prenez le rappel avant d’en noter le résultat.")
