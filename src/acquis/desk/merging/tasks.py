"""Comparing the records of a whole desk behind a page of progress."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.merging.actions.scan_desk import JOB, scan_batch
from acquis.kernel import jobs


@jobs.job(JOB, title=gettext_lazy("Recherche des doublons"))
def scan(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Compare what changed since the last time; taken up again after a kill where it stopped."""
    workspace = Workspace.objects.get(pk=args["workspace"])
    total = Customer.objects.filter(workspace=workspace).count()
    read = 0
    while done := scan_batch(workspace=workspace, at=timezone.now()):
        read += done
        progress(min(read, total), total, _("Fiches comparées"))
    return {"read": read}
