from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from acquis.accounts.models import User
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import jobs


@jobs.job("awards.issue", title=gettext_lazy("Émission des résultats et des certificats"))
def issue(args: dict[str, Any], progress: Callable[..., None]) -> dict[str, Any]:
    """Issue what a session still waits for; run again, it takes up where it stopped."""
    session = ExamSession.objects.select_related("organisation", "version__framework").get(
        pk=args["session"]
    )
    issued = issue_documents(
        session=session,
        by=User.objects.get(pk=args["by"]),
        at=timezone.now(),
        progress=progress,
    )
    return {
        "issued": len(issued),
        "links": [
            {
                "label": gettext("Documents de la session"),
                "url": reverse("awards:session", args=[session.pk]),
            }
        ],
    }
