from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SharedByTheDesk(DomainRefusal):
    code = "knowledge.shared_by_the_desk"
    message = _("Cette réponse est partagée : seul un superviseur du poste la modifie.")


class ShortcutTaken(DomainRefusal):
    code = "knowledge.shortcut_taken"
    message = _("Le raccourci « %(shortcut)s » sert déjà à une autre réponse.")
    kept = _("Votre texte est resté dans le formulaire.")


class VariableUnknown(DomainRefusal):
    code = "knowledge.variable_unknown"
    message = _("« {%(name)s} » n'est pas une variable connue.")
    kept = _("Votre texte est resté dans le formulaire.")


class WritingHelpOff(DomainRefusal):
    code = "knowledge.writing_help_off"
    message = _("L'aide à la rédaction est coupée pendant une épreuve.")
