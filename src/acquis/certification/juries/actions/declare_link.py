from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.kernel import trace


@transaction.atomic
def declare_link(  # - independence is judged per session, so a link is written once for all
    *, juror: Juror, candidate_id: int, nature: str, detail: str = "", by: User, at: datetime
) -> DeclaredLink:
    """Write down what binds a juror to a candidate; declared twice, written once."""
    link, written = DeclaredLink.objects.get_or_create(
        juror=juror,
        candidate_id=candidate_id,
        nature=nature,
        defaults={"detail": detail.strip(), "declared_at": at},
    )
    if written:
        trace.record(
            "juror.link_declared", juror, by=by, at=at, candidate=candidate_id, nature=nature
        )
    return link


@transaction.atomic
def withdraw_link(*, link: DeclaredLink, by: User, at: datetime) -> None:
    """Remove a link declared by mistake; the trace keeps that it was there."""
    trace.record(
        "juror.link_withdrawn",
        link.juror,
        by=by,
        at=at,
        candidate=link.candidate_id,
        nature=link.nature,
        declared_at=link.declared_at.isoformat(),
    )
    link.delete()
