"""What a check found, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.badges.auditing import ROW, Finding
from acquis.certification.badges.checking import Checked, Fault, Nature

SENTENCES: dict[Nature, str | Promise] = {
    Nature.UNREADABLE: gettext_lazy(
        "Ce fichier ne se lit pas comme un badge : ni VC-JWT, ni JSON-LD, ni image SVG qui en porte un."
    ),
    Nature.NOT_A_BADGE: gettext_lazy(
        "Ce document n’est pas un badge Open Badges 3.0 : il lui manque son type, son identifiant,"
        " son émetteur ou ce qu’il atteste."
    ),
    Nature.NO_PROOF: gettext_lazy("Le badge ne porte pas de signature d’une forme connue."),
    Nature.UNCOVERED: gettext_lazy("Une mention n’est couverte par aucune signature (%(detail)s)."),
    Nature.UNKNOWN_ISSUER: gettext_lazy(
        "L’émetteur « %(detail)s » est inconnu : ses clés ne sont pas données."
    ),
    Nature.UNKNOWN_KEY: gettext_lazy("La clé « %(detail)s » n’est pas publiée par l’émetteur."),
    Nature.WRONG_ISSUER: gettext_lazy(
        "La clé qui a signé est celle de « %(detail)s », pas celle de l’émetteur nommé."
    ),
    Nature.SIGNATURE: gettext_lazy(
        "La signature ne correspond pas au contenu : le badge a été modifié, ou signé par une autre clé."
    ),
    Nature.ALTERED: gettext_lazy("La mention « %(detail)s » n’est pas celle qui fut signée."),
    Nature.REGISTERED: gettext_lazy(
        "Les mentions techniques du VC-JWT (iss, jti, nbf, sub) contredisent le badge."
    ),
    Nature.REVOKED: gettext_lazy("Le badge est révoqué : %(detail)s."),
    Nature.NOT_YET: gettext_lazy("Le badge ne vaut pas encore (à partir du %(detail)s)."),
    Nature.OVER: gettext_lazy("Le badge ne vaut plus (jusqu’au %(detail)s)."),
    Nature.UNREADABLE_DATE: gettext_lazy("La date « %(detail)s » ne se lit pas."),
    Nature.UNKNOWN_STATUS: gettext_lazy(
        "La manière de dire sa révocation n’est pas connue : elle n’a pas été vérifiée."
    ),
}


@dataclass(frozen=True)
class Shown:
    valid: bool
    conclusion: str
    sentences: list[str]  # what does not hold
    facts: list[tuple[str, str]]


def shown(checked: Checked) -> Shown:
    valid = not checked.faults
    if valid and not checked.status_seen:
        conclusion = _(
            "Signature valable. La révocation n’a pas été vérifiée : aucune liste de l’émetteur n’est donnée."
        )
    elif valid:
        conclusion = _("Badge valable : signé par son émetteur, non modifié, non révoqué.")
    else:
        conclusion = _("Badge non valable.")
    return Shown(valid, conclusion, [sentence(one) for one in checked.faults], _facts(checked))


def told(finding: Finding) -> str:
    """One line: the certificate's number, the form, what does not hold."""
    words = (
        _("La révocation du badge n’est pas celle du certificat.")
        if finding.form == ROW
        else sentence(finding.fault)
    )
    return f"{finding.badge.certificate.number} · {finding.form} : {words}"


def sentence(fault: Fault) -> str:
    return str(SENTENCES[fault.nature]) % {"detail": fault.detail}


def _facts(checked: Checked) -> list[tuple[str, str]]:
    """What the badge says; told as it is, whether it holds or not."""
    said = checked.credential
    subject, issuer = said.get("credentialSubject"), said.get("issuer")
    results = subject.get("result") if isinstance(subject, dict) else None
    facts: list[tuple[str, Any]] = [
        (_("Certification"), said.get("name")),
        (_("Émetteur"), issuer.get("name") if isinstance(issuer, dict) else issuer),
        (_("Délivré le"), said.get("validFrom")),
        (_("Blocs acquis"), len(results) if isinstance(results, list) else None),
        (_("Identifiant"), said.get("id")),
    ]
    return [(label, str(value)) for label, value in facts if value]
