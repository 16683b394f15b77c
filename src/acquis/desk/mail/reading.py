"""From the bytes of a message to what it says. No Django, no clock, no database.

Mail comes from everybody: whatever is malformed is read as well as it can be, and nothing of it is
trusted. A defect never raises; what cannot be decoded is replaced by « � ».
"""

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from mailparser_reply import EmailReplyParser

from acquis.desk.mail import policy
from acquis.kernel import delivery_reports
from acquis.kernel.mail_headers import clean, decoded, headers_of, identifiers

LONGEST_TEXT = 200_000  # signs read of one part
LONGEST_HTML = 1_000_000
SPLIT_WITHIN = 20_000  # signs in which an answer is told from its quotation by the library
LANGUAGES = ["fr", "en", "de", "es", "it"]
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol",
    "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "table": {"align", "width"},
    "ol": {"start"},
}
DROPPED = {"script", "style", "title", "head", "svg", "math", "template", "object", "iframe"}
BLOCKS = {
    "p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "dt", "dd", "center",
}  # fmt: skip
# Where a quotation begins, as French and English programs write it.
_QUOTED = re.compile(
    r"^(?:"
    r"[ \t>]*Le\b[^\n]{0,200}(?:\n[^\n]{0,200})?\ba écrit\s?:?[ \t]*$"
    r"|[ \t>]*On\b[^\n]{0,200}(?:\n[^\n]{0,200})?\bwrote:[ \t]*$"
    r"|[ \t]*-{2,}\s*(?:Message d['’]origine|Message transféré|Original Message|Forwarded message)\s*-{2,}"
    r"|_{20,}[ \t]*\n\s*(?:De|From)\s?:"
    r"|[ \t]*\*?De\s?:\*?[^\n]+\n(?:[^\n]*\n){0,2}?[ \t]*\*?(?:Envoyé|Date)\s?(?:le)?\s?:\*?"
    r"|[ \t]*\*?From:\*?[^\n]+\n(?:[^\n]*\n){0,2}?[ \t]*\*?(?:Sent|Date):\*?"
    r")[ \t]*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came with a message; `content_id` names it in the HTML."""

    name: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    message_id: str
    ancestors: tuple[str, ...]
    references: str
    sender: tuple[str, str]  # name, address
    reply_to: str
    to: str
    cc: str
    subject: str
    sent_at: datetime | None
    body: str
    quoted: str
    html: str
    files: tuple[Part, ...]
    inline: tuple[Part, ...]
    headers: Mapping[str, str]
    deliveries: tuple[delivery_reports.Delivery, ...] = ()
    original_id: str = ""
    is_report: bool = False
    left_out: int = field(default=0)  # files beyond the number kept


def parse(raw: bytes) -> Parsed:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    headers = headers_of(message)
    text, html, files, inline, left_out = _contents(message)
    if not text.strip() and html:
        text = text_of_html(html)
    body, quoted = split_reply(text)
    report = delivery_reports.is_report(message)
    name, address = _first_address(headers.get("from", ""))
    in_reply_to, references = headers.get("in-reply-to", ""), headers.get("references", "")
    return Parsed(
        message_id=_identifier(headers, raw),
        ancestors=policy.ancestors(in_reply_to, references),
        references=" ".join(identifiers(references) or identifiers(in_reply_to)),
        sender=(name, address),
        reply_to=_first_address(headers.get("reply-to", ""))[1],
        to=headers.get("to", "")[:4000],
        cc=headers.get("cc", "")[:4000],
        subject=headers.get("subject", "")[:400],
        sent_at=_date(headers.get("date", "")),
        body=body,
        quoted=quoted,
        html=html,
        files=files,
        inline=inline,
        headers=headers,
        deliveries=delivery_reports.deliveries(message) if report else (),
        original_id=delivery_reports.original(message) if report else "",
        is_report=report,
        left_out=left_out,
    )


def _identifier(headers: Mapping[str, str], raw: bytes) -> str:
    """The Message-ID; for a message without one, an identifier made of its content."""
    found = identifiers(headers.get("message-id", ""))
    if found and len(found[0]) <= 300:
        return found[0]
    return f"<{hashlib.sha256(raw).hexdigest()}@sans-identifiant.invalid>"


def _first_address(line: str) -> tuple[str, str]:
    for name, address in policy.addresses(line):
        if policy.is_address(address):
            return name[:200], address.lower()
    return line[:200], ""


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a forwarded message is one part, not its own parts."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _leaves(part)


def _contents(message: Message) -> tuple[str, str, tuple[Part, ...], tuple[Part, ...], int]:
    texts: list[str] = []
    htmls: list[str] = []
    files: list[Part] = []
    inline: list[Part] = []
    left_out = 0
    for part in _leaves(message):
        kind = part.get_content_type()
        disposition = (part.get_content_disposition() or "").lower()
        named = file_name(part)
        if kind in {"text/plain", "text/html"} and disposition != "attachment" and not named:
            where = texts if kind == "text/plain" else htmls
            where.append(_text(part))
        elif kind == "message/delivery-status":
            continue
        elif len(files) + len(inline) >= policy.MOST_FILES:
            left_out += 1
        else:
            content_id = decoded(part.get("content-id", "")).strip("<> ")[:250]
            kept = Part(named or _default_name(kind), _bytes(part), content_id)
            is_inline = (
                bool(content_id) and kind.startswith("image/") and disposition != "attachment"
            )
            (inline if is_inline else files).append(kept)
    html = sanitised("\n".join(htmls)[:LONGEST_HTML]) if htmls else ""
    # An image that the text does not show is a file like another.
    shown = [part for part in inline if f"cid:{part.content_id}" in html]
    files += [part for part in inline if part not in shown]
    return "\n".join(texts)[:LONGEST_TEXT], html, tuple(files), tuple(shown), left_out


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return first.as_bytes(policy=email.policy.compat32) if isinstance(first, Message) else b""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError):
        content = str(part.get_payload()).encode("utf-8", "replace")
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    """The text of a part in its charset; a wrong or unknown one is replaced by the likeliest."""
    content = _bytes(part)[: LONGEST_HTML * 4]
    charset = part.get_content_charset("utf-8") or "utf-8"
    for one in (charset, "utf-8"):
        try:
            return clean(content.decode(one))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return clean(content.decode("cp1252", "replace"))


def file_name(part: Message) -> str:
    """The name of a file (RFC 2231 or RFC 2047), without any folder."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    name = decoded(name).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[\n\t<>:\"|?*]", "_", name).strip(". ")[-200:]


def _default_name(kind: str) -> str:
    if kind == "message/rfc822":
        return "message.eml"
    ending = {"text/calendar": "ics", "text/plain": "txt", "text/html": "html", "image/jpeg": "jpg"}
    return f"fichier.{ending.get(kind) or re.sub(r'[^a-z0-9]', '', kind.rpartition('/')[2])[:8]}"


# ---- HTML ----


def sanitised(html: str) -> str:
    """What of an HTML text is safe and says something: no script, style, form or frame.

    Links open elsewhere and say nothing of where they were. Images keep their address, `cid:` or
    from outside: the page decides whether they are fetched. Images of one pixel, which only
    report that a mail was read, are dropped.
    """
    safe = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    if "<img" not in safe:
        return safe
    tree = BeautifulSoup(safe, "html.parser")
    for image in tree.find_all("img"):
        sizes = {
            str(image.get(name, "")).strip().removesuffix("px") for name in ("width", "height")
        }
        if not image.get("src") or sizes & {"0", "1"}:
            image.decompose()
    return str(tree)


def images_shown(html: str, addresses: Mapping[str, str], *, remote: bool) -> str:
    """The HTML to show: images of the mail at their addresses, those from outside if `remote`."""
    tree = BeautifulSoup(html, "html.parser")
    for image in tree.find_all("img"):
        source = str(image.get("src", ""))
        if source.startswith("cid:") and source[4:] in addresses:
            image["src"] = addresses[source[4:]]
        elif not (remote and source.startswith("https://")):
            image.replace_with(f"[{image.get('alt') or 'image'}]")
    for link in tree.find_all("a"):
        link["target"] = "_blank"
    return str(tree)


def has_remote_images(html: str) -> bool:
    return re.search(r'<img[^>]+src="https?://', html) is not None


def text_of_html(html: str) -> str:
    """The text of a sanitised HTML, with its lines; quotations begin with « > »."""
    text = _said(BeautifulSoup(html, "html.parser"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()


def _said(node: Tag, depth: int = 0) -> str:
    if depth > 200:
        return node.get_text(" ")
    pieces: list[str] = []
    for child in node.children:
        if isinstance(child, NavigableString):
            pieces.append(str(child) if node.name == "pre" else re.sub(r"\s+", " ", str(child)))
        elif isinstance(child, Tag):
            pieces.append(_said_by(child, depth + 1))
    return "".join(pieces)


def _said_by(tag: Tag, depth: int) -> str:
    if tag.name == "br":
        return "\n"
    inner = _said(tag, depth)
    if tag.name == "blockquote":
        return "\n" + "\n".join(f"> {line}" for line in inner.strip().splitlines()) + "\n"
    if tag.name == "a":
        href = str(tag.get("href", ""))
        told = href.startswith("http") and href.rstrip("/") not in inner and inner.strip()
        return f"{inner} <{href}>" if told else inner
    form = {"td": "{} ", "th": "{} ", "li": "\n- {}"}.get(tag.name, "\n{}\n")
    framed = tag.name in BLOCKS or tag.name in {"td", "th"}
    return form.format(inner.strip()) if framed else inner


# ---- The answer and what it quotes ----


def split_reply(text: str) -> tuple[str, str]:
    """What was written, and the quotation below it; a text that only quotes is kept whole."""
    text = text.strip()
    cut = len(text)
    marker = _QUOTED.search(text)
    if marker is not None:
        cut = marker.start()
    elif len(text) <= SPLIT_WITHIN:
        latest = (EmailReplyParser(languages=LANGUAGES).parse_reply(text) or "").strip()
        if latest and text.startswith(latest):
            # Only a quotation is folded: a signature stays with the answer.
            rest = text[len(latest) :].lstrip("\n")
            if rest.lstrip().startswith(">"):
                cut = len(text) - len(rest)
    trailing = re.search(r"(?:\n>[^\n]*)+\s*$", text[:cut])
    if cut == len(text) and trailing is not None:
        cut = trailing.start()
    body, quoted = text[:cut].strip(), text[cut:].strip()
    return (body, quoted) if body else (text, "")


def summary(raw: bytes) -> tuple[str, str]:
    """Sender and subject of a message too bad to be taken in, or only of its head."""
    headers = headers_of(email.message_from_bytes(raw[:65536], policy=email.policy.compat32))
    return _first_address(headers.get("from", ""))[1], headers.get("subject", "")[:400]
