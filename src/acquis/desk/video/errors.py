from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SlotRefused(DomainRefusal):
    code = "video.slot_refused"
    message = _("Choisissez un moment à venir, dans les 60 jours.")


class VideoNotOffered(DomainRefusal):
    code = "video.not_offered"
    message = _("Le site d’où vient ce chat ne propose pas la visio.")


class PlanningOfAnotherDesk(DomainRefusal):
    code = "video.planning_of_another_desk"
    message = _("Ce planning n’est pas celui de ce poste.")


class WithoutSlot(DomainRefusal):
    code = "video.without_slot"
    message = _("Cette invitation vaut pour maintenant : elle n’a pas d’heure à changer.")


class WayRefused(DomainRefusal):
    code = "video.way_refused"
    message = _("L’invitation ne peut pas partir par ce moyen. Choisissez-en un autre.")


class NotOpenYet(DomainRefusal):
    code = "video.not_open_yet"
    message = _("Il est trop tôt : l’entrée ouvre dix minutes avant l’heure du rendez-vous.")


class InvitationOver(DomainRefusal):
    code = "video.invitation_over"
    message = _("Cette invitation ne sert plus. Demandez un nouveau lien à votre conseiller.")
    status = 410


class OtherDevice(DomainRefusal):
    code = "video.other_device"
    message = _("Ce lien est déjà ouvert sur un autre appareil. Demandez un nouveau lien.")
    status = 409


class NobodyWaits(DomainRefusal):
    code = "video.nobody_waits"
    message = _("Personne n’attend derrière cette invitation.")
