"""Passages of the adviser's messages that use known turns of phrase, each shown where it stands."""

import re
from collections.abc import Iterable

from acquis.practice.evidence.sources import Said, Seen, Sources, Talk, moment_of

SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")

REFORMULATION = re.compile(
    r"si (?:j'ai|je vous ai) bien (?:compris|suivi|saisi|noté|lu)|si je (?:comprends|résume|reprends|"
    r"reformule|récapitule)|(?:vous me dites|vous m'indiquez|vous m'expliquez|vous souhaitez donc|"
    r"vous voulez donc|vous avez donc|vous êtes donc)|autrement dit|en d'autres termes|je reformule|"
    r"pour (?:résumer|récapituler|être sûre?) |je récapitule|je résume|c'est bien cela|c'est bien ça|"
    r"est-ce bien (?:cela|ça)|votre demande (?:est|concerne|porte)|je note (?:donc )?que|donc,? (?:vous|votre)",
    re.IGNORECASE,
)
CHECK = re.compile(
    r"est-ce (?:que c'est |que cela est |bien )?clair|cela vous (?:convient|va|semble|paraît)|"
    r"ça vous (?:convient|va)|(?:ai-je|est-ce que j'ai) (?:bien )?répondu|est-ce que cela répond|"
    r"avez-vous d'autres questions|d'autres? questions? ?\?|autre chose (?:à|que je|pour vous|\?)|"
    r"vous (?:est|paraît|semble)-(?:il|elle|ce) (?:claire?|compréhensible)|souhaitez-vous que je (?:reprenne|"
    r"précise|répète)|êtes-vous d'accord|(?:est-ce|c'est) bon pour vous|qu'en pensez-vous|"
    r"vous convient-elle|vous convient-il|êtes-vous satisfaite?|puis-je (?:faire|vous aider)",
    re.IGNORECASE,
)
MARKERS = (
    ("salutation", re.compile(r"\b(?:bonjour|bonsoir|bienvenue)\b", re.IGNORECASE)),
    ("remerciement", re.compile(r"\b(?:merci|je vous remercie|remerciements)\b", re.IGNORECASE)),
    (
        "excuse",
        re.compile(
            r"\b(?:désolée?s?|navrée?s?|excuses?|excuser|pardon|(?:je|nous) regrett(?:e|ons))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "marque d’écoute",
        re.compile(
            r"je (?:comprends|vous comprends|conçois|mesure|vous entends|imagine)|"
            r"votre (?:mécontentement|déception|inquiétude|agacement)|c'est (?:pénible|regrettable|légitime)",
            re.IGNORECASE,
        ),
    ),
    (
        "attente annoncée",
        re.compile(
            r"un instant|je (?:vérifie|regarde|consulte|recherche)|patienter|le temps de",
            re.IGNORECASE,
        ),
    ),
    (
        "prise de congé",
        re.compile(r"bonne (?:journée|soirée|fin de journée)|au revoir|à bientôt", re.IGNORECASE),
    ),
    (
        "expression déconseillée",
        re.compile(
            r"\b(?:malheureusement|il faut|vous devez|calmez-vous|je ne sais pas|c'est pas (?:moi|ma faute)|"
            r"ce n'est pas (?:moi|ma faute)|petit souci|pas de souci|aucun problème|ne quittez pas)\b",
            re.IGNORECASE,
        ),
    ),
)


def sentences(message: Said) -> Iterable[str]:
    return (
        match.group().strip() for match in SENTENCE.finditer(message.body) if match.group().strip()
    )


def _found(sources: Sources, pattern: re.Pattern[str]) -> list[tuple[Talk, Said, str]]:
    return [
        (talk, message, sentence)
        for talk in sources.talks
        for message in talk.said
        if message.author == "adviser"
        for sentence in sentences(message)
        if pattern.search(sentence.replace("’", "'"))
    ]


def _seen(title: str, found: list[tuple[Talk, Said, str]], none: str) -> list[Seen]:
    if not found:
        return [Seen(title, none)]
    number = len(found)
    return [
        Seen(
            title,
            f"{number} passage{'s' if number > 1 else ''} proposé{'s' if number > 1 else ''}.",
            [moment_of(message, talk.label, sentence[:240]) for talk, message, sentence in found],
        )
    ]


def reformulations(sources: Sources) -> list[Seen]:
    return _seen(
        "Reformulation",
        _found(sources, REFORMULATION),
        "Aucune tournure de reformulation repérée dans les échanges.",
    )


def understanding_checks(sources: Sources) -> list[Seen]:
    return _seen(
        "Vérification",
        _found(sources, CHECK),
        "Aucune tournure de vérification repérée dans les échanges.",
    )


def questions(sources: Sources) -> list[Seen]:
    found = [
        (talk, message, sentence)
        for talk in sources.talks
        for message in talk.said
        if message.author == "adviser"
        for sentence in sentences(message)
        if sentence.endswith("?")
    ]
    return _seen("Questions", found, "Aucune question posée par écrit au client.")


def markers(sources: Sources) -> list[Seen]:
    seen = []
    for name, pattern in MARKERS:
        found = _found(sources, pattern)
        if found:
            seen += _seen(name.capitalize(), found, "")
    return seen or [Seen("Tournures", "Aucune des tournures connues n’a été repérée.")]
