from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class CaseClosed(DomainRefusal):
    code = "cases.closed"
    message = _("La demande %(number)s est close : rouvrez-la pour y écrire.")


class CaseNotClosed(DomainRefusal):
    code = "cases.not_closed"
    message = _("La demande %(number)s n’est pas close.")


class CaseMerged(DomainRefusal):
    code = "cases.merged"
    message = _("La demande %(number)s est réunie à %(kept)s : écrivez dans celle-ci.")


class ResolutionMissing(DomainRefusal):
    code = "cases.resolution_missing"
    message = _("Dites comment la demande a été résolue avant de la clore.")


class CommentEmpty(DomainRefusal):
    code = "cases.comment_empty"
    message = _("Le commentaire est vide : rien n’a été enregistré.")


class OrderOfAnotherCustomer(DomainRefusal):
    code = "cases.order_of_another_customer"
    message = _("Cette commande n’est pas de ce client.")


class NotOfThisDesk(DomainRefusal):
    code = "cases.not_of_this_desk"
    message = _("« %(name)s » n’est pas de ce poste.")


class ReopenTooLate(DomainRefusal):
    code = "cases.reopen_too_late"
    message = _(
        "Close depuis plus de %(days)s jours, la demande %(number)s ne se rouvre plus : "
        "ouvrez-en une autre, qui la suit."
    )


class SupervisorOnly(DomainRefusal):
    code = "cases.supervisor_only"
    message = _("Cela revient au superviseur du poste.")


class QuestionEmpty(DomainRefusal):
    code = "cases.question_empty"
    message = _("Dites au second niveau ce qui a déjà été essayé et la question posée.")


class SecondLevelHasIt(DomainRefusal):
    code = "cases.second_level_has_it"
    message = _("La demande est au second niveau : sa réponse la rend.")


class NothingAsked(DomainRefusal):
    code = "cases.nothing_asked"
    message = _("Aucune question n’attend de réponse du second niveau.")


class AnswerEmpty(DomainRefusal):
    code = "cases.answer_empty"
    message = _("La réponse est vide : rien n’a été enregistré.")


class LinkToItself(DomainRefusal):
    code = "cases.link_to_itself"
    message = _("Une demande ne se lie pas à elle-même.")


class MergeOfAnotherCustomer(DomainRefusal):
    code = "cases.merge_of_another_customer"
    message = _("Ces demandes ne sont pas du même client : liez-les plutôt.")


class MergeImpossible(DomainRefusal):
    code = "cases.merge_impossible"
    message = _("L’une de ces demandes est déjà réunie à une autre.")


class NotMerged(DomainRefusal):
    code = "cases.not_merged"
    message = _("La demande %(number)s n’est réunie à aucune autre.")


class NoStepInProcedure(DomainRefusal):
    code = "cases.no_step_in_procedure"
    message = _("« %(title)s » n’a pas d’étape numérotée à suivre.")


class ProcedureFollowed(DomainRefusal):
    code = "cases.procedure_followed"
    message = _("« %(title)s » est déjà suivie dans cette demande.")


class StepsLeft(DomainRefusal):
    code = "cases.steps_left"
    message = _(
        "Des étapes de la procédure restent à faire (%(steps)s) : cochez-les, ou dites pourquoi "
        "elles n’ont pas lieu d’être."
    )


class WaiverReasonMissing(DomainRefusal):
    code = "cases.waiver_reason_missing"
    message = _("Dites pourquoi cette étape n’a pas lieu d’être.")


class StepDone(DomainRefusal):
    code = "cases.step_done"
    message = _("Cette étape est déjà faite.")


class ProcedureUnchanged(DomainRefusal):
    code = "cases.procedure_unchanged"
    message = _("« %(title)s » n’a pas changé depuis qu’elle est suivie ici.")


class SatisfactionNotAsked(DomainRefusal):
    code = "cases.satisfaction_not_asked"
    message = _("La satisfaction se note une fois la demande close, de 1 à 5.")


class RulesInvalid(DomainRefusal):
    code = "cases.rules_invalid"
    message = _("Ces réglages ne donnent aucune échéance : %(reason)s.")


class NotAComplaint(DomainRefusal):
    code = "cases.not_a_complaint"
    message = _("La demande %(number)s n’est pas une réclamation.")


class StageNotNext(DomainRefusal):
    code = "cases.stage_not_next"
    message = _("De « %(before)s », une réclamation ne passe pas à « %(after)s ».")


class CriticalityMissing(DomainRefusal):
    code = "cases.criticality_missing"
    message = _("Une réclamation se qualifie avec sa criticité : gravité, urgence, enjeu.")


class OptionDecided(DomainRefusal):
    code = "cases.option_decided"
    message = _("Cette solution est déjà décidée.")


class DeciderMissing(DomainRefusal):
    code = "cases.decider_missing"
    message = _("Cette solution dépasse le superviseur : dites qui, à la direction, l’accorde.")


class OptionNotGranted(DomainRefusal):
    code = "cases.option_not_granted"
    message = _("« %(label)s » n’est pas accordée : %(who)s en décide.")


class AgreementExceeds(DomainRefusal):
    code = "cases.agreement_exceeds"
    message = _("L’accord dépasse ce qui est accordé : %(granted)s € au plus.")


class LetterWritten(DomainRefusal):
    code = "cases.letter_written"
    message = _("La confirmation de cet accord est déjà écrite.")


class InstructionsMissing(DomainRefusal):
    code = "cases.instructions_missing"
    message = _("Dites ce qui est à faire sur place.")


class ContactAddressMissing(DomainRefusal):
    code = "cases.contact_address_missing"
    message = _("La fiche du client n’a pas d’adresse pour ce canal.")


class InterventionDone(DomainRefusal):
    code = "cases.intervention_done"
    message = _("Le compte rendu de cette intervention est déjà écrit.")


class ReportMissing(DomainRefusal):
    code = "cases.report_missing"
    message = _("Dites ce qui a été fait.")


class AlertAcknowledged(DomainRefusal):
    code = "cases.alert_acknowledged"
    message = _("Cette alerte est déjà prise en charge.")


class CaseOfAnotherCustomer(DomainRefusal):
    code = "cases.case_of_another_customer"
    message = _("Cette demande n’est pas du client de la facture.")


class DisputeBeyondAdviser(DomainRefusal):
    code = "cases.dispute_beyond_adviser"
    message = _(
        "Un litige de %(amount)s dépasse votre délégation pour les avoirs : "
        "le superviseur du poste le règle."
    )


class SatisfactionLinkClosed(DomainRefusal):
    code = "cases.satisfaction_link_closed"
    message = _("Cette réponse ne se donne plus, ou ne se change plus.")


class SurveyOff(DomainRefusal):
    code = "cases.survey_off"
    message = _("Ce poste n’envoie pas de question de satisfaction : le superviseur en décide.")
