"""What is refused around incidents and what follows them, each with what to do."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class AlreadySettled(DomainRefusal):
    code = "incidents.already_settled"
    message = _("Cet incident est déjà réglé : ce qui a été décidé est conservé.")


class WordsMissing(DomainRefusal):
    code = "incidents.words_missing"
    message = _("Écrivez ce qui a été décidé et pourquoi : le texte est obligatoire.")


class PhaseMissing(DomainRefusal):
    code = "incidents.phase_missing"
    message = _("Choisissez la partie de l’épreuve qui est neutralisée.")


class SessionNotOver(DomainRefusal):
    code = "incidents.session_not_over"
    message = _(
        "La fiche se remplit avec le jury lorsque les épreuves de la session sont terminées."
    )


class SheetUnknown(DomainRefusal):
    code = "incidents.sheet_unknown"
    message = _("Remplissez d’abord la fiche de dysfonctionnement.")


class SheetIncomplete(DomainRefusal):
    code = "incidents.sheet_incomplete"
    message = _(
        "La fiche dit les causes, ce qui a été fait sur le moment et quels jurés ont pris part au"
        " débriefing."
    )


class IncidentsUnsettled(DomainRefusal):
    code = "incidents.unsettled"
    message = _("Réglez d’abord les incidents qui attendent une décision : %(names)s.")


class ResultsHeld(DomainRefusal):
    code = "incidents.results_held"
    message = _(
        "Les résultats de cette session sont retenus : %(names)s. Réglez ces incidents, puis émettez"
        " les résultats."
    )


class ActionClosed(DomainRefusal):
    code = "incidents.action_closed"
    message = _("Cette action corrective est close.")


class ActionNotDone(DomainRefusal):
    code = "incidents.action_not_done"
    message = _("L’efficacité se vérifie une fois l’action faite.")


class ActionAlreadyDone(DomainRefusal):
    code = "incidents.action_already_done"
    message = _("Cette action est faite : il reste à vérifier son efficacité.")


class CheckedByOwner(DomainRefusal):
    code = "incidents.checked_by_owner"
    message = _("L’efficacité est vérifiée par une autre personne que le responsable de l’action.")


class DayMissing(DomainRefusal):
    code = "incidents.day_missing"
    message = _("Donnez une nouvelle échéance, à venir, pour reprendre l’action.")


class OwnerUnknown(DomainRefusal):
    code = "incidents.owner_unknown"
    message = _("Le responsable de l’action est une personne de votre centre.")


class OtherSession(DomainRefusal):
    code = "incidents.other_session"
    message = _("Cet incident n’est pas de cette session.")
