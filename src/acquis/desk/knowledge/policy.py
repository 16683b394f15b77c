"""How an article is found and rendered. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from acquis.desk.directory.policy import fold

EXCERPT_SIGNS = 180
LONGEST_LABEL = 20
LONGEST_SLUG = 80
RESERVED_SLUGS = frozenset(
    {"reponses", "relecture", "nouveau", "tenue", "volet", "apercu", "lectures"}
)
TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre",
    "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "a", "br", "hr", "s",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "h2": {"id"}, "h3": {"id"}, "ol": {"start"}}

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def excerpt(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The part of `text` where most of what was found stands close, in pieces.

    Each piece says whether it is one of the words found; `found` holds their places in order.
    """
    start = max(0, _densest(found) - EXCERPT_SIGNS // 3)
    end = min(len(text), start + EXCERPT_SIGNS)
    # Whole words only, at both ends.
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end - 1].isspace():
        end -= 1
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for first, last in found:
        if start <= first and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    return [(re.sub(r"\s+", " ", part), hit) for part, hit in pieces if part]


def _densest(found: Sequence[tuple[int, int]]) -> int:
    """Where to begin so that the excerpt holds the most words found; the first such place."""
    best, start = 0, found[0][0] if found else 0
    for place, (first, _last) in enumerate(found):
        held = sum(1 for other, _end in found[place:] if other < first + EXCERPT_SIGNS // 2)
        if held > best:
            best, start = held, first
    return start


def next_version(label: str, *, major: bool = False) -> str:
    """The label that follows: its last number plus one; « 2.1 » gives « 2.2 », « 2 » gives « 2.1 ».

    A major version, which those who read the former must read again, grows the first number and
    drops what follows it: « 2.1 » gives « 3 ». A label without a number is followed by
    « <label>-2 » cut to its room; one too long to grow begins again at « 1 ».
    """
    numbers = list(re.finditer(r"\d+", label))
    if not numbers:
        return f"{label[: LONGEST_LABEL - 2]}-2"
    if major:
        first = numbers[0]
        grown = f"{label[: first.start()]}{int(first.group()) + 1}"
    elif len(numbers) == 1:
        grown = f"{label}.1"
    else:
        last = numbers[-1]
        grown = f"{label[: last.start()]}{int(last.group()) + 1}{label[last.end() :]}"
    return grown if len(grown) <= LONGEST_LABEL else "1"


def slug_of(title: str, taken: Collection[str]) -> str:
    """An address for a new article, unlike those taken and those of the pages beside them."""
    bare = _NOT_WORD.sub("-", fold(title)).strip("-")[: LONGEST_SLUG - 4].strip("-") or "article"
    slug, rank = bare, 1
    while slug in taken or slug in RESERVED_SLUGS:
        rank += 1
        slug = f"{bare}-{rank}"
    return slug


def steps(markdown: str) -> list[str]:
    """The steps of a procedure: the items of its first ordered list, words only."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown)
    found: list[str] = []
    inside = 0
    for token in tokens:
        if token.type == "ordered_list_open" or (token.type == "bullet_list_open" and inside):
            inside += 1
        elif token.type in {"ordered_list_close", "bullet_list_close"} and inside:
            inside -= 1
            if not inside:
                break
        elif token.type == "inline" and inside == 1:
            found.append(re.sub(r"[*_`]", "", token.content).strip())
    return found


def plain(markdown: str) -> str:
    """The text of an article as it is pasted in an answer: paragraphs, no marks."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    lines: list[str] = []
    bullet = False
    for token in tokens:
        if token.type == "list_item_open":
            bullet = True
        elif token.type == "inline":
            words = "".join(
                " " if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or []
            )
            lines.append(f"- {words}" if bullet else words)
            bullet = False
    return "\n".join(line.strip() for line in lines if line.strip())


def without_marks(markdown: str) -> str:
    """The words of a Markdown text, its marks replaced by spaces sign for sign."""
    return re.sub(r"[#*_`|>\[\]]", " ", markdown)


@dataclass(frozen=True, slots=True)
class Heading:
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    html: str
    headings: tuple[Heading, ...]


def rendered(markdown: str, title: str) -> Rendered:
    """The article as clean HTML, its headings one level down and with anchors.

    HTML inside the text is shown as text; a first heading equal to the title is left out, since the
    page already bears it.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = _without_title(reader.parse(markdown), title)
    headings: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}" if token.tag != "h2" else "h2"
        if token.type == "heading_open" and token.tag in {"h2", "h3"}:
            text = tokens[place + 1].content
            anchor = f"{_anchor(text)}-{len(headings) + 1}"
            token.attrSet("id", anchor)
            headings.append(Heading(anchor, text))
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, link_rel="noopener noreferrer")
    return Rendered(clean, tuple(headings))


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    first = tokens[:3]
    if len(first) == 3 and first[0].tag == "h1" and first[1].content.strip() == title.strip():
        return tokens[3:]
    return tokens


def _anchor(text: str) -> str:
    return _NOT_WORD.sub("-", text.lower()).strip("-") or "partie"
