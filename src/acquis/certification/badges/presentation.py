"""What a check found, in words; the files of a badge and the keys that signed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import Organisation
from acquis.certification.badges import queries
from acquis.certification.badges.auditing import ROW, Finding
from acquis.certification.badges.carrying import Form
from acquis.certification.badges.checking import Checked, Fault, Nature
from acquis.certification.badges.models import BadgeKey

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
    Nature.UNKNOWN_BADGE: gettext_lazy(
        "L’émetteur n’a délivré aucun badge sous l’identifiant « %(detail)s »."
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


@dataclass(frozen=True)
class Point:
    """One thing that a check looks at; `state` is holds, fails or unchecked."""

    label: str
    state: str
    sentences: list[str]


@dataclass(frozen=True)
class Answer:
    """A check as the public page tells it: the conclusion, each point, what the file says."""

    tone: str
    conclusion: str
    points: list[Point]
    facts: list[tuple[str, str]]


# What each point of a check is about: the natures that make it fail, and those that keep it from
# being looked at, because what comes before does not hold.
_STOPPED = {Nature.UNKNOWN_ISSUER, Nature.UNKNOWN_BADGE}
_NO_KEY = {*_STOPPED, Nature.UNKNOWN_KEY, Nature.NO_PROOF}
_POINTS: tuple[tuple[str | Promise, str | Promise, set[Nature], set[Nature]], ...] = (
    (
        gettext_lazy("Émetteur"),
        gettext_lazy("Il a délivré un badge sous cet identifiant."),
        _STOPPED,
        set(),
    ),
    (
        gettext_lazy("Clé"),
        gettext_lazy("La clé nommée est publiée par l’émetteur."),
        {Nature.UNKNOWN_KEY, Nature.WRONG_ISSUER},
        {*_STOPPED, Nature.NO_PROOF},
    ),
    (
        gettext_lazy("Signature"),
        gettext_lazy("Elle correspond au contenu."),
        {Nature.SIGNATURE, Nature.UNCOVERED, Nature.REGISTERED, Nature.NO_PROOF},
        _NO_KEY - {Nature.NO_PROOF},
    ),
    (
        gettext_lazy("Mentions"),
        gettext_lazy("Toutes sont celles qui furent signées."),
        {Nature.ALTERED},
        _NO_KEY,
    ),
    (
        gettext_lazy("Dates"),
        gettext_lazy("Le badge vaut à ce jour."),
        {Nature.NOT_YET, Nature.OVER, Nature.UNREADABLE_DATE},
        set(),
    ),
    (
        gettext_lazy("Révocation"),
        gettext_lazy("Il n’est pas révoqué."),
        {Nature.REVOKED, Nature.UNKNOWN_STATUS},
        _STOPPED,
    ),
)
MOST_SENTENCES = 10  # a file made for it could differ in thousands of claims
MOST_LETTERS = 300  # of what a file says, as the page repeats it


def answer(checked: Checked, name: str, is_theirs: bool | None) -> Answer:
    """`name` is the holder asked about, `is_theirs` what the badge says of it."""
    told = shown(checked)
    tone, conclusion = ("success" if told.valid else "danger"), told.conclusion
    if told.valid and is_theirs is False:
        tone, conclusion = "warning", _("Badge valable, mais pas au nom donné.")
    natures = {one.nature for one in checked.faults}
    if natures == {Nature.REVOKED}:
        conclusion = _("Badge révoqué : il ne vaut plus.")
    if natures & {Nature.UNREADABLE, Nature.NOT_A_BADGE}:
        return Answer(tone, told.sentences[0], [], [])
    points = [
        _point(str(label), str(holds), checked, fails, hidden)
        for label, holds, fails, hidden in _POINTS
    ]
    if is_theirs is not None:
        points.append(_named(name, is_theirs=is_theirs))
    return Answer(tone, conclusion, points, told.facts)


def _point(
    label: str, holds: str, checked: Checked, fails: set[Nature], hidden: set[Nature]
) -> Point:
    natures = {one.nature for one in checked.faults}
    broken = [sentence(one) for one in checked.faults if one.nature in fails]
    if broken:
        return Point(label, "fails", _short(broken))
    # A file that gives its words another meaning is read no further: nothing of it is looked at.
    if natures == {Nature.UNCOVERED} or natures & hidden:
        return Point(label, "unchecked", [_("Non vérifié : ce qui précède manque.")])
    if fails == {Nature.REVOKED, Nature.UNKNOWN_STATUS} and not checked.status_seen:
        return Point(label, "unchecked", [_("Non vérifiée : le badge n’en nomme pas la liste.")])
    return Point(label, "holds", [holds])


def _named(name: str, *, is_theirs: bool) -> Point:
    if is_theirs:
        return Point(_("Titulaire"), "holds", [_("Le badge est celui de « %s ».") % name])
    said = _("Le badge n’est pas celui de « %s », ou le nom est écrit autrement sur le certificat.")
    return Point(_("Titulaire"), "fails", [said % name])


def _short(sentences: list[str]) -> list[str]:
    rest = len(sentences) - MOST_SENTENCES
    if rest <= 0:
        return sentences
    more = ngettext("Et %d autre mention.", "Et %d autres mentions.", rest) % rest
    return [*sentences[:MOST_SENTENCES], more]


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
    return str(SENTENCES[fault.nature]) % {"detail": fault.detail[:MOST_LETTERS]}


def _facts(checked: Checked) -> list[tuple[str, str]]:
    return facts(checked.credential)


def facts(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a badge says, in pairs; told as it is, whether it holds or not."""
    issuer = said.get("issuer")
    pairs: list[tuple[str, Any]] = [
        (_("Certification"), said.get("name")),
        (_("Émetteur"), issuer.get("name") if isinstance(issuer, dict) else issuer),
        (_("Décision du jury"), _day(said.get("awardedDate"))),
        (_("Délivré le"), _day(said.get("validFrom"))),
        (_("Blocs acquis"), " ; ".join(_blocks(said.get("credentialSubject")))),
        (_("Identifiant"), said.get("id")),
    ]
    return [(label, str(value)[:MOST_LETTERS]) for label, value in pairs if value]


def _day(said: Any) -> str:
    """A day as people write it, or what is said when it is no date."""
    try:
        moment = datetime.fromisoformat(str(said or ""))
    except ValueError:
        return str(said or "")
    return f"{timezone.localtime(moment) if moment.tzinfo else moment:%d/%m/%Y}"


def _blocks(subject: Any) -> Iterable[str]:
    """The blocks with their results, by the names that the achievement gives them."""
    found = subject if isinstance(subject, dict) else {}
    achievement, results = found.get("achievement"), found.get("result")
    described = achievement.get("resultDescription") if isinstance(achievement, dict) else None
    names = {
        str(one.get("id")): str(one.get("name"))
        for one in (described if isinstance(described, list) else [])
        if isinstance(one, dict)
    }
    for one in results if isinstance(results, list) else []:
        address = str(one.get("resultDescription")) if isinstance(one, dict) else ""
        if address in names:
            yield names[address]


@dataclass(frozen=True)
class Offer:
    """One file of a badge, and what it is for."""

    form: str
    label: str | Promise
    purpose: str | Promise


def offers() -> list[Offer]:
    return [
        Offer(
            Form.SVG,
            gettext_lazy("Image (.svg)"),
            gettext_lazy(
                "Pour un CV, un profil ou un courriel : l’image se voit, et le badge signé est dedans."
            ),
        ),
        Offer(
            Form.JWT,
            gettext_lazy("Texte signé VC-JWT (.jwt)"),
            gettext_lazy("Pour un portefeuille numérique qui importe des badges Open Badges 3.0."),
        ),
        Offer(
            Form.JSON,
            gettext_lazy("JSON-LD à preuve incorporée (.json)"),
            gettext_lazy(
                "Pour qui veut lire chaque mention, et vérifier la preuve avec les outils de son choix."
            ),
        ),
    ]


@dataclass(frozen=True)
class KeyRow:
    key: BadgeKey
    badges: int  # signed by it


def key_rows(organisation: Organisation) -> list[KeyRow]:
    """The keys of a certifying body, those in force first, then the last retired."""
    signed = queries.signed_by_key(organisation)
    rows = [KeyRow(key, signed.get(key.pk, 0)) for key in organisation.badge_keys.all()]
    return sorted(
        rows, key=lambda row: (row.key.retired_at is not None, -row.key.made_at.timestamp())
    )
