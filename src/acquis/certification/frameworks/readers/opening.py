"""Opens files: bytes become documents, several documents may become one."""

from collections.abc import Sequence

from acquis.certification.frameworks.readers import decoding, typography
from acquis.certification.frameworks.readers.html import HtmlReader
from acquis.certification.frameworks.readers.markdown import MarkdownReader, looks_wrapped
from acquis.certification.frameworks.readers.model import (
    Document,
    Element,
    NotAFramework,
    SourceDocument,
    shifted,
)
from acquis.certification.frameworks.readers.pdf import PdfReader

MAX_BYTES = 60 * 1024 * 1024


def open_document(source: SourceDocument) -> Document:
    """Return the decoded document. Raises NotAFramework for what cannot be read as text."""
    if len(source.content) > MAX_BYTES:
        raise NotAFramework("Ce fichier dépasse 60 Mo : ce n’est pas un référentiel.")
    if decoding.is_pdf(source.content):
        pdf = PdfReader()
        pdf.read(source.content)
        return _document(source, "application/pdf", pdf.elements, pdf.shown)
    text = decoding.decode(source.content)
    medium = decoding.media_type(source.name, text)
    if medium == "text/html":
        page = HtmlReader()
        page.read(text)
        return _document(source, medium, page.elements, page.shown)
    lines = text.split("\n")
    elements = MarkdownReader(lines, wrapped=looks_wrapped(lines)).read()
    shown = [typography.shown(line) for line in lines]
    return _document(source, medium, elements, shown, lines)


def _document(
    source: SourceDocument,
    medium: str,
    elements: Sequence[Element],
    shown: Sequence[str],
    raw: Sequence[str] | None = None,
) -> Document:
    return Document(
        name=source.name.replace("\\", "/").rsplit("/", 1)[-1],
        sha256=decoding.fingerprint(source.content),
        media_type=medium,
        elements=tuple(elements),
        source_text="\n".join(shown),
        raw_lines=tuple(raw if raw is not None else shown),
    )


def joined(documents: Sequence[Document], contents: Sequence[bytes]) -> Document:
    """Return the documents one after the other, as one."""
    if len(documents) == 1:
        return documents[0]
    elements: list[Element] = []
    shown: list[str] = []
    raw: list[str] = []
    for document in documents:
        elements.extend(shifted(element, len(shown)) for element in document.elements)
        lines = document.source_text.split("\n")
        shown.extend(lines)
        raw.extend([*document.raw_lines, *[""] * (len(lines) - len(document.raw_lines))])
    return Document(
        name=" + ".join(document.name for document in documents),
        sha256=decoding.fingerprint(b"".join(contents)),
        media_type=documents[0].media_type,
        elements=tuple(elements),
        source_text="\n".join(shown),
        raw_lines=tuple(raw),
    )
