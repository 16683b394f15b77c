"""Who is there, what waits where, what was served: a constant number of queries each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet, Sum

from acquis.accounts.models import User, Workspace
from acquis.desk import shell
from acquis.desk.agenda.policy import hours_of
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy
from acquis.desk.queues.models import (
    ORDINARY_PRIORITY,
    AdviserSkill,
    Offer,
    Placement,
    Presence,
    Queue,
)
from acquis.desk.shell import day_in_paris

people = shell.people  # asked beside the other reads of queues
DEFAULT_TARGET, DEFAULT_SHORT = 20, 5  # seconds; the 80/20 of M-01


def of_workspace(workspace: Workspace) -> QuerySet[Queue]:
    return Queue.objects.filter(workspace=workspace)


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
                    skill=queue.skill
                    if queue and not (placement and placement.to_everyone)
                    else "",
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
    """What waits for the adviser and is asked of nobody else."""
    places = waiting(workspace, list(of_workspace(workspace)))
    if not places:
        return None
    asked = set(pending(workspace).values_list("conversation_id", flat=True))
    places = [place for place in places if place.conversation.pk not in asked]
    found = policy.proposals((place.waiting for place in places), seat_of(workspace, adviser), now)
    if not found:
        return None
    place = next(one for one in places if one.conversation.pk == found[0].pk)
    return Next(place, found[0].reasons, len(found) - 1)


def is_open(queue: Queue | None, at: datetime) -> bool:
    """Whether a queue is open; what has no queue always is."""
    return queue is None or policy.is_open(
        hours_of(queue.hours), queue.closures, at, day_in_paris(at)
    )


def serving(workspace: Workspace, channels: Collection[str], chosen: int | None) -> QuerySet[Queue]:
    """The queues that serve one of the channels, and the one chosen already."""
    served = [
        one.pk
        for one in of_workspace(workspace)
        if one.pk == chosen or not set(channels).isdisjoint(one.channels)
    ]
    return Queue.objects.filter(pk__in=served)


# ---- Wrap-up ----


@dataclass(frozen=True, slots=True)
class WrapUp:
    """An ended exchange that its adviser has to qualify, and until when; None without a limit."""

    conversation: Conversation
    ends_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and now >= self.ends_at


def wrapups(rows: QuerySet[Conversation], queues: Sequence[Queue]) -> list[WrapUp]:
    """The wrap-ups among conversations, the one that began first in front. One query."""
    served = by_channel(queues)
    found = []
    for row in (
        rows.filter(state=Conversation.State.ENDED, qualified_at=None)
        .exclude(adviser=None)
        .exclude(ended_at=None)
        .select_related("customer", "placement__queue")
        .annotate(extra=Sum("wrapup_extensions__seconds"))
        .order_by("ended_at", "pk")
    ):
        placed = getattr(row, "placement", None)
        queue = (placed.queue if placed else None) or served.get(row.channel)
        assert row.ended_at is not None  # noqa: S101  filtered above
        limit = queue.wrapup_seconds if queue else 0
        found.append(
            WrapUp(row, policy.wrapup_end(row.ended_at, limit=limit, extra=row.extra or 0))
        )
    return found


def wrapup_of(conversation: Conversation) -> WrapUp | None:
    """The wrap-up of one exchange; None when there is none."""
    queues = list(Queue.objects.filter(workspace=conversation.workspace_id))
    found = wrapups(Conversation.objects.filter(pk=conversation.pk), queues)
    return found[0] if found else None


# ---- Offers ----


def pushes(workspace_id: int) -> bool:
    """Whether some queue of the desk offers its contacts to advisers, one after the other."""
    return Queue.objects.filter(workspace=workspace_id, offer_seconds__gt=0).exists()


def queue_of(conversation: Conversation) -> Queue | None:
    """Where a contact belongs: where it was put, else the first queue of its channel."""
    placed = Placement.objects.filter(conversation=conversation).select_related("queue").first()
    if placed is not None and placed.queue is not None:
        return placed.queue
    queues = Queue.objects.filter(workspace=conversation.workspace_id)
    return by_channel(list(queues)).get(conversation.channel)


def pending(workspace: Workspace) -> QuerySet[Offer]:
    return Offer.objects.filter(workspace=workspace, state=Offer.State.PENDING)


def offer_to(workspace: Workspace, adviser: User) -> Offer | None:
    """What is asked of this adviser now."""
    return (
        pending(workspace)
        .filter(adviser=adviser)
        .select_related("conversation__customer", "queue")
        .first()
    )


def desks_to_route(now: datetime) -> QuerySet[Workspace]:
    """The desks where something may be to offer, to take back or to move."""
    pushing = Queue.objects.filter(offer_seconds__gt=0)
    waits = Conversation.objects.filter(state=Conversation.State.WAITING)
    due = Offer.objects.filter(state=Offer.State.PENDING, expires_at__lte=now)
    return Workspace.objects.filter(
        Q(pk__in=pushing.values("workspace")) & Q(pk__in=waits.values("workspace"))
        | Q(pk__in=due.values("workspace")),
        sealed_at=None,
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """A waiting contact that is asked of nobody now, and what came of asking where it is."""

    place: Place
    tries: int  # offers without a yes
    refused: frozenset[int]  # who said no
    since: datetime  # when it came to where it is


def stages(workspace: Workspace) -> list[Stage]:
    """The contacts of the queues that push and of which nobody is asked, oldest first."""
    queues = list(of_workspace(workspace))
    places = [
        place
        for place in waiting(workspace, queues)
        if place.queue is not None and place.queue.offer_seconds
    ]
    asked = {place.conversation.pk for place in places}
    said: dict[int, list[tuple[str, int, datetime]]] = defaultdict(list)
    for contact, state, adviser, at in Offer.objects.filter(
        conversation__in=asked,
        state__in=[Offer.State.PENDING, Offer.State.REFUSED, Offer.State.UNANSWERED],
    ).values_list("conversation_id", "state", "adviser_id", "offered_at"):
        said[contact].append((state, adviser, at))
    found = []
    for place in places:
        offers = said[place.conversation.pk]
        if any(state == Offer.State.PENDING for state, _who, _at in offers):
            continue
        since = _came_at(place)
        here = [(state, who) for state, who, at in offers if at >= since]
        refused = frozenset(who for state, who in here if state == Offer.State.REFUSED)
        found.append(Stage(place, len(here), refused, since))
    return found


def _came_at(place: Place) -> datetime:
    placed = place.placement
    if placed is None:
        return place.conversation.started_at
    return placed.overflowed_at or placed.placed_at


def free(workspace: Workspace, now: datetime) -> list[policy.Free]:
    """Who may be offered something: available, nothing to qualify, nothing asked of them."""
    there = [one for one in present(workspace, now) if one.state == Presence.State.AVAILABLE]
    people = [one.adviser_id for one in there]
    own = Conversation.objects.filter(workspace=workspace, adviser__in=people)
    unqualified = own.filter(state=Conversation.State.ENDED, qualified_at=None)
    busy = set(unqualified.values_list("adviser_id", flat=True))
    busy |= set(pending(workspace).values_list("adviser_id", flat=True))
    held: dict[int, list[str]] = defaultdict(list)
    for adviser, channel in own.filter(state=Conversation.State.OPEN).values_list(
        "adviser_id", "channel"
    ):
        held[adviser or 0].append(channel)
    skills: dict[int, dict[str, int]] = defaultdict(dict)
    for adviser, skill, level in AdviserSkill.objects.filter(
        workspace=workspace, adviser__in=people
    ).values_list("adviser_id", "skill", "level"):
        skills[adviser][skill] = level
    served = (
        Offer.objects.filter(
            workspace=workspace,
            adviser__in=people,
            state=Offer.State.ACCEPTED,
            offered_at__gte=now - timedelta(days=1),
        )
        .values_list("adviser_id")
        .annotate(last=Max("ended_at"))
        .order_by()
    )
    last = dict(served)
    return [
        policy.Free(
            policy.Seat(one.adviser_id, skills[one.adviser_id], tuple(held[one.adviser_id])),
            max(one.started_at, last.get(one.adviser_id) or one.started_at),
        )
        for one in there
        if one.adviser_id not in busy
    ]


@dataclass(frozen=True, slots=True)
class Silence:
    """The contacts that must ring at nobody's desk, or at one desk alone."""

    asked_of: Mapping[int, int]  # the adviser of whom each is asked
    kept: frozenset[int]  # those that wait for somebody present to become free

    def rings_for(self, conversation: int, user: int) -> bool:
        if conversation in self.asked_of:
            return self.asked_of[conversation] == user
        return conversation not in self.kept


def silence(workspace: Workspace, conversations: Sequence[Conversation], now: datetime) -> Silence:
    """At whose desk waiting contacts may ring.

    At all of them, unless their queue offers them: then at the desk of whoever is asked, and at
    none while nobody is, as long as somebody is there to be asked.
    """
    if not conversations or not pushes(workspace.pk):
        return Silence({}, frozenset())
    numbers = {one.pk for one in conversations}
    asked = dict(
        pending(workspace).filter(conversation__in=numbers).values_list("conversation", "adviser")
    )
    if all(one.state != Presence.State.AVAILABLE for one in present(workspace, now)):
        return Silence(asked, frozenset())
    places = waiting(workspace, list(of_workspace(workspace)))
    kept = {
        place.conversation.pk
        for place in places
        if place.queue is not None and place.queue.offer_seconds
    }
    return Silence(asked, frozenset(kept & numbers))


# ---- What was served ----


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
        "started_at", "answered_at", "ended_at", "qualified_at", "placement__overflowed_at",
    )  # fmt: skip
    channels = by_channel(queues)
    queued: dict[int | None, list[policy.Contact]] = defaultdict(list)
    advised: dict[int, list[policy.Contact]] = defaultdict(list)
    everything: list[policy.Contact] = []
    labels: dict[int, str] = {}
    for channel, placed, adviser, label, began, answered, ended, qualified, moved in rows:
        contact = policy.Contact(began, answered, ended, qualified, moved is not None)
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


# ---- What the time was made of ----


@dataclass(frozen=True, slots=True)
class Team:
    """What each adviser declared and did in a period, and their names as they were kept."""

    days: Mapping[int, policy.Days]
    labels: Mapping[int, str]


def days_of(
    workspace: Workspace,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    adviser: User | None = None,
) -> Team:
    """What happened between two instants at a desk, of everybody or of one adviser. Two queries.

    What is under way lasts until now; a spell without a sign of life, until its last sign.
    """
    whose = Q(adviser=adviser) if adviser else Q(adviser__isnull=False)
    labels: dict[int, str] = {}
    spells: dict[int, list[tuple[str, policy.Spell]]] = defaultdict(list)
    for pk, label, state, reason, began, ended, seen in (
        Presence.objects.filter(
            Q(ended_at__gt=start) | Q(ended_at=None, seen_at__gt=start),
            whose,
            workspace=workspace,
            started_at__lt=end,
        )
        .order_by("started_at")
        .values_list(
            "adviser_id", "adviser_label", "state", "reason", "started_at", "ended_at", "seen_at"
        )
    ):
        last = ended or (now if policy.is_there(seen, now) else max(seen, began))
        spells[pk].append((reason or state, (began, last)))
        labels[pk] = label
    held: dict[int, dict[str, list[policy.Spell]]] = defaultdict(lambda: defaultdict(list))
    rows = Conversation.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start) | Q(qualified_at=None) | Q(qualified_at__gt=start),
        whose,
        workspace=workspace,
        answered_at__lt=end,
    ).values_list(
        "adviser_id", "adviser_label", "channel", "answered_at", "ended_at", "qualified_at"
    )
    for pk, label, channel, answered, ended, qualified in rows:
        kind = "calls" if channel in policy.ONE_BY_ONE else "written"
        assert answered is not None and pk is not None  # noqa: S101, PT018  filtered above
        held[pk][kind].append((answered, ended or now))
        if ended is not None:
            held[pk]["wrapups"].append((ended, qualified or now))
        labels.setdefault(pk, label)
    return Team({pk: policy.Days(spells=spells[pk], **held[pk]) for pk in [*spells, *held]}, labels)
