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
    message = _("« {%(name)s} » n’est pas une variable connue.")
    kept = _("Votre texte est resté dans le formulaire.")


class WritingHelpOff(DomainRefusal):
    code = "knowledge.writing_help_off"
    message = _("L’aide à la rédaction est coupée pendant une épreuve.")


class ArticleUnchanged(DomainRefusal):
    code = "knowledge.article_unchanged"
    message = _("Il n’y a pas de brouillon à publier pour cet article.")


class ArticleIncomplete(DomainRefusal):
    code = "knowledge.article_incomplete"
    message = _("Un article se publie avec un titre et un texte.")
    kept = _("Le brouillon est gardé.")


class ValidityBackwards(DomainRefusal):
    code = "knowledge.validity_backwards"
    message = _("La fin de validité précède son début.")
    kept = _("Votre texte est resté dans le formulaire.")


class ArticleChangedMeanwhile(DomainRefusal):
    code = "knowledge.changed_meanwhile"
    message = _(
        "%(name)s a enregistré ce brouillon entre-temps : relisez le sien avant d’enregistrer."
    )
    kept = _("Votre texte est resté dans le formulaire.")
    status = 409


class ArticleNotPublished(DomainRefusal):
    code = "knowledge.not_published"
    message = _("Cet article n’est pas publié.")


class SynonymsTooFew(DomainRefusal):
    code = "knowledge.synonyms_too_few"
    message = _("Il faut au moins deux mots ou expressions pour qu’ils soient synonymes.")


class ReadingCheckFailed(DomainRefusal):
    code = "knowledge.reading_check_failed"
    message = _(
        "Une réponse au moins n’est pas la bonne : relisez l’article, puis répondez de nouveau."
    )
    kept = _("Vos réponses sont restées cochées ; rien n’est encore confirmé.")


class ReadingOutdated(DomainRefusal):
    code = "knowledge.reading_outdated"
    message = _("La version %(version)s vient d’être publiée : c’est elle qui est à lire.")
    status = 409


class DeadlineTwice(DomainRefusal):
    code = "knowledge.deadline_twice"
    message = _("Donnez une date ou un nombre de jours après l’arrivée, pas les deux.")
    kept = _("Votre texte est resté dans le formulaire.")


class QuestionIncomplete(DomainRefusal):
    code = "knowledge.question_incomplete"
    message = _(
        "Une question a un énoncé, deux réponses au moins et une bonne réponse parmi elles."
    )
    kept = _("Votre texte est resté dans le formulaire.")


class ArticleListedTwice(DomainRefusal):
    code = "knowledge.listed_twice"
    message = _("« %(title)s » est déjà dans cette liste.")
