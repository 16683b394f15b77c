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
