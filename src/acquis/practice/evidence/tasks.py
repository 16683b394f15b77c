from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.certification.sittings.models import Sitting
from acquis.kernel import jobs
from acquis.practice.evidence.actions.read_evidence import read_evidence


@jobs.job("evidence.read", title=gettext_lazy("Lecture des preuves"))
def read(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Read the evidence of one sitting, once its exam is over."""
    sitting = Sitting.objects.select_related("workspace", "candidate__session__version").get(
        pk=args["sitting"]
    )
    progress(0, 1, gettext("Lecture des échanges et des écrits"))
    kept = read_evidence(sitting=sitting, by=None, at=timezone.now())
    progress(1, 1, gettext("Terminé"))
    return {"notes": [gettext("%(n)s observations") % {"n": len(kept)}]}
