"""What certification it is, for every layout but the ministry's: kind, title, codes, level.

Signs: « RNCP12345 », « RS1234 », « Répertoire spécifique », « Certificat professionnel », the labels
of the register's sheets (Intitulé, Code(s) NSF…), and the heading « Référentiel … ».
"""

import re
from collections.abc import Sequence

from acquis.certification.frameworks.readers import methods, quantities, typography
from acquis.certification.frameworks.readers.draft import METHOD_TITLES, Draft, Phase
from acquis.certification.frameworks.readers.ministry_identity import (
    FORMACODE,
    NSF,
    ROME,
    labelled,
)
from acquis.certification.frameworks.readers.model import Document, Line

_RNCP = re.compile(r"\bRNCP\s?[-n°:]*\s?(\d{3,6})(?!\s?BC)")
_RNCP_BLOCK = re.compile(r"\bRNCP\s?(\d{3,6})\s?BC")
_RS = re.compile(r"\bRS\s?[-n°:]*\s?(\d{3,5})\b")
_LABEL = re.compile(
    r"^(?:intitule|libelle|titre|nom)(?: officiel| complet)?(?: (?:de la|du|de l|d une)? ?(?:certification|titre|fiche|certificat|diplome|formation certifiante)\w*)?(?: rncp| rs| professionnel(?:le)?)?$"
)
_BOILERPLATE = re.compile(
    r"^(?:\d{1,2}\s*[-–.)]\s*|r[ée]f[ée]rentiels?\b|(?:d'|de\s|des\s|du\s|de la\s|d'une\s|l'|la\s|le\s|les\s|et\s|ou\s)"
    r"|activit[ée]s?\b|comp[ée]tences?\b|[ée]valuations?\b|certifications?\b|certificat(?: professionnel)?\b|titre(?: professionnel| rncp)?\b"
    r"|professionnel(?:le)?s?\b|emplois?\b|m[ée]tiers?\b|blocs?\b|crit[èe]res?\b|modalit[ée]s?\b|RNCP\s?\d*|RS\s?\d*\b|CQP\b(?=\s*[-:])|[-–—:,/.«»\"()\s]+)",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\bniveau\s*(?:de qualification\s*)?:?\s*([1-8])\b", re.IGNORECASE)
_TESTS = re.compile(
    r"\b(?:constitue|compose|comprend|comporte|repose|deroule)\w*\b.*\b(?:epreuves?|etapes|phases|parties)\b"
)


def prose(document: Document) -> list[Line]:
    """Return the paragraphs that stand outside tables."""
    return list(document.lines())


def read_identity(draft: Draft, document: Document, *, blocks: bool) -> None:
    text = document.source_text
    _read_labels(draft, document)
    draft.kind, draft.code = _kind(text, draft, document, blocks=blocks)
    if draft.title is None:
        draft.title = _title(document)
    if draft.level is None:
        level = _LEVEL.search(text)
        draft.level = int(level[1]) if level else None


def _read_labels(draft: Draft, document: Document) -> None:
    for label, value, _line in labelled(document.elements):
        if not value or len(value) > 300:
            continue
        if _LABEL.match(label) and draft.title is None and 3 < len(value) < 200:
            draft.title = value.strip(' «»"')
        elif label.startswith("code") and "nsf" in label:
            draft.nsf = draft.nsf or _unique(NSF, value)
        elif "rome" in label.split():
            draft.rome = draft.rome or _unique(ROME, value)
        elif "formacode" in label or "formacodes" in label:
            draft.formacode = draft.formacode or _unique(FORMACODE, value)
        elif label.startswith(("sigle", "acronyme", "abrege")):
            draft.acronym = draft.acronym or value.split(":")[0].strip()
        elif label.startswith(
            ("date d effet", "date de debut des parcours", "date d enregistrement")
        ):
            draft.effective_from = draft.effective_from or quantities.iso_date(value)


def _unique(pattern: re.Pattern[str], value: str) -> list[str]:
    return list(dict.fromkeys(code.replace(" ", "") for code in pattern.findall(value)))


def _kind(text: str, draft: Draft, document: Document, *, blocks: bool) -> tuple[str, str | None]:
    folded = typography.key(text[:60000])
    rncp = _RNCP_BLOCK.search(text) or _RNCP.search(text)
    own_rs = _RS.search(text)
    if rncp and (blocks or not own_rs):
        return "rncp", f"RNCP{rncp[1]}"
    if own_rs:
        return "rs", f"RS{own_rs[1]}"
    if re.search(r"\bcertificats? professionnels?\b|\bcp ffp\b", folded) and not blocks:
        return "certificat_professionnel", None
    heads = " ".join(line.text for line in list(document.lines())[:12])
    if re.search(r"\bRS\b", heads) or "repertoire specifique" in folded:
        return "rs", None
    if blocks or "repertoire national des certifications professionnelles" in folded:
        return "rncp", None
    return "unknown", draft.code


def _title(document: Document) -> str | None:
    """Return what a heading « Référentiel … » or « RNCP12345 - … » says after its own words."""
    for line in list(document.lines())[:15]:
        coded = re.match(r"^(?:RNCP|RS)\s?\d{3,6}\s*[-–—:]\s*(\S.{4,160})$", line.text)
        if coded:
            return coded[1].strip(' «»".')
    for line in list(document.lines())[:40]:
        folded = typography.key(line.text)
        if "referentiel" not in folded or len(line.text) > 250:
            continue
        if not (line.heading or line.bold or folded.startswith("referentiel")):
            continue
        rest, before = line.text, ""
        while rest != before:
            before, rest = rest, _BOILERPLATE.sub("", rest, count=1)
        rest = re.sub(r"\s*[-–(]*\s*\b(?:RNCP|RS)\s?\d+\)?\s*$", "", rest)
        rest = rest.strip(' «»":-–—.')
        if len(rest) > 5 and not rest[0].islower() and len(rest.split()) > 1:
            return rest
    return None


def whole_phases(lines: Sequence[Line]) -> list[Phase]:
    """Return the tests of the whole certification that the text announces.

    A list below « l'évaluation est constituée de … épreuves : », or a sentence that gives a method
    its duration.
    """
    for place, line in enumerate(lines):
        if not _TESTS.search(typography.key(line.text)) or not line.text.rstrip().endswith(":"):
            continue
        phases: list[Phase] = []
        for item in lines[place + 1 :]:
            if not item.bullet:
                break
            found = methods.methods_in(item.text)
            if found:
                title = METHOD_TITLES[found[0]]
                phases.append(Phase(found[0], title, quantities.minutes(item.text)))
        if phases:
            return phases
    return _timed_phases(lines)


def _timed_phases(lines: Sequence[Line]) -> list[Phase]:
    for line in lines:
        for sentence in re.split(r"(?<=[.!?])\s+", line.text):
            if quantities.minutes(sentence) is None or not re.search(
                r"\bjurys?\b|candidat", sentence, re.IGNORECASE
            ):
                continue
            names = methods.methods_in(sentence)
            if "oral_defence" in names or len(names) > 1:
                return [
                    Phase(name, METHOD_TITLES[name], methods.minutes_of(sentence, name))
                    for name in names
                ]
    return []
