"""A processing report in its two forms: processed passage by passage, or refused whole.

Nothing of a report is fetched, expanded or half-read: one that says two things of a passage, or
lacks what names its file, is refused with the reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from acquis.certification.cpf.schemas.reading import safe_parser

NAMESPACE = "urn:cdc:cpf:pc5:rapport:schema"


class ReportUnreadableError(Exception):
    """`code` is `empty`, `not_xml`, `not_a_report`, `no_file_name`, `no_answer`, `no_id`, `twice`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class FileError:
    """Why a file was refused whole: where in it, in the portal's words."""

    kind: str
    text: str
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report says; `errors` only of a file refused whole."""

    file_name: str
    flux_id: str
    treatment_id: str
    accepted: Sequence[str]
    rejected: Mapping[str, str]  # by technical id, the message
    errors: Sequence[FileError]

    @property
    def refused_whole(self) -> bool:
        return bool(self.errors)


def read(content: bytes) -> Answer:
    """Raises ReportUnreadableError."""
    if not content.strip():
        raise ReportUnreadableError("empty")
    try:
        root = etree.fromstring(content, safe_parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        # What the parser says is English and of no help: the line is.
        line = str(getattr(fault, "lineno", None) or 1)
        raise ReportUnreadableError("not_xml", line) from fault
    if _local(root) != "rapport" or root.getroottree().docinfo.doctype:
        raise ReportUnreadableError("not_a_report", _local(root))
    name = PurePosixPath(_text(root, "nomFichier").replace("\\", "/")).name
    if not name:
        raise ReportUnreadableError("no_file_name")
    errors = [_error(one) for one in _children(root, "erreurs", "erreur")]
    accepted = [_words(one) for one in _children(root, "PassagesOK", "idTechnique")]
    pairs = [
        (_text(one, "idTechnique"), _text(one, "messageErreur"))
        for one in _children(root, "PassagesKO", "passage")
    ]
    _refuse_unclear(root, accepted, pairs, errors)
    return Answer(
        name, _text(root, "idFlux"), _text(root, "idTraitement"), accepted, dict(pairs), errors
    )


def _refuse_unclear(
    root: Any, accepted: list[str], pairs: list[tuple[str, str]], errors: list[FileError]
) -> None:
    ids = [*accepted, *(one for one, _message in pairs)]
    if bool(ids) == bool(errors):  # neither form, or both at once
        raise ReportUnreadableError("no_answer")
    if not all(ids) or (ids and not _text(root, "idFlux")):
        raise ReportUnreadableError("no_id")
    again = [one for one, times in Counter(ids).items() if times > 1]
    if again:
        raise ReportUnreadableError("twice", again[0])


def _error(element: Any) -> FileError:
    return FileError(
        _text(element, "type"),
        _text(element, "message"),
        _number(_text(element, "ligne")),
        _number(_text(element, "colonne")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _children(root: Any, group: str, name: str) -> Iterator[Any]:
    for held in root:
        if _local(held) == group:
            yield from (one for one in held if _local(one) == name)


def _text(element: Any, name: str) -> str:
    return next((_words(one) for one in element if _local(one) == name), "")


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _local(element: Any) -> str:
    """The name without its namespace: the portal prefixes the root only, or nothing."""
    return str(element.tag).rpartition("}")[2]
