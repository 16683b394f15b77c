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
