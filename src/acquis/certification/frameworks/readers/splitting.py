"""Lists that lost their line ends, sentences that a page cut in two.

A cell of a converted table often holds several criteria in a row, with nothing between them:
« La demande est comprise Les besoins sont identifiés ». They are parted where a capital letter
follows a word that ends no sentence — first by the known wording of the same criteria elsewhere
in the document, else by the way French criteria begin.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import Line

_DETERMINER = re.compile(
    r"(?<=[a-zà-ÿ0-9)»%.;])\s+(?=(?:L[ea]s?|L'[A-Za-zÀ-ÿ]+|Une?|Des|Du|Au|Aux|Aucune?|Chaque|Tou(?:t|te|s|tes)|"
    r"Ce(?:s|t|tte)?|Son|Sa|Ses|Leurs?|Il|Elle|À|D'[a-zà-ÿ]+|Dans|En|Lors|Pour)\b)"
)
_CAPITAL = re.compile(r"(?<=[a-zà-ÿ0-9)»%.;])\s+(?=[A-ZÀÂÉÈÊÎÔŒ][a-zà-ÿœ']+)")
_LEANS = re.compile(
    r"\b(?:de|du|des|d|la|le|les|l|un|une|et|ou|à|au|aux|en|dans|par|pour|sur|avec|sans|selon|via|son|sa|"
    r"ses|leur|ce|cette|qu|que|M|Mme|n°|loi|code|logiciels?|outils?|type)$"
)
_INFINITIVE = re.compile(
    r"(?<=[a-zà-ÿ0-9)»%.;])\s+(?=(?:[A-ZÀÂÉÈÊÎÔŒ][a-zà-ÿœ]*(?:er|ir|re|oir)|S'[a-zà-ÿ]+(?:er|ir|re|oir)|"
    r"Se [a-zà-ÿ]+(?:er|ir|re|oir))\b)"
)
_SENTENCES = re.compile(r"(?<=[a-zà-ÿ0-9)»%][.;])\s+(?=[A-ZÀÂÉÈÊÎÔŒ])")


def split_known(text: str, known: Sequence[str]) -> list[str] | None:
    """Part a text made of known wordings only; None when something else is in it."""
    wordings = sorted({w for w in known if w}, key=len, reverse=True)
    rest, found = text.strip(), []
    while rest:
        match = next((w for w in wordings if _begins(rest, w)), None)
        if match is None:
            return None
        length = _matched_length(rest, match)
        found.append(rest[:length].strip(" .;"))
        rest = rest[length:].lstrip(" .;,•-")
    return found or None


def _begins(text: str, wording: str) -> bool:
    return f"{typography.key(text)} ".startswith(f"{typography.key(wording)} ")


def _matched_length(text: str, wording: str) -> int:
    wanted = typography.key(wording)
    for end in range(len(wording) - 8 if len(wording) > 8 else 1, len(text) + 1):
        if typography.key(text[:end]) == wanted and (end == len(text) or not text[end].isalnum()):
            return end
    return len(text)


def split_criteria(text: str) -> list[str]:
    """Part criteria written in a row, by the way each begins."""
    if _DETERMINER.search(text) and re.match(
        r"(?:L[ea]s?\b|L'|Un|Des|Chaque|Au|Tou|Ce|Son|Sa|Ses)", text
    ):
        return _parted(text, _DETERMINER)
    return _parted(text, _CAPITAL)


def split_competencies(text: str) -> list[str]:
    """Part competencies written in a row: each begins with an infinitive."""
    return _parted(text, _INFINITIVE)


def split_sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.split(text) if part.strip()]


def _parted(text: str, pattern: re.Pattern[str]) -> list[str]:
    parts: list[str] = []
    for part in pattern.split(text):
        if parts and (_LEANS.search(parts[-1]) or len(part.split()) < 2):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part.strip())
    return [part for part in parts if part]


def merged(lines: Sequence[Line]) -> list[Line]:
    """Join to its beginning every line that can only be the end of a sentence."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        if (
            last is not None
            and not line.bullet
            and not line.heading
            and (typography.continues(line.text) or line.text.startswith("("))
            and typography.is_open(last.text)
        ):
            whole[-1] = replace(last, text=join(last.text, line.text))
        else:
            whole.append(line)
    return whole
