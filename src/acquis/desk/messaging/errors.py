from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal

_KEPT = _("Votre texte est resté dans la zone de saisie.")


class OptedOut(DomainRefusal):
    code = "messaging.opted_out"
    message = _("Cette personne a répondu STOP le %(on)s : plus rien ne lui part sur ce canal.")
    kept = _KEPT


class WindowClosed(DomainRefusal):
    code = "messaging.window_closed"
    message = _(
        "Plus de 24 heures depuis son dernier message : WhatsApp n’accepte plus qu’un modèle "
        "approuvé. Choisissez-en un."
    )
    kept = _KEPT


class AddressUnknown(DomainRefusal):
    code = "messaging.address_unknown"
    message = _("On ne sait pas où répondre : cet échange n’a ni numéro ni identifiant.")
    kept = _KEPT


class GatewayAddressInvalid(DomainRefusal):
    code = "messaging.gateway_address"
    message = _("L’adresse d’une passerelle commence par https:// (ou http:// sur cette machine).")


class ChannelTaken(DomainRefusal):
    code = "messaging.channel_taken"
    message = _("Une autre passerelle active porte déjà ce canal : désactivez-la d’abord.")


class EventInvalid(DomainRefusal):
    code = "messaging.event_invalid"
    message = _("Le message de la passerelle est incomplet ou mal formé : %(what)s.")


class SignatureInvalid(DomainRefusal):
    code = "messaging.signature_invalid"
    message = _("La signature ou l’heure du message ne vaut pas.")
    status = 401
