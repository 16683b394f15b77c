"""How a certification says it evaluates: methods, deliverables, durations in running text.

Used for the « modalités » column of tables and for the paragraphs of OCR texts. A line that only
names a way of working gives a method; an enumeration « (1)… (2)… » gives one phase an item; the
production to hand in follows « production suivante : ».
"""

import re
from collections.abc import Sequence

from acquis.certification.frameworks.readers import quantities, splitting, typography
from acquis.certification.frameworks.readers.draft import METHOD_TITLES, Phase
from acquis.certification.frameworks.readers.model import Line

_NAMES = (
    ("production_questioning", r"questionnement (?:a partir )?(?:de |d une )?production|questionnement oral sur (?:la |les )?production"),
    ("technical_interview", r"entretien technique"),
    ("final_interview", r"entretien final"),
    ("roleplay", r"mises? en situation(?: professionnelles?)?(?: reelles?| reconstituees?| simulees?)?|jeux? de roles?|simulations? professionnelles?"),
    ("case_study", r"etudes? de cas|cas pratiques?"),
    ("questionnaire", r"questionnaires?|qcm|quiz"),
    ("project", r"projets? (?:fictifs?|de \w+|professionnels?|d entreprise|individuels?|collectifs?|de groupe|tutores?|reels?|fil rouge)|presentation d un projet"),
    ("portfolio", r"dossiers? (?:d etudes?|professionnels?|de preuves?|technique|de competences|de validation)|portfolio|book professionnel|livret de preuves"),
    ("written_production", r"productions? ecrites?|rapports? ecrits?|epreuves? ecrites?|restitution ecrite|memoires?|rapports?(?= professionnel| d activite| de stage| de mission| ecrit)|dossiers? ecrits?|remise d un dossier|ecrit(?:e|s|es)? et (?:a )?(?:une )?(?:orale?|soutenance)"),
    ("oral_defence", r"soutenances?(?: orales?)?|presentations? orales?|(?:productions? ecrites? et )orales?|epreuves? orales?|restitution orale|expose oral|oral(?:e|es)?(?= individuel| devant)|ecrites? et orales?"),
)  # fmt: skip
_METHODS = tuple((name, re.compile(rf"\b(?:{pattern})\b")) for name, pattern in _NAMES)
_INDIVIDUAL = re.compile(r"\bindividuel(?:le|s|les)?\b|\bindividuellement\b")
_COLLECTIVE = re.compile(
    r"\b(?:travail|projet|production|epreuve|etude)s? (?:collecti|en groupe|de groupe|en equipe|en binome)"
)
_MODALITIES = re.compile(
    r"^modalites?(?: d evaluation| de l evaluation)?\s*(?:$|production|epreuve)?"
)
_ENUMERATED = re.compile(r"\(\s*(\d)\s*\)\s*(.+?)(?=\s*(?:,|\bet\b|;)?\s*\(\s*\d\s*\)|$)")
_DELIVERABLE = re.compile(
    r"(?:productions?|livrables?|documents?|travaux|dossiers?)[^:]{0,60}?(?:suivante?s?|attendue?s?|à produire|à rendre|remis)?\s*:\s*(.*)$",
    re.IGNORECASE,
)
_AFTER_DELIVERABLE = re.compile(
    r"(?:productions?|livrables?)\s+(?:suivante?s?|attendue?s?)\s*:?\s*$|^livrables?\s*:?\s*$",
    re.IGNORECASE,
)
_COMPRISING = re.compile(
    r"(?:^|,\s*)(?:comprenant|composée? de|incluant|contenant|comportant)\s*:?\s*$", re.IGNORECASE
)
_RESTITUTED = re.compile(
    r"(?:restituée?s?|matérialisée?s?|présentée?s?)\s+(?:par|sous la forme|via)\s*:?\s*$",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"^(?:modalites?|conditions?|duree|l evaluation|les? jurys?|chaque competence|pour les|evaluation|travail|production(?:s)? ecrite|etude de cas|criteres?)\b"
)


def methods_in(text: str) -> list[str]:
    """Return the methods that the text names, in the order it names them."""
    folded = typography.key(text)
    found: dict[str, int] = {}
    for name, pattern in _METHODS:
        match = pattern.search(folded)
        if match:
            found[name] = match.start()
    if "production_questioning" in found:
        found.pop("questionnaire", None)
    return sorted(found, key=lambda name: found[name])


def individual_in(text: str) -> bool | None:
    folded = typography.key(text)
    if _INDIVIDUAL.search(folded):
        return True
    return False if _COLLECTIVE.search(folded) else None


def phases_in(lines: Sequence[Line]) -> list[Phase]:
    """Return the phases that a « modalités » cell describes."""
    whole = [
        line for line in splitting.merged(lines) if not line.text.startswith(typography.UNCHECKED)
    ]
    text = "\n".join(line.text for line in whole)
    enumerated = _enumerated(whole)
    if enumerated:
        phases = enumerated
    else:
        chosen = _modality_lines(whole)
        phases = _by_lines(chosen or whole)
    individual = individual_in(text)
    for phase in phases:
        phase.individual = individual
    deliverables = deliverables_in(whole)
    if deliverables:
        if not phases:
            phases = [
                Phase(
                    "written_production", METHOD_TITLES["written_production"], individual=individual
                )
            ]
        bearer = next(
            (p for p in phases if p.method in {"written_production", "project", "portfolio"}),
            phases[0],
        )
        bearer.deliverables = deliverables
    return phases


def _modality_lines(lines: Sequence[Line]) -> list[Line]:
    """Return what stands after « Modalités : » when that names the methods."""
    for place, line in enumerate(lines):
        folded = typography.key(line.text)
        if (
            folded.startswith(("modalites", "modalite "))
            and ":" in line.text
            and methods_in(line.text)
        ):
            return [line]
        if folded in {"modalites", "modalite", "modalites d evaluation"}:
            rest = [one for one in lines[place + 1 :] if methods_in(one.text)]
            if rest:
                return rest
    return []


def _enumerated(lines: Sequence[Line]) -> list[Phase]:
    """Read « composée (1) d'un projet fictif… et (2) d'un dossier… »."""
    for line in lines:
        items = _ENUMERATED.findall(line.text)
        if len(items) < 2:
            continue
        phases = []
        for _rank, item in items:
            title = re.sub(
                r"^(?:d'une?|de la|du|des|une?|le|la|l')\s*", "", item.strip(" ,;.:")
            ).strip()
            methods = methods_in(title) or methods_in(title.split()[0] if title else "")
            method = methods[0] if methods else _fallback(title)
            phases.append(Phase(method, typography.sentence_start(title)))
        return phases
    return []


def _fallback(title: str) -> str:
    folded = typography.key(title)
    for word, method in (
        ("projet", "project"),
        ("dossier", "portfolio"),
        ("oral", "oral_defence"),
        ("entretien", "technical_interview"),
    ):
        if word in folded:
            return method
    return "written_production"


def _by_lines(lines: Sequence[Line]) -> list[Phase]:
    phases: dict[str, Phase] = {}
    for line in lines:
        methods = methods_in(line.text)
        if not methods and phases and re.match(r"^duree", typography.key(line.text)):
            last = list(phases.values())[-1]
            last.minutes = last.minutes or quantities.minutes(line.text)
        for method in methods:
            minutes = (
                quantities.minutes(line.text)
                if len(methods) == 1
                else minutes_of(line.text, method)
            )
            if method in phases:
                phases[method].minutes = phases[method].minutes or minutes
                continue
            named = re.split(r"\s*[:(]|,\s| - ", line.text)[0].strip(" .;:-–")
            short = len(methods) == 1 and len(named) < 90 and method in methods_in(named)
            title = named if short else METHOD_TITLES[method]
            phases[method] = Phase(method, typography.sentence_start(title), minutes)
    return list(phases.values())


def minutes_of(text: str, method: str) -> int | None:
    """Return the duration that follows the name of the method, before the next one."""
    pattern = next(pattern for name, pattern in _METHODS if name == method)
    for part in re.split(r"[,;.]|\bet\b|\bsuivie?s? d|\bpuis\b", text):
        if pattern.search(typography.key(part)):
            return quantities.minutes(part)
    return None


def deliverables_in(lines: Sequence[Line]) -> list[str]:
    """Return what the candidate hands in, each with what it comprises."""
    for place, line in enumerate(lines):
        after = _DELIVERABLE.search(line.text)
        if not (after or _AFTER_DELIVERABLE.search(line.text)):
            continue
        if after and after[1].strip():
            first = after[1].strip()
            return _deliverables(first, lines[place + 1 :])
        if place + 1 < len(lines):
            return _deliverables(lines[place + 1].text, lines[place + 2 :], lines[place + 1].bullet)
    return []


def _deliverables(first: str, rest: Sequence[Line], listed: bool = False) -> list[str]:
    items: list[str] = []
    head = first
    if listed:
        items = [first.strip(" ;,.")]
    under_head = ""
    for line in rest:
        folded = typography.key(line.text)
        if _COMPRISING.search(line.text) or _RESTITUTED.search(line.text):
            if not under_head and len(line.text) > 40:
                head = f"{head} {line.text}"
            under_head = line.text
            continue
        if _STOPS.match(folded) or (not line.bullet and not under_head):
            break
        if len(line.text) > 150:
            break
        items.append(line.text.strip(" ;,."))
    if listed:
        return items
    if not items:
        return [typography.sentence_start(head.strip(" :;,."))]
    if _RESTITUTED.search(head) or _RESTITUTED.search(under_head):
        return [typography.sentence_start(item) for item in items]
    bare = re.sub(_COMPRISING, "", head).strip(" :;,.")
    return [f"{bare}, comprenant : {' ; '.join(items)}"]
