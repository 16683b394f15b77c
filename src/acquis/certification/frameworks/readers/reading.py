"""The door: documents in, frameworks out, or one sentence that says why not."""

from collections.abc import Callable, Sequence

from acquis.certification.frameworks.readers.draft import Draft
from acquis.certification.frameworks.readers.finishing import finish
from acquis.certification.frameworks.readers.grid import read_grid
from acquis.certification.frameworks.readers.linear import (
    read_flattened,
    read_linear,
)
from acquis.certification.frameworks.readers.ministry import read_ministry
from acquis.certification.frameworks.readers.model import (
    Document,
    NotAFramework,
    ReadFramework,
    SourceDocument,
)
from acquis.certification.frameworks.readers.opening import joined, open_document
from acquis.certification.frameworks.readers.outline import read_outline

Reader = Callable[[Document], Draft | None]
READERS: tuple[Reader, ...] = (
    read_ministry,
    read_grid,
    read_linear,
    read_outline,
    read_flattened,
)


def read_documents(
    sources: Sequence[SourceDocument], *, merge: bool = False
) -> list[ReadFramework]:
    """Return one framework a document, or one in all when they are merged.

    Raises NotAFramework for the first document that holds no référentiel; nothing is returned then.
    """
    if not sources:
        raise NotAFramework("Aucun fichier n’a été donné.")
    documents = [_opened(source, alone=len(sources) == 1) for source in sources]
    if merge:
        contents = [source.content for source in sources]
        return [_read(joined(documents, contents), alone=True)]
    return [_read(document, alone=len(sources) == 1) for document in documents]


def _opened(source: SourceDocument, *, alone: bool) -> Document:
    try:
        return open_document(source)
    except RecursionError:
        raise NotAFramework(
            f"{source.name} : ce document est trop imbriqué pour être lu."
        ) from None
    except NotAFramework as refusal:
        if alone:
            raise
        raise NotAFramework(f"{source.name} : {refusal.message_fr}") from refusal


def _read(document: Document, *, alone: bool) -> ReadFramework:
    for reader in READERS:
        draft = reader(document)
        if draft is not None:
            return finish(draft, document)
    sentence = (
        "Ce document n’est pas un référentiel : aucune compétence ni aucun critère d’évaluation "
        "n’y a été reconnu."
    )
    raise NotAFramework(sentence if alone else f"{document.name} : {sentence}")
