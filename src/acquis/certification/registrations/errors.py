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
        "%(name)s compte déjà %(attempts)s présentations à %(scope)s sans l’obtenir ; le référentiel en"
        " admet %(maximum)s, puis aucune autre."
    )


class RetakeTooLate(DomainRefusal):
    code = "registrations.retake_too_late"
    message = _(
        "%(name)s pouvait se présenter de nouveau à %(scope)s jusqu’au %(day)s : le délai du"
        " référentiel est passé."
    )


class AlreadyObtained(DomainRefusal):
    code = "registrations.already_obtained"
    message = _("%(name)s a déjà obtenu %(scope)s : ce qui est acquis l’est définitivement.")


class RemainingBlocksOnly(DomainRefusal):
    code = "registrations.remaining_blocks_only"
    message = _(
        "%(name)s garde ce qui est acquis (%(held)s) : inscrivez aux blocs restants (%(blocks)s),"
        " puis à la certification entière par capitalisation."
    )


class FinalInterviewOnly(DomainRefusal):
    code = "registrations.final_interview_only"
    message = _(
        "%(name)s a déjà obtenu tous les blocs (%(held)s) : il ne reste que l’entretien final devant"
        " le jury. Inscrivez à la certification entière, par capitalisation."
    )


class AnnulmentReasonMissing(DomainRefusal):
    code = "registrations.annulment_reason_missing"
    message = _("Dites pourquoi ce résultat est annulé : la décision s’y réfère.")


class ResultAnnulled(DomainRefusal):
    code = "registrations.result_annulled"
    message = _("Ce résultat est déjà annulé.")


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


class VaeQuotaReached(DomainRefusal):
    code = "registrations.vae_quota"
    message = _("%(name)s ne peut pas déposer ce dossier de VAE : %(reason)s (R6412-3).")


class NotThisRoute(DomainRefusal):
    code = "registrations.not_this_route"
    message = _("Cette inscription ne passe pas par cette voie : rien n’a été enregistré.")


class DatesReversed(DomainRefusal):
    code = "registrations.dates_reversed"
    message = _("La décision ne peut pas précéder la demande.")


class AlreadyHeld(DomainRefusal):
    code = "registrations.already_held"
    message = _("Cette ligne est déjà au livret.")


class HeldByResult(DomainRefusal):
    code = "registrations.held_by_result"
    message = _("Cette ligne vient de la décision d’un jury : elle ne se retire pas à la main.")


class ProofNotAsked(DomainRefusal):
    code = "registrations.proof_not_asked"
    message = _("Cette pièce n’est pas demandée pour cette inscription.")


class CopyNotKept(DomainRefusal):
    code = "registrations.copy_not_kept"
    message = _(
        "D’une pièce d’identité, aucune copie n’est gardée : notez seulement qu’elle a été vue."
    )


class CopyMissing(DomainRefusal):
    code = "registrations.copy_missing"
    message = _("Choisissez le fichier de la pièce.")


class MayNotSit(DomainRefusal):
    code = "registrations.may_not_sit"
    message = _("%(name)s ne peut pas se présenter. %(reasons)s")


class RetakeRightUsed(DomainRefusal):
    code = "registrations.retake_right_used"
    message = _("Cette nouvelle présentation est déjà placée dans la session %(session)s.")
