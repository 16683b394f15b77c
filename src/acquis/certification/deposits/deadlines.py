"""Documents to hand in on the board of deadlines: one line a session that says until when."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.deposits import queries
from acquis.certification.deposits.models import DepositHour
from acquis.certification.exam_sessions import access
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.policy import COMPOSABLE
from acquis.kernel.deadlines import Deadline, Kind

AHEAD = timedelta(days=90)


def _deposits(user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    soon = list(
        access.visible_sessions(user, organisation)
        .defer(None)
        .filter(state__in=COMPOSABLE, starts_at__gte=now, starts_at__lte=now + AHEAD)
        .order_by("starts_at", "pk")
    )
    hours = dict(DepositHour.objects.filter(session__in=soon).values_list("session", "until"))
    seats = list(SessionCandidate.objects.filter(session__in=soon))
    given = queries.deposits_of(seats)
    for session in soon:
        parts = queries.parts_of(session, hours.get(session.pk))
        people = [seat.pk for seat in seats if seat.session_id == session.pk]
        if parts and people:
            whole = sum(all(given[pk][part.document.key] for part in parts) for pk in people)
            yield _line(session, parts, len(people) - whole, whole)


def _line(session: ExamSession, parts: list[queries.Part], missing: int, whole: int) -> Deadline:
    due = timezone.localtime(min(part.due for part in parts))
    facts = [(_("à remettre"), missing), (_("remis"), whole)]
    hour = date_format(due, "j F Y, H:i")
    return Deadline(
        kind="deposits",
        title=session.reference,
        text=" · ".join([hour, *(part.title for part in parts)]),
        url=reverse("deposits:session", args=[session.pk]),
        exam=session.version.framework.acronym or session.version.framework.title,
        due=due.date(),
        done=not missing,
        facts=tuple(fact for fact in facts if fact[1]),
        marks=frozenset({"deposits"}),
        people=frozenset({session.manager_id}),
    )


KINDS = [Kind("deposits", gettext_lazy("Documents à remettre"), Verb.SESSION_MANAGE, _deposits)]
