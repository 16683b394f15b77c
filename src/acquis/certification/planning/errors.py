"""What is refused around a season's plan, each with what to do."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class PlanNameTaken(DomainRefusal):
    code = "planning.name_taken"
    message = _("Un plan porte déjà le nom « %(name)s ».")


class PlanComposed(DomainRefusal):
    code = "planning.composed"
    message = _(
        "La composition ne se modifie plus : le planning est trouvé. Rouvrez le plan pour le refaire."
    )


class PlanBeingSolved(DomainRefusal):
    code = "planning.being_solved"
    message = _("Un calcul est en cours sur ce plan : attendez sa fin ou arrêtez-le.")


class PlanNotSolved(DomainRefusal):
    code = "planning.not_solved"
    message = _("Ce plan n’a pas encore de planning : lancez d’abord le calcul.")


class PlanPublished(DomainRefusal):
    code = "planning.published"
    message = _(
        "Le plan est publié : ses sessions existent. Traitez une absence ou déplacez un candidat, "
        "puis publiez de nouveau."
    )


class PlanIncomplete(DomainRefusal):
    code = "planning.incomplete"
    message = _("Le calcul ne peut pas commencer : %(faults)s")


class NotOfThisPlan(DomainRefusal):
    code = "planning.not_of_this_plan"
    message = _("Ce qui est choisi n’appartient pas à ce plan.")


class LastExam(DomainRefusal):
    code = "planning.last_exam"
    message = _("Un plan place au moins un examen : ajoutez l’autre avant de retirer celui-ci.")


class RoomNameTaken(DomainRefusal):
    code = "planning.room_name_taken"
    message = _("Une salle de ce plan s’appelle déjà « %(name)s ».")


class RoomNotOfItsKind(DomainRefusal):
    code = "planning.room_not_of_its_kind"
    message = _(
        "Une salle de jury est fermée et confidentielle, sans poste ; une salle d’écrit a au moins un poste."
    )


class DayOutOfOrder(DomainRefusal):
    code = "planning.day_out_of_order"
    message = _("Les heures se suivent : ouverture, pauses l’une après l’autre, fermeture.")


class PlanImpossible(DomainRefusal):
    """No timetable: the sentence is written where names are known."""

    code = "planning.impossible"
    message: ClassVar[str | Promise] = "%(why)s"


class MoveRefused(DomainRefusal):
    code = "planning.move_refused"
    message: ClassVar[str | Promise] = "%(why)s"
    kept = _("Le planning n’a pas changé.")


class NothingToUndo(DomainRefusal):
    code = "planning.nothing_to_undo"
    message = _("Il n’y a pas de changement à annuler.")


class ProposalOver(DomainRefusal):
    code = "planning.proposal_over"
    message = _("Cette proposition ne vaut plus : le planning a changé depuis.")


class JurorNotSitting(DomainRefusal):
    code = "planning.juror_not_sitting"
    message = _("%(name)s ne siège dans aucun jury ce jour-là.")


class SessionUnderWay(DomainRefusal):
    code = "planning.session_under_way"
    message = _("La session %(reference)s est déjà ouverte : ce qui la concerne ne se publie plus.")
