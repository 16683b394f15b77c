"""What a report says to people, on the page and in the terminal alike."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.certification.seals import checking, keys, policy, queries
from acquis.certification.seals.checking import Report, Verdict
from acquis.certification.seals.models import SealingCertificate
from acquis.kernel import files

TONES = {
    Verdict.VALID: "success",
    Verdict.UNKNOWN: "warning",
    Verdict.UNSEALED: "warning",
    Verdict.NOT_IN_FORCE: "danger",
    Verdict.ALTERED: "danger",
    Verdict.APPENDED: "danger",
    Verdict.UNREADABLE: "danger",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A report in words: the conclusion first, then facts in pairs."""

    verdict: str
    tone: str
    conclusion: str
    facts: list[tuple[str, str]]


def check(content: bytes, *, now: datetime, trusted: tuple[bytes, ...] = ()) -> list[Shown]:
    """Check a PDF against the certificates of this house and those given (DER)."""
    reports = checking.check_pdf(content, roots=[*queries.known_roots(), *trusted])
    return [_shown(one, content, now) for one in reports]


def _shown(report: Report, content: bytes, now: datetime) -> Shown:
    return Shown(
        verdict=report.verdict.value,
        tone=TONES[report.verdict],
        conclusion=_conclusion(report.verdict),
        facts=_facts(report, content, now),
    )


def _conclusion(verdict: Verdict) -> str:
    return {
        Verdict.VALID: _("Sceau valide : ce document est tel qu’il a été scellé."),
        Verdict.UNKNOWN: _(
            "Le document est tel qu’il a été scellé, mais aucun certificat connu ici ne répond du"
            " signataire."
        ),
        Verdict.NOT_IN_FORCE: _(
            "Sceau invalide : le certificat ne valait pas à la date que le sceau porte."
        ),
        Verdict.ALTERED: _("Sceau invalide : le document a été modifié depuis qu’il est scellé."),
        Verdict.APPENDED: _("Sceau invalide : des octets ont été ajoutés après le sceau."),
        Verdict.UNSEALED: _("Ce PDF ne porte pas de sceau."),
        Verdict.UNREADABLE: _("Ce fichier ne se lit pas comme un PDF : rien n’en répond."),
    }[verdict]


def _facts(report: Report, content: bytes, now: datetime) -> list[tuple[str, str]]:
    facts = [(_("Taille"), _("{size} octets").format(size=report.size))]
    if report.holder is None:
        return facts + _stretches(report)
    centre = queries.centre_named(report.holder.sha256)
    facts += [
        (_("Certificat de"), report.holder.subject),
        (_("Délivré par"), report.holder.issuer),
        (_("Centre de cette maison"), centre or _("aucun")),
        (_("Numéro de série"), report.holder.serial),
        (_("Empreinte du certificat"), report.holder.sha256),
        (_("Validité du certificat"), _validity(report, now)),
    ]
    if report.signed_at is not None:
        facts.append((_("Scellé le"), _moment(report.signed_at)))
    facts += _stretches(report)
    if report.verdict == Verdict.APPENDED:
        first = report.covered[-1][1] + 1
        facts.append(
            (
                _("Octets ajoutés"),
                _("de {first} à {last}").format(first=first, last=report.size - 1),
            )
        )
    return facts + _difference(report, content)


def _stretches(report: Report) -> list[tuple[str, str]]:
    said = [
        _("de {first} à {last}").format(first=first, last=last) for first, last in report.covered
    ]
    return [(_("Octets couverts"), " ; ".join(said))] if said else []


def _difference(report: Report, content: bytes) -> list[tuple[str, str]]:
    """Where the file parts from the one that this house keeps, when it keeps it."""
    kept = queries.kept_of(report.digest) if report.verdict != Verdict.VALID else None
    rank = policy.first_difference(files.read(kept), content) if kept is not None else None
    if kept is None or rank is None:
        return []
    return [
        (_("Diffère de l’original"), _("dès l’octet {rank}").format(rank=rank)),
        (_("Original conservé"), f"{kept.name} · SHA-256 {kept.sha256}"),
    ]


def _validity(report: Report, now: datetime) -> str:
    assert report.holder is not None  # noqa: S101  the caller just looked
    first, last = _moment(report.holder.not_before), _moment(report.holder.not_after)
    text = _("du {first} au {last}").format(first=first, last=last)
    if report.expired_on(now):
        return _("{text} (expiré aujourd’hui)").format(text=text)
    return text


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of the chain, its own first."""

    subject: str
    issuer: str
    not_after: datetime
    sha256: str


def chain_of(certificate: SealingCertificate) -> list[Link]:
    return [
        Link(
            keys.words(one.subject),
            keys.words(one.issuer),
            one.not_valid_after_utc,
            keys.fingerprint(one),
        )
        for one in x509.load_pem_x509_certificates(certificate.chain.encode())
    ]
