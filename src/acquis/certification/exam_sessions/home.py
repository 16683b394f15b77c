from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import deadlines as board
from acquis.kernel.deadlines import Urgency
from acquis.kernel.home import Card, Provider

AHEAD = timedelta(days=45)
MOST = 4  # sessions named one by one; the list has them all
_UNDER_WAY = (ExamSession.State.OPEN, ExamSession.State.CLOSED)
_TO_COME = (ExamSession.State.DRAFT, ExamSession.State.SUMMONED)


def _sessions(user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    """Sessions under way first, then those to come, each with what it waits for."""
    visible = access.visible_sessions(user, organisation)
    for session in visible.filter(state__in=_UNDER_WAY).order_by("starts_at")[:MOST]:
        yield _card(session, tone="warning", order=10)
    soon = visible.filter(
        state__in=_TO_COME, starts_at__gte=now - timedelta(days=1), starts_at__lte=now + AHEAD
    )
    for session in soon.order_by("starts_at")[:MOST]:
        yield _card(session, tone="info", order=20)


def _card(session: ExamSession, *, tone: str, order: int) -> Card:
    exam = session.block or session.version.framework.acronym or session.version.framework.title
    day = date_format(timezone.localtime(session.starts_at), "j F Y, H:i")
    return Card(
        title=_("Session %(reference)s · %(exam)s")
        % {"reference": session.reference, "exam": exam},
        text=f"{day} · {session.place} · {session.get_state_display()}",
        url=reverse("exam_sessions:detail", args=[session.pk]),
        icon="calendar-event",
        tone=tone,
        order=order,
    )


def _deadlines(user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    """What is late, in trouble or due within a week."""
    today = timezone.localtime(now).date()
    found = board.board(user, organisation, now, today, lambda verb: may(user, verb, organisation))
    urgent = Counter(one.urgency(today) for one in found)
    late = urgent[Urgency.LATE] + urgent[Urgency.TROUBLE]
    if late or urgent[Urgency.SOON]:
        yield Card(
            title=_("Échéances à tenir"),
            text=_("En retard, en difficulté ou près de leur terme."),
            url=reverse("exam_sessions:deadlines"),
            icon="calendar-due",
            count=late + urgent[Urgency.SOON],
            tone="danger" if late else "warning",
            order=15,
        )


PROVIDERS = [Provider(Verb.SESSION_READ, _sessions), Provider(Verb.JUROR_EDIT, _deadlines)]
