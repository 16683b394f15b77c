"""Summons on the board of deadlines: one line a session to come, with what became of each letter."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access, policy, presentation, queries
from acquis.certification.exam_sessions.models import ExamSession, SiteAccreditation, Summons
from acquis.certification.exam_sessions.policy import Delivery
from acquis.kernel.deadlines import Deadline, Kind

SUMMONS = "summons"
KEPT = timedelta(days=1)  # a session stays on the board until the day after
_UNANSWERED = (Delivery.SENT, Delivery.OPENED)
_LEFT = (Delivery.SENT, Delivery.OPENED, Delivery.ACKNOWLEDGED, Delivery.DECLINED)
_TOLD = (
    *policy.TROUBLES,
    Delivery.QUEUED,
    Delivery.SENT,
    Delivery.OPENED,
    Delivery.ACKNOWLEDGED,
)


def _summons(user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    sessions = (
        access.visible_sessions(user, organisation)
        .defer(None)
        .filter(
            state__in=policy.COMPOSABLE,
            starts_at__gte=now - KEPT,
        )
        .prefetch_related(
            Prefetch(
                "summonses",
                queries.in_force().defer("data"),
                to_attr="current",
            )
        )
    )
    session: Any
    for session in sessions:
        expected = session.candidate_count + session.juror_count
        if expected:
            yield _line(session, session.current, expected, now)


def _line(session: ExamSession, current: list[Summons], expected: int, now: datetime) -> Deadline:
    states = Counter(presentation.delivery_of(one, now) for one in current)
    missing = max(expected - len(current), 0)
    left = sum(states[state] for state in _LEFT)
    due = policy.deadline_of(
        session.version.content.get("rules", {}).get("summons_before"), queries.day_of(session)
    )
    unanswered = sum(states[state] for state in _UNANSWERED)
    facts = [
        (str(presentation.DELIVERIES[state][0]), states[state]) for state in _TOLD if states[state]
    ]
    if missing:
        facts.insert(0, (_("à convoquer"), missing))
    marks = {state.value for state in states} | ({"unanswered"} if unanswered else set())
    day = date_format(timezone.localtime(session.starts_at), "j F Y")
    exam = session.version.framework.acronym or session.version.framework.title
    return Deadline(
        kind=SUMMONS,
        title=session.reference,
        text=" · ".join(part for part in (exam, session.block, day, session.place) if part),
        url=reverse("exam_sessions:summons", args=[session.pk]),
        due=due,
        exam=exam,
        done=not missing and left == len(current),
        facts=tuple(facts),
        marks=frozenset(marks | ({"missing"} if missing else set())),
        people=frozenset({session.manager_id}),
        troubles=sum(states[state] for state in policy.TROUBLES),
    )


ACCREDITED_AHEAD = timedelta(days=365)
ACCREDITED_ALERT = timedelta(days=90)  # the decision takes two months, the file comes before


def _accreditations(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    """Each agrément that ends, until another of the same title and site follows it."""
    today = timezone.localtime(now).date()
    later = SiteAccreditation.objects.filter(
        organisation=organisation,
        version__framework=OuterRef("version__framework"),
        site=OuterRef("site"),
        valid_to__gt=OuterRef("valid_to"),
        withdrawn_on__isnull=True,
    )
    found = queries.accreditations(organisation).filter(
        withdrawn_on__isnull=True,
        valid_to__gte=today - ACCREDITED_AHEAD,
        valid_to__lte=today + ACCREDITED_AHEAD,
    )
    for one in found.annotate(followed=Exists(later)):
        framework = one.version.framework
        yield Deadline(
            kind="site_accreditation",
            title=f"{framework.acronym or framework.title} · {one.site}",
            text=_("agrément %(number)s, édition %(edition)s")
            % {"number": one.number, "edition": one.version.edition},
            url=reverse("exam_sessions:accreditations"),
            due=one.valid_to,
            done=one.followed,
            exam=framework.acronym or framework.title,
            alert=ACCREDITED_ALERT,
        )


KINDS = [
    Kind(SUMMONS, gettext_lazy("Convocations"), Verb.SESSION_MANAGE, _summons),
    Kind(
        "site_accreditation", gettext_lazy("Agréments des sites"), Verb.JUROR_EDIT, _accreditations
    ),
]
