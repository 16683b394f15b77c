"""Readers of référentiels: bytes in, frameworks as the contract describes them out.

Pure: no database, no settings, no clock. A layout is recognised by its structure — columns,
codes, headings — never by the wording of one document.
"""

from acquis.certification.frameworks.readers.model import (
    NotAFramework,
    ReadFramework,
    SourceDocument,
)
from acquis.certification.frameworks.readers.reading import read_documents

__all__ = ["NotAFramework", "ReadFramework", "SourceDocument", "read_documents"]
