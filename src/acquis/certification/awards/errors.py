from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SessionNotDeliberated(DomainRefusal):
    code = "awards.session_not_deliberated"
    message = _("Le procès-verbal s’établit lorsque la délibération de la session est conclue.")


class GridsOpen(DomainRefusal):
    code = "awards.grids_open"
    message = _("Des grilles de cette session ne sont pas closes : rien ne peut être émis.")


class NotSignable(DomainRefusal):
    code = "awards.not_signable"
    message = _("Ce document n’est pas, ou n’est plus, à signer.")


class NotASignatory(DomainRefusal):
    code = "awards.not_a_signatory"
    message = _("Seuls les jurés présents de la session signent son procès-verbal.")


class NotTheManager(DomainRefusal):
    code = "awards.not_the_manager"
    message = _("Le contreseing appartient au responsable de session.")


class WrongPassword(DomainRefusal):
    code = "awards.wrong_password"
    message = _("Ce n’est pas votre mot de passe : le document n’est pas signé.")


class WrongOtp(DomainRefusal):
    code = "awards.wrong_otp"
    message = _(
        "Ce code de vérification n’est pas le bon : le document n’est pas signé. Attendez le code"
        " suivant et recommencez."
    )


class SecondFactorNeeded(DomainRefusal):
    code = "awards.second_factor_needed"
    message = _(
        "%(centre)s demande un code de vérification à chaque signataire, et vous n’en avez pas"
        " encore : le document n’est pas signé. Activez la vérification en deux étapes dans votre"
        " compte, page « Sécurité », puis revenez signer."
    )


class DocumentAltered(DomainRefusal):
    code = "awards.document_altered"
    message = _(
        "Les données de ce document ne correspondent plus à leur empreinte : il ne peut pas être"
        " signé. Prévenez le certificateur."
    )


class SignaturesMissing(DomainRefusal):
    code = "awards.signatures_missing"
    message = _("Il manque des signatures du jury : %(names)s.")
    kept = _("Les signatures déjà données sont conservées.")


class PvNotSigned(DomainRefusal):
    code = "awards.pv_not_signed"
    message = _(
        "Le procès-verbal n’est pas signé par tous et contresigné : les résultats et certificats ne"
        " peuvent pas être émis."
    )


class NotAdmitted(DomainRefusal):
    code = "awards.not_admitted"
    message = _("Le jury n’a pas admis ce candidat : il n’y a pas de certificat à établir.")


class DecisionAnnulled(DomainRefusal):
    code = "awards.decision_annulled"
    message = _(
        "La décision du jury est annulée pour ce candidat (%(reason)s) : elle ne donne ni certificat"
        " ni livret. La nouvelle présentation en décidera."
    )


class DecidedByCertificationJury(DomainRefusal):
    code = "awards.decided_by_certification_jury"
    message = _(
        "Ce résultat est celui d’une épreuve de synthèse : le jury de certification décide du bloc."
    )


class NothingKept(DomainRefusal):
    code = "awards.nothing_kept"
    message = _("Ce candidat ne garde aucun bloc : il n’y a pas de livret à établir.")


class ReasonMissing(DomainRefusal):
    code = "awards.reason_missing"
    message = _("Écrivez le motif de la rectification : il sera imprimé sur le nouveau document.")


class NotRevocable(DomainRefusal):
    code = "awards.not_revocable"
    message = _("Seul un certificat émis se révoque.")


class RevocationReasonMissing(DomainRefusal):
    code = "awards.revocation_reason_missing"
    message = _("Écrivez le motif de la révocation : le titulaire le lira.")


class AlreadyRevoked(DomainRefusal):
    code = "awards.already_revoked"
    message = _("Ce certificat est déjà révoqué. Seul un nouveau certificat peut y revenir.")


class RevokedByTheBody(DomainRefusal):
    code = "awards.revoked_by_the_body"
    message = _("Ce certificat est révoqué : seul le certificateur peut en établir un nouveau.")


class ReplacedCertificate(DomainRefusal):
    code = "awards.replaced_certificate"
    message = _("Ce certificat est remplacé par %(number)s : révoquez ce dernier.")


class AlreadyCorrected(DomainRefusal):
    code = "awards.already_corrected"
    message = _("Ce document a déjà été rectifié par %(number)s : rectifiez ce dernier.")


class ResultsNotIssued(DomainRefusal):
    code = "awards.results_not_issued"
    message = _("Cette fiche de résultat n’est pas émise : elle ne peut pas être communiquée.")


class HandedAlready(DomainRefusal):
    code = "awards.handed_already"
    message = _("La remise de ce résultat est déjà notée.")


class HandedOutOfTime(DomainRefusal):
    code = "awards.handed_out_of_time"
    message = _("Le jour de la remise ne peut être ni à venir, ni avant l’émission de la fiche.")


class PostNumberMissing(DomainRefusal):
    code = "awards.post_number_missing"
    message = _("Écrivez le numéro de la lettre recommandée : il prouve l’envoi.")


class ToldForGood(DomainRefusal):
    code = "awards.told_for_good"
    message = _("Le candidat a déjà reçu ce résultat : il n’est pas envoyé de nouveau.")


class NoAddress(DomainRefusal):
    code = "awards.no_address"
    message = _(
        "La fiche de ce candidat ne porte pas d’adresse électronique : ajoutez-en une, ou notez la"
        " remise en main propre ou par lettre recommandée."
    )


class NoticeVoid(DomainRefusal):
    code = "awards.notice_void"
    message = _("Ce lien ne vaut plus : le résultat vous a été communiqué de nouveau depuis.")


class ReportUnknown(DomainRefusal):
    code = "awards.report_unknown"
    message = _("Ce message n’est pas l’avis de non-remise d’un résultat de cette session.")
