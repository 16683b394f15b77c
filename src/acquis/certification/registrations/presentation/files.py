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
    "already_decided": gettext_lazy(
        "Le jury de la session du %(day)s a déjà décidé : une nouvelle présentation demande une"
        " nouvelle inscription."
    ),
    "attempts_used": gettext_lazy(
        "Le référentiel admet %(maximum)s présentations ; il y en a déjà eu %(attempts)s."
    ),
    "retake_window": gettext_lazy(
        "Le délai pour se présenter de nouveau est passé : il courait jusqu’au %(day)s."
    ),
    "retake_training": gettext_lazy(
        "Au-delà du %(day)s, une nouvelle formation est nécessaire : son attestation manque."
    ),
    "retake_experience": gettext_lazy(
        "Pour se présenter de nouveau, une expérience professionnelle dans le métier est à"
        " justifier : la pièce manque."
    ),
    "finish_over": gettext_lazy(
        "Cette édition est close : les titulaires de blocs pouvaient terminer jusqu’au %(day)s."
    ),
    "ccs_without_title": gettext_lazy(
        "Un CCS se présente après le titre : notez au livret quand le titre a été obtenu."
    ),
}


def day_words(day: date) -> str:
    return str(date_format(day, "j F Y"))


def retake_sentences(right: policy.Retake) -> list[str]:
    """What a candidate who did not pass may do next, as documents and pages say it."""
    if not right.allowed:
        return [_("Aucune nouvelle présentation n’est admise par le référentiel.")]
    said = []
    if right.new_request:
        said.append(_("Une nouvelle demande de recevabilité de VAE est nécessaire."))
    if right.until and right.beyond == policy.AFTER_TRAINING:
        said.append(
            _("Nouvelle présentation sans nouvelle formation jusqu’au %(day)s.")
            % {"day": day_words(right.until)}
        )
    elif right.until:
        said.append(
            _("Nouvelle présentation possible jusqu’au %(day)s.") % {"day": day_words(right.until)}
        )
    elif not right.new_request:
        said.append(_("Nouvelle présentation possible, sans délai fixé par le référentiel."))
    if right.left is not None:
        said.append(_("Présentations restantes : %(left)s.") % {"left": right.left})
    if right.proof:
        said.append(_("Une expérience professionnelle dans le métier sera à justifier."))
    return said


def bar_sentence(bar: policy.Bar) -> str:
    params = {
        name: day_words(value) if isinstance(value, date) else value
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
