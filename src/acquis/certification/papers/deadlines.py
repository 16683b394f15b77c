"""Subjects on the board of deadlines: two weeks before the day, enough of them must be validated (X-05)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.policy import COMPOSABLE
from acquis.certification.papers import presentation, queries
from acquis.certification.papers.models import Subject
from acquis.kernel.deadlines import Deadline, Kind

BEFORE = timedelta(days=14)  # papers are in the hands of the session's manager
AHEAD = timedelta(days=90)


def _subjects(user: User, organisation: Organisation, now: datetime) -> Iterable[Deadline]:
    """Only sessions that lack something: a bank that suffices asks for nothing."""
    soon = (
        access.visible_sessions(user, organisation)
        .defer(None)
        .filter(state__in=COMPOSABLE, starts_at__gte=now, starts_at__lte=now + AHEAD)
        .order_by("starts_at", "pk")
    )
    lacking = queries.shortages(list(soon))
    for session, rows in groupby(lacking, lambda one: one.session):
        yield _line(session, list(rows))


def _line(session: ExamSession, lacking: list[queries.Shortage]) -> Deadline:
    labels = dict(Subject.Kind.choices)
    local = timezone.localtime(session.starts_at)
    words = " ; ".join(presentation.shortage(one) for one in lacking)
    return Deadline(
        kind="subjects",
        title=session.reference,
        text=f"{date_format(local, 'j F Y')} · {words}",
        url=reverse("papers:session", args=[session.pk]),
        due=local.date() - BEFORE,
        done=False,
        facts=tuple((_("%s validés") % labels[one.kind].lower(), one.stock) for one in lacking),
        marks=frozenset({"subjects"}),
        people=frozenset({session.manager_id}),
    )


KINDS = [Kind("subjects", gettext_lazy("Sujets à réunir"), Verb.SUBJECT_DRAW, _subjects)]
