"""Text as the document means it: encodings, typography and Markdown escapes put right.

Wording is never touched here; what an OCR damaged is the business of `mending`.
"""

import html
import re
import unicodedata

CHECKED = "☒"
UNCHECKED = "☐"

_CHECKED_MARKS = "☑✓✔✗✘■🗹🗷\uf0fe\uf0fd\uf0fc\uf052\uf053"
_UNCHECKED_MARKS = "□◻▢\uf0a8\uf06f\uf071\uf072"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u3000\t"), " ")
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u000c\u0000"), None)
_CHARACTERS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "′": "'",
        "\u0092": "'",
        "“": '"',
        "”": '"',
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬀ": "ff",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        **dict.fromkeys(_CHECKED_MARKS, CHECKED),
        **dict.fromkeys(_UNCHECKED_MARKS, UNCHECKED),
    }
)
BULLETS = "•▪◦●○‣⁃∙·➢➤►▶✦❖◆♦\uf0b7\uf0a7\uf0d8\uf0e8\uf02d\uf076\uf0fa■"
_BULLET = re.compile(rf"^\s*(?:[{re.escape(BULLETS)}]\s*|[-–—*+]\s+|o\s{{1,4}}(?=[A-ZÉÈÀa-zéèà]))")
_TICK = re.compile(rf"^\s*{CHECKED}\s*(?=[A-Za-zÀ-ÿ«])")
_INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_TAG_BREAK = re.compile(r"<(?:br|/p|/li|/div|/ul|/ol)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^)\s]*\)")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_FOOTNOTE_STAR = re.compile(r"(?<=[\w»)\".])\s?(?:\\\*|\*(?=[\s,;.:)\]]|$))")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w\\])_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])")
_SUPERSCRIPT = re.compile(r"<sup>\s*[\d*]+\s*</sup>|[¹²³⁴⁵⁶⁷⁸⁹]+(?=\s|$|[.,;)])", re.IGNORECASE)
_BOX_COMMAND = re.compile(r"\$?\\(boxtimes|checkmark|boxdot|blacksquare|square|Box)\b\$?")
_SPACE_RUN = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return the text with one form of each character: NFC, plain spaces, straight quotes."""
    text = unicodedata.normalize("NFC", text).translate(_NOTHING)
    return text.translate(_SPACES).translate(_CHARACTERS)


def tidy(text: str) -> str:
    """Return a label on one line: no emphasis, no escapes, no footnote marks, single spaces."""
    text = _BOX_COMMAND.sub(lambda found: UNCHECKED if found[1] in "squareBox" else CHECKED, text)
    text = _SUPERSCRIPT.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _FOOTNOTE_STAR.sub("", text)
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    text = _ITALIC.sub(r"\1", text)
    text = _FOOTNOTE_STAR.sub("", text)
    text = _ESCAPE.sub(r"\1", text)
    text = html.unescape(text)
    return _SPACE_RUN.sub(" ", normalise(text)).strip()


def is_bold(text: str) -> bool:
    """Say whether the whole Markdown text is strong."""
    stripped = text.strip()
    return len(stripped) > 4 and stripped.startswith("**") and stripped.endswith("**")


def without_bullet(text: str) -> tuple[str, bool]:
    """Return the text without its list mark, and whether it had one.

    A tick before words is a list mark; an empty box is not, for it says that the words do not apply.
    """
    match = _BULLET.match(text) or _TICK.match(text)
    return (text[match.end() :], True) if match else (text, False)


def checkbox(tag: str) -> str:
    return CHECKED if re.search(r"\bchecked\b", tag, re.IGNORECASE) else UNCHECKED


def shown(line: str) -> str:
    """Return a source line as people are shown it: tags become separators, nothing is lost."""
    line = _INPUT.sub(lambda found: checkbox(found[0]), _AUTOLINK.sub(r"\1", line))
    line = _TAG.sub("", _TAG_BREAK.sub(" ¶ ", line))
    parts = [re.sub(r"\s*(?:¶\s*)+$", "", part).strip() for part in line.split("\t")]
    text = " │ ".join(parts) if len(parts) > 1 and any(parts) else parts[0]
    return html.unescape(normalise(text)).rstrip()


def key(text: str) -> str:
    """Return what two wordings share whatever their accents, case and punctuation."""
    folded = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def sentence_start(text: str) -> str:
    """Return the text with its first letter in upper case, the rest as it stands."""
    return text[:1].upper() + text[1:]


def continues(text: str) -> bool:
    """Say whether the text can only be the end of a sentence begun before it."""
    return bool(text) and (text[0].islower() or text[0] in ",;.)»")


def is_open(text: str) -> bool:
    """Say whether the sentence goes on after this text."""
    return bool(text) and text.rstrip()[-1] not in ".;:!?…"
