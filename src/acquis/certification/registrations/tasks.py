"""Importing a list of candidates behind a page of progress."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import Organisation, User
from acquis.certification.registrations import actions, csv_import
from acquis.certification.registrations.errors import ListHasErrors
from acquis.kernel import files, jobs
from acquis.kernel.models import StoredFile

JOB = "registrations.import"


@jobs.job(JOB, title=gettext_lazy("Import de candidats"))
def run_import(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import the stored list; refused whole if a line is wrong."""
    organisation = Organisation.objects.get(pk=args["organisation"])
    by = User.objects.get(pk=args["by"])
    now = timezone.now()
    stored = StoredFile.objects.get(sha256=args["sha256"])
    found = csv_import.read_candidates(files.read(stored), timezone.localtime(now).date())
    if found.errors:
        raise ListHasErrors(count=len({error.line for error in found.errors}))
    registered, known = actions.import_candidates(
        organisation=organisation,
        rows=found.rows,
        by=by,
        at=now,
        progress=lambda done, total: progress(done, total, _("Inscription des candidats")),
    )
    summary = ngettext("%d candidat importé", "%d candidats importés", len(registered)) % len(
        registered
    )
    if known:
        summary += " · " + ngettext("%d déjà connu", "%d déjà connus", len(known)) % len(known)
    return {
        "notes": [summary],
        "imported": len(registered),
        "known": [row.line for row in known],
        "links": [{"label": _("Voir les candidats"), "url": reverse("registrations:list")}],
    }
