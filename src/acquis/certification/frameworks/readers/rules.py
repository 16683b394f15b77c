"""What the document itself states of marks, jury, deadlines and retakes.

Every rule needs its own words close together (a number and what it counts); what is not said
stays unknown.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from acquis.certification.frameworks.readers import quantities, typography
from acquis.certification.frameworks.readers.model import Line

_N = quantities.NUMBER
_SCALE = re.compile(
    r"\bacquise?s?\b (?:/ |ou |et |et ou )?(?:partiellement acquis )?\bnon acquise?s?\b"
)
_RATIO = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%")
_CRITERIA = re.compile(r"\bcriteres?\b|\bcompetences?\b|\bpoints?\b|\bbonnes reponses\b")
_PASS = re.compile(
    r"\bau moins\b|\bminimum\b|\bdelivre|\bvalide|\bobten|\breussi|\badmis|\bseuil\b|\bsatisfai"
)
_MEMBERS = re.compile(
    rf"\b(?:compose|constitue|jury)\w*\b(?: au minimum| d au moins| au moins)? (?:d |de |par )?(?:au moins |au minimum )?({_N})"
    rf"(?: (?:a|ou|et) ({_N}))? (?:jures?|membres?|professionnels?|evaluateurs?|personnes|examinateurs?)\b"
)
_PAIR = re.compile(r"\bbinome de (?:jures?|professionnels?|evaluateurs?|jurys?)\b")
_TRIO = re.compile(r"\btrinome de (?:jures?|professionnels?|evaluateurs?)\b")
_SEAT = re.compile(
    rf"^({_N})(?: (?:ou|a) ({_N}))? (?:representants?|membres?|professionnels?|jures?|formateurs?|responsables?|dirigeants?)\b"
)
_INDEPENDENT = re.compile(
    rf"\b(?:dont|avec)\b(?: au moins)? ({_N})(?: \w{{1,2}})?(?: \w+)?(?: \w+)? (?:independante?s?|exterieure?s?|externes?)\b"
)
_EXPERIENCE = re.compile(
    rf"\b({_N}) (?:annees?|ans) (?:minimum |au moins )?(?:d )?(?:experience|exercice|pratique|anciennete)"
    rf"|\bexperience (?:professionnelle )?(?:d au moins|minimum|minimale|de plus|superieure|d )? ?(?:de |d |a )?({_N}) (?:annees?|ans)\b"
)
_LEFT = re.compile(
    rf"\b(?:quitte|cesse|arrete)\w*\b.{{0,60}}\bdepuis (?:plus|moins) de ({_N}) (?:ans|annees)\b"
)
_BRIEFING = re.compile(
    rf"\b(?:session|reunion|journee|formation|seance)s? (?:d )?(?:information|preparation|habilitation)\b.{{0,40}}?\b({_N}) ?(?:h|heures?)\b"
)
_SUMMONS = re.compile(rf"\b({_N}) (jours?|semaines?|mois)(?: \w+)? avant\b")
_SUMMONED = re.compile(r"\bconvocation|\bconvoqu")
_RESULTS = re.compile(
    rf"\b(?:dans (?:les|un delai de|un delai maximum de)|sous(?: un delai de)?|au plus tard) ({_N}) (jours?|semaines?|mois)\b"
)
_RESULT_WORDS = re.compile(r"\bresultats?\b")
_RETAKE = re.compile(
    rf"\b(?:dispose\w*|delai|periode|dans un delai|dans les|sous|pendant|durant)\b(?: d| de| maximum de| maximal de)* ({_N}) (ans?|mois|annees?|semaines?|jours?)\b"
)
_RETAKE_WORDS = re.compile(
    r"\brattrapage|\brepresenter\b|\bse presenter a (?:nouveau|une nouvelle)|\bnouvelle (?:session|presentation)|\bseconde session"
)
_SECOND_FAILURE = re.compile(
    r"\b(?:2e|2eme|2nd|second|seconde|deuxieme) echec\b.{0,120}\b(?:plus|definitiv)"
)
_THIRD_FAILURE = re.compile(r"\b(?:3e|3eme|troisieme) echec\b.{0,120}\b(?:plus|definitiv)")
_EXPERIENCE_ASKED = re.compile(r"\b(?:justifi|attest)\w*\b.{0,20}\bexperience professionnelle\b")
_ATTEMPTS = re.compile(
    rf"\b(?:limite|maximum|maximal)\w*\b.{{0,30}}?\b({_N}) (?:passages|presentations|tentatives|sessions)\b|\b({_N}) (?:passages|presentations|tentatives)\b.{{0,20}}\bmaximum\b"
)
_JURY = re.compile(r"\bjur(?:y|es?|ee?s?)\b|\bbinome\b")
_NOTEWORTHY = re.compile(
    r"\bcompose|\bbinome\b|\bindependan|\bexterieur|\bexperience\b|\bhabilit|\brepresentant|\bexterne"
)


def read_rules(lines: Sequence[Line]) -> dict[str, Any]:
    """Return the stated rules; the jury's are under `jury`."""
    sentences = [(sentence, line) for line in lines for sentence in _sentences(line.text)]
    rules: dict[str, Any] = {}
    jury: dict[str, Any] = {}
    for sentence, _line in sentences:
        folded = typography.key(sentence.replace("/", " / ")).replace(" / ", " ")
        _read_marks(sentence, folded, rules)
        _read_deadlines(folded, rules)
        _read_jury(folded, jury)
    _read_seats(lines, jury)
    notes = _notes(sentences)
    if notes:
        jury["notes"] = notes
    if jury:
        rules["jury"] = jury
    return rules


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[a-zà-ÿ0-9)][.!?])\s+(?=[A-ZÀÉÈ«])", text) if part]


def _read_marks(sentence: str, folded: str, rules: dict[str, Any]) -> None:
    if _SCALE.search(folded):
        rules.setdefault("scale", "acquis_non_acquis")
    ratio = _RATIO.search(sentence)
    if ratio and _CRITERIA.search(folded) and _PASS.search(folded):
        value = Decimal(ratio[1].replace(",", ".")) / 100
        if 0 < value <= 1:
            rules.setdefault("pass_ratio", str(value.quantize(Decimal("0.01"))))


def _read_deadlines(folded: str, rules: dict[str, Any]) -> None:
    summons = _SUMMONS.search(folded)
    if summons and _SUMMONED.search(folded):
        rules.setdefault("summons_before", _period(summons))
    results = _RESULTS.search(folded)
    if results and _RESULT_WORDS.search(folded):
        rules.setdefault("results_within", _period(results))
    retake = _RETAKE.search(folded)
    if retake and _RETAKE_WORDS.search(folded):
        rules.setdefault("retake_within", _period(retake))
        if _EXPERIENCE_ASKED.search(folded):
            rules.setdefault("retake_proof", "experience")
    if _SECOND_FAILURE.search(folded):
        rules.setdefault("attempts_max", 2)
    elif _THIRD_FAILURE.search(folded):
        rules.setdefault("attempts_max", 3)
    attempts = _ATTEMPTS.search(folded)
    if attempts and (_RETAKE_WORDS.search(folded) or "candidat" in folded):
        rules.setdefault("attempts_max", quantities.number(attempts[1] or attempts[2]))


def _period(found: re.Match[str]) -> str | None:
    count = quantities.number(found[1])
    return quantities.period(count, found[2]) if count else None


def _read_jury(folded: str, jury: dict[str, Any]) -> None:
    if not _JURY.search(folded) and not _EXPERIENCE.search(folded) and not _LEFT.search(folded):
        return
    members = _MEMBERS.search(folded)
    if members:
        jury.setdefault("members_min", quantities.number(members[1]))
        jury.setdefault("members_max", quantities.number(members[2]) if members[2] else None)
    elif _PAIR.search(folded):
        jury.setdefault("members_min", 2)
    elif _TRIO.search(folded):
        jury.setdefault("members_min", 3)
    independent = _INDEPENDENT.search(folded)
    if independent:
        jury.setdefault("independent_min", quantities.number(independent[1]))
    experience = _EXPERIENCE.search(folded)
    if experience and "candidat" not in folded:
        jury.setdefault("experience_years_min", quantities.number(experience[1] or experience[2]))
    left = _LEFT.search(folded)
    if left:
        jury.setdefault("left_years_max", quantities.number(left[1]))
    briefing = _BRIEFING.search(folded)
    if briefing:
        jury.setdefault("briefing_hours", quantities.number(briefing[1]))


def _read_seats(lines: Sequence[Line], jury: dict[str, Any]) -> None:
    """Add up the seats that a list gives below « Le jury est composé de : »."""
    for place, line in enumerate(lines):
        folded = typography.key(line.text)
        if not re.search(
            r"\bjurys?\b.*\b(?:compose|constitue|comprend)\w*", folded
        ) or not line.text.rstrip().endswith(":"):
            continue
        least = most = 0
        for item in lines[place + 1 :]:
            seat = _SEAT.match(typography.key(item.text))
            if not seat:
                break
            low = quantities.number(seat[1]) or 0
            least += low
            most += quantities.number(seat[2]) or low if seat[2] else low
        if least:
            jury["members_min"], jury["members_max"] = least, most
            return


def _notes(sentences: Sequence[tuple[str, Line]]) -> list[str]:
    """Keep the document's own sentences on who sits in the jury, each once."""
    notes: dict[str, str] = {}
    for place, (sentence, _line) in enumerate(sentences):
        folded = typography.key(sentence)
        if not (_JURY.search(folded) and _NOTEWORTHY.search(folded)) or len(sentence) > 400:
            continue
        if re.search(r"\bd un membre du jury\b|\bconseil de perfectionnement\b", folded):
            continue
        note = sentence.strip()
        if note.endswith(":"):
            items = []
            for item, line in sentences[place + 1 :]:
                if not (line.bullet or _SEAT.match(typography.key(item))):
                    break
                items.append(item.strip(" ;."))
            if not items:
                continue
            note = f"{note} {' ; '.join(items)}"
        notes.setdefault(typography.key(note), note)
    return list(notes.values())
