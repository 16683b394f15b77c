"""Texts with styles that a candidate writes: the few marks that are kept, and their plain words; pure.

A text is HTML of these marks alone, or, from before there was an editor and in fields of one line,
plain words.
"""

import html
import re

import nh3

TAGS = {"p", "h3", "h4", "ul", "ol", "li", "strong", "em", "u", "br"}
DROPPED = {"script", "style", "title", "iframe", "object", "svg", "math", "template"}
ALIGNED = {"align-center", "align-right", "align-justify"}

_ENDS = re.compile(r"(?:</p>)?</li>|</(?:p|h3|h4)>|<br>")
_ITEM = re.compile(r"<li>(?:<p[^>]*>)?")
_TAG = re.compile(r"<[^>]*>")


def cleaned(text: str) -> str:
    """The HTML with nothing but the marks that are kept; cleaned again, it is unchanged."""
    return nh3.clean(
        text,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes={},
        allowed_classes=dict.fromkeys(("p", "h3", "h4"), ALIGNED),
        strip_comments=True,
    )


def as_html(text: str, *, rich: bool) -> str:
    """What may be put in a page: a rich text cleaned, plain words in paragraphs."""
    if rich:
        return cleaned(text)
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\n"))
    lines = [html.escape(part, quote=False).replace("\n", "<br>") for part in parts if part.strip()]
    return "".join(f"<p>{line}</p>" for line in lines)


def as_words(text: str, *, rich: bool) -> str:
    """The words alone, a line each block, list items after a dash."""
    if not rich:
        return text
    marked = _ENDS.sub("\n", _ITEM.sub("– ", cleaned(text)))
    lines = html.unescape(_TAG.sub("", marked)).replace("\xa0", " ").splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def word_count(text: str, *, rich: bool) -> int:
    """How many words, as a word processor counts them: what stands between spaces."""
    return len([word for word in as_words(text, rich=rich).split() if word != "–"])
