"""Legal mentions that the adviser wrote, in the exchanges and in the letters."""

import re
from collections.abc import Iterator

from acquis.practice.evidence.sources import Moment, Seen, Sources, moment_of
from acquis.practice.evidence.units.passages import SENTENCE
from acquis.practice.evidence.units.text import fold

# Patterns of folded text: no accents, no capitals.
MENTIONS = (
    ("droit de rétractation", r"\bretract"),
    ("garantie légale", r"garanties? legales?|garantie[^.]{0,20}conformite|vices? caches?"),
    ("médiation", r"\bmediat(?:eur|rice|ion)\b"),
    (
        "enregistrement de l’échange",
        (
            r"(?:appel|conversation|echange|communication)s?[^.]{0,30} (?:est|sera|sont|peut etre|etre)"
            r" enregistree?s?|enregistree?s? (?:a des fins|pour (?:la formation|ameliorer))"
        ),
    ),
    (
        "données personnelles",
        (
            r"donnees (?:personnelles|a caractere personnel)|\brgpd\b|droits? d'acces"
            r"|(?:protection|traitement) de vos donnees"
        ),
    ),
    (
        "opposition au démarchage",
        (
            r"\bbloctel\b|liste d'opposition|oppos\w+ (?:au|a tout|a la) (?:demarchage|prospection)"
            r"|ne (?:plus|pas) etre (?:demarche|sollicite|appele|contacte)"
        ),
    ),
    ("conditions générales", r"conditions generales"),
    ("prix toutes taxes", r"toutes taxes comprises|\bttc\b"),
    (
        "confirmation écrite",
        (
            r"support durable|confirmation (?:ecrite|par (?:courriel|e-mail|mail|courrier|ecrit))"
            r"|confirm\w+ (?:tout cela |cela |l'offre |le contrat )?par (?:courriel|e-mail|mail|courrier|ecrit)"
        ),
    ),
    ("durée d’engagement", r"sans engagement|duree d'engagement|engagement de \w+ (?:mois|ans?)"),
)
READ = tuple((name, re.compile(pattern)) for name, pattern in MENTIONS)


def mentions(text: str) -> list[str]:
    """The names of the mentions that a text makes, in the order of the list."""
    folded = fold(text)
    return [name for name, pattern in READ if pattern.search(folded)]


def legal_mentions(sources: Sources) -> list[Seen]:
    """One observation a mention, with every passage that makes it; one that says so when none is."""
    found: dict[str, list[Moment]] = {}
    for moment in _passages(sources):
        for name in mentions(moment.excerpt):
            found.setdefault(name, []).append(moment)
    if not found:
        return [Seen("Mentions légales", "Aucune des mentions légales connues n’a été repérée.")]
    return [
        Seen(
            name.capitalize(), f"{len(moments)} passage{'s' if len(moments) > 1 else ''}.", moments
        )
        for name, moments in ((name, found[name]) for name, _pattern in READ if name in found)
    ]


def _passages(sources: Sources) -> Iterator[Moment]:
    for talk in sources.talks:
        for message in talk.said:
            if message.author == "adviser":
                for sentence in _sentences(message.body):
                    yield moment_of(message, talk.label, sentence)
    for written in sources.letter:
        for sentence in _sentences(written.text):
            yield Moment(f"production-{written.key}", written.label, None, sentence)


def _sentences(text: str) -> list[str]:
    return [
        one for one in (match.group().strip()[:240] for match in SENTENCE.finditer(text)) if one
    ]
