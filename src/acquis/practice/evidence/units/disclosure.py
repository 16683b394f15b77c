"""What the adviser told of a customer's own affairs before the customer was tied to a record."""

import re
from collections.abc import Iterator

from acquis.practice.evidence.sources import Said, Seen, Sources, Talk, moment_of
from acquis.practice.evidence.units.acts import IDENTIFIED
from acquis.practice.evidence.units.agreement import AMOUNT, LONG_DATE, SHORT_DATE
from acquis.practice.evidence.units.passages import sentences
from acquis.practice.evidence.units.text import fold

# A number of an order, an invoice or a contract; an address of mail; a telephone number.
ALONE = re.compile(
    r"\b[a-z]{2,4}-\d{4,}\b|[\w.+-]+@[\w-]+\.[\w.]+|\b0[1-9](?:[\s.]?\d{2}){4}\b", re.IGNORECASE
)
OF_THE_CUSTOMER = re.compile(r"\b(?:votre|vos|vous (?:avez|aviez|etes|habitez)|a votre nom)\b")
TOLD = (AMOUNT, LONG_DATE, SHORT_DATE)


def disclosures(sources: Sources) -> list[Seen]:
    """For each exchange, the sentences that tell a particular too early; nothing where there is none."""
    return [seen for talk in sources.talks for seen in _of(talk, sources)]


def _of(talk: Talk, sources: Sources) -> Iterator[Seen]:
    linked = next(
        (act for act in sources.acts if act.verb == IDENTIFIED and act.object_id == str(talk.pk)),
        None,
    )
    heard = ""
    moments = []
    for message in talk.said:
        if linked is not None and message.at >= linked.at:
            break
        if message.author == "adviser":
            how = "dit" if message.is_spoken else "écrit"
            moments += [
                moment_of(message, f"{how} avant le rattachement", one)
                for one in _telling(message, heard)
            ]
        elif message.author == "customer":
            heard += f" {fold(message.body)}"
    if moments:
        number = len(moments)
        many = "s" if number > 1 else ""
        yield Seen(
            "Avant l’identification",
            f"{talk.label} : {number} phrase{many} sur les affaires du client avant son rattachement"
            " à une fiche.",
            moments,
        )


def _telling(message: Said, heard: str) -> Iterator[str]:
    """The sentences with a particular that the customer had not written first."""
    for sentence in sentences(message):
        folded = fold(sentence)
        found = [match.group() for match in ALONE.finditer(folded)]
        if OF_THE_CUSTOMER.search(folded):
            found += [match.group() for kind in TOLD for match in kind.finditer(folded)]
        if any(one.strip() not in heard for one in found):
            yield sentence[:240]
