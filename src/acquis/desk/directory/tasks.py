"""Bulk edits and files too long for a page to wait for."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any

from django.core.files import File
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User, Workspace
from acquis.desk.directory import asking, index
from acquis.desk.directory.access import refuse_beyond_right
from acquis.desk.directory.actions.edit_in_bulk import run_bulk_edit, run_undo
from acquis.desk.directory.actions.take_out_customers import (
    forget_export_files,
    note_export,
    refuse_form,
)
from acquis.desk.directory.models import BulkEdit, CustomerExport
from acquis.desk.shell import day_in_paris
from acquis.kernel import files, jobs, rounds, sheets

BULK = "directory.bulk_edit"
UNDO = "directory.bulk_undo"
EXPORT = "directory.export"
FILES = "directory.export_files"
WORDS = "directory.words"
TOLD_EVERY = 200  # records between two signs of progress


@jobs.job(BULK, title=gettext_lazy("Modification de fiches en nombre"))
def bulk_edit(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    edit = BulkEdit.objects.get(pk=args["edit"])
    by = User.objects.get(pk=args["by"])
    edit = run_bulk_edit(edit=edit, by=by, at=timezone.now(), tell=progress)
    return _leads_to(edit, _("Voir ce qui a changé"))


@jobs.job(UNDO, title=gettext_lazy("Annulation d’une modification en nombre"))
def bulk_undo(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    edit = BulkEdit.objects.get(pk=args["edit"])
    by = User.objects.get(pk=args["by"])
    edit = run_undo(edit=edit, by=by, at=timezone.now(), tell=progress)
    return _leads_to(edit, _("Voir ce qui est rendu"))


def _leads_to(edit: BulkEdit, label: str) -> dict[str, Any]:
    address = reverse("directory:bulk_edit", args=[edit.workspace_id, edit.pk])
    return {"links": [{"label": label, "url": address}]}


@jobs.job(EXPORT, title=gettext_lazy("Export de clients"))
def export(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write the file; the right is looked at again, as it may have gone while the job waited."""
    workspace = Workspace.objects.select_related("organisation").get(pk=args["workspace"])
    by = User.objects.get(pk=args["by"])
    now = timezone.now()
    asked = asking.understand(workspace, QueryDict(args["query"]), today=day_in_paris(now))
    asked.refuse_unclear()
    total = asked.found.customers.count()
    form = args["form"]
    refuse_beyond_right(by, workspace, total)
    refuse_form(form, total)
    rows = asked.rows(asked.found.customers.iterator(chunk_size=1000))
    heads = [str(column.label) for column in asked.shown]
    with TemporaryFile() as out:  # a million records do not fit in memory twice
        sheets.write(out, form, _("Clients"), heads, _counted(rows, total, progress))
        file = files.store_file(
            File(out, name=f"clients.{form}"),
            media_type=sheets.MEDIA_TYPES[form].split(";")[0],
            by=by,
            at=now,
        )
    kept = note_export(
        workspace=workspace,
        form=form,
        query=asked.query,
        columns=[column.key for column in asked.shown],
        rows=total,
        by=by,
        at=now,
        file=file,
    )
    address = reverse("directory:export_file", args=[workspace.pk, kept.pk])
    return {"links": [{"label": _("Prendre le fichier"), "url": address}]}


def _counted(rows: Iterable[list[str]], total: int, progress: jobs.Progress) -> Iterator[list[str]]:
    for rank, row in enumerate(rows, start=1):
        if rank % TOLD_EVERY == 0:
            progress(rank, total)
        yield row
    progress(total, total)


@rounds.every(3600, FILES)
def look_for_files(now: datetime) -> None:
    """Delete the files of exports that were kept a day."""
    if CustomerExport.objects.filter(file__isnull=False).exists():
        forget_export_files(at=now)


@rounds.every(3600, WORDS)
def forget_words(now: datetime) -> None:  # noqa: ARG001 - a round is told the time
    """The words of desks that are gone."""
    index.forget_gone_desks()
