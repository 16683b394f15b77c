from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal


class NoEnterprise(DomainRefusal):
    code = "rooms.no_enterprise"
    message = _(
        "Aucune entreprise fictive n’est choisie pour la session %(reference)s : "
        "le responsable de session doit la choisir."
    )


class NoSubjectDrawn(DomainRefusal):
    code = "rooms.no_subject_drawn"
    message = _("Aucun sujet n’a encore été tiré au sort pour cette partie.")


class OnABreak(DomainRefusal):
    code = "rooms.on_a_break"
    message = _("Vous êtes en pause : les pièces du sujet se rouvrent à la reprise.")


class UnknownPiece(DomainRefusal):
    code = "rooms.unknown_piece"
    message = _("Ce champ n’existe pas dans cette épreuve.")


class ExchangesNotOpen(DomainRefusal):
    code = "rooms.exchanges_not_open"
    message = _(
        "Les échanges ne sont pas ouverts : le candidat n’a pas commencé cette partie, "
        "ou elle est terminée."
    )


class UnknownExchange(DomainRefusal):
    code = "rooms.unknown_exchange"
    message = _("Cet échange n’est pas dans le sujet tiré au sort.")


class NoSuchCall(DomainRefusal):
    code = "rooms.no_such_call"
    message = _("Cet appel n’est pas de ce candidat.")


class DocumentMissing(DomainRefusal):
    code = "rooms.document_missing"
    message = _("Choisissez le document à remettre.")


class NotSealedYet(DomainRefusal):
    code = "rooms.not_sealed_yet"
    message = _("L’épreuve n’est pas terminée : son dossier se rassemble une fois scellé.")
