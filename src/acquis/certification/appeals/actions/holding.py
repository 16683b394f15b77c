"""While an appeal is in hand, nothing of its session is destroyed, whatever the clocks say (G-02)."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.appeals.models import Appeal
from acquis.certification.archives.actions.hold_session import lift_hold, place_hold


def origin_of(appeal: Appeal) -> str:
    return f"appeal:{appeal.pk}"


def hold(appeal: Appeal, *, by: User, at: datetime) -> None:
    """Call inside the transaction that lodges the appeal."""
    place_hold(
        session=appeal.seat.session,
        candidate=appeal.seat,
        origin=origin_of(appeal),
        reason=f"Recours {appeal.number}",
        by=by,
        at=at,
    )


def release(appeal: Appeal, *, by: User, at: datetime) -> None:
    """Let the clocks run again once it is finished; one lodged before holds were placed has none.

    Call inside the transaction that finishes the appeal.
    """
    origin = origin_of(appeal)
    for standing in appeal.seat.session.holds.filter(origin=origin, lifted_at__isnull=True):
        lift_hold(hold=standing, origin=origin, by=by, at=at)
