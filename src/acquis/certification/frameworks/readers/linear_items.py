"""Lists whose marks an OCR lost: lines become items by what ends one and what begins the next.

An item ends where a line ends with a comma, a semicolon or a full stop; one begins at a list mark,
or, below such an end, with an article. Blank lines mean nothing here: they come from the columns.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from acquis.certification.frameworks.readers import typography
from acquis.certification.frameworks.readers.markdown import join

_THEME_MARK = re.compile(r"^[e¢«°o]\s+(?=[A-ZÉÈÀÔ])")
_ARTICLE = re.compile(
    r"^(?:l[ea]s?|[lI|\[]?'|l'|d'|un|une|des|du|de la|chaque|tou(?:t|te|s|tes)|ce|cet|cette|ces|son|sa|ses|leurs?|aucune?|il|elle)\b|^['I\[]",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:est|sont|a|ont|peut|peuvent|permet|fait|vise|tient|répond|assure|apporte|respecte?|s'appuie)\b|\w{2,}ée?s?\b"
    r"|\b(?!\w*ment\b|clients?\b|compétents?\b|pertinent)\w{3,}ent\b"
)
_END = re.compile(r"[,;.](?<!\.\.\.)$|\.\.\.\)?[,;.]?$|…\)?[,;.]?$")


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw line of the OCR; `blank`: an empty line stands before it."""

    text: str
    number: int
    blank: bool = False

    @property
    def bare(self) -> str:
        return typography.without_bullet(_THEME_MARK.sub("", self.text))[0].strip()

    @property
    def marked(self) -> bool:
        return typography.without_bullet(self.text)[1] or bool(_THEME_MARK.match(self.text))


@dataclass(slots=True)
class Text:
    """An item under construction."""

    text: str
    number: int
    marked: bool = False

    def add(self, more: str) -> None:
        self.text = join(self.text, more)


def items(lines: Sequence[Raw], stray: Sequence[str] = ()) -> list[Text]:
    """Return the items of a list. `stray`: beginnings that the columns tore off their item."""
    found: list[Text] = []
    strays = list(stray)
    listed = sum(line.marked for line in lines)
    for line in lines:
        last = found[-1] if found else None
        ended = last is None or bool(_END.search(last.text)) or last.text.endswith(":")
        begins = _ARTICLE.match(line.bare) is not None or line.bare[:1].isupper() or not listed
        if line.marked or last is None:
            found.append(Text(line.bare, line.number, line.marked))
        elif ended and begins and len(last.text.split()) > 3:
            found.append(Text(line.bare, line.number))
        elif ended and strays and not begins:
            found.append(Text(f"{strays.pop(0)} {line.bare}", line.number, marked=True))
        elif line.bare:
            last.add(line.bare)
    return _with_their_verbs(found)


def _with_their_verbs(found: list[Text]) -> list[Text]:
    """Where criteria are sentences, a part without verb belongs to the one before it."""
    if sum(bool(_VERB.search(item.text)) for item in found) * 10 < len(found) * 6:
        return found
    whole: list[Text] = []
    for item in found:
        if (
            whole
            and not item.marked
            and not _VERB.search(item.text)
            and whole[-1].text.endswith(",")
        ):
            whole[-1].add(item.text)
        else:
            whole.append(item)
    return whole


def paragraphs(lines: Sequence[Raw]) -> list[Text]:
    """Return paragraphs: a line goes on unless it begins with a capital below an end or a blank."""
    found: list[Text] = []
    under_colon = False
    for line in lines:
        last = found[-1] if found else None
        if last is None:
            found.append(Text(line.bare, line.number, line.marked))
            continue
        ended = bool(re.search(r"[.;:]$", last.text)) or (
            under_colon and bool(_END.search(last.text))
        )
        goes_on = typography.continues(line.bare) or line.bare[:1] in "'[I|"
        if (
            line.marked
            or (not goes_on and (line.blank or ended or line.bare[:1].isupper()))
            or (under_colon and ended and _ARTICLE.match(line.bare))
        ):
            found.append(Text(line.bare, line.number, line.marked or (under_colon and goes_on)))
        else:
            last.add(line.bare)
        if found[-1].text.endswith(":"):
            under_colon = True
        elif not line.marked and re.match(r"[A-ZÀ-ÝŒ](?!['\"])", line.bare):
            under_colon = False
    return found


def joined(lines: list[Raw]) -> str:
    text = Text(lines[0].text, lines[0].number)
    for line in lines[1:]:
        text.add(line.text)
    return text.text
