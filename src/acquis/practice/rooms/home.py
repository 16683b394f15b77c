from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.sittings.access import own_sittings
from acquis.certification.sittings.models import Phase
from acquis.kernel.home import Card, Provider
from acquis.practice.rooms.access import played_sittings


def _own_exams(user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    """The exam to sit now, the one one is summoned to, or where it will be shown."""
    cards = [*_ready(user, organisation), *_summoned(user, organisation, now)]
    yield from cards or [
        Card(
            title=_("Mes épreuves"),
            text=_("Aucune épreuve pour le moment. Elle apparaît ici dès votre convocation."),
            url=reverse("rooms:home"),
            icon="school",
            order=5,
        )
    ]


def _ready(user: User, organisation: Organisation) -> Iterable[Card]:
    mine = own_sittings(user).filter(candidate__session__organisation=organisation)
    for sitting in mine:
        if sitting.is_sealed:
            continue
        session = sitting.candidate.session
        yield Card(
            title=_("Votre épreuve est prête"),
            text=f"{session.version.framework.title} · {session.place}",
            url=reverse("rooms:room", args=[sitting.pk]),
            icon="school",
            tone="info",
            order=5,
        )


def _summoned(user: User, organisation: Organisation, now: datetime) -> Iterable[Card]:
    seats = SessionCandidate.objects.filter(
        enrolment__candidate__user_id=user.pk,
        session__organisation=organisation,
        session__state=ExamSession.State.SUMMONED,
        session__starts_at__gte=now - timedelta(days=1),
    ).select_related("session")
    for seat in seats.order_by("session__starts_at"):
        session = seat.session
        begins = timezone.localtime(seat.starts_at or session.starts_at)
        yield Card(
            title=_("Votre épreuve du %(day)s") % {"day": date_format(begins, "j F Y, H:i")},
            text=" · ".join(filter(None, (session.place, session.room))),
            url=reverse("rooms:home"),
            icon="school",
            tone="info",
            order=6,
        )


def _played_exams(user: User, organisation: Organisation, _now: datetime) -> Iterable[Card]:
    shown = list(played_sittings(user, organisation))
    exchanges = Phase.objects.filter(sitting__in=shown, kind=Phase.Kind.EXCHANGES)
    played = set(exchanges.values_list("sitting_id", flat=True))
    for sitting in shown:
        candidate = sitting.candidate
        yield Card(
            title=_("Jouer les clients") if sitting.pk in played else _("Entretien"),
            text=f"{candidate.enrolment.candidate.full_name} · {candidate.session.reference}",
            url=reverse("rooms:cockpit", args=[candidate.pk]),
            icon="messages" if sitting.pk in played else "list-check",
            tone="info",
            order=10,
        )


PROVIDERS = [
    Provider(Verb.SITTING_TAKE, _own_exams),
    Provider(Verb.SITTING_PLAY, _played_exams),
]
