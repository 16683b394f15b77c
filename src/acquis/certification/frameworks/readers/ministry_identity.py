"""Who the title is: « Références de la spécialité », the identity strips, the first page.

Signs: labels of the ministry's form (« Sigle du titre professionnel : », « Code(s) NSF : »,
« Date d'effet de l'arrêté : »), wherever they stand, in a paragraph or in a table row.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from acquis.certification.frameworks.readers import quantities, typography
from acquis.certification.frameworks.readers.draft import Draft
from acquis.certification.frameworks.readers.furniture import TITLE_CODE, Strip
from acquis.certification.frameworks.readers.model import Element, Line

NSF = re.compile(r"(?<![\d/-])([1-4]\d{2}\s?[a-z]?)\b(?![\d/])")
ROME = re.compile(r"\b([A-N]\d{4})\b")
FORMACODE = re.compile(r"(?<!\d)(\d{5})(?!\d)")
_COVER = re.compile(
    r"^referentiel (?:emploi activites? competences?|d ?emploi,? activites?|d evaluation)\b.*titre professionnel(?: (.+))?$"
    r"|^(?:referentiel emploi activites? competences?|referentiel d evaluation|titre professionnel)$"
)
_NOT_A_TITLE = re.compile(
    r"^(?:niveau|site|sigle|sommaire|http|ministere|direction|page|annee|version)\b"
)
_LEVEL = re.compile(r"^niveau\s*:?\s*([1-8]|i{1,3}|iv|v)\b", re.IGNORECASE)
_OLD_LEVELS = {"v": 3, "iv": 4, "iii": 5, "ii": 6, "i": 7}


def read_identity(draft: Draft, elements: Sequence[Element], strips: Sequence[Strip]) -> None:
    """Fill the identity of the title; the RE's own statement wins over the strips."""
    draft.kind = "titre_professionnel"
    _read_labels(draft, elements)
    _read_strips(draft, strips)
    lines = [element for element in elements if isinstance(element, Line)]
    if draft.title is None:
        draft.title = _cover_title(lines)
    if draft.level is None:
        draft.level = _cover_level(lines)
    _read_following_lists(draft, lines)
    if draft.code is None:
        found = next(
            (TITLE_CODE.search(line.text) for line in lines if TITLE_CODE.search(line.text)), None
        )
        draft.code = f"TP-{found[1]}" if found else None


def labelled(elements: Sequence[Element]) -> Iterator[tuple[str, str, int]]:
    """Yield (label key, value, line) for each « label : value » of the document."""
    for element in elements:
        if isinstance(element, Line):
            label, colon, value = element.text.partition(":")
            if colon and len(label) < 90:
                yield typography.key(label), value.strip(), element.number
        else:
            for row in element.rows:
                filled = [cell.text for cell in row.cells if cell.lines]
                if len(filled) == 2 and len(filled[0]) < 90:
                    yield typography.key(filled[0]), filled[1].lstrip(": "), row.number


def _read_labels(  # noqa: C901 - one branch a label
    draft: Draft, elements: Sequence[Element]
) -> None:
    for label, value, _line in labelled(elements):
        if not value:
            continue
        if label.startswith(("intitule du titre", "intitule de la specialite", "libelle du titre")):
            draft.title = draft.title or value
        elif label.startswith("sigle"):
            draft.acronym = draft.acronym or value.split("(")[0].strip()
        elif label == "niveau" and draft.level is None:
            draft.level = _level(f"niveau {value}")
        elif label.startswith("code") and "nsf" in label:
            draft.nsf = draft.nsf or _codes(NSF, value)
        elif "rome" in label.split():
            draft.rome = draft.rome or _codes(ROME, value)
        elif label.startswith("formacode") or label.endswith("formacode"):
            draft.formacode = draft.formacode or _codes(FORMACODE, value)
        elif label.startswith(("date d effet", "date d entree en vigueur")):
            draft.effective_from = draft.effective_from or quantities.iso_date(value)
        elif label.startswith(("code titre", "code du titre")):
            found = TITLE_CODE.search(value)
            draft.code = draft.code or (f"TP-{found[1]}" if found else None)
        elif label.startswith("millesime"):
            draft.edition = draft.edition or value


def _codes(pattern: re.Pattern[str], value: str) -> list[str]:
    return list(dict.fromkeys(code.replace(" ", "") for code in pattern.findall(value)))


def _level(text: str) -> int | None:
    found = _LEVEL.match(typography.key(text))
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else _OLD_LEVELS[found[1].lower()]


def _read_strips(draft: Draft, strips: Sequence[Strip]) -> None:
    if not strips:
        return
    usual = Counter(strip.sigle for strip in strips).most_common(1)[0][0]
    draft.acronym = draft.acronym or usual
    draft.code = Counter(strip.code for strip in strips).most_common(1)[0][0]
    draft.edition = Counter(strip.edition for strip in strips).most_common(1)[0][0]
    for strip in strips:
        if strip.sigle != draft.acronym:
            draft.warn(
                "odd-acronym",
                f"Le pied de page porte le sigle « {strip.sigle} » au lieu de « {draft.acronym} ».",
                strip.line,
            )
        if strip.code != draft.code or strip.edition != draft.edition:
            draft.warn(
                "odd-code",
                f"Le pied de page porte « {strip.code} » millésime {strip.edition}, ailleurs "
                f"« {draft.code} » millésime {draft.edition} : est-ce bien un seul titre ?",
                strip.line,
            )


def _cover_title(lines: Sequence[Line]) -> str | None:
    """Return the line that follows the name of the référentiel on its first page."""
    for place, line in enumerate(lines):
        cover = _COVER.match(typography.key(line.text))
        if not cover:
            continue
        after = re.search(r"titre professionnel\s*:?\s+(\S.+)$", line.text, re.IGNORECASE)
        if after:
            return after[1].strip(' «»"')
        for candidate in lines[place + 1 : place + 6]:
            folded = typography.key(candidate.text)
            if not folded or _NOT_A_TITLE.match(folded) or _COVER.match(folded):
                continue
            if folded in {
                "titre professionnel",
                "du titre professionnel",
                "certificats de competences professionnelles",
            }:
                continue
            return candidate.text.strip(' «»"') if len(candidate.text) < 160 else None
    return None


def _cover_level(lines: Sequence[Line]) -> int | None:
    return next((found for line in lines if (found := _level(line.text)) is not None), None)


def _read_following_lists(draft: Draft, lines: Sequence[Line]) -> None:
    """Read codes that stand on the lines below their label, as the REAC prints them."""
    for place, line in enumerate(lines):
        folded = typography.key(line.text)
        below = [one.text for one in lines[place + 1 : place + 8]]
        if folded in {"code s nsf", "codes nsf", "code nsf"} and not draft.nsf:
            draft.nsf = _leading_codes(NSF, below)
        if re.match(r"^(?:fiche s )?(?:fiches )?(?:code s )?rome\b", folded) and not draft.rome:
            draft.rome = _leading_codes(ROME, below)


def _leading_codes(pattern: re.Pattern[str], lines: Sequence[str]) -> list[str]:
    codes: list[str] = []
    for text in lines:
        found = pattern.match(text)
        if not found:
            break
        codes.append(found[1].replace(" ", ""))
    return list(dict.fromkeys(codes))
