"""How an article is found and rendered. Pure."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

SHORTEST_STEM = 3
EXCERPT_SIGNS = 180
TAGS = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre",
    "blockquote",
    "table", "thead", "tbody", "tr", "th", "td", "a", "br", "hr", "s",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "h2": {"id"}, "h3": {"id"}, "ol": {"start"}}

_ENDINGS = ("aux", "eaux", "ees", "es", "ee", "er", "ez", "e", "s", "x")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def stem(word: str) -> str:
    """A folded word without the ending that number, gender or an infinitive gives it.

    Very light on purpose: « retours », « retournée » and « retourner » all begin with what is
    left of « retour », and a word of three letters is left alone.
    """
    for ending in sorted(_ENDINGS, key=len, reverse=True):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def excerpt(text: str, folded: str, stems: list[str]) -> str:
    """The part of `text` around the first word asked; `folded` has the same length as `text`."""
    places = [folded.find(part) for part in stems if part in folded]
    start = max(0, min(places, default=0) - EXCERPT_SIGNS // 3)
    end = min(len(text), start + EXCERPT_SIGNS)
    # Whole words only, at both ends.
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end - 1].isspace():
        end -= 1
    shown = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"


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
