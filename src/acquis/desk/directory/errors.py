from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ReferenceTaken(DomainRefusal):
    code = "directory.reference_taken"
    message = _("La référence %(reference)s est déjà celle d'un autre client.")


class NoteEmpty(DomainRefusal):
    code = "directory.note_empty"
    message = _("La note est vide : rien n'a été enregistré.")


class UnknownField(DomainRefusal):
    code = "directory.unknown_field"
    message = _("Le champ « %(name)s » d'une fiche client n'est pas modifiable.")


class NotYetSaid(DomainRefusal):
    code = "directory.not_yet_said"
    message = _("Cet instant est dans l'avenir : on n'enregistre que ce qui a eu lieu.")


class ConsentTextMissing(DomainRefusal):
    code = "directory.consent_text_missing"
    message = _(
        "Un accord se prouve par le texte montré ou lu et par le geste du client : "
        "rien n'a été enregistré."
    )


class ConsentByCanvassing(DomainRefusal):
    code = "directory.consent_by_canvassing"
    message = _(
        "Appeler pour demander l'accord d'être appelé est déjà démarcher : cet accord ne vaut rien."
    )


class PartnerMissing(DomainRefusal):
    code = "directory.partner_missing"
    message = _("Un accord venu d'un fichier nomme le partenaire qui l'a recueilli.")


class PartTaken(DomainRefusal):
    code = "directory.part_taken"
    message = _("Cette coordonnée est déjà sur la fiche : rien n'a été enregistré.")


class NotACompany(DomainRefusal):
    code = "directory.not_a_company"
    message = _("Seule une entreprise a des interlocuteurs.")


class NotAPerson(DomainRefusal):
    code = "directory.not_a_person"
    message = _("Seul un particulier fait partie d'un foyer.")


class FieldKeyTaken(DomainRefusal):
    code = "directory.field_key_taken"
    message = _("Un champ de la fiche porte déjà ce nom.")


class ChoicesMissing(DomainRefusal):
    code = "directory.choices_missing"
    message = _("Une liste a au moins un choix.")
