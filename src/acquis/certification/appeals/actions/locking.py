"""An appeal locked, and what its state allows."""

from collections.abc import Collection

from acquis.certification.appeals.errors import StateRefused
from acquis.certification.appeals.models import Appeal


def lock(appeal_id: int, states: Collection[str] = ()) -> Appeal:
    """Raises StateRefused unless it is in one of the states, when any is asked."""
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related(
            "organisation",
            "seat__session__version__framework",
            "seat__session__manager",
            "seat__enrolment__candidate",
        )
        .get(pk=appeal_id)
    )
    if states and appeal.state not in states:
        raise StateRefused(state=appeal.get_state_display().lower())
    return appeal
