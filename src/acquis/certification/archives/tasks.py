from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.accounts.models import User
from acquis.certification.archives.actions.destroy_kept import destroy_due
from acquis.certification.archives.actions.export_session import export_session
from acquis.certification.archives.policy import Kind
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import jobs


@jobs.job("archives.export", title=gettext_lazy("Archive du dossier d’une session"))
def export(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Write the package of a session; run again, it is written anew."""
    session = ExamSession.objects.select_related(
        "organisation", "version__framework", "manager"
    ).get(pk=args["session"])
    archive = export_session(
        session=session,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=progress,
    )
    link = {
        "label": gettext("Archive de la session"),
        "url": reverse("archives:session", args=[session.pk]),
    }
    return {"pieces": archive.pieces, "links": [link]}


@jobs.job("archives.destroy", title=gettext_lazy("Destruction de ce qui est arrivé à son terme"))
def destroy(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Destroy what a person confirmed; run again, only what is left."""
    sessions = ExamSession.objects.in_bulk([pk for pk, _kind in args["chosen"]])
    chosen = [(sessions[pk], Kind(kind)) for pk, kind in args["chosen"]]
    records = destroy_due(
        chosen=chosen, by=User.objects.get(pk=args["by"]), at=timezone.now(), progress=progress
    )
    link = {"label": gettext("Conservation"), "url": reverse("archives:retention")}
    return {"destroyed": sum(one.count for one in records), "links": [link]}
