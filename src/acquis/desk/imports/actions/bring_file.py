"""A file of customers is brought, and how it is written told."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.imports import queries, reading
from acquis.desk.imports.errors import FileTooLarge, FileUnreadable, NotNow
from acquis.desk.imports.models import CustomerImport
from acquis.desk.imports.problems import PROBLEMS
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, trace

MOST_BYTES = 200 * 1024 * 1024
READ_OVER = frozenset(
    {CustomerImport.State.MAPPING, CustomerImport.State.CHECKING, CustomerImport.State.CHECKED}
)
WORKBOOK = b"PK\x03\x04"


@transaction.atomic
def bring_file(
    *, workspace: Workspace, file: "UploadedFile[Any]", by: User | None, at: datetime
) -> CustomerImport:
    """Keep the file and guess its format, its encoding, its separator and its columns.

    Raises FileTooLarge, FileUnreadable, TooManyLines or WorkspaceSealed; nothing is kept then.
    """
    refuse_if_sealed(workspace)
    if (file.size or 0) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_BYTES // 1024 // 1024)
    file.seek(0)
    is_workbook = file.read(len(WORKBOOK)) == WORKBOOK
    media_type = files.SPREADSHEET if is_workbook else "text/plain"
    shape = reading.shape_of(file.file or file, media_type=media_type)  # type: ignore[arg-type]
    headers = _headers(file, shape)
    stored = files.store_file(file, media_type=media_type, by=by, at=at)
    source = CustomerImport(
        workspace=workspace,
        file=stored,
        name=(file.name or "clients")[-255:],
        source=shape.source,
        encoding=shape.encoding,
        separator=shape.separator,
        headers=headers,
        made_at=at,
        made_by=by,
        made_by_label=by.full_name if by else "",
    )
    source.mapping = _mapping(source)
    source.save()
    trace.record(
        "customers.file_brought",
        source,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        name=source.name,
        sha256=stored.sha256,
    )
    return source


@transaction.atomic
def read_again(
    *, source: CustomerImport, encoding: str, separator: str, by: User | None, at: datetime
) -> CustomerImport:
    """Read the headers again with another encoding or separator. Raises NotNow, FileUnreadable."""
    refuse_if_sealed(source.workspace)
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if row.state not in READ_OVER or queries.at_work(row):
        raise NotNow
    row.encoding, row.separator = encoding, separator
    row.headers = [one.strip()[:120] for one in queries.first_lines(row, 1)[0][1]]
    row.mapping = _mapping(row)
    row.state = row.State.MAPPING
    row.save(update_fields=["encoding", "separator", "headers", "mapping", "state"])
    trace.record(
        "customers.file_read_again",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        encoding=encoding,
        separator=separator,
    )
    return row


def _headers(file: "UploadedFile[Any]", shape: reading.Shape) -> list[str]:
    rows = reading.lines(file.file or file, shape)  # type: ignore[arg-type]
    headers = next(rows, None)
    if headers is None or next(rows, None) is None:
        raise FileUnreadable(problem=PROBLEMS["empty"])
    return [header.replace("\x00", "").strip()[:120] for header in headers[1]]


def _mapping(source: CustomerImport) -> dict[str, str]:
    if source.source == CustomerImport.Source.VCARD:
        return {str(rank): field for rank, field in enumerate(reading.VCARD_FIELDS)}
    return queries.guessed(source)
