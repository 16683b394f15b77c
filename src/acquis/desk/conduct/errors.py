from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class AlreadyMarked(DomainRefusal):
    code = "conduct.already_marked"
    message = _("Cet échange est déjà marqué abusif : poursuivez le protocole.")


class NotYourExchange(DomainRefusal):
    code = "conduct.not_your_exchange"
    message = _(
        "Cet échange est tenu par quelqu’un d’autre : c’est à cette personne de le marquer."
    )


class NothingSaidYet(DomainRefusal):
    code = "conduct.nothing_said_yet"
    message = _("Cet échange attend encore un conseiller : prenez-le d’abord.")


class FactsMissing(DomainRefusal):
    code = "conduct.facts_missing"
    message = _("Dites ce qui a été dit ou écrit : des faits, sans juger la personne.")


class StepNotNext(DomainRefusal):
    code = "conduct.step_not_next"
    message = _("Cette étape n’est pas la suivante du protocole.")


class EndTooSoon(DomainRefusal):
    code = "conduct.end_too_soon"
    message = _(
        "Un échange ne se termine qu’après deux avertissements, ou aussitôt s’il y a menace."
    )


class ProtocolOver(DomainRefusal):
    code = "conduct.protocol_over"
    message = _("Le protocole de cet échange est terminé.")


class SupervisorOnly(DomainRefusal):
    code = "conduct.supervisor_only"
    message = _("Cela revient au superviseur du poste.")


class MeasureProposed(DomainRefusal):
    code = "conduct.measure_proposed"
    message = _("Une mesure est déjà proposée pour ce client : elle attend sa décision.")


class MeasureDecided(DomainRefusal):
    code = "conduct.measure_decided"
    message = _("Cette mesure est déjà décidée.")


class MeasureNotInForce(DomainRefusal):
    code = "conduct.measure_not_in_force"
    message = _("Cette mesure n’est pas en vigueur.")


class ReasonMissing(DomainRefusal):
    code = "conduct.reason_missing"
    message = _("Dites pourquoi : la décision se lit, et le client peut la contester.")


class TooLong(DomainRefusal):
    code = "conduct.measure_too_long"
    message = _("Une mesure a une fin, dans l’année : choisissez un autre jour.")
