"""Who is there, what waits where, what was served: a constant number of queries each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from acquis.accounts.access import members_of
from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy
from acquis.desk.queues.models import (
    ORDINARY_PRIORITY,
    AdviserSkill,
    Placement,
    Presence,
    Queue,
)

DESK_ROLES = (Role.ADVISER, Role.SUPERVISOR, Role.TRAINER)
DEFAULT_TARGET, DEFAULT_SHORT = 20, 5  # seconds; the 80/20 of M-01


def of_workspace(workspace: Workspace) -> QuerySet[Queue]:
    return Queue.objects.filter(workspace=workspace)


def people(workspace: Workspace) -> QuerySet[User]:
    """Those who may treat contacts of a desk: its seats, and who uses the desks of the place."""
    seated = User.objects.filter(workspace_seats__workspace=workspace)
    members = members_of(workspace.organisation, DESK_ROLES)
    return User.objects.filter(Q(pk__in=seated.values("pk")) | Q(pk__in=members.values("pk")))


def present(workspace: Workspace, now: datetime) -> list[Presence]:
    """The spells under way of those who gave a sign lately."""
    rows = Presence.objects.filter(
        workspace=workspace, ended_at=None, seen_at__gte=now - policy.SEEN_FOR
    )
    return list(rows.order_by("adviser_label", "pk"))


def presence_of(workspace: Workspace, adviser: User, now: datetime) -> Presence | None:
    spell = Presence.objects.filter(workspace=workspace, adviser=adviser, ended_at=None).first()
    return spell if spell is not None and policy.is_there(spell.seen_at, now) else None


def seat_of(workspace: Workspace, adviser: User) -> policy.Seat:
    skills = AdviserSkill.objects.filter(workspace=workspace, adviser=adviser)
    held = Conversation.objects.filter(
        workspace=workspace, adviser=adviser, state=Conversation.State.OPEN
    )
    return policy.Seat(
        adviser.pk,
        dict(skills.values_list("skill", "level")),
        tuple(held.values_list("channel", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A contact that waits, with its queue and what was said when it was handed over."""

    conversation: Conversation
    queue: Queue | None
    placement: Placement | None
    waiting: policy.Waiting


def by_channel(queues: Sequence[Queue]) -> Mapping[str, Queue]:
    """The queue of each channel: the first by priority that serves it."""
    served: dict[str, Queue] = {}
    for queue in queues:
        for channel in queue.channels:
            served.setdefault(channel, queue)
    return served


def waiting(workspace: Workspace, queues: Sequence[Queue]) -> list[Place]:
    """What waits, oldest first."""
    rows = list(
        Conversation.objects.filter(workspace=workspace, state=Conversation.State.WAITING)
        .select_related("customer", "placement__queue")
        .order_by("started_at", "pk")
    )
    served = by_channel(queues)
    last = _last_advisers(workspace, {row.customer_id for row in rows if row.customer_id})
    places = []
    for row in rows:
        placement = getattr(row, "placement", None)
        queue = (placement.queue if placement else None) or served.get(row.channel)
        priority = (placement.priority if placement else None) or (
            queue.priority if queue else ORDINARY_PRIORITY
        )
        places.append(
            Place(
                row,
                queue,
                placement,
                policy.Waiting(
                    pk=row.pk,
                    channel=row.channel,
                    since=row.started_at,
                    priority=priority,
                    target_seconds=queue.target_seconds if queue else DEFAULT_TARGET,
                    skill=queue.skill if queue else "",
                    meant_for=placement.adviser_id if placement else None,
                    last_adviser=last.get(row.customer_id or 0),
                ),
            )
        )
    return places


def _last_advisers(workspace: Workspace, customers: set[int]) -> dict[int, int]:
    """Who spoke last with each customer."""
    if not customers:
        return {}
    spoken = Conversation.objects.filter(
        workspace=workspace, customer_id__in=customers, adviser__isnull=False
    )
    newest = spoken.values("customer_id").annotate(newest=Max("pk")).values("newest")
    rows = Conversation.objects.filter(pk__in=newest).values_list("customer_id", "adviser_id")
    return {customer: adviser for customer, adviser in rows if customer and adviser}


@dataclass(frozen=True, slots=True)
class Next:
    """What an adviser is proposed to take, and why; how many more would suit them."""

    place: Place
    reasons: tuple[str, ...]
    others: int


def next_for(workspace: Workspace, adviser: User, now: datetime) -> Next | None:
    places = waiting(workspace, list(of_workspace(workspace)))
    if not places:
        return None
    found = policy.proposals((place.waiting for place in places), seat_of(workspace, adviser), now)
    if not found:
        return None
    place = next(one for one in places if one.conversation.pk == found[0].pk)
    return Next(place, found[0].reasons, len(found) - 1)


@dataclass(frozen=True, slots=True)
class Served:
    """The contacts of a period, once by queue (None: no queue serves them), once by adviser."""

    by_queue: Mapping[int | None, Sequence[policy.Contact]]
    by_adviser: Mapping[int, Sequence[policy.Contact]]
    everything: Sequence[policy.Contact]
    labels: Mapping[int, str]


def served(workspace: Workspace, queues: Sequence[Queue], start: datetime, end: datetime) -> Served:
    """Incoming contacts that began in the period, `end` excluded. One query."""
    rows = Conversation.objects.filter(
        workspace=workspace,
        direction=Conversation.Direction.IN,
        started_at__gte=start,
        started_at__lt=end,
    ).values_list(
        "channel", "placement__queue_id", "adviser_id", "adviser_label",
        "started_at", "answered_at", "ended_at", "qualified_at",
    )  # fmt: skip
    channels = by_channel(queues)
    queued: dict[int | None, list[policy.Contact]] = defaultdict(list)
    advised: dict[int, list[policy.Contact]] = defaultdict(list)
    everything: list[policy.Contact] = []
    labels: dict[int, str] = {}
    for channel, placed, adviser, label, began, answered, ended, qualified in rows:
        contact = policy.Contact(began, answered, ended, qualified)
        queue = placed or (channels[channel].pk if channel in channels else None)
        queued[queue].append(contact)
        everything.append(contact)
        if adviser is not None:
            advised[adviser].append(contact)
            labels[adviser] = label
    return Served(queued, advised, everything, labels)


def spells(
    workspace: Workspace, start: datetime, end: datetime, now: datetime
) -> Mapping[int, Sequence[policy.Spell]]:
    """When each adviser was available in the period; a spell under way lasts until its last sign."""
    rows = Presence.objects.filter(
        Q(ended_at__gt=start) | Q(ended_at=None, seen_at__gt=start),
        workspace=workspace,
        state=Presence.State.AVAILABLE,
        started_at__lt=end,
    ).values_list("adviser_id", "started_at", "ended_at", "seen_at")
    found: dict[int, list[policy.Spell]] = defaultdict(list)
    for adviser, began, ended, seen in rows:
        last = ended or (now if policy.is_there(seen, now) else seen)
        found[adviser].append((max(began, start), min(last, end)))
    return found
