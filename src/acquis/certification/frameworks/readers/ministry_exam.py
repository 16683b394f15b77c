"""From the rows and notes of an exam to its phases, steps and presences.

Signs: « Première partie (durée : 1 h 15) » opens a step, in the table or in the notes headed
« Informations complémentaires concernant… »; « Durée totale de présence du jury… », « Protocole
d’intervention du jury » and « Conditions de surveillance » say who is there, naming parts by their
rank (« la première et la deuxième partie de la mise en situation professionnelle »).
"""

import re
from collections.abc import Callable, Sequence

from acquis.certification.frameworks.readers import quantities, splitting, tables, typography
from acquis.certification.frameworks.readers.draft import (
    METHOD_TITLES,
    Assessment,
    Draft,
    Phase,
    Step,
)
from acquis.certification.frameworks.readers.ministry_re import Exam
from acquis.certification.frameworks.readers.model import Line

_ORDINAL = r"(?:Premi[eè]re?|Deuxi[eè]me|Seconde?|Troisi[eè]me|Quatri[eè]me|Cinqui[eè]me|Sixi[eè]me|\d(?:re|ère|er|e|ème|nde))"
_PART = r"(?:partie|phase|[eé]tape|temps|s[eé]quence)"
_STEP = re.compile(
    rf"(?:^|(?<=[.;:!?)»\n])\s*|(?<=\s))(?:La |Une )?(?P<title>{_ORDINAL}\s+{_PART}|"
    rf"{_PART.replace('partie', 'Partie').replace('phase', 'Phase').replace('temps', 'Temps')}\s*(?:n\s?°\s*)?\d)"
    r"\s*(?P<label>[-–:][^(:.\n]{3,70}?)?\s*(?:\(\s*(?:dur[ée]e\s*(?:totale\s*)?:?\s*)?(?P<paren>[^()]{2,40})\)\s*:?"
    r"|\s*[-–:,]\s*(?:dur[ée]e\s*:?\s*)?(?P<bare>\d{1,2}\s*(?:h|min|mn)[^.:\n]{0,12}?)\s*(?:[:.\n]|$)|\s*:)",
    re.MULTILINE,
)
_CONCERNING = re.compile(
    r"^informations? complementaires? (?:concernant |sur |relatives? a )?(.+)$"
)
_JURY_TIME = re.compile(r"dur[ée]e totale de pr[ée]sence du jury", re.IGNORECASE)
_TOTAL = re.compile(r"dur[ée]e totale de l'[ée]preuve", re.IGNORECASE)
_ABSENT = re.compile(r"^(?:sans objet|non concerne|neant|so)?$")
_HEADS = (
    ("protocol", re.compile(r"^(?:\d+ )*protocole d intervention du jury")),
    ("composition", re.compile(r"^(?:\d+ )*conditions particulieres de composition")),
    ("surveillance", re.compile(r"^(?:\d+ )*conditions de surveillance")),
    ("presence", re.compile(r"^(?:\d+ )*(?:conditions de presence|duree totale de presence)")),
    (
        "regulation",
        re.compile(
            r"^(?:\d+ )*(?:criteres d evaluation des competences|evaluation des competences transv)"
        ),
    ),
)
_LOT = re.compile(r"\btir\w+ au sort\b|\btirage au sort\b", re.IGNORECASE)
_NO_JURY = re.compile(
    r"pr[ée]sence du jury n'est pas (?:requise|n[ée]cessaire)|en l'absence du jury|hors (?:de la )?pr[ée]sence du jury|sans (?:la présence du )?jury",
    re.IGNORECASE,
)
_JURY = re.compile(
    r"pr[ée]sence du jury est (?:requise|n[ée]cessaire)|membres? du jury (?:assure|joue|tien)|\bjury (?:question|interrog|observ|[ée]coute)"
    r"|(?:devant|face au|en présence du) (?:le )?jury|questions? du jury",
    re.IGNORECASE,
)
_INVIGILATOR = re.compile(r"\bsurveillants?\b|sous surveillance", re.IGNORECASE)
_EXCHANGES = re.compile(
    rf"\b(?:condui\w*|g[èe]re\w*|m[èe]ne\w*|r[ée]alise\w*|assure\w*|trait\w+|effectue\w*)\s+(?:les\s+|ses\s+)?({quantities.NUMBER})\s+"
    r"(?:échanges?|entretiens? clients?|appels?|contacts?|conversations?)",
    re.IGNORECASE,
)


def read_exam(
    draft: Draft, exam: Exam, block: str | None, find: Callable[[Sequence[Line]], list[str]]
) -> Assessment:
    """Build the assessment; what is « sans objet » or lasts 00 h 00 is left out."""
    assessment = Assessment(block=block)
    under_way: Phase | None = None
    named: list[Line] = []
    for label, skills, duration, detail, _number in exam.rows:
        if _TOTAL.search(label) or _TOTAL.search(" ".join(line.text for line in skills)):
            assessment.candidate_minutes = quantities.minutes(duration)
            continue
        method = tables.method_of(label)
        if method is None:
            if under_way is not None and (not label or typography.continues(label)):
                named = [*named, *skills]
                _extend(under_way, detail, find(named))
            continue
        minutes = quantities.minutes(duration)
        phase = _phase(method, label, minutes, detail)
        phase.competencies = find(skills)
        if not minutes and _is_absent(skills) and _is_absent(detail):
            under_way = None
            continue
        assessment.phases.append(phase)
        under_way, named = phase, list(skills)
    notes = _notes_by_head(exam.notes)
    _refine(assessment, notes)
    _presences(draft, assessment, notes, exam)
    _check_sums(draft, assessment, exam)
    return assessment


def _is_absent(lines: Sequence[Line]) -> bool:
    return bool(_ABSENT.match(typography.key(" ".join(line.text for line in lines))))


def _phase(method: str, label: str, minutes: int | None, detail: Sequence[Line]) -> Phase:
    title = label.strip(" :-•▪*") if len(label) < 120 else METHOD_TITLES[method]
    return Phase(method, title, minutes, steps=steps_of(_text(detail)))


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in splitting.merged(lines))


def _extend(phase: Phase, detail: Sequence[Line], competencies: list[str]) -> None:
    """A row without a name goes on with the phase above it, cut by a page."""
    steps = steps_of(_text(detail))
    if steps:
        phase.steps.extend(steps)
    elif phase.steps and detail:
        last = phase.steps[-1]
        last.description = f"{last.description or ''} {_text(detail)}".strip()
    phase.competencies = competencies


def steps_of(text: str) -> list[Step]:
    """Return the parts that the text describes one after the other."""
    found = list(_STEP.finditer(text))
    steps: list[Step] = []
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        description = text[match.end() : end].strip(" :\n-–")
        if match["paren"] is None and match["bare"] is None and len(found) < 2:
            continue
        label = (match["label"] or "").strip(" -–:")
        title = " ".join(match["title"].split()) + (f" : {label}" if label else "")
        steps.append(_step(title, match["paren"] or match["bare"] or "", description))
    return steps


def _step(title: str, duration: str, description: str) -> Step:
    exchanges = _EXCHANGES.search(description)
    present = False if _NO_JURY.search(description) else True if _JURY.search(description) else None
    return Step(
        title=title,
        minutes=quantities.minutes(duration) if duration else None,
        description=typography.sentence_start(description) or None,
        jury_present=present,
        invigilated=True if _INVIGILATOR.search(description) else None,
        drawn_by_lot=True if _LOT.search(description) else None,
        exchanges=quantities.number(exchanges[1]) if exchanges else None,
    )


def _notes_by_head(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Sort the notes below an exam under what they speak of."""
    notes: dict[str, list[Line]] = {}
    head = ""
    for line in lines:
        folded = typography.key(line.text)
        about = _CONCERNING.match(folded)
        name = next((name for name, pattern in _HEADS if pattern.match(folded)), None)
        if about and len(line.text) < 200:
            head = tables.method_of(about[1]) or "other"
            notes.setdefault(head, [])
        elif name and len(line.text) < 260:
            head = name
            notes.setdefault(head, [])
            after = line.text.partition(":")[2].strip()
            if after:
                notes[head].append(Line(after, line.number))
            if name == "presence":
                notes[head].append(line)
        elif head:
            notes.setdefault(head, []).append(line)
    return notes


def _refine(assessment: Assessment, notes: dict[str, list[Line]]) -> None:
    """Complete the steps of the table with what the notes say of the same parts."""
    for phase in assessment.phases:
        detailed = steps_of(_text(notes.get(phase.method, [])))
        if not phase.steps:
            phase.steps = detailed
            continue
        for step, more in zip(phase.steps, detailed, strict=False):
            if len(detailed) != len(phase.steps):
                break
            step.description = more.description or step.description
            step.minutes = step.minutes if step.minutes is not None else more.minutes
            for name in ("jury_present", "invigilated", "drawn_by_lot", "exchanges"):
                if getattr(more, name) is not None:
                    setattr(step, name, getattr(more, name))


_RANKED = re.compile(
    r"((?:(?:la |les |le )?[a-z0-9]+(?: , | et | puis | ))*?)(?:parties?|phases?|etapes?) (?:de la |de l |du |des )"
    r"(mises? en situation|entretien technique|entretien final|questionnaire|questionnement|presentation|projet|etude de cas)"
)
_METHOD_WORDS = re.compile(
    r"\b(mises? en situation|entretien technique|entretien final|questionnaire professionnel|questionnement a partir de production|"
    r"presentation du projet|presentation d un projet|projet)\b"
)


def _named_parts(text: str, phases: Sequence[Phase]) -> list[tuple[Phase, Step | None]]:
    """Return the parts that a clause names; a phase named whole comes with None."""
    folded = typography.key(text)
    named: list[tuple[Phase, Step | None]] = []
    taken: set[int] = set()
    for match in _RANKED.finditer(folded):
        phase = _phase_of(match[2], phases)
        if phase is None:
            continue
        before = folded[max(0, match.start(1) - 40) : match.start(2)]
        before = re.split(
            r"(?:mise en situation professionnelle|entretien technique|minutes|requise|present)",
            before,
        )[-1]
        ranks = [
            quantities.ORDINALS[word] for word in before.split() if word in quantities.ORDINALS
        ]
        taken.add(match.start(2))
        named.extend((phase, phase.steps[r - 1]) for r in ranks if 0 < r <= len(phase.steps))
    for match in _METHOD_WORDS.finditer(folded):
        phase = _phase_of(match[1], phases)
        if phase is not None and match.start(1) not in taken:
            named.append((phase, None))
    return named


def _phase_of(words: str, phases: Sequence[Phase]) -> Phase | None:
    method = tables.method_of(words) or ("project" if "presentation" in words else None)
    return next((phase for phase in phases if phase.method == method), None)


def _presences(
    draft: Draft, assessment: Assessment, notes: dict[str, list[Line]], exam: Exam
) -> None:
    for line in notes.get("presence", []):
        if _JURY_TIME.search(line.text):
            assessment.jury_minutes = quantities.minutes(line.text)
    for line in notes.get("protocol", []):
        if re.search(
            r"pr[ée]sence du jury est (?:requise|n[ée]cessaire)|jury est pr[ée]sent", line.text
        ):
            _mark_jury(assessment, line.text)
    _invigilate(draft, assessment, notes.get("surveillance", []), exam)
    composition = [line for line in notes.get("composition", []) if not _is_absent([line])]
    for line in composition:
        subject = f"{exam.kind.upper()} {exam.title} : " if assessment.block else ""
        draft.rules.setdefault("jury", {}).setdefault("notes", []).append(subject + line.text)


def _mark_jury(assessment: Assessment, text: str) -> None:
    if "toute la duree" in typography.key(text) or "totalite de l epreuve" in typography.key(text):
        for whole in assessment.phases:
            for step in whole.steps:
                step.jury_present = True
        return
    named = _named_parts(text, assessment.phases)
    for phase, part in named:
        for one in [part] if part else phase.steps:
            one.jury_present = True
    ranked = [id(phase) for phase, part in named if part]
    present = {id(part) for _, part in named if part}
    for phase in assessment.phases:
        if id(phase) in ranked:
            for step in phase.steps:
                step.jury_present = id(step) in present


def _invigilate(draft: Draft, assessment: Assessment, lines: Sequence[Line], exam: Exam) -> None:
    text = " ".join(line.text for line in lines)
    if not re.search(r"surveill", text, re.IGNORECASE) or re.match(
        r"\s*sans objet", text, re.IGNORECASE
    ):
        return
    stated = sum(
        quantities.minutes(part) or 0 for part in re.findall(r"\(([^()]*\d[^()]*)\)", text)
    )
    named = _named_parts(text, assessment.phases)
    total, complete = 0, bool(named)
    for phase, step in named:
        for part in [step] if step else phase.steps:
            part.invigilated = True
        minutes = step.minutes if step else phase.minutes
        complete = complete and minutes is not None
        total += minutes or 0
    if stated:
        assessment.invigilated_minutes = stated
        if complete and total != stated:
            draft.warn(
                "durations-disagree",
                f"La surveillance annoncée ({stated} min) ne correspond pas aux parties citées "
                f"({total} min).",
                lines[0].number if lines else exam.line,
            )
    elif complete and total:
        assessment.invigilated_minutes = total


def _check_sums(draft: Draft, assessment: Assessment, exam: Exam) -> None:
    known = [phase.minutes for phase in assessment.phases]
    total = sum(minutes or 0 for minutes in known)
    label = f"« {exam.title} »" if exam.title else "la session du titre"
    if assessment.candidate_minutes is None and known and None not in known:
        draft.warn(
            "no-total-duration",
            f"La durée totale de l’épreuve n’est pas dite pour {label}.",
            exam.line,
        )
    elif (
        assessment.candidate_minutes is not None
        and None not in known
        and total != assessment.candidate_minutes
    ):
        draft.warn(
            "durations-disagree",
            f"Pour {label}, les modalités durent {total} min en tout, le document annonce "
            f"{assessment.candidate_minutes} min.",
            exam.line,
        )
    for phase in assessment.phases:
        steps = [step.minutes for step in phase.steps]
        if (
            steps
            and None not in steps
            and phase.minutes
            and sum(s or 0 for s in steps) != phase.minutes
        ):
            draft.warn(
                "durations-disagree",
                f"Pour {label}, les parties de « {phase.title} » durent {sum(s or 0 for s in steps)} min, "
                f"la modalité {phase.minutes} min.",
                exam.line,
            )
