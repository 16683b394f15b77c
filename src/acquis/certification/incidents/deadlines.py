"""Corrective actions and held results on the board of deadlines."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.incidents import queries
from acquis.kernel.deadlines import Deadline, Kind

ACTIONS = "corrective_actions"
SHOWN_AFTER = timedelta(days=60)  # a closed action stays among what was done


def _actions(user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    """Those of the centre for whoever follows them, their own for everybody else."""
    found = queries.actions_of(organisation).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=now - SHOWN_AFTER)
    )
    if not may(user, Verb.INCIDENT_FOLLOW, organisation=organisation):
        found = found.filter(owner=user)
    for action in found:
        checked = action.done_at is not None and action.closed_at is None
        facts = [(_("efficacité à vérifier"), 1)] if checked else []
        yield Deadline(
            kind=ACTIONS,
            title=action.title,
            text=f"{action.session.reference} · {action.owner.full_name}",
            url=reverse("incidents:action", args=[action.pk]),
            due=action.due_on,
            done=action.done_at is not None or action.closed_at is not None,
            facts=tuple(facts),
            marks=frozenset({"to_check"} if checked else set()),
            # Who answers for it, until it is done; then it waits for somebody else's check.
            people=frozenset({action.owner_id}) if not checked else frozenset(),
            troubles=1 if checked else 0,
        )


# Whoever works for a centre may be given an action: each sees their own.
KINDS = [Kind(ACTIONS, gettext_lazy("Actions correctives"), Verb.JOB_READ, _actions)]
