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
    message = _("« %(name)s » n’est pas une partie de la lettre.")


class LetterTextTooLong(DomainRefusal):
    code = "documents.letter_text_too_long"
    message = _("Ce texte dépasse %(limit)s signes.")


class LetterDateInvalid(DomainRefusal):
    code = "documents.letter_date_invalid"
    message = _("« %(typed)s » n’est pas une date.")


class LetterVersionInvalid(DomainRefusal):
    code = "documents.letter_version_invalid"
    message = _("Le numéro de version du texte manque.")


class LetterSubmitted(DomainRefusal):
    code = "documents.letter_submitted"
    message = _("Cette lettre est en relecture : reprenez-la pour y écrire.")


class LetterNotSubmitted(DomainRefusal):
    code = "documents.letter_not_submitted"
    message = _("Cette lettre n’est pas en relecture.")


class ReleaseNeeded(DomainRefusal):
    code = "documents.release_needed"
    message = _("Cette lettre ne part qu’une fois relue par un superviseur : soumettez-la.")
    kept = _("Le brouillon est conservé tel quel.")


class FourEyes(DomainRefusal):
    code = "documents.four_eyes"
    message = _("Qui a écrit ou soumis la lettre ne la valide pas : un autre superviseur la lit.")


class ReaderNotSupervisor(DomainRefusal):
    code = "documents.reader_not_supervisor"
    message = _("La relecture revient à un superviseur du poste.")


class RemarksMissing(DomainRefusal):
    code = "documents.remarks_missing"
    message = _("Dites à l’auteur ce qui est à reprendre.")


class DifferencesUnexplained(DomainRefusal):
    code = "documents.differences_unexplained"
    message = _(
        "La lettre diffère de ce qui a été convenu : rendez-la, ou dites pourquoi elle part ainsi."
    )


class LetterUnfilled(DomainRefusal):
    code = "documents.letter_unfilled"
    message = _("Il reste à compléter dans la lettre : %(places)s.")
    kept = _("Le brouillon est conservé tel quel.")


class LetterDiscarded(DomainRefusal):
    code = "documents.letter_discarded"
    message = _("Cette lettre est jetée : reprenez-la d’abord.")


class LetterNotDiscarded(DomainRefusal):
    code = "documents.letter_not_discarded"
    message = _("Cette lettre n’est pas jetée.")


class KeptByTheSupervisor(DomainRefusal):
    code = "documents.kept_by_the_supervisor"
    message = _("Un superviseur du poste tient les modèles de lettre.")


class TemplateTitleTaken(DomainRefusal):
    code = "documents.template_title_taken"
    message = _("Un modèle s’appelle déjà « %(title)s ».")
    kept = _("Votre texte est resté dans le formulaire.")


class TemplateArchived(DomainRefusal):
    code = "documents.template_archived"
    message = _("Le modèle « %(title)s » est retiré : il ne commence plus de lettre.")


class LetterNotFinal(DomainRefusal):
    code = "documents.letter_not_final"
    message = _("Seule une lettre finalisée se poste.")


class AlreadyPosted(DomainRefusal):
    code = "documents.already_posted"
    message = _("Cette lettre est déjà à la poste ; dites d’abord ce qu’elle est devenue.")


class TrackingMissing(DomainRefusal):
    code = "documents.tracking_missing"
    message = _("Un envoi suivi ou recommandé a son numéro de suivi.")


class TrackingInvalid(DomainRefusal):
    code = "documents.tracking_invalid"
    message = _("Un numéro de suivi a de 11 à 15 lettres et chiffres.")


class PostingDayInvalid(DomainRefusal):
    code = "documents.posting_day_invalid"
    message = _("Le jour va de celui de la lettre à aujourd’hui.")


class PostingOver(DomainRefusal):
    code = "documents.posting_over"
    message = _("Ce que cet envoi est devenu est déjà noté.")
