"""What one cell of an evaluation table lists: competencies, activities, criteria.

Signs of an item: a list mark, a paragraph of its own, a code (« C3 - », « C.4.1 », « A2.1. »).
Signs of a theme above criteria: bold, or without list mark above items that have one, or a colon.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from acquis.certification.frameworks.readers import splitting
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import Line

_CODE = r"(?:BC\d{1,2}[.\s]?)?C(?:P|G|S|T)?\s?\.?\s?\d{1,2}(?:\s?[.\-]\s?\d{1,2}){0,3}"
CODED = re.compile(
    rf"^(?P<code>{_CODE}|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}})\s*(?:[-–—:.)/|]+\s*|\s+)(?P<text>[\"«'A-Za-zÀ-ÿŒœ(].*)$",
    re.DOTALL,
)
_CODE_INSIDE = re.compile(rf"\s+(?={_CODE}\s*[-–—:.)]\s*[A-ZÀ-ÝŒ])")
_NUMBERED_INSIDE = re.compile(r"\s+(?=\d{1,2}\s?[.)]\s+[A-ZÀ-ÝŒ])")
_CRITERION_INSIDE = re.compile(
    r"\s+(?=(?:CR|Cr|CE|Ce|Cé|CÉ)\s?\.?\d{1,2}(?:\.\d{1,2}){0,3}\s*[-–—:.)]*\s+[A-ZÀ-ÝŒ])"
)
_TASK_INSIDE = re.compile(r"\s+(?=[AT]\s?\.?\d{1,2}(?:\.\d{1,2})?\s*[-–—:.)]*\s+[A-ZÀ-ÝŒ])")
_NUMBER = re.compile(r"^\d{1,2}\s?[.)]\s+(?=\S)")
_ACTIVITY_CODE = re.compile(
    r"^(?P<code>A\s?\.?\s?\d{1,2}(?:[.\-]\s?\d{1,2}){0,2}|T\d{1,2}(?:\.\d{1,2})?)\s*(?:[-–—:.)]+\s*|\s+)(?P<text>\S.*)$",
    re.DOTALL,
)
_REFERENCE = re.compile(
    rf"^(?:en relation avec (?:la|les) comp[ée]tences?|comp[ée]tences?|pour (?:la|les) comp[ée]tences?)?\s*"
    rf"(?P<codes>{_CODE}(?:\s*(?:,|et|&|à|a|/|-|–|;)\s*{_CODE})*)\s*[:.)–-]*\s*$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    rf"^\(?(?P<codes>{_CODE}(?:\s*(?:,|et|&|/|à|;)\s*{_CODE})*)\s*[-–—:.)]+\s*(?P<text>[A-ZÀ-ÝŒa-zà-ÿ«'].*)$",
    re.DOTALL,
)
_SUFFIX = re.compile(
    rf"^(?P<text>.*?)\s*[(\[]\s*(?P<codes>{_CODE}(?:\s*(?:,|et|&|/|à|;)\s*{_CODE})*)\s*[)\]]\s*\.?$",
    re.DOTALL,
)
_ONE = re.compile(_CODE, re.IGNORECASE)
_CRITERION_CODE = re.compile(
    r"^(?:CR|CE|Cr|Ce|Cé|CÉ|K|I)\s?\.?\d{1,2}(?:\.\d{1,2}){0,3}\s*[-–—:.)]*\s+(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Item:
    code: str | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class CriterionItem:
    text: str
    line: int
    theme: str | None
    references: tuple[str, ...] = ()


def tight(code: str) -> str:
    """Return the code as it is compared: « C. 3.1 » and « C3.1 » are the same."""
    return re.sub(r"[\s.]", "", code).upper()


def spelled(code: str) -> str:
    return re.sub(r"\s+", "", code).rstrip(".-")


def parted(lines: Sequence[Line]) -> list[Line]:
    """Give each coded item of a run-on paragraph its own line."""
    out: list[Line] = []
    for line in splitting.merged(lines):
        out.extend(replace(line, text=part.strip()) for part in _CODE_INSIDE.split(line.text))
    return out


def competency_items(lines: Sequence[Line]) -> list[Item]:
    items: list[Item] = []
    split = parted(lines)
    coded = any(CODED.match(line.text) for line in split)
    listed = any(line.bullet for line in split)
    for line in split:
        found = CODED.match(line.text)
        if found:
            items.append(Item(spelled(found["code"]), found["text"].strip(), line.number))
        elif coded and items and not line.bold:
            items[-1] = replace(items[-1], text=_appended(items[-1].text, line))
        elif coded or (listed and not line.bullet) or _is_head(line):
            continue
        else:
            items.extend(_uncoded(line, alone=len(split) == 1))
    return [replace(item, text=item.text.strip(" ;-–")) for item in items if len(item.text) > 3]


def _uncoded(line: Line, *, alone: bool) -> list[Item]:
    texts = [line.text]
    if alone and not line.bullet:
        texts = splitting.split_sentences(line.text)
        if len(texts) == 1:
            texts = splitting.split_competencies(line.text)
    return [Item(None, text, line.number) for text in texts]


def _is_head(line: Line) -> bool:
    """A line such as « Compétences : » or « Être capable de : » opens a list."""
    return line.text.endswith(":") and len(line.text) < 90


def _appended(text: str, line: Line) -> str:
    return f"{text} ; {line.text.strip(' ;')}" if line.bullet else join(text, line.text)


def activity_items(lines: Sequence[Line]) -> list[Item]:
    items: list[Item] = []
    merged = [
        replace(line, text=part)
        for line in splitting.merged(lines)
        for part in _TASK_INSIDE.split(line.text)
    ]
    coded = any(_ACTIVITY_CODE.match(line.text) for line in merged)
    for line in merged:
        found = _ACTIVITY_CODE.match(line.text)
        if found:
            items.append(Item(spelled(found["code"]), found["text"].strip(" ;."), line.number))
        elif coded and items and line.bullet:
            continue
        elif not line.text.endswith(":"):
            items.append(Item(None, line.text.strip(" ;."), line.number))
    return items


def criterion_items(lines: Sequence[Line]) -> list[CriterionItem]:
    """Return the criteria of a cell with the theme and the competencies they stand under."""
    merged = _numbered(splitting.merged(lines))
    if len(merged) == 1 and not merged[0].bullet:
        merged = [
            replace(merged[0], text=part) for part in splitting.split_sentences(merged[0].text)
        ]
    listed = any(line.bullet for line in merged)
    theme: str | None = None
    references: tuple[str, ...] = ()
    items: list[CriterionItem] = []
    for place, line in enumerate(merged):
        reference = _REFERENCE.match(line.text)
        if reference:
            references, theme = codes_in(reference["codes"]), None
            continue
        following = merged[place + 1] if place + 1 < len(merged) else None
        if _is_theme(line, following, listed=listed):
            text, own = _without_reference(line.text)
            references = own or references
            theme = text.strip(" :") or None
            continue
        text, own = _without_reference(_CRITERION_CODE.sub("", line.text))
        if text.strip(" ;.-"):
            items.append(CriterionItem(text.strip(" ;"), line.number, theme, own or references))
    return items


def _numbered(lines: Sequence[Line]) -> list[Line]:
    """Part criteria that their own codes or numbers tell apart, and take the numbers off."""
    out: list[Line] = []
    for line in lines:
        parts = _CRITERION_INSIDE.split(line.text)
        if len(parts) == 1 and _NUMBER.match(line.text):
            parts = _NUMBERED_INSIDE.split(line.text)
        out.extend(replace(line, text=part) for part in parts)
    listed = [line for line in out if _NUMBER.match(line.text)]
    if len(listed) > 1:
        out = [
            replace(line, text=_NUMBER.sub("", line.text), bullet=line.bullet or line in listed)
            for line in out
        ]
    return out


def _is_theme(line: Line, following: Line | None, *, listed: bool) -> bool:
    if line.bullet and not line.text.endswith(":"):
        return False
    if following is None:
        return False
    if line.text.rstrip().endswith(":"):
        return len(line.text) < 200
    if line.bold and not following.bold:
        return len(line.text) < 200
    return (
        listed
        and not line.bullet
        and following.bullet
        and len(line.text) < 160
        and line.text[-1] != "."
    )


def _without_reference(text: str) -> tuple[str, tuple[str, ...]]:
    for pattern in (_PREFIX, _SUFFIX):
        found = pattern.match(text)
        if found:
            return found["text"].strip(), codes_in(found["codes"])
    return text, ()


def codes_in(text: str) -> tuple[str, ...]:
    """Return the codes of a list; « C1 à C4 » is kept as a range for `expanded`."""
    codes = [tight(code) for code in _ONE.findall(text)]
    if len(codes) == 2 and re.search(r"\s(?:à|a)\s", text):
        return (f"{codes[0]}..{codes[1]}",)
    return tuple(codes)


def expanded(references: Sequence[str], order: Sequence[str]) -> list[str]:
    """Return the codes of `order` that the references name, ranges unfolded."""
    tights = [tight(code) for code in order]
    found: list[str] = []
    for reference in references:
        first, _, last = reference.partition("..")
        if first not in tights or (last and last not in tights):
            continue
        start = tights.index(first)
        end = tights.index(last) if last else start
        found.extend(code for code in order[start : end + 1] if code not in found)
    return found
