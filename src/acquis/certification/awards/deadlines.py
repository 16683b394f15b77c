"""Results on the board of deadlines: one line a session whose exams are over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import policy
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.queries import day_of
from acquis.certification.incidents.queries import unsettled
from acquis.kernel.deadlines import Deadline, Kind

KEPT = timedelta(days=180)  # how long a session whose results left stays among what was done
_OVER = (ExamSession.State.CLOSED, ExamSession.State.DELIBERATED, ExamSession.State.ISSUED)


def _results(_user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    sheets = Q(
        documents__kind=IssuedDocument.Kind.RESULT_SHEET,
        documents__state=IssuedDocument.State.ISSUED,
    )
    sessions = (
        ExamSession.objects.filter(
            organisation=organisation, state__in=_OVER, starts_at__gte=now - KEPT
        )
        .select_related("version__framework")
        .annotate(
            present=Count("candidates", filter=~Q(candidates__present=False), distinct=True),
            told=Count("documents__candidate", filter=sheets, distinct=True),
            held=Exists(unsettled().filter(session=OuterRef("pk"))),
        )
    )
    for session in sessions:
        waiting = max(session.present - session.told, 0)
        framework = session.version.framework
        facts = [(_("résultats retenus"), int(session.held)), (_("à communiquer"), waiting)]
        yield Deadline(
            kind="results",
            title=session.reference,
            text=" · ".join(
                part
                for part in (framework.acronym or framework.title, session.block, session.place)
                if part
            ),
            url=reverse("awards:session", args=[session.pk]),
            due=policy.results_due(
                session.version.content.get("rules", {}).get("results_within"), day_of(session)
            ),
            done=not waiting,
            facts=tuple(fact for fact in facts if fact[1]),
            people=frozenset({session.manager_id}),
            troubles=int(session.held and bool(waiting)),
            exam=framework.acronym or framework.title,
        )


KINDS = [Kind("results", gettext_lazy("Résultats"), Verb.AWARD_ISSUE, _results)]
