"""Files of customers behind a page of progress: read over, imported, taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import User
from acquis.desk.imports import queries
from acquis.desk.imports.actions.check_batch import begin_check, check_batch, end_check
from acquis.desk.imports.actions.import_batch import end_import, import_batch
from acquis.desk.imports.actions.lead_import import CHECK, RUN, UNDO, rest
from acquis.desk.imports.actions.undo_batch import end_undo, undo_batch
from acquis.desk.imports.models import CustomerImport
from acquis.desk.imports.policy.lines import Repeats
from acquis.desk.imports.reading import MOST_LINES, Line
from acquis.desk.shell import day_in_paris
from acquis.kernel import jobs
from acquis.kernel.errors import DomainRefusal

BATCH = 500  # lines a transaction


@jobs.job(CHECK, title=gettext_lazy("Relecture d’un fichier de clients"))
def check(args: dict[str, Any], progress: jobs.Progress) -> None:
    """Read every line over from the start; nothing is imported."""
    source = _source(args)
    custom = queries.kinds(source.workspace)
    repeats, done = Repeats(), 0
    with _resting(source):
        begin_check(source=source)
        for batch in _batches(source):
            today = day_in_paris(timezone.now())
            check_batch(source=source, batch=batch, repeats=repeats, custom=custom, today=today)
            done += len(batch)
            progress(done, None, _("Lignes relues"))
        end_check(source=source, repeats=repeats.found(), at=timezone.now())


@jobs.job(RUN, title=gettext_lazy("Import de clients"))
def run(args: dict[str, Any], progress: jobs.Progress) -> None:
    """Import the lines without fault; taken up again, it goes on after the last commit."""
    source = _source(args)
    by = User.objects.filter(pk=args["by"]).first()
    custom = queries.kinds(source.workspace)
    done = 0
    with _resting(source):
        for batch in _batches(source):
            done += len(batch)
            if batch[-1][0] > source.next_line:
                now = timezone.now()
                import_batch(
                    source=source,
                    batch=batch,
                    custom=custom,
                    by=by,
                    today=day_in_paris(now),
                    at=now,
                )
            progress(done, source.lines, _("Lignes importées"))
        end_import(source=source, by=by, at=timezone.now())


@jobs.job(UNDO, title=gettext_lazy("Annulation d’un import de clients"))
def undo(args: dict[str, Any], progress: jobs.Progress) -> None:
    """Take back what the import made, the last line first."""
    source = _source(args)
    by = User.objects.filter(pk=args["by"]).first()
    line: int | None = MOST_LINES * 1000
    with _resting(source):
        while line is not None:
            line = undo_batch(source=source, before_line=line)
            progress(source.next_line - (line or 0), source.next_line, _("Lignes annulées"))
        end_undo(source=source, by=by, at=timezone.now())


def _source(args: dict[str, Any]) -> CustomerImport:
    rows = CustomerImport.objects.select_related("workspace", "file")
    return rows.get(pk=args["import"])


def _batches(source: CustomerImport) -> Iterator[list[Line]]:
    with queries.opened(source) as rows:
        next(rows, None)  # the headers
        while batch := list(islice(rows, BATCH)):
            yield batch


@contextmanager
def _resting(source: CustomerImport) -> Iterator[None]:
    """Work that is stopped, or refused, leaves the import where it can be taken up again."""
    try:
        yield
    except (jobs.JobCancelled, DomainRefusal):
        rest(source=source)
        raise
