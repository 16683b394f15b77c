"""Appeals in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.certification.appeals import policy
from acquis.certification.appeals.models import Appeal, AppealLetter

TONES: Mapping[str, str] = {
    "lodged": "warning",
    "admissible": "info",
    "inadmissible": "neutral",
    "accepted": "success",
    "rejected": "neutral",
    "withdrawn": "neutral",
}
KINDS: Mapping[str, tuple[str, Promise]] = {
    "paper": ("paperclip", _("Pièce du recours")),
    "pv": ("file-text", _("Procès-verbal")),
    "result_sheet": ("file-description", _("Fiche de résultat")),
    "incident": ("alert-triangle", _("Incident")),
    "incident_sheet": ("file-check", _("Fiche de dysfonctionnement")),
    "presence": ("user-check", _("Présences")),
    "summons": ("mail-forward", _("Convocations")),
    "accommodation": ("adjustments", _("Aménagements")),
    "draw": ("dice-5", _("Tirage du sujet")),
    "production": ("archive", _("Production de l’épreuve")),
    "seal": ("lock", _("Sceau de l’épreuve")),
    "grid": ("checklist", _("Grille")),
    "evidence": ("zoom-in", _("Fait relevé")),
    "trace": ("fingerprint", _("Journal")),
}


def grounds(appeal: Appeal) -> list[str]:
    labels = dict(Appeal.Ground.choices)
    return [str(labels[code]) for code in appeal.grounds]


def is_late(appeal: Appeal) -> bool:
    return policy.is_late(appeal.received_on, appeal.last_day)


def pieces(appeal: Appeal, *, shared_only: bool = False) -> list[dict[str, Any]]:
    """The assembled file, each piece with its rank; the candidate's view has the shared ones."""
    return [
        piece
        | {"number": number, "icon": KINDS[piece["kind"]][0], "label": KINDS[piece["kind"]][1]}
        for number, piece in enumerate(appeal.dossier, start=1)
        if piece["shared"] or not shared_only
    ]


def letter_state(letter: AppealLetter) -> tuple[Promise, str]:
    """What proves that a letter came, the strongest first."""
    if letter.opened_at:
        return _("Ouverte par le candidat"), "success"
    if letter.posted_on:
        return _("Envoyée en recommandé"), "success"
    if letter.refused_at:
        return _("Refusée par le serveur : à poster"), "danger"
    if letter.sent_at:
        return _("Envoyée"), "neutral"
    return _("En attente d’envoi"), "info"
