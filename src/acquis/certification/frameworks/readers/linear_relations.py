"""Criteria below « En relation avec la compétence C.3.1 : » in flattened blocks.

The head names competencies in codes that an OCR damages (« C3.3&C34 », « Cl11.1 », « C151aC155 »);
the first text that ends with a colon is the theme; the rest are criteria.
"""

import re

from acquis.certification.frameworks.readers import linear_items, typography
from acquis.certification.frameworks.readers.draft import Block, Criterion, Draft
from acquis.certification.frameworks.readers.linear_items import Raw, joined


def split_head(lines: list[Raw]) -> tuple[str, list[Raw]]:
    """Return the head up to its colon, and the lines below."""
    head = ""
    for place, line in enumerate(lines[:4]):
        before, colon, after = line.text.partition(":")
        head = f"{head} {before}".strip()
        if colon:
            rest = lines[place + 1 :]
            tail = [Raw(after.strip(), line.number)] if after.strip() else []
            return head, [*tail, *rest]
    return lines[0].text, lines[1:]


def relate(draft: Draft, block: Block, head: str, lines: list[Raw], stray: list[str]) -> None:
    """Turn what stands below « En relation avec… » into criteria with their theme."""
    if re.search(r"transversale", head, re.IGNORECASE):
        _relate_transversal(draft, lines)
        return
    codes = resolved(head, [competency.code for competency in draft.competencies()])
    number = lines[0].number if lines else block.line
    if not codes:
        draft.warn("unknown-competency", f"« {head} » ne désigne aucune compétence connue.", number)
    theme: str | None = None
    body = lines
    for place, line in enumerate(lines[:5]):
        if line.text.endswith(":"):
            theme = joined([Raw(one.bare, one.number) for one in lines[: place + 1]]).strip(" :")
            body = lines[place + 1 :]
            break
    for item in linear_items.items(body, stray):
        if item.text.endswith(":"):
            theme = item.text.strip(" :")
            continue
        text = item.text.strip(" ,;.")
        if len(text.split()) < 2:
            draft.warn("fragment", f"Fragment sans critère : « {item.text} ».", item.number)
            continue
        block.criteria.append(Criterion(text, item.number, theme, list(codes)))


def _relate_transversal(draft: Draft, lines: list[Raw]) -> None:
    if not draft.transversal:
        return
    one = draft.transversal[0]
    for item in linear_items.items(lines):
        text = item.text.strip(" ,;.")
        folded = typography.key(text)
        if (
            not any(_alike(folded, typography.key(known)) for known in one.criteria)
            and len(folded) > 20
        ):
            one.criteria.append(text)


def _alike(first: str, second: str) -> bool:
    one, two = set(first.split()), set(second.split())
    return len(one & two) > 0.6 * min(len(one), len(two))


def resolved(head: str, codes: list[str]) -> list[str]:
    """Return the known codes that a damaged list names: « C3.3&C34 », « C151aC155 »."""
    by_digits = {re.sub(r"\D", "", code): code for code in codes}
    exact = {re.sub(r"^C\.?", "", code): code for code in codes}
    named: list[tuple[str, str]] = []
    tail = re.split(r"comp[ée]tences?", head, maxsplit=1, flags=re.IGNORECASE)[-1]
    for found in re.finditer(r"C\s?\.?\s?([\dlI]+(?:\s?\.\s?[\dlI]+)*)\s*([àa]?)", tail):
        spelled = found[1].replace(" ", "")
        plain = spelled.replace("l", "1").replace("I", "1")
        without = re.sub(r"[lI]", "", spelled)
        code = (
            exact.get(plain)
            or by_digits.get(re.sub(r"\D", "", plain))
            or exact.get(without)
            or by_digits.get(re.sub(r"\D", "", without))
        )
        if code:
            named.append((code, found[2]))
    result: list[str] = []
    for place, (code, joiner) in enumerate(named):
        span = [code]
        if joiner and place + 1 < len(named):
            start, end = codes.index(code), codes.index(named[place + 1][0])
            span = codes[start : end + 1] or [code]
        result.extend(one for one in span if one not in result)
    return result


_CRITERION = re.compile(
    r"\b(?:est|sont|a été|ont été)\b|^(?:qualité|pertinence|respect|cohérence|clarté|maîtrise|conformité|"
    r"adéquation|capacité|exactitude|efficacité|fiabilité|rigueur)\b",
    re.IGNORECASE,
)


def place_leftovers(draft: Draft, block: Block, lines: list[Raw]) -> None:
    """Take list items that read as criteria for the block's own; report the rest.

    Columns that were flattened without « En relation avec… » leave criteria below competencies.
    """
    first = next((place for place, line in enumerate(lines) if line.marked), len(lines))
    found = [item for item in linear_items.items(lines[first:]) if item.marked]
    criteria = [item for item in found if _CRITERION.search(item.text)]
    for item in criteria:
        block.criteria.append(Criterion(item.text.strip(" ,;."), item.number))
    lost = [line for line in lines[:first] if not _is_column_head(line.text)]
    if lost and (criteria or sum(len(line.text) for line in lost) > 40):
        draft.warn("unplaced", f"Texte non rattaché : « {lost[0].text[:80]} ».", lost[0].number)


def _is_column_head(text: str) -> bool:
    return (
        text.isupper()
        or re.match(r"^(?:r[ée]f[ée]rentiel|modalit[ée]s|crit[èe]res)\b", text, re.IGNORECASE)
        is not None
    )
