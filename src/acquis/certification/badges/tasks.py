from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from acquis.accounts.models import User
from acquis.certification.awards.following import follow_certificates, follow_revocations
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import actions, queries
from acquis.certification.badges.models import Badge
from acquis.kernel import jobs, rounds

JOB = "badges.issue"


@jobs.job(JOB, title=gettext_lazy("Badges des certificats"))
def issue(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Sign the badges that a session waits for; run again, it takes up where it stopped."""
    by = User.objects.filter(pk=args["by"]).first()
    made = len(actions.issue_missing(session_id=args["session"], by=by, at=timezone.now()))
    progress(made, made, "")
    return {"notes": [ngettext("%d badge signé", "%d badges signés", made) % made]}


@follow_certificates
def certificate_issued(document: IssuedDocument, by: User, at: datetime) -> None:
    """Its badge is signed in the background; the badge of the one it corrects is revoked now."""
    if document.corrects is not None:
        actions.revoke_badge(
            certificate=document.corrects, reason=Badge.Reason.REPLACED, by=by, at=at
        )
    _queue(document.session_id, by, at)


@follow_revocations
def certificate_revoked(document: IssuedDocument, by: User, at: datetime) -> None:
    actions.revoke_badge(certificate=document, reason=Badge.Reason.WITHDRAWN, by=by, at=at)


@rounds.every(600, "badges.issue")
def look_for_missing(now: datetime) -> None:
    """Certificates that were issued while the work before was ending, or before badges existed."""
    sessions = queries.without_badge().order_by().values_list("session", "session__manager")
    for session, manager in sorted(set(sessions))[:20]:
        _queue(session, User.objects.get(pk=manager), now)


def _queue(session: int, by: User, at: datetime) -> None:
    jobs.enqueue(
        JOB,
        by=by,
        at=at,
        args={"session": session, "by": by.pk},
        unique_key=f"{JOB}:{session}",
    )
