"""Lines of a kept file, in the words of the directory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice

from acquis.accounts.models import Workspace
from acquis.desk.directory import queries as directory
from acquis.desk.imports import reading
from acquis.desk.imports.errors import NotNow
from acquis.desk.imports.models import ColumnMemory, CustomerImport
from acquis.desk.imports.policy import columns, lines
from acquis.kernel import jobs
from acquis.kernel.models import Job

Kinds = dict[str, lines.CustomKind]


def kinds(workspace: Workspace) -> Kinds:
    """The fields that the desk defines, as cells are read by."""
    return {
        field.key: lines.CustomKind(field.kind, tuple(field.choices))
        for field in directory.custom_fields(workspace)
    }


def shape(source: CustomerImport) -> reading.Shape:
    return reading.Shape(source.source, source.encoding, source.separator)


@contextmanager
def opened(source: CustomerImport) -> Iterator[Iterator[reading.Line]]:
    """The lines of the kept file, headers first. Raises NotNow once the file is forgotten."""
    if source.file is None:
        raise NotNow
    with source.file.open() as stream:
        yield reading.lines(stream, shape(source))  # type: ignore[arg-type]  # reads bytes like any other


def first_lines(source: CustomerImport, count: int) -> list[reading.Line]:
    """The headers and the `count` lines under them."""
    with opened(source) as rows:
        return list(islice(rows, count + 1))


def cells(source: CustomerImport, row: list[str]) -> dict[str, str]:
    """The cells of a line by the field that their column gives."""
    return {field: row[int(rank)] for rank, field in source.mapping.items() if int(rank) < len(row)}


def understood(source: CustomerImport, row: list[str], *, today: date, custom: Kinds) -> lines.Read:
    return lines.read(cells(source, row), today=today, custom=custom)


def guessed(source: CustomerImport) -> dict[str, str]:
    """What the columns mean: as last time under the same headers, else from their words."""
    known = ColumnMemory.objects.filter(
        workspace=source.workspace, header_key=columns.header_key(source.headers)
    ).first()
    if known is not None:
        return dict(known.mapping)
    custom = {field.key: field.label for field in directory.custom_fields(source.workspace)}
    found = columns.guess(source.headers, custom)
    return {str(rank): field for rank, field in found.items()}


def job_of(source: CustomerImport) -> Job | None:
    return Job.objects.filter(pk=source.job_key).first() if source.job_key else None


def at_work(source: CustomerImport) -> bool:
    """Whether a worker has it, or will."""
    job = job_of(source)
    return job is not None and job.state in jobs.ACTIVE
