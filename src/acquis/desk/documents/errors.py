from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class LetterFinal(DomainRefusal):
    code = "documents.letter_final"
    message = _("Cette lettre est finalisée : elle ne change plus. Écrivez-en une autre.")


class LetterIncomplete(DomainRefusal):
    code = "documents.letter_incomplete"
    message = _("Il manque à la lettre : %(missing)s.")
    kept = _("Le brouillon est conservé tel quel.")


class LetterFieldUnknown(DomainRefusal):
    code = "documents.letter_field_unknown"
    message = _("« %(name)s » n'est pas une partie de la lettre.")


class LetterTextTooLong(DomainRefusal):
    code = "documents.letter_text_too_long"
    message = _("Ce texte dépasse %(limit)s signes.")


class LetterDateInvalid(DomainRefusal):
    code = "documents.letter_date_invalid"
    message = _("« %(typed)s » n'est pas une date.")


class LetterVersionInvalid(DomainRefusal):
    code = "documents.letter_version_invalid"
    message = _("Le numéro de version du texte manque.")


class LetterSubmitted(DomainRefusal):
    code = "documents.letter_submitted"
    message = _("Cette lettre est en relecture : reprenez-la pour y écrire.")


class LetterNotSubmitted(DomainRefusal):
    code = "documents.letter_not_submitted"
    message = _("Cette lettre n'est pas en relecture.")


class ReleaseNeeded(DomainRefusal):
    code = "documents.release_needed"
    message = _("Cette lettre ne part qu'une fois relue par un superviseur : soumettez-la.")
    kept = _("Le brouillon est conservé tel quel.")


class FourEyes(DomainRefusal):
    code = "documents.four_eyes"
    message = _("Qui a écrit ou soumis la lettre ne la valide pas : un autre superviseur la lit.")


class ReaderNotSupervisor(DomainRefusal):
    code = "documents.reader_not_supervisor"
    message = _("La relecture revient à un superviseur du poste.")


class RemarksMissing(DomainRefusal):
    code = "documents.remarks_missing"
    message = _("Dites à l'auteur ce qui est à reprendre.")


class DifferencesUnexplained(DomainRefusal):
    code = "documents.differences_unexplained"
    message = _(
        "La lettre diffère de ce qui a été convenu : rendez-la, ou dites pourquoi elle part ainsi."
    )
