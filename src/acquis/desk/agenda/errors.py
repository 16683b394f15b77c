from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SlotTaken(DomainRefusal):
    code = "agenda.slot_taken"
    message = _("%(resource)s est déjà pris à ce moment : rien n’a été réservé.")


class SlotInvalid(DomainRefusal):
    code = "agenda.slot_invalid"
    message = _("Un rendez-vous commence et finit au quart d’heure, et dure 14 heures au plus.")


class SlotPast(DomainRefusal):
    code = "agenda.slot_past"
    message = _("Ce créneau est passé.")


class OutsideHours(DomainRefusal):
    code = "agenda.outside_hours"
    message = _("%(resource)s ne travaille pas à ce moment.")


class AppointmentCancelled(DomainRefusal):
    code = "agenda.appointment_cancelled"
    message = _("Ce rendez-vous est annulé.")


class ResourceOfAnotherDesk(DomainRefusal):
    code = "agenda.resource_of_another_desk"
    message = _("Ce rendez-vous et sa ressource ne sont pas du même poste.")


class ResourceHoursInvalid(DomainRefusal):
    code = "agenda.resource_hours_invalid"
    message = _("« %(text)s » n’est pas un horaire.")


class PlanningOfSupervisor(DomainRefusal):
    code = "agenda.planning_of_supervisor"
    message = _("Les ressources du planning reviennent au superviseur du poste.")


class ResourceRetired(DomainRefusal):
    code = "agenda.resource_retired"
    message = _("%(resource)s n’est plus au planning.")


class ResourceStillBooked(DomainRefusal):
    code = "agenda.resource_still_booked"
    message = _(
        "%(resource)s a encore %(number)s rendez-vous, le premier le %(day)s : déplacez-les ou "
        "annulez-les d’abord."
    )
