"""From bytes to text: which medium, which encoding, and what is no text at all."""

import hashlib
import re
from pathlib import PurePosixPath

from acquis.certification.frameworks.readers.model import NotAFramework

_PDF = b"%PDF-"
_WORD_OR_ARCHIVE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"II*\x00", b"MM\x00*", b"\x1f\x8b")
_HTML_START = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|\?xml|html|head|body)", re.IGNORECASE | re.DOTALL
)
_HTML_TAG = re.compile(r"<(?:table|p|div|h[1-6]|ul|ol|section|article|main)\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} |\s*\|?[ :]*-{3,}[ :]*(?:[|\t]))", re.MULTILINE)
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_pdf(content: bytes) -> bool:
    return _PDF in content[:1024]


def decode(content: bytes) -> str:
    """Return the text of a document that is not a PDF.

    UTF-8 (with or without its mark) and UTF-16 are recognised by their bytes; anything else is
    taken as Windows-1252, the usual encoding of older French office files. Raises NotAFramework
    for bytes that are no text.
    """
    if not content.strip():
        raise NotAFramework("Ce fichier est vide : il n’y a aucun référentiel à y lire.")
    if content.startswith(_WORD_OR_ARCHIVE):
        raise NotAFramework(
            "Ce fichier est un document Word ou une archive : "
            "enregistrez-le en PDF, en HTML ou en texte."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and not content.startswith(_BINARY):
        text = content.decode("utf-16", errors="replace")
    elif content.startswith(_BINARY) or b"\x00" in content[:4096]:
        raise NotAFramework("Ce fichier est une image ou un programme, pas un texte.")
    else:
        text = _decode_bytes(content)
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    _refuse_noise(text)
    return text


def _decode_bytes(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="replace")
        if text.count("\ufffd") * 10 > len(re.findall(r"[À-ÿœŒ’«»–]", text)):
            text = content.decode("cp1252", errors="replace")
    if len(_MOJIBAKE.findall(text)) > 3:
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _refuse_noise(text: str) -> None:
    sample = text[:20000]
    noise = sum(1 for c in sample if c < " " and c not in "\n\t\f") + sample.count("\ufffd")
    if noise * 20 > len(sample):
        raise NotAFramework("Ce fichier n’est pas un texte lisible.")
    if not any(c.isalpha() for c in text):
        raise NotAFramework(
            "Ce fichier ne contient aucun mot : il n’y a aucun référentiel à y lire."
        )


def media_type(name: str, text: str) -> str:
    """Return the medium of a decoded text, from its content first and its name after."""
    suffix = PurePosixPath(name.casefold()).suffix
    if _HTML_START.match(text[:4000]):
        return "text/html"
    if suffix in {".html", ".htm", ".xhtml"} and _HTML_TAG.search(text):
        return "text/html"
    if (
        text.lstrip().startswith("<")
        and _HTML_TAG.search(text[:2000])
        and not _MARKDOWN.search(text)
    ):
        return "text/html"
    if suffix in {".md", ".markdown"} or _MARKDOWN.search(text):
        return "text/markdown"
    return "text/plain"
