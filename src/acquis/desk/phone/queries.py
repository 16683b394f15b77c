"""Calls of one workspace: what rings, what is under way, what was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from acquis.accounts.access import members_of
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import User, Workspace, WorkspaceMember
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.phone import policy
from acquis.desk.phone.models import Call, Leg, Line, Recording
from acquis.desk.queues import queries as queues
from acquis.kernel.media.sip import checks as sip

LIVE = (Call.State.RINGING, Call.State.ACTIVE, Call.State.VOICEMAIL)
CANDIDATES = 4
ON_THE_LINE = (Leg.Side.ADVISER, Leg.Side.COLLEAGUE)


def line_of(workspace: Workspace) -> Line:
    """How the telephone of this desk is set; the defaults, not written, where nothing was set."""
    return Line.objects.filter(workspace=workspace).first() or Line(workspace=workspace)


def rings_until_message(line: Line, now: datetime) -> int:
    """The seconds after which a caller may leave a message: at once when the line is closed."""
    return line.ring_seconds if queues.is_open(line.queue, now) else 0


def numbers_for(workspace: Workspace) -> Sequence[str]:
    """The numbers of the trunk that a desk may be given; none for a copy of a desk."""
    trunk = sip.trunk()
    real = bool(trunk.host) and workspace.kind == WorkspaceKind.LIVE
    return trunk.numbers if real else ()


def outside_number(workspace: Workspace) -> str:
    """The number by which this desk reaches the public network; "" for one that does not.

    Only a real desk does, by a number that the trunk of the settings still has: a copy of a desk
    never reaches anybody outside.
    """
    numbers = numbers_for(workspace)
    number = line_of(workspace).number if numbers else ""
    return number if number in numbers else ""


def is_taken(number: str, *, by_other_than: Workspace) -> bool:
    """Whether another real desk receives the calls to this number."""
    line = line_called(number)
    return line is not None and line.workspace_id != by_other_than.pk


def line_called(number: str) -> Line | None:
    """The line on which calls to one of our numbers ring."""
    lines = Line.objects.filter(number=number, workspace__kind=WorkspaceKind.LIVE)
    return lines.select_related("workspace").order_by("pk").first() if number else None


def of_workspace(workspace: Workspace) -> QuerySet[Call]:
    return Call.objects.filter(workspace=workspace).select_related("conversation__customer")


def journal(workspace: Workspace) -> QuerySet[Call]:
    """All calls by telephone, the latest first, each with what its line of the journal shows."""
    recordings = Recording.objects.exclude(state=Recording.State.DELETED)
    return (
        of_workspace(workspace)
        .filter(conversation__channel=Conversation.Channel.PHONE)
        .select_related("conversation__customer", "returns")
        .prefetch_related(
            Prefetch("recordings", queryset=recordings, to_attr="kept"), "returned_by"
        )
        .order_by("-pk")
    )


def to_return(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Missed calls that nobody has returned."""
    return calls.filter(
        conversation__direction="in",
        state=Call.State.ENDED,
        ending=Call.Ending.MISSED,
        returned_by__isnull=True,
    ).exclude(number="")


def ringing_for(workspace: Workspace, user: User, now: datetime) -> list[Call]:
    """Incoming calls that ring on this person's desk, the one that waits longest first."""
    calls = list(
        of_workspace(workspace)
        .filter(state=Call.State.RINGING, conversation__direction="in")
        .order_by("pk")
    )
    silence = queues.silence(workspace, [call.conversation for call in calls], now)
    return [
        call
        for call in calls
        if silence.rings_for(call.conversation_id, user.pk)
        and policy.rings_for(
            offered_to=call.offered_to_id, offered_at=call.offered_at, user=user.pk, now=now
        )
    ]


def leg_of(user: User, workspace: Workspace) -> Leg | None:
    """The leg by which this person is on the line, or is being asked onto it."""
    return (
        Leg.objects.filter(workspace=workspace, user=user)
        .exclude(state=Leg.State.LEFT)
        .exclude(call__state=Call.State.ENDED)
        .select_related("call__conversation__customer")
        .order_by("state", "-pk")  # « joined » before « ringing »
        .first()
    )


def present(call: Call) -> list[Leg]:
    """Everybody who is on the line."""
    return list(call.legs.filter(state=Leg.State.JOINED).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer who may be calling; `known` when the number is theirs alone."""

    customer: Customer
    known: bool


def callers(workspace: Workspace, number: str) -> list[Caller]:
    """Who may be calling from this number, two queries, each by its index."""
    if not number:
        return []
    found = {
        one.pk: one
        for column in ("phone", "phone_alt")
        for one in Customer.objects.filter(workspace=workspace, **{column: number})[:CANDIDATES]
    }
    return [Caller(one, len(found) == 1) for one in found.values()][:CANDIDATES]


def colleagues(workspace: Workspace, user: User) -> QuerySet[User]:
    """The people to whom a call may be passed: those who hold a seat, and the staff of a real desk."""
    seats = WorkspaceMember.objects.filter(workspace=workspace, may_write=True)
    who = Q(pk__in=seats.values("user_id"))
    if workspace.kind == WorkspaceKind.LIVE:
        staff = members_of(workspace.organisation, [Role.ADVISER, Role.SUPERVISOR])
        who |= Q(pk__in=staff.values("pk"))
    return (
        User.objects.filter(who, is_active=True)
        .exclude(pk=user.pk)
        .order_by("last_name", "first_name")
    )


def busy_people(workspace: Workspace) -> set[int]:
    """The people who are on the line at this desk."""
    legs = Leg.objects.filter(
        workspace=workspace, state=Leg.State.JOINED, side__in=ON_THE_LINE
    ).exclude(call__state=Call.State.ENDED)
    return set(legs.exclude(user=None).values_list("user_id", flat=True))


def recordings(call: Call) -> Sequence[Recording]:
    return list(call.recordings.select_related("file").prefetch_related("parts").order_by("pk"))


def wish(call: Call) -> dict[str, Any]:
    """How the room of this call should be, as the media worker is told."""
    legs = list(call.legs.exclude(state=Leg.State.LEFT).order_by("pk"))
    ended = call.state == Call.State.ENDED
    joined = [leg for leg in legs if leg.state == Leg.State.JOINED]
    sound = policy.sound(
        [policy.Party(leg.key, leg.side) for leg in joined],
        held=call.held,
        consulting=call.consulting,
        ringing=call.state == Call.State.RINGING
        or any(leg.state == Leg.State.RINGING for leg in legs),
    )
    recorded = [leg.key for leg in joined if leg.side != Leg.Side.SUPERVISOR]
    states = Call.RecordingState
    on = call.recording_state in {states.ANNOUNCED, states.ON, states.PAUSED}
    recording = None
    if on and not ended:
        recording = {
            "key": call.recording_key,
            "legs": recorded,
            "announcement": _announcement(call),
            "paused": call.recording_state == states.PAUSED,
        }
    discarded = call.recording_state == states.OPPOSED and call.recording_key
    return {
        "legs": [] if ended else [leg.key for leg in joined],
        "hear": {} if ended else sound.hear,
        "tones": {} if ended else sound.tones,
        "recording": recording,
        "discard": [call.recording_key] if discarded else [],
        "trunk": {} if ended else _telephones(call, legs),
    }


def _announcement(call: Call) -> str:
    """The clip before a recording; none where all were told beforehand."""
    if call.state == Call.State.VOICEMAIL:
        return "beep"
    return "" if line_of(call.workspace).played else "notice"


def _telephones(call: Call, legs: Sequence[Leg]) -> dict[str, Any]:
    """What the gateway is asked of each leg that is a telephone; no query for a call without."""
    found = [leg for leg in legs if leg.trunk_call]
    line = line_of(call.workspace) if found else None
    return {
        leg.key: policy.asked_of_trunk(
            policy.Telephone(
                leg.key,
                leg.trunk_call,
                ringing=call.state == Call.State.RINGING,
                answered=call.answered_at is not None,
                message=call.state == Call.State.VOICEMAIL,
            ),
            number=call.number,
            own=line.number,
            ring_seconds=rings_until_message(line, call.offered_at),
        )
        for leg in found
        if line is not None
    }
