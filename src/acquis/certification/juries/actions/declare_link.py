from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.juries.models import DeclaredLink, Juror
from acquis.kernel import trace


@transaction.atomic
def declare_link(  # - independence is judged per session, so a link is written once for all
    *,
    juror: Juror,
    nature: str,
    candidate_id: int | None = None,
    organisation_name: str = "",
    declared_by: str = DeclaredLink.Declarer.CENTRE,
    detail: str = "",
    by: User,
    at: datetime,
) -> DeclaredLink:
    """Write down what binds a juror to a candidate or to an organisation, one of the two.

    Declared twice while it holds, it is written once.
    """
    juror = Juror.objects.select_for_update(of=("self",)).get(pk=juror.pk)
    link, written = DeclaredLink.objects.get_or_create(
        juror=juror,
        candidate_id=candidate_id,
        organisation_name=organisation_name.strip(),
        nature=nature,
        ended_at=None,
        defaults={"detail": detail.strip(), "declared_by": declared_by, "declared_at": at},
    )
    if written:
        trace.record(
            "juror.link_declared",
            juror,
            by=by,
            at=at,
            link=link.pk,
            candidate=candidate_id,
            nature=nature,
            declared_by=declared_by,
        )
    return link


@transaction.atomic
def withdraw_link(*, link: DeclaredLink, by: User, at: datetime) -> None:
    """End a link; it stays in the history of the juror. Ended twice, the first time counts."""
    link = DeclaredLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.ended_at is not None:
        return
    link.ended_at = at
    link.save(update_fields=["ended_at"])
    trace.record(
        "juror.link_withdrawn",
        link.juror,
        by=by,
        at=at,
        link=link.pk,
        candidate=link.candidate_id,
        nature=link.nature,
    )
