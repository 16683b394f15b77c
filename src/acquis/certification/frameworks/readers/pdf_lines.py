"""Words of a PDF into lines, paragraphs and list items.

A line of a PDF ends where the margin was, not where the sentence did. Two signs tell a wrapped
line from a deliberate one: the next line begins in lower case, or its first word would not have
fitted on the line before it. Space between lines tells paragraphs apart.
"""

import itertools
import re
from dataclasses import dataclass, replace
from typing import Any

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.markdown import join
from acquis.certification.frameworks.readers.model import Line

_CODED_ITEM = re.compile(
    r"^(?:[A-Z]{1,3}\s?\.?\d+(?:\.\d+)*\s*[-–—:.)]|\d+(?:\.\d+)*\s*[-–.)°]|BLOC\b|Bloc\b|RNCP\d|FICHE\b)"
)
_FUNCTION_WORD = re.compile(
    r"(?:\b(?:de|du|des|la|le|les|un|une|et|ou|à|au|aux|en|dans|par|pour|sur|avec|sans|sous|son|sa|ses|"
    r"leur|leurs|ce|cette|ces|que|qui|dont|d'|l')|[,(/'–—-])\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextLine:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    first_word: float


def text_lines(words: list[dict[str, Any]]) -> list[TextLine]:
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if rows and rows[-1][0]["top"] <= middle <= rows[-1][0]["bottom"]:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_text_line(sorted(row, key=lambda w: w["x0"])) for row in rows]


def _text_line(words: list[dict[str, Any]]) -> TextLine:
    words = _without_footnote_marks(words)
    bold = all(
        re.search("bold|black|heavy|semib", str(w["fontname"]), re.IGNORECASE) for w in words
    )
    return TextLine(
        text=_spaced(words),
        left=words[0]["x0"],
        right=words[-1]["x1"],
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
        size=max(word["size"] for word in words),
        bold=bold,
        first_word=words[0]["x1"] - words[0]["x0"],
    )


def _without_footnote_marks(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop small raised figures after a word: they call a note, they are no text."""
    size = max(word["size"] for word in words)
    kept: list[dict[str, Any]] = []
    for word in words:
        raised = (
            kept
            and re.fullmatch(r"\d{1,2}|\*", str(word["text"]))
            and word["size"] < 0.85 * size
            and word["x0"] - kept[-1]["x1"] < 0.2 * size
        )
        if raised:
            kept[-1] = {**kept[-1], "x1": word["x1"]}
        else:
            kept.append(word)
    return kept


def _spaced(words: list[dict[str, Any]]) -> str:
    """Return the words with spaces where the page has them: a change of font alone is none."""
    text = str(words[0]["text"])
    for before, word in itertools.pairwise(words):
        apart = word["x0"] - before["x1"] > 0.12 * min(before["size"], word["size"])
        text += (" " if apart else "") + str(word["text"])
    return text


@dataclass(frozen=True, slots=True)
class Column:
    """What is usual in a run of lines: its right margin, body size and space between lines."""

    right: float
    size: float
    leading: float

    def is_apart(self, before: TextLine, line: TextLine) -> bool:
        """Say whether the space between two lines is wider than inside a paragraph."""
        space = line.top - before.bottom
        return space > self.leading + 0.35 * (line.bottom - line.top)


def column_of(lines: list[TextLine], width: tuple[float, float] | None) -> Column:
    right = max(line.right for line in lines)
    if width:
        right = max(right, width[1] - (min(line.left for line in lines) - width[0]) - 2)
    spaces = sorted(
        line.top - before.bottom
        for before, line in itertools.pairwise(lines)
        if line.top >= before.bottom - 2
    )
    height = lines[0].bottom - lines[0].top
    leading = min(spaces[len(spaces) // 4], height) if spaces else 0.3 * height
    return Column(right, sorted(line.size for line in lines)[len(lines) // 2], leading)


def joined(lines: list[TextLine], column: Column) -> list[Line]:
    """Return the paragraphs and items that these lines make."""
    paragraphs: list[Line] = []
    for before, line in zip([None, *lines], lines, strict=False):
        text, bullet = typography.without_bullet(typography.normalise(line.text))
        text = typography.tidy(text.replace("_", "\\_"))
        last = paragraphs[-1] if paragraphs else None
        if not text:
            if bullet:
                paragraphs.append(Line("", 0, bullet=True))
        elif last is not None and last.bullet and not last.text:
            paragraphs[-1] = Line(text, 0, bullet=True, bold=line.bold)
        elif (
            last is not None
            and before is not None
            and not bullet
            and _goes_on(before, line, last, text, column)
        ):
            paragraphs[-1] = replace(last, text=join(last.text, text), bold=last.bold and line.bold)
        else:
            gap = before is None or column.is_apart(before, line)
            heading = 2 if line.size > column.size * 1.25 and not bullet else 0
            paragraphs.append(Line(text, 0, heading, bullet, line.bold, gap))
    return [line for line in paragraphs if line.text]


def _goes_on(before: TextLine, line: TextLine, last: Line, text: str, column: Column) -> bool:
    if _CODED_ITEM.match(text) or before.bold != line.bold or abs(before.size - line.size) > 0.6:
        return False
    if before.text.isupper() != line.text.isupper() and len(line.text) > 3:
        return False
    continued = typography.continues(text) and last.text[-1] not in ".!?"
    if column.is_apart(before, line):
        return continued and line.top - before.bottom < 1.2 * (line.bottom - line.top)
    if continued:
        return True
    if before.right + line.first_word + 0.3 * line.size <= column.right:
        return False
    wrapped = last.bullet or last.heading or last.bold or _FUNCTION_WORD.search(last.text)
    return bool(wrapped) or re.match(r"[\d(«\"]|[A-Z]{2}", text) is not None
