"""What is refused at enrolment."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class CandidateAlreadyKnown(DomainRefusal):
    code = "registrations.already_known"
    message = _(
        "%(name)s (né(e) : %(born)s) est déjà votre candidat %(reference)s : ouvrez sa fiche."
    )


class AlreadyEnrolled(DomainRefusal):
    code = "registrations.already_enrolled"
    message = _("%(name)s est déjà inscrit(e) à %(scope)s.")


class VersionNotPublished(DomainRefusal):
    code = "registrations.version_not_published"
    message = _("Cette version du référentiel n’est pas publiée : nul ne peut s’y inscrire.")


class BlockUnknown(DomainRefusal):
    code = "registrations.block_unknown"
    message = _("Le bloc « %(block)s » n’existe pas dans cette version du référentiel.")


class TooManyAttempts(DomainRefusal):
    code = "registrations.too_many_attempts"
    message = _(
        "%(name)s s’est déjà présenté(e) %(attempts)s fois à %(scope)s ; le référentiel admet"
        " %(maximum)s présentations."
    )


class ListNotReadable(DomainRefusal):
    code = "registrations.list_not_readable"
    message = _("Ce fichier n’est pas une liste de candidats lisible : %(problem)s.")


class ListHasErrors(DomainRefusal):
    code = "registrations.list_has_errors"
    message = _("%(count)s ligne(s) sont à corriger : rien n’a été importé.")


class ImportGone(DomainRefusal):
    code = "registrations.import_gone"
    message = _("Ce fichier n’est plus disponible : déposez-le à nouveau.")


class AccommodationInForce(DomainRefusal):
    code = "registrations.accommodation_in_force"
    message = _(
        "Un aménagement « %(kind)s » existe déjà pour les mêmes épreuves : modifiez-le ou"
        " terminez-le."
    )


class AccommodationEnded(DomainRefusal):
    code = "registrations.accommodation_ended"
    message = _("Cet aménagement est terminé ou remplacé : il reste dans l’historique.")


class EndReasonMissing(DomainRefusal):
    code = "registrations.end_reason_missing"
    message = _("Dites en quelques mots pourquoi cet aménagement s’arrête.")
