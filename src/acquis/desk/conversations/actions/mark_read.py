from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from acquis.accounts.models import User
from acquis.desk.conversations import queries
from acquis.desk.conversations.channels import by_room
from acquis.desk.conversations.models import Conversation
from acquis.desk.shell import refuse_if_sealed


@dataclass(frozen=True, slots=True)
class Seen:
    """How far somebody saw an exchange: a position (from 1), the key of a note (0 for none)."""

    conversation: Conversation
    position: int
    note: int
    by: User


def mark_read(*, conversation: Conversation, position: int, note: int = 0, by: User) -> bool:
    """Say that whoever holds the exchange saw its messages up to `position` (from 1).

    `note` is the key of the last note seen, 0 for none. What was read stays read; what lies
    further than the last reads what there is. Nothing changes for anybody else, who reads without
    answering. Gives whether something was to be read. Nothing is traced: nobody decided anything.
    Raises WorkspaceSealed.
    """
    refuse_if_sealed(conversation.workspace)
    return mark_all_read([Seen(conversation, position, note, by)]) > 0


def mark_all_read(seen: Sequence[Seen]) -> int:
    """`mark_read` for several, of desks that take writes: two statements, whatever their number.

    Gives of how many something was to be read. An exchange bears its `queries.ends`.
    """
    reached: dict[int, Seen] = {}
    for one in seen:
        further = _further(one, reached.get(one.conversation.pk))
        if further is not None:
            reached[one.conversation.pk] = further
    if not reached:
        return 0
    # Never back, whoever else tells at once; a hand-over since then leaves it as it is.
    mine = {pk: {"pk": pk, "adviser": one.by.pk} for pk, one in reached.items()}
    Conversation.objects.filter(pk__in=reached).update(
        read_position=Case(
            *[
                When(**mine[pk], then=Greatest(F("read_position"), Value(one.position)))
                for pk, one in reached.items()
            ],
            default=F("read_position"),
        ),
        read_note=Case(
            *[
                When(**mine[pk], then=Greatest(F("read_note"), Value(one.note)))
                for pk, one in reached.items()
            ],
            default=F("read_note"),
        ),
    )
    for room, exchanges in by_room(one.conversation for one in reached.values()):
        room.read({exchange: reached[exchange.pk].position for exchange in exchanges})
    return len(reached)


def _further(one: Seen, before: Seen | None) -> Seen | None:
    """How far the exchange is read with it, and with what the turn read before; None for no further."""
    conversation = one.conversation
    if conversation.adviser_id != one.by.pk:
        return None
    last, last_note = queries.ends(conversation)
    read = (
        (before.position, before.note)
        if before
        else (conversation.read_position, conversation.read_note)
    )
    reached = max(min(one.position, last), read[0]), max(min(one.note, last_note), read[1])
    return Seen(conversation, *reached, one.by) if reached != read else None
