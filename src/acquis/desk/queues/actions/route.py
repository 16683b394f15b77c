from datetime import datetime

from acquis.accounts.models import User, Workspace
from acquis.desk.queues import policy, queries
from acquis.desk.queues.actions.answer_offer import expire_offer
from acquis.desk.queues.actions.offer_contact import offer_contact
from acquis.desk.queues.actions.overflow import overflow
from acquis.desk.queues.models import Offer


def route(*, workspace: Workspace, at: datetime) -> list[Offer]:
    """Take back what nobody answered, move what waited too long, offer what may be offered.

    Each step is a transaction of its own that sees again whether it still stands: two workers at
    once make no offer twice. A sealed desk routes nothing. Returns the offers made.
    """
    if workspace.sealed_at is not None:
        return []
    for offer in queries.pending(workspace).filter(expires_at__lte=at):
        expire_offer(offer=offer, at=at)
    if not queries.pushes(workspace.pk):
        return []
    stages = queries.stages(workspace)
    moved = [_moved(stage, at) for stage in stages]
    if any(moved):
        stages = queries.stages(workspace)
    return _offered(workspace, stages, at)


def _moved(stage: queries.Stage, at: datetime) -> bool:
    queue, placed = stage.place.queue, stage.place.placement
    if queue is None or (placed is not None and placed.to_everyone):
        return False
    if not policy.overflows(
        tries=stage.tries,
        waited=at - stage.since,
        rounds=queue.overflow_rounds,
        seconds=queue.overflow_seconds,
    ):
        return False
    return overflow(conversation=stage.place.conversation, at=at) is not None


def _offered(workspace: Workspace, stages: list[queries.Stage], at: datetime) -> list[Offer]:
    free = queries.free(workspace, at) if stages else []
    by_contact = {stage.place.conversation.pk: stage for stage in stages}
    found = policy.matches(
        (stage.place.waiting for stage in stages),
        free,
        {pk: stage.refused for pk, stage in by_contact.items()},
        at,
    )
    people = User.objects.in_bulk([match.adviser for match in found])
    made = []
    for match in found:
        place = by_contact[match.contact].place
        assert place.queue is not None  # noqa: S101  stages have one
        offer = offer_contact(
            conversation=place.conversation,
            queue=place.queue,
            adviser=people[match.adviser],
            reasons=match.reasons,
            at=at,
        )
        made += [offer] if offer else []
    return made
