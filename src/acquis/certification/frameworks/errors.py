from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class EditionFrozen(DomainRefusal):
    code = "frameworks.edition_frozen"
    message = _("Cette édition est publiée : elle ne change plus. Préparez une nouvelle édition.")


class EditionExists(DomainRefusal):
    code = "frameworks.edition_exists"
    message = _("L’édition « %(edition)s » de %(code)s existe déjà. Choisissez un autre millésime.")
    kept = _("Votre relecture est gardée.")


class FrameworkIncomplete(DomainRefusal):
    code = "frameworks.incomplete"
    message = _("Ce référentiel ne peut pas encore être publié : %(missing)s.")
    kept = _("Votre relecture est gardée.")


class CorrespondenceUnknown(DomainRefusal):
    code = "frameworks.correspondence_unknown"
    message = _("La correspondance de « %(before)s » vers « %(after)s » mène à un code inconnu.")
    kept = _("Votre relecture est gardée.")


class ImportClosed(DomainRefusal):
    code = "frameworks.import_closed"
    message = _("Cet import est abandonné. Reprenez-le pour le corriger ou le publier.")


class ImportNotAbandoned(DomainRefusal):
    code = "frameworks.import_not_abandoned"
    message = _("Cet import ne se reprend pas : il n’est ni abandonné ni interrompu.")


class CorrectionRefused(DomainRefusal):
    code = "frameworks.correction_refused"
    message = _("Cette correction n’a pas été enregistrée : %(reason)s.")


class CorrectionOutdated(DomainRefusal):
    code = "frameworks.correction_outdated"
    message = _("Ce référentiel a été corrigé depuis que vous l’avez ouvert.")


class NothingToUndo(DomainRefusal):
    code = "frameworks.nothing_to_undo"
    message = _("Il n’y a plus de correction à annuler.")
