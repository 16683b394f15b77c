from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class GridsNotOpenable(DomainRefusal):
    code = "grading.session_not_open"
    message = _("Les grilles s’ouvrent lorsque la session est ouverte ou ses épreuves terminées.")


class NobodyToMark(DomainRefusal):
    code = "grading.nobody_to_mark"
    message = _("Aucun candidat n’est noté présent : il n’y a pas encore de grille à ouvrir.")


class TooFewJurors(DomainRefusal):
    code = "grading.too_few_jurors"
    message = _(
        "Il faut au moins %(required)s jurés notés présents pour ouvrir les grilles ;"
        " il y en a %(present)s."
    )


class NoCriteria(DomainRefusal):
    code = "grading.no_criteria"
    message = _("Le référentiel ne donne aucun critère pour le bloc « %(block)s ».")


class GridClosed(DomainRefusal):
    code = "grading.grid_closed"
    message = _("Cette grille est close : ses notes ne changent plus.")
    kept = _("Les notes enregistrées avant la clôture sont conservées.")


class NotYourGrid(DomainRefusal):
    code = "grading.not_your_grid"
    message = _("Seul le juré de cette grille peut la remplir.")


class UnknownCriterion(DomainRefusal):
    code = "grading.unknown_criterion"
    message = _("Le critère « %(criterion)s » n’est pas dans cette grille.")


class AssessedHere(DomainRefusal):
    code = "grading.assessed_here"
    message = _(
        "Le critère « %(criterion)s » est évalué dans cette épreuve : choisissez « acquis » ou « non"
        " acquis »."
    )


class CriteriaUnmarked(DomainRefusal):
    code = "grading.criteria_unmarked"
    message = _("La grille reste ouverte : %(count)s critères n’ont pas de note (%(criteria)s).")
    kept = _("Toutes les notes déjà mises sont conservées.")


class SittingUnderWay(DomainRefusal):
    code = "grading.sitting_under_way"
    message = _("L’épreuve de ce candidat n’est pas terminée : la grille reste ouverte.")
    kept = _("Toutes les notes déjà mises sont conservées.")


class GridsStillOpen(DomainRefusal):
    code = "grading.grids_still_open"
    message = _("La délibération s’ouvre lorsque toutes les grilles du candidat sont closes.")


class GridNotClosed(DomainRefusal):
    code = "grading.grid_not_closed"
    message = _("Cette grille n’est pas close : ce que le juré y écrit reste.")


class NotInTheJury(DomainRefusal):
    code = "grading.not_in_the_jury"
    message = _("Seuls les jurés présents de la session délibèrent.")


class DeliberationClosed(DomainRefusal):
    code = "grading.deliberation_closed"
    message = _("La délibération de ce candidat est close : ses décisions ne changent plus.")


class VerdictMissing(DomainRefusal):
    code = "grading.verdict_missing"
    message = _("Choisissez « acquis » ou « non acquis ».")


class ReasonRequired(DomainRefusal):
    code = "grading.reason_required"
    message = _(
        "Le motif est obligatoire pour le critère « %(criterion)s » : les grilles différaient, ou"
        " la décision s’en écarte."
    )


class DecisionChanged(DomainRefusal):
    code = "grading.decision_changed"
    message = _(
        "Un autre juré vient de décider ce critère : relisez sa décision avant de la changer."
    )
    kept = _("La décision la plus récente est conservée.")


class CriteriaUndecided(DomainRefusal):
    code = "grading.criteria_undecided"
    message = _("%(count)s critères restent à décider (%(criteria)s).")
    kept = _("Les décisions déjà prises sont conservées.")


class QuorumNotMet(DomainRefusal):
    code = "grading.quorum_not_met"
    message = _(
        "Il faut au moins %(required)s jurés présents à la délibération ; %(present)s cochés."
    )
    kept = _("Les décisions déjà prises sont conservées.")


class OutcomeMissing(DomainRefusal):
    code = "grading.outcome_missing"
    message = _("Choisissez « admis » ou « refusé ».")


class OutcomeReasonsMissing(DomainRefusal):
    code = "grading.outcome_reasons_missing"
    message = _("Écrivez les motifs de la décision : ils seront remis au candidat.")


class OutcomeAgainstRule(DomainRefusal):
    code = "grading.outcome_against_rule"
    message = _(
        "Le règlement du référentiel s’impose au jury. %(calculation)s Revoyez une décision ou"
        " l’issue."
    )
    kept = _("Les décisions déjà prises sont conservées.")


class OutcomeAgainstBlocks(DomainRefusal):
    code = "grading.outcome_against_blocks"
    message = _(
        "Les décisions par bloc donnent « %(outcome)s » : revoyez un bloc ou l’issue choisie."
    )
    kept = _("Les décisions déjà prises sont conservées.")


class DepartureReasonMissing(DomainRefusal):
    code = "grading.departure_reason_missing"
    message = _(
        "Le jury est souverain ; lorsqu’il s’écarte de la proposition, il en écrit le motif, qui sera"
        " imprimé au procès-verbal."
    )
    kept = _("Les décisions déjà prises sont conservées.")


class UnknownUnit(DomainRefusal):
    code = "grading.unknown_unit"
    message = _("Cette compétence ou ce bloc n’est pas à décider dans cette délibération.")


class JuryNotIndependent(DomainRefusal):
    code = "grading.jury_not_independent"
    message = _("Le jury présent ne peut pas décider pour ce candidat. %(reasons)s")
    kept = _("Les décisions déjà prises sont conservées.")


class SessionNotClosed(DomainRefusal):
    code = "grading.session_not_closed"
    message = _("Les épreuves de la session ne sont pas terminées : elle ne peut pas être conclue.")


class CandidatesUndecided(DomainRefusal):
    code = "grading.candidates_undecided"
    message = _("La délibération n’est pas close pour : %(names)s.")
