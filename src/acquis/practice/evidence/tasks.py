from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.certification.sittings.models import Sitting
from acquis.kernel import jobs, outbox
from acquis.practice.evidence.actions.read_evidence import read_evidence


@outbox.handler("sitting.produced")
def queue_reading(payload: dict[str, Any]) -> None:
    """What the jury will read beside its criteria is gathered once the exchanges, then all, are over.

    Whoever ended them: the candidate, the invigilator, or the clock.
    """
    sitting = Sitting.objects.only("pk", "state").get(pk=payload["sitting"])
    jobs.enqueue(
        "evidence.read",
        by=None,
        at=timezone.now(),
        args={"sitting": sitting.pk},
        unique_key=f"evidence.read:{sitting.pk}:{sitting.state}",
    )


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
