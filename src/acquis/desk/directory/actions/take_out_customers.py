"""Records that leave the desk as a file: who took how many, which columns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.errors import TooManyForWorkbook
from acquis.desk.directory.models import CustomerExport
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, sheets, trace
from acquis.kernel.models import StoredFile
from acquis.kernel.typography import grouped

KEPT = timedelta(days=1)  # a file of personal data waits no longer to be fetched (RGPD art. 5)


def refuse_form(form: str, rows: int) -> None:
    """Raise TooManyForWorkbook when the file asked for cannot hold so many records."""
    most = sheets.MOST_ROWS.get(form, rows)
    if rows > most:
        raise TooManyForWorkbook(most=grouped(str(most)), found=grouped(str(rows)))


@transaction.atomic
def note_export(
    *,
    workspace: Workspace,
    form: str,
    query: str,
    columns: Sequence[str],
    rows: int,
    by: User,
    at: datetime,
    file: StoredFile | None = None,
) -> CustomerExport:
    """Write down that the records leave, before they do. Raises WorkspaceSealed."""
    refuse_if_sealed(workspace)
    export = CustomerExport.objects.create(
        workspace=workspace,
        form=form,
        query=query,
        columns=[*columns],
        rows=rows,
        author=by,
        author_label=by.full_name,
        asked_at=at,
        file=file,
    )
    trace.record(
        "customers.exported",
        export,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        form=form,
        columns=[*columns],
        records=rows,
    )
    return export


@transaction.atomic
def forget_export_files(*, at: datetime) -> int:
    """Delete the files that were kept a day; the line that says who took them stays."""
    due = CustomerExport.objects.select_for_update(of=("self",)).filter(
        file__isnull=False, asked_at__lt=at - KEPT
    )
    gone = 0
    for export in due.select_related("file"):
        file, export.file = export.file, None
        export.save(update_fields=["file"])
        gone += files.forget(file)
    return gone
