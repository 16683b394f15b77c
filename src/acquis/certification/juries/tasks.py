"""Importing a list of jurors behind a page of progress."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import Organisation, User
from acquis.certification.juries import actions, juror_list
from acquis.kernel import jobs
from acquis.kernel.lists import pages as lists
from acquis.kernel.lists import words
from acquis.kernel.lists.errors import ListHasErrors
from acquis.kernel.models import StoredFile

JOB = "juries.import"


@jobs.job(JOB, title=gettext_lazy("Import de jurés"))
def run_import(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Import the stored list; refused whole if a line is wrong, unless only the good are wanted."""
    stored = StoredFile.objects.get(sha256=args["sha256"])
    found = juror_list.read_jurors(lists.cells(stored))
    if found.errors and not args.get("only_good"):
        raise ListHasErrors(count=len({error.line for error in found.errors}))
    brought = actions.import_jurors(
        organisation=Organisation.objects.get(pk=args["organisation"]),
        rows=found.good,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=lambda done, total: progress(done, total, _("Inscription des jurés au registre")),
    )
    entered, known = len(brought.registered), len(brought.known)
    summary = [ngettext("%d juré importé", "%d jurés importés", entered) % entered]
    if known:
        summary.append(ngettext("%d déjà connu", "%d déjà connus", known) % known)
    return {
        "notes": [" · ".join(summary), *words.left_out(len(found.rows) - len(found.good))],
        "imported": entered,
        "known": [row.line for row in brought.known],
        "links": [{"label": _("Voir les jurés"), "url": reverse("juries:list")}],
    }
