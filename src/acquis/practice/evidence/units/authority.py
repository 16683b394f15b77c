"""Gestures beside the authority matrix of the enterprise: those weighed in a case, those written."""

import re
from collections.abc import Iterator
from decimal import Decimal

from acquis.practice.evidence.sources import Act, Moment, Seen, Sources, moment_of
from acquis.practice.evidence.units.agreement import amounts
from acquis.practice.evidence.units.passages import sentences
from acquis.practice.evidence.units.text import fold

PROPOSED = "case.option_proposed"
LEVELS = {1: "du conseiller", 2: "du superviseur", 3: "de la direction"}
# Something given, whoever gives it; folded.
GIFT = (
    r"(?:geste(?: commercial)?|bons? d'achat|remise|avoir|dedommagement|compensation|reduction"
    r"|ristourne|rembours\w+)"
)
OFFER = re.compile(
    rf"\b(?:je|nous) (?:vous )?(?:\w+ ){{0,2}}?(?:propos|offr|accord|consen|rembours|credit)\w*"
    rf"|\bvous (?:beneficie|recevre|aure)\w*[^.]{{0,60}}{GIFT}"
    rf"|\b{GIFT} de \d"
)


def offers(sources: Sources) -> list[Seen]:
    """Each gesture weighed in a case with the level that it needs, and each amount offered in writing or aloud."""
    weighed = [_weighed(act, sources) for act in sources.acts if act.verb == PROPOSED]
    told = list(_told(sources))
    seen = [*weighed]
    for title, found in (
        ("Offres écrites", [one for one in told if one.second is None]),
        ("Offres dites", [one for one in told if one.second is not None]),
    ):
        if found:
            number = len(found)
            many = "s" if number > 1 else ""
            seen.append(
                Seen(title, f"{number} offre{many} chiffrée{many}. {_matrix(sources)}", found)
            )
    return seen or [Seen("Offres", "Aucune offre chiffrée n’a été repérée.")]


def _weighed(act: Act, sources: Sources) -> Seen:
    amount = Decimal(str(act.data.get("amount", 0)))
    gesture = sources.gestures.get(str(act.data.get("gesture")), "geste")
    level = LEVELS.get(int(act.data.get("needs", 1)), LEVELS[3])
    return Seen(
        "Geste proposé dans un dossier",
        f"{gesture} de {_euros(amount)} : relève {level} selon la matrice.",
        [Moment(f"act-{act.position}", gesture, act.at)],
    )


def _told(sources: Sources) -> Iterator[Moment]:
    for talk in sources.talks:
        for message in talk.said:
            if message.author == "adviser":
                for sentence in sentences(message):
                    if is_offer(sentence):
                        yield moment_of(message, talk.label, sentence[:240])


def is_offer(sentence: str) -> bool:
    """Whether a sentence offers an amount; a question asks, it does not offer."""
    return bool(amounts(sentence)) and bool(OFFER.search(fold(sentence)))


def _matrix(sources: Sources) -> str:
    if not sources.ceilings:
        return "La matrice d’habilitation de l’entreprise n’est pas connue."
    told = [
        f"{name} {'sans limite' if ceiling is None else f'jusqu’à {_euros(ceiling)}'}"
        for name, ceiling in sources.ceilings
    ]
    return f"Le conseiller accorde seul : {', '.join(told)}."


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",") + "\u00a0€"
