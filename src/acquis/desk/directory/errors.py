from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ReferenceTaken(DomainRefusal):
    code = "directory.reference_taken"
    message = _("La référence %(reference)s est déjà celle d’un autre client.")


class NoteEmpty(DomainRefusal):
    code = "directory.note_empty"
    message = _("La note est vide : rien n’a été enregistré.")


class UnknownField(DomainRefusal):
    code = "directory.unknown_field"
    message = _("Le champ « %(name)s » d’une fiche client n’est pas modifiable.")


class NotYetSaid(DomainRefusal):
    code = "directory.not_yet_said"
    message = _("Cet instant est dans l’avenir : on n’enregistre que ce qui a eu lieu.")


class ConsentTextMissing(DomainRefusal):
    code = "directory.consent_text_missing"
    message = _(
        "Un accord se prouve par le texte montré ou lu et par le geste du client : "
        "rien n’a été enregistré."
    )


class ConsentByCanvassing(DomainRefusal):
    code = "directory.consent_by_canvassing"
    message = _(
        "Appeler pour demander l’accord d’être appelé est déjà démarcher : cet accord ne vaut rien."
    )


class PartnerMissing(DomainRefusal):
    code = "directory.partner_missing"
    message = _("Un accord venu d’un fichier nomme le partenaire qui l’a recueilli.")


class PartTaken(DomainRefusal):
    code = "directory.part_taken"
    message = _("Cette coordonnée est déjà sur la fiche : rien n’a été enregistré.")


class NotACompany(DomainRefusal):
    code = "directory.not_a_company"
    message = _("Seule une entreprise a des interlocuteurs.")


class NotAPerson(DomainRefusal):
    code = "directory.not_a_person"
    message = _("Seul un particulier fait partie d’un foyer.")


class FieldKeyTaken(DomainRefusal):
    code = "directory.field_key_taken"
    message = _("Un champ de la fiche porte déjà ce nom.")


class ChoicesMissing(DomainRefusal):
    code = "directory.choices_missing"
    message = _("Une liste a au moins un choix.")


class ViewNotYours(DomainRefusal):
    code = "directory.view_not_yours"
    message = _("Cette vue est à %(owner)s : enregistrez-la sous un autre nom pour la changer.")


class NothingSelected(DomainRefusal):
    code = "directory.nothing_selected"
    message = _("Aucune fiche n’est choisie : rien n’a été fait.")


class FilterUnclear(DomainRefusal):
    code = "directory.filter_unclear"
    message = _(
        "Un des filtres de la liste ne veut rien dire et serait ignoré : revenez à la liste pour le "
        "corriger. Rien n’a été fait."
    )


class SelectionMoved(DomainRefusal):
    code = "directory.selection_moved"
    message = _(
        "La liste a changé entre-temps : elle compte %(found)s fiches et non %(expected)s. "
        "Rien n’a été modifié, regardez à nouveau."
    )


class ReservedForSupervisor(DomainRefusal):
    code = "directory.reserved_for_supervisor"
    message = _(
        "Au-delà de %(most)s fiches, c’est au superviseur de le faire (%(found)s demandées). "
        "Rien n’a été fait."
    )


class TooManyForWorkbook(DomainRefusal):
    code = "directory.too_many_for_workbook"
    message = _(
        "Un classeur ne contient pas plus de %(most)s lignes et la liste en a %(found)s : prenez-la "
        "en CSV, ou filtrez-la."
    )


class NotUndoable(DomainRefusal):
    code = "directory.not_undoable"
    message = _("Un retrait d’accord ne s’annule pas : l’accord se recueille auprès du client.")


class AlreadyUndone(DomainRefusal):
    code = "directory.already_undone"
    message = _("Cette modification est déjà annulée.")


class NotEnded(DomainRefusal):
    code = "directory.not_ended"
    message = _("Cette modification est encore en cours : attendez sa fin pour l’annuler.")


class EditNotYours(DomainRefusal):
    code = "directory.edit_not_yours"
    message = _("Cette modification est de %(author)s : son auteur ou un superviseur l’annule.")
