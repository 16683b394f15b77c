"""Invitations of one workspace."""

from datetime import datetime

from django.db.models import QuerySet

from acquis.accounts.models import User, Workspace
from acquis.desk.agenda import queries as agenda
from acquis.desk.agenda.models import Resource
from acquis.desk.video import policy
from acquis.desk.video.models import VideoInvitation

UNDER_WAY = (
    VideoInvitation.State.SENT,
    VideoInvitation.State.ARRIVED,
    VideoInvitation.State.CALLING,
)


def visible_to(user: User, workspace: Workspace, *, all_of_them: bool) -> QuerySet[VideoInvitation]:
    """One's own invitations, or all of the desk for whoever supervises it."""
    rows = VideoInvitation.objects.filter(workspace=workspace).select_related(
        "customer", "source", "appointment__resource", "call__conversation"
    )
    return rows if all_of_them else rows.filter(inviter=user)


def to_come(rows: QuerySet[VideoInvitation], now: datetime) -> QuerySet[VideoInvitation]:
    """Those that can still be used, the next one first."""
    calling = rows.filter(state=VideoInvitation.State.CALLING)
    open_ones = rows.filter(state__in=UNDER_WAY, expires_at__gte=now)
    return (calling | open_ones).order_by("starts_at", "pk")


def past(rows: QuerySet[VideoInvitation], now: datetime) -> QuerySet[VideoInvitation]:
    over = rows.exclude(state__in=UNDER_WAY)
    expired = rows.filter(expires_at__lt=now).exclude(state=VideoInvitation.State.CALLING)
    return (over | expired).order_by("-starts_at", "-pk")


def waiting(rows: QuerySet[VideoInvitation], now: datetime) -> list[VideoInvitation]:
    """The customers who wait behind their page at this moment, the first who came first."""
    arrived = rows.filter(
        state=VideoInvitation.State.ARRIVED, seen_at__gte=now - policy.AWAY, expires_at__gte=now
    )
    return list(arrived.order_by("arrived_at", "pk"))


def own_planning(user: User, workspace: Workspace) -> Resource | None:
    """The planning that bears the name of this person, if the desk keeps one."""
    people = agenda.resources(workspace).filter(kind=Resource.Kind.PERSON)
    return people.filter(name__iexact=user.full_name).first()
