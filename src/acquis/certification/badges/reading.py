"""The files that carry a badge: signed text (VC-JWT), JSON-LD, and an SVG picture that holds either."""

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from acquis.certification.badges import vcjwt

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"  # Open Badges 3.0, §5.3.2
MOST_BYTES = 1024 * 1024  # a badge weighs some kilobytes
DEEPEST = 40  # a badge has six levels; far more would exhaust whoever walks it
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # what no text of JSON should hold, and breaks readers


class UnreadableBadge(ValueError):  # noqa: N818  names the file, as the act names it
    """The file is no badge in a form that Open Badges 3.0 describes."""


@dataclass(frozen=True)
class Read:
    """A badge out of its file: `text` is the VC-JWT, empty when the proof is embedded."""

    text: str
    document: dict[str, Any]  # the claims of the text, or the JSON-LD with its proof


def read(content: bytes) -> Read:
    """Tell the form by the content. Raises UnreadableBadge."""
    if len(content) > MOST_BYTES:
        raise UnreadableBadge("too heavy")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as fault:
        raise UnreadableBadge("not UTF-8") from fault
    if text.startswith("<"):
        text = _unbaked(text)
    if text.startswith("{"):
        return Read("", _sound(strict_json(text)))
    try:
        kid, claims = vcjwt.peek(text)
    except vcjwt.BadToken as fault:
        raise UnreadableBadge("no VC-JWT") from fault
    _refuse_strange(kid)
    return Read(text, _sound(claims))


def strict_json(text: str) -> dict[str, Any]:
    """An object without a name twice: readers differ on which one they keep. Raises UnreadableBadge."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as fault:
        raise UnreadableBadge("no JSON") from fault
    if not isinstance(found, dict):
        raise UnreadableBadge("no JSON object")
    return found


def bake(text: str, *, title: str, issuer: str) -> bytes:
    """A picture of the badge that carries its VC-JWT."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}"'
        ' viewBox="0 0 240 240" width="240" height="240" role="img">'
        f"<openbadges:credential verify={quoteattr(text)}></openbadges:credential>"
        f"<title>{escape(title)} – {escape(issuer)}</title>"
        '<circle cx="120" cy="104" r="92" fill="#1f4e79"/>'
        '<circle cx="120" cy="104" r="80" fill="none" stroke="#ffffff" stroke-width="4"/>'
        '<path d="M78 108l28 28 58-62" fill="none" stroke="#ffffff" stroke-width="14"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
        '<path d="M70 184l-14 48 32-16 16 20 8-40zm100 0l14 48-32-16-16 20-8-40z"'
        ' fill="#163a5b"/></svg>'
    ).encode()


def _sound(document: dict[str, Any]) -> dict[str, Any]:
    _refuse_strange(document)
    return document


def _refuse_strange(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise UnreadableBadge("too deep")
    if isinstance(value, dict):
        for name, one in value.items():
            _refuse_strange(name)
            _refuse_strange(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _refuse_strange(one, depth + 1)
    elif isinstance(value, str) and _NO_TEXT.search(value):
        raise UnreadableBadge("no text")


def _unbaked(text: str) -> str:
    if "<!ENTITY" in text:
        raise UnreadableBadge("entities")  # a page of them is a bomb; no picture needs one
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnreadableBadge("no XML") from fault
    found = root.findall(f".//{{{NAMESPACE}}}credential")
    if len(found) != 1:
        raise UnreadableBadge("no single badge in the picture")
    return str(found[0].get("verify") or found[0].text or "").strip()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(constant)
