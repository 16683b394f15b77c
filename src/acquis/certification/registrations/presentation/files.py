"""Why somebody may not sit, and where their papers stand, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.registrations import policy
from acquis.certification.registrations.models import Proof

BARS = {
    "vae_not_requested": gettext_lazy(
        "La recevabilité de la VAE n’est pas encore notée : indiquez la date de la demande."
    ),
    "vae_refused": gettext_lazy(
        "La demande de VAE a été jugée non recevable le %(day)s. %(reason)s"
    ),
    "vae_too_early": gettext_lazy(
        "La VAE n’est recevable qu’à partir du %(day)s : avant, la décision est attendue, et deux"
        " mois de silence valent acceptation."
    ),
    "block_held": gettext_lazy(
        "%(block)s est déjà au livret : un bloc acquis l’est définitivement."
    ),
    "blocks_missing": gettext_lazy(
        "Il manque au livret : %(blocks)s. L’entretien de la capitalisation suit le dernier CCP."
    ),
    "ccs_without_title": gettext_lazy(
        "Un CCS se présente après le titre : notez au livret quand le titre a été obtenu."
    ),
}


def bar_sentence(bar: policy.Bar) -> str:
    params = {
        name: date_format(value, "j F Y") if isinstance(value, date) else value
        for name, value in bar.params.items()
    }
    return (str(BARS[bar.code]) % params).strip()


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One paper as the page shows it."""

    kind: str
    label: str
    proof: Proof | None
    state: str
    tone: str
    copied: bool  # whether a file is kept of it


def proof_rows(asked: Sequence[tuple[str, Proof | None]]) -> list[ProofRow]:
    return [
        ProofRow(
            kind,
            str(Proof.Kind(kind).label),
            proof,
            *_proof_state(proof),
            copied=kind not in policy.WITHOUT_COPY,
        )
        for kind, proof in asked
    ]


def _proof_state(proof: Proof | None) -> tuple[str, str]:
    if proof is None:
        return _("À fournir"), "warning"
    return (_("Vérifié"), "success") if proof.verified_at else (_("Déposé"), "info")
