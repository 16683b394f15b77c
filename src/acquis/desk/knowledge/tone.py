"""Advice on the tone of a written answer, from observable markers only. Pure.

Each piece of advice shows the words it speaks of and says why; nothing is counted as a mark and
nothing is refused. Source: K-11 of the rule book (written channels), and the measured failure of
every detector of tone that gives a score.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST_SENTENCE = 35  # words
SHORTEST_LETTER = 120  # signs: a shorter text is a note, which greets nobody
FORMAL = frozenset({"mail", "letter"})

_SHOUTED = re.compile(r"\b[A-ZÀ-ÖØ-Þ]{3,}(?:\s+[A-ZÀ-ÖØ-Þ]{2,})+\b|\b[A-ZÀ-ÖØ-Þ]{5,}\b")
_EXCLAIMED = re.compile(r"!(?:\s*!)+")
_SENTENCE = re.compile(r"[^.!?…\n]+")
_WORD = re.compile(r"[^\W\d_]+")
_GREETING = re.compile(
    r"^\W*(?:bonjour|bonsoir|madame|monsieur|mesdames|messieurs|chère?|docteur|maître)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:cordialement|salutations|bien à vous|à votre (?:disposition|écoute)|sincères|"
    r"respectueusement|bonne (?:journée|soirée|fin de)|belle journée|considération)\b",
    re.IGNORECASE,
)

Turns = tuple[tuple[str, str | Promise], ...]
NEGATIVE: Turns = (
    (r"\b(?:est impossible|n'est pas possible|m'est impossible)\b",
     _("Dites ce qui est possible, puis la raison.")),
    (r"je ne (?:peux|pourrai) (?:pas|rien)", _("Commencez par ce que vous pouvez faire.")),
    (r"nous ne (?:pouvons|pourrons) (?:pas|rien)", _("Commencez par ce que nous pouvons faire.")),
    (r"vous n'avez (?:pas|qu'à)", _("Décrivez le fait sans le reprocher.")),
    (r"vous (?:devez|auriez dû|deviez)", _("Préférez « je vous invite à… » ou « il suffit de… ».")),
    (r"il faut (?:que vous|absolument)", _("Préférez « je vous invite à… » ou « il suffit de… ».")),
    (r"malheureusement", _("Ce mot annonce un refus : donnez d’abord la solution.")),
    (r"pas de (?:souci|problème)s?", _("Préférez « bien sûr » ou « avec plaisir ».")),
    (r"ce n'est pas (?:de )?(?:notre|ma) faute", _("Dites ce qui sera fait plutôt que la faute.")),
    (r"comme je vous l'ai (?:déjà )?dit", _("Redites-le simplement : la formule reproche.")),
    (r"calmez[- ]vous", _("Nommez ce que la personne ressent plutôt que de lui demander.")),
)  # fmt: skip
JARGON: Turns = (
    (r"\bSLA\b", _("Dites « délai d’engagement ».")),
    (r"\bN[12]\b", _("Dites « mon collègue spécialiste ».")),
    (r"\bback[- ]?office\b", _("Dites « le service de gestion ».")),
    (r"\btickets?\b(?! de caisse)", _("Dites « demande » ou « dossier ».")),
    (r"\bprocess\b", _("Dites « démarche ».")),
    (r"\bworkflow\b", _("Dites « étapes ».")),
    (r"\bASAP\b", _("Donnez une date ou un délai.")),
    (r"\bescalad(?:e|er|é|ée)\b", _("Dites « confier à un responsable ».")),
    (r"\bcheck(?:er|é|ons)?\b", _("Dites « vérifier ».")),
    (r"\bfeedback\b", _("Dites « retour » ou « avis ».")),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """One marker: `start` and `end` are offsets in the text; equal when it speaks of the whole."""

    kind: str  # capitals, exclamation, greeting, closing, negative, jargon, length
    start: int
    end: int
    message: str | Promise


def advise(text: str, channel: str = "") -> list[Advice]:
    """The markers of a text in its order; a greeting and a closing are looked for in mail only."""
    found = [*_marks(text), *_turns(text, "negative", NEGATIVE), *_turns(text, "jargon", JARGON)]
    found += _lengths(text)
    if channel in FORMAL and len(text.strip()) >= SHORTEST_LETTER:
        found += _politeness(text)
    return sorted(found, key=lambda one: (one.start, one.end, one.kind))


def _marks(text: str) -> Iterator[Advice]:
    for match in _SHOUTED.finditer(text):
        yield Advice("capitals", *match.span(), _("Écrit en capitales, le texte semble crié."))
    for match in _EXCLAIMED.finditer(text):
        yield Advice("exclamation", *match.span(), _("Un seul point d’exclamation suffit."))


def _turns(text: str, kind: str, turns: Turns) -> Iterator[Advice]:
    straight = text.replace("’", "'")
    for pattern, message in turns:
        for match in re.finditer(pattern, straight, re.IGNORECASE):
            yield Advice(kind, *match.span(), message)


def _lengths(text: str) -> Iterator[Advice]:
    for match in _SENTENCE.finditer(text):
        if len(_WORD.findall(match.group())) > LONGEST_SENTENCE:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield Advice("length", start, match.end(), _("Phrase longue : coupez-la en deux."))


def _politeness(text: str) -> Iterator[Advice]:
    if not _GREETING.search(text):
        yield Advice("greeting", 0, 0, _("Il manque une formule d’appel au début."))
    if not _CLOSING.search(text):
        yield Advice("closing", len(text), len(text), _("Il manque une formule de politesse."))
