"""Importing a list of candidates behind a page of progress."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import Organisation, User
from acquis.certification.registrations import actions, reading
from acquis.kernel import jobs
from acquis.kernel.lists import words
from acquis.kernel.lists.errors import ListHasErrors
from acquis.kernel.models import StoredFile

JOB = "registrations.import"


@jobs.job(JOB, title=gettext_lazy("Import de candidats"))
def run_import(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import the stored list; refused whole if a line is wrong."""
    organisation = Organisation.objects.get(pk=args["organisation"])
    by = User.objects.get(pk=args["by"])
    now = timezone.now()
    stored = StoredFile.objects.get(sha256=args["sha256"])
    today = timezone.localtime(now).date()
    found, versions = reading.read_stored(stored, organisation=organisation, by=by, on=today)
    if found.errors and not args.get("only_good"):
        raise ListHasErrors(count=len({error.line for error in found.errors}))
    brought = actions.import_candidates(
        organisation=organisation,
        rows=found.good,
        versions=versions,
        by=by,
        at=now,
        progress=lambda done, total: progress(done, total, _("Inscription des candidats")),
    )
    return {
        "notes": list(_notes(brought, len(found.rows) - len(found.good))),
        "imported": len(brought.registered),
        "enrolled": len(brought.enrolled),
        "known": [row.line for row in brought.known],
        "links": [{"label": _("Voir les candidats"), "url": reverse("registrations:list")}],
    }


def _notes(brought: actions.Imported, left_out: int) -> Iterator[str]:
    entered, enrolled, known = (
        len(brought.registered),
        len(brought.enrolled),
        len(brought.known),
    )
    summary = [ngettext("%d candidat importé", "%d candidats importés", entered) % entered]
    if enrolled:
        summary.append(ngettext("%d inscription", "%d inscriptions", enrolled) % enrolled)
    if known:
        summary.append(ngettext("%d déjà connu", "%d déjà connus", known) % known)
    yield " · ".join(summary)
    yield from words.left_out(left_out)
    for row, reason in brought.refused:
        yield _("Ligne %(line)s, non inscrit : %(reason)s") % {"line": row.line, "reason": reason}
