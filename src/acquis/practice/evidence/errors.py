from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class ExchangesNotOver(DomainRefusal):
    code = "evidence.exchanges_not_over"
    message = _("Les preuves se lisent une fois les échanges du candidat terminés.")


class EvidenceFixed(DomainRefusal):
    code = "evidence.fixed"
    message = _("La délibération de ce candidat est close : ses preuves ne changent plus.")


class UnknownPlace(DomainRefusal):
    code = "evidence.unknown_place"
    message = _("Ce moment n’est pas dans le dossier du candidat.")


class UnknownLine(DomainRefusal):
    code = "evidence.unknown_criterion"
    message = _("Ce critère n’est pas évalué dans cette épreuve.")


class NothingSaid(DomainRefusal):
    code = "evidence.nothing_said"
    message = _("Décrivez en quelques mots ce que vous avez vu ou entendu.")


class PassageImpossible(DomainRefusal):
    code = "evidence.passage_impossible"
    message = _("Le passage doit finir après son début, et avant la fin de l’enregistrement.")


class ReasonMissing(DomainRefusal):
    code = "evidence.reason_missing"
    message = _("Écrivez pourquoi vous écartez cette preuve : la raison est gardée avec elle.")


class NotShown(DomainRefusal):
    code = "evidence.not_shown"
    message = _(
        "Cette observation n’est plus celle qui est affichée : relisez les preuves du critère."
    )
