"""What is refused around a session, each with what to do."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class SessionFrozen(DomainRefusal):
    code = "exam_sessions.frozen"
    message = _("La session %(reference)s ne se modifie plus : %(state)s.")


class SessionStateRefused(DomainRefusal):
    code = "exam_sessions.state_refused"
    message = _("La session %(reference)s ne peut pas passer à « %(wanted)s » : %(state)s.")


class ReferenceTaken(DomainRefusal):
    code = "exam_sessions.reference_taken"
    message = _("Une session porte déjà la référence %(reference)s.")


class VersionNotUsable(DomainRefusal):
    code = "exam_sessions.version_not_usable"
    message = _("Cette version du référentiel n’est pas publiée.")


class BlockNotExamined(DomainRefusal):
    code = "exam_sessions.block_not_examined"
    message = _("Le référentiel ne décrit pas d’épreuve pour « %(block)s ».")


class EnterpriseUnknown(DomainRefusal):
    code = "exam_sessions.enterprise_unknown"
    message = _("Cette entreprise fictive n’existe pas dans votre centre.")


class NotEnrolledForThis(DomainRefusal):
    code = "exam_sessions.not_enrolled_for_this"
    message = _("%(name)s n’est pas inscrit(e) à l’examen de cette session.")


class CandidateBusy(DomainRefusal):
    code = "exam_sessions.candidate_busy"
    message = _("%(name)s est déjà dans la session %(other)s le même jour.")


class JurorBusy(DomainRefusal):
    code = "exam_sessions.juror_busy"
    message = _("%(name)s siège déjà dans la session %(other)s le même jour.")


class OtherOrganisation(DomainRefusal):
    code = "exam_sessions.other_organisation"
    message = _("Cette personne n’appartient pas au centre de la session.")


class AlreadyDrawn(DomainRefusal):
    code = "exam_sessions.already_drawn"
    message = _("%(name)s a déjà une épreuve ou un document dans cette session.")


class NobodyToSummon(DomainRefusal):
    code = "exam_sessions.nobody_to_summon"
    message = _("La session n’a encore ni candidat ni juré : complétez la composition.")


class SessionInThePast(DomainRefusal):
    code = "exam_sessions.in_the_past"
    message = _("La session a déjà eu lieu : aucune convocation ne part pour une date passée.")


class ReasonMissing(DomainRefusal):
    code = "exam_sessions.reason_missing"
    message = _("Indiquez ce qui s’est passé : le texte est obligatoire.")


class SendingTooLate(DomainRefusal):
    code = "exam_sessions.sending_too_late"
    message = _(
        "Les convocations partent avant le début de la session : choisissez une date plus proche."
    )


class SummonsVoid(DomainRefusal):
    code = "exam_sessions.summons_void"
    message = _("Cette convocation n’est plus en vigueur : il n’y a plus rien à répondre.")
    status = 410


class AbsenceReasonMissing(DomainRefusal):
    code = "exam_sessions.absence_reason_missing"
    message = _("Dites en quelques mots pourquoi vous ne pourrez pas venir.")


class ReportUnknown(DomainRefusal):
    code = "exam_sessions.report_unknown"
    message = _("Ce message n’est pas l’avis de non-remise d’une convocation de votre centre.")


class SiteNotAccredited(DomainRefusal):
    code = "exam_sessions.site_not_accredited"
    message = _("La session ne s’ouvre pas : %(fault)s")
    kept = _("La session reste comme elle était.")


class AccreditationTwice(DomainRefusal):
    code = "exam_sessions.accreditation_twice"
    message = _("L’agrément %(number)s est déjà noté pour ce titre et ce site.")


class AccreditationDisordered(DomainRefusal):
    code = "exam_sessions.accreditation_disordered"
    message = _("L’agrément finit avant de commencer : vérifiez les deux dates.")


class AccreditationTooLong(DomainRefusal):
    code = "exam_sessions.accreditation_too_long"
    message = _(
        "Un agrément dure cinq ans au plus et finit avec le titre : au plus tard le %(last)s."
    )


class AccreditationWithdrawn(DomainRefusal):
    code = "exam_sessions.accreditation_withdrawn"
    message = _("Cet agrément est déjà retiré.")
