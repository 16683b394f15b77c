"""What the candidate writes in each kind of phase: the fields of the editor; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Piece:
    """One field of the editor: `rows` 0 is a single line, `sheet` is the tab that holds it.

    A `rich` one has styles; `place` is the block of the letter that it is.
    """

    key: str
    label: str | Promise
    sheet: str
    rows: int = 0
    hint: str | Promise = ""
    rich: bool = False
    place: str = ""


SHEETS = {
    "work": _("Votre travail"),
    "summary": _("Synthèse"),
    "letter": _("Courrier de réponse"),
    "notes": _("Notes"),
}

_WORK = (Piece("work", _("Travail demandé"), "work", 22, rich=True),)

_SUMMARY = (
    Piece(
        "summary",
        _("Résumé de la situation"),
        "summary",
        14,
        _("Les faits du dossier en lien avec la demande, datés."),
        rich=True,
    ),
    Piece("stakes_customer", _("Enjeux pour le client"), "summary", 6, rich=True),
    Piece("stakes_company", _("Enjeux pour l’entreprise"), "summary", 6, rich=True),
)

# The blocks of a letter in the order and at the places of the French norm (NF Z 11-001).
_LETTER = (
    Piece("letter_sender", _("Expéditeur"), "letter", 4, place="sender"),
    Piece("letter_recipient", _("Destinataire"), "letter", 4, place="recipient"),
    Piece("letter_place_date", _("Lieu et date"), "letter", place="date"),
    Piece("letter_subject", _("Objet"), "letter", place="line"),
    Piece("letter_references", _("Références"), "letter", place="line"),
    Piece("letter_salutation", _("Formule d’appel"), "letter", place="body"),
    Piece("letter_body", _("Corps de la lettre"), "letter", 18, rich=True, place="body"),
    Piece("letter_closing", _("Formule de politesse"), "letter", 2, place="body"),
    Piece("letter_signature", _("Signature"), "letter", place="signature"),
    Piece("letter_enclosures", _("Pièces jointes"), "letter", place="line"),
)
WRITTEN = (*_WORK, *_SUMMARY, *_LETTER)
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


_PIECES = {piece.key: piece for piece in (*WRITTEN, *PREPARATION, *EXCHANGES)}
_ASKS_FOR_LETTER = re.compile(
    r"\b(?:lettre|courriers?|courriel)\b|\bpar écrit (?:au|à la|aux) clients?\b", re.IGNORECASE
)


def pieces_for(
    kind: str, asked: Sequence[str] = (), written: Mapping[str, Any] | None = None
) -> tuple[Piece, ...]:
    """The fields that a phase of this kind offers; none where nothing is written.

    `asked` are the words of the part and of its subject: a letter has its layout when they ask for
    one. What `written` holds already stays in sight.
    """
    if kind != "written":
        return {"preparation": PREPARATION, "exchanges": EXCHANGES}.get(kind, ())
    wanted = (*_SUMMARY, *_LETTER) if asks_for_letter(asked) else _WORK
    known = set(written or ()) | {piece.key for piece in wanted}
    sheets = {piece.sheet for piece in WRITTEN if piece.key in known}
    return tuple(piece for piece in WRITTEN if piece.sheet in sheets)


def asks_for_letter(asked: Sequence[str]) -> bool:
    """Whether the words of a part, or of its subject, ask for a letter."""
    return any(_ASKS_FOR_LETTER.search(words) for words in asked)


def piece_named(key: str) -> Piece | None:
    return _PIECES.get(key)
