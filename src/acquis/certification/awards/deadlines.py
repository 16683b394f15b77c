"""Results on the board of deadlines: one line a session whose exams are over."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import notices, policy
from acquis.certification.awards.models import ResultNotice
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.queries import day_of
from acquis.certification.incidents.queries import unsettled
from acquis.kernel.deadlines import Deadline, Kind

KEPT = timedelta(days=180)  # how long a session whose results left stays among what was done
_OVER = (ExamSession.State.CLOSED, ExamSession.State.DELIBERATED, ExamSession.State.ISSUED)


def _results(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    sessions = (
        ExamSession.objects.filter(
            organisation=organisation, state__in=_OVER, starts_at__gte=now - KEPT
        )
        .select_related("version__framework")
        .annotate(
            present=Count("candidates", filter=~Q(candidates__present=False), distinct=True),
            held=Exists(unsettled().filter(session=OuterRef("pk"))),
        )
        .prefetch_related(
            Prefetch(
                "candidates",
                SessionCandidate.objects.filter(result_notices__current=True)
                .only("session")
                .prefetch_related(
                    Prefetch("result_notices", ResultNotice.objects.filter(current=True))
                ),
                to_attr="notified",
            )
        )
    )
    session: Any
    for session in sessions:
        states = Counter(
            notices.state_of(notice)
            for seat in session.notified
            for notice in seat.result_notices.all()
        )
        told = sum(states[state] for state in policy.PROOFS)
        to_hand_over = sum(states[state] for state in policy.TO_HAND_OVER)
        waiting = max(session.present - told, 0)
        framework = session.version.framework
        facts = [
            (_("résultats retenus"), int(session.held)),
            (_("non remis"), to_hand_over),
            (_("à communiquer"), waiting),
            (_("reçus, dit par le candidat"), states[policy.Told.ACKNOWLEDGED]),
        ]
        yield Deadline(
            kind="results",
            title=session.reference,
            text=" · ".join(
                part
                for part in (framework.acronym or framework.title, session.block, session.place)
                if part
            ),
            url=reverse(
                "awards:notices" if session.notified else "awards:session", args=[session.pk]
            ),
            due=policy.results_due(
                session.version.content.get("rules", {}).get("results_within"), day_of(session)
            ),
            done=not waiting,
            facts=tuple(fact for fact in facts if fact[1]),
            marks=frozenset({"bounced"} if to_hand_over else ()),
            people=frozenset({session.manager_id}),
            troubles=int(session.held and bool(waiting)) + to_hand_over,
            exam=framework.acronym or framework.title,
        )


KINDS = [Kind("results", gettext_lazy("Résultats"), Verb.AWARD_ISSUE, _results)]
