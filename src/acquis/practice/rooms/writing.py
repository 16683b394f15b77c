"""What the candidate writes in each kind of phase: the fields of the editor; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Piece:
    """One field of the editor: `rows` 0 is a single line, `sheet` is the tab that holds it."""

    key: str
    label: str | Promise
    sheet: str
    rows: int = 0
    hint: str | Promise = ""


SHEETS = {
    "summary": _("Synthèse"),
    "letter": _("Courrier de réponse"),
    "notes": _("Notes"),
}

WRITTEN = (
    Piece(
        "summary",
        _("Résumé de la situation"),
        "summary",
        14,
        _("Les faits du dossier en lien avec la demande, datés."),
    ),
    Piece("stakes_customer", _("Enjeux pour le client"), "summary", 6),
    Piece("stakes_company", _("Enjeux pour l’entreprise"), "summary", 6),
    Piece("letter_subject", _("Objet"), "letter"),
    Piece("letter_references", _("Références"), "letter"),
    Piece("letter_salutation", _("Formule d’appel"), "letter"),
    Piece(
        "letter_body",
        _("Corps de la lettre"),
        "letter",
        18,
        _("Une idée par paragraphe ; laissez une ligne vide entre deux paragraphes."),
    ),
    Piece("letter_closing", _("Formule de politesse"), "letter", 2),
    Piece("letter_signature", _("Signature"), "letter"),
)
PREPARATION = (
    Piece(
        "preparation_notes",
        _("Vos notes pour les échanges"),
        "notes",
        16,
        _("Elles restent sous vos yeux pendant les échanges et ne sont pas évaluées."),
    ),
)

EXCHANGES = (
    Piece(
        "exchange_notes",
        _("Vos notes pendant les échanges"),
        "notes",
        6,
        _("Elles ne sont pas évaluées."),
    ),
)


def pieces_for(kind: str) -> tuple[Piece, ...]:
    """The fields that a phase of this kind offers; none where nothing is written."""
    return {
        "written": WRITTEN,
        "preparation": PREPARATION,
        "exchanges": EXCHANGES,
    }.get(kind, ())


def known_key(key: str) -> bool:
    return any(piece.key == key for piece in (*WRITTEN, *PREPARATION, *EXCHANGES))
