from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NothingJudged(DomainRefusal):
    code = "council.nothing_judged"
    message = _("Aucun jury n’a encore décidé pour « %(framework)s » en %(year)s.")


class PackInWriting(DomainRefusal):
    code = "council.pack_in_writing"
    message = _("Le dossier de cette certification et de cette année est déjà en préparation.")


class PackNotReady(DomainRefusal):
    code = "council.pack_not_ready"
    message = _("Ce dossier n’est pas encore prêt.")


class AlreadyAnswered(DomainRefusal):
    code = "council.already_answered"
    message = _("Vous avez déjà répondu à ce questionnaire. Merci.")


class NothingAnswered(DomainRefusal):
    code = "council.nothing_answered"
    message = _("Répondez à une question au moins. Rien n’a été enregistré.")
