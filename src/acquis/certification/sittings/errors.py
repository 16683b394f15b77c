"""What is refused during an exam, each with what the person may do."""

from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoExamDescribed(DomainRefusal):
    code = "sittings.no_exam_described"
    message = _(
        "Le référentiel ne décrit aucune épreuve pour %(scope)s : corrigez la version ou choisissez"
        " un autre bloc."
    )


class SessionNotOpen(DomainRefusal):
    code = "sittings.session_not_open"
    message = _("La session %(reference)s n’est pas ouverte : %(state)s.")


class PresenceNotTicked(DomainRefusal):
    code = "sittings.presence_not_ticked"
    message = _("La présence de %(name)s n’est pas encore notée : le surveillant doit la cocher.")


class IdentityNotChecked(DomainRefusal):
    code = "sittings.identity_not_checked"
    message = _("L’identité de %(name)s n’est pas encore vérifiée par le surveillant.")


class StartNotAuthorised(DomainRefusal):
    code = "sittings.start_not_authorised"
    message = _("Le surveillant n’a pas encore autorisé le début. Rien n’est perdu, patientez.")


class AlreadyStarted(DomainRefusal):
    code = "sittings.already_started"
    message = _("L’épreuve de %(name)s a déjà commencé : une absence ne peut plus être notée.")


class PhaseOutOfOrder(DomainRefusal):
    code = "sittings.phase_out_of_order"
    message = _("« %(phase)s » ne peut pas commencer avant la fin de « %(previous)s ».")


class PhaseAlreadyEnded(DomainRefusal):
    code = "sittings.phase_already_ended"
    message = _("« %(phase)s » est terminée : elle ne recommence pas.")


class PhaseNotRunning(DomainRefusal):
    code = "sittings.phase_not_running"
    message = _("« %(phase)s » n’est pas en cours : aucun temps ne peut y être rendu.")


class BreakNotGranted(DomainRefusal):
    code = "sittings.break_not_granted"
    message = _("Aucune pause n’est accordée dans cette partie, ou elles sont toutes prises.")


class ReasonMissing(DomainRefusal):
    code = "sittings.reason_missing"
    message = _("Indiquez le motif : il figurera au journal de la session.")


class TimeOutOfBounds(DomainRefusal):
    code = "sittings.time_out_of_bounds"
    message = _("Le temps rendu doit être compris entre une seconde et deux heures.")


class SittingSealed(DomainRefusal):
    code = "sittings.sealed"
    message = _("L’épreuve est terminée et scellée : plus rien ne peut y être changé.")
    kept = _("Tout ce qui avait été enregistré est conservé.")


class NothingStarted(DomainRefusal):
    code = "sittings.nothing_started"
    message = _("L’épreuve n’a pas commencé : il n’y a encore rien à enregistrer.")


class ProductionTooLong(DomainRefusal):
    code = "sittings.production_too_long"
    message = _("Le texte dépasse %(limit)s caractères. La version précédente reste enregistrée.")


class PhasesNotEnded(DomainRefusal):
    code = "sittings.phases_not_ended"
    message = _("L’épreuve ne peut pas être terminée : il reste %(phases)s.")


class DeviceNotAuthorised(DomainRefusal):
    code = "sittings.device_not_authorised"
    message = _(
        "Cette épreuve est ouverte sur un autre poste. Le surveillant doit autoriser celui-ci ;"
        " ce qui est enregistré vous y attend."
    )


class WrongAccessCode(DomainRefusal):
    code = "sittings.wrong_access_code"
    message = _("Ce code n’est pas celui de votre épreuve. Demandez-le au surveillant.")


class TooManyCodes(DomainRefusal):
    code = "sittings.too_many_codes"
    message = _(
        "Trop de codes erronés : réessayez à %(time)s, ou demandez un nouveau code au surveillant."
    )


class JuryIrregular(DomainRefusal):
    code = "sittings.jury_irregular"
    message = _("Le jury ne peut pas siéger : %(faults)s")


class NobodyToExamine(DomainRefusal):
    code = "sittings.nobody_to_examine"
    message = _("La session %(reference)s n’a pas de candidat.")


class CandidatesUnfinished(DomainRefusal):
    code = "sittings.candidates_unfinished"
    message = _(
        "Il reste %(count)s candidat(s) dont l’épreuve n’est ni terminée ni interrompue avec un"
        " motif : %(names)s."
    )


class ListensSpent(DomainRefusal):
    code = "sittings.listens_spent"
    message = _(
        "L’enregistrement a été entendu le nombre de fois permis (%(count)s). "
        "En cas d’incident, appelez le surveillant."
    )


class NotThisPart(DomainRefusal):
    code = "sittings.not_this_part"
    message = _("Cette partie de l’épreuve n’est pas en cours, ou ne demande pas cela.")


class SoundTooLong(DomainRefusal):
    code = "sittings.sound_too_long"
    message = _("Cet enregistrement dépasse ce que l’épreuve garde.")
    kept = _("Ce qui a été reçu jusqu’ici est conservé.")


class SoundUnreadable(DomainRefusal):
    code = "sittings.sound_unreadable"
    message = _("Ce morceau d’enregistrement ne se lit pas.")
    kept = _("Ce qui a été reçu jusqu’ici est conservé.")


class NotAskedFor(DomainRefusal):
    code = "sittings.not_asked_for"
    message = _("Le référentiel ne demande pas ce document dans cette partie.")


class DepositOver(DomainRefusal):
    code = "sittings.deposit_over"
    message = _("La partie suivante a commencé : le document remis ne se remplace plus.")
    kept = _("La dernière version remise est conservée.")


class DepositLate(DomainRefusal):
    code = "sittings.deposit_late"
    message = _("L’heure de remise est passée, et le référentiel refuse un document en retard.")
    kept = _("La dernière version remise à temps est conservée.")


class ReturnTooLate(DomainRefusal):
    code = "sittings.return_too_late"
    message = _(
        "L’épreuve a commencé il y a plus de vingt-quatre heures : elle ne reprend pas. "
        "Le responsable de session décide de la suite."
    )
    kept = _("Tout ce qui avait été enregistré est conservé.")


class NobodyRunning(DomainRefusal):
    code = "sittings.nobody_running"
    message = _("Aucun candidat n’a de partie en cours : il n’y a pas de temps à rendre.")
