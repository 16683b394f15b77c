"""Readers of référentiels: bytes in, frameworks as the contract describes them out.

Pure: no database, no settings, no clock. A layout is recognised by its structure — columns,
codes, headings — never by the wording of one document.
"""

from collections.abc import Sequence

from acquis.certification.frameworks.readers.model import (
    NotAFramework,
    ReadFramework,
    SourceDocument,
)

__all__ = ["NotAFramework", "ReadFramework", "SourceDocument", "read_documents"]


def read_documents(
    sources: Sequence[SourceDocument], *, merge: bool = False
) -> list[ReadFramework]:
    """Return one framework a document, or one in all when they are merged.

    Raises NotAFramework for the first document that holds no référentiel; nothing is returned then.
    """
    # Late: a tenth of what a process needs to start, and documents are read a few times a year.
    from acquis.certification.frameworks.readers import reading  # noqa: PLC0415

    return reading.read_documents(sources, merge=merge)
