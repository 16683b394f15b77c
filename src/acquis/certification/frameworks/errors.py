from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class EditionFrozen(DomainRefusal):
    code = "frameworks.edition_frozen"
    message = _("Cette édition est publiée : elle ne change plus. Préparez une nouvelle édition.")


class EditionExists(DomainRefusal):
    code = "frameworks.edition_exists"
    message = _("L'édition « %(edition)s » de %(code)s existe déjà. Choisissez un autre millésime.")


class FrameworkIncomplete(DomainRefusal):
    code = "frameworks.incomplete"
    message = _("Ce référentiel ne peut pas encore être publié : %(missing)s.")


class CorrectionRefused(DomainRefusal):
    code = "frameworks.correction_refused"
    message = _("Cette correction n'a pas été enregistrée : %(reason)s.")


class CorrectionOutdated(DomainRefusal):
    code = "frameworks.correction_outdated"
    message = _(
        "Quelqu'un a corrigé ce référentiel entre-temps. Rechargez la page : "
        "votre texte est repris ci-dessous."
    )


class NothingToUndo(DomainRefusal):
    code = "frameworks.nothing_to_undo"
    message = _("Il n'y a plus de correction à annuler.")
