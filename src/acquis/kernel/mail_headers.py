"""Headers of a message as people read them. Pure.

Mail comes from everybody: a malformed header is read as well as it can be and never raises; what
cannot be decoded is replaced by « � ».
"""

import re
from email.header import decode_header, make_header
from email.message import Message

_IDENTIFIER = re.compile(r"<[^<>\s]+>")


def identifiers(text: str) -> tuple[str, ...]:
    """The message identifiers of a header, in their order, each once."""
    return tuple(dict.fromkeys(_IDENTIFIER.findall(text)))


def headers_of(message: Message) -> dict[str, str]:
    """Decoded headers by lower-case name; of several with one name, the first."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        key = str(name).lower()
        if key not in found:
            found[key] = decoded(value)
    return found


def decoded(value: object) -> str:
    """A header in clear: encoded words of RFC 2047, or bytes that should have been some."""
    text = str(value)
    # Raw bytes beyond ASCII are held as surrogates.
    data = text.encode("utf-8", "surrogateescape")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = re.sub(r"[\r\n]+[ \t]*", " ", text)
    try:
        text = str(make_header(decode_header(text)))
    except (ValueError, LookupError, UnicodeError):
        text = re.sub(r"=\?[^?]*\?[bqBQ]\?([^?]*)\?=", r"\1", text)
    return clean(text).strip()


def clean(text: str) -> str:
    """Without control characters, lone surrogates and marks that turn the direction of writing."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", text)
