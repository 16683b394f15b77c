from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Greatest

from acquis.accounts.models import User
from acquis.desk.conversations import queries
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.models import Conversation
from acquis.desk.shell import refuse_if_sealed


def mark_read(
    *, conversation: Conversation, position: int, note: int = 0, by: User, at: datetime
) -> bool:
    """Say that whoever holds the exchange saw its messages up to `position` (from 1).

    `note` is the key of the last note seen, 0 for none. What was read stays read; what lies
    further than the last reads what there is. Nothing changes for anybody else, who reads without
    answering. Gives whether something was to be read. Nothing is traced: nobody decided anything.
    Raises WorkspaceSealed.
    """
    refuse_if_sealed(conversation.workspace)
    if conversation.adviser_id != by.pk:
        return False
    last, last_note = queries.ends(conversation)
    reached, reached_note = min(position, last), min(note, last_note)
    if reached <= conversation.read_position and reached_note <= conversation.read_note:
        return False
    # One statement: two pages that tell at once never make it go back.
    advanced = Conversation.objects.filter(
        Q(read_position__lt=reached) | Q(read_note__lt=reached_note),
        pk=conversation.pk,
        adviser=by,
    ).update(
        read_position=Greatest(F("read_position"), reached),
        read_note=Greatest(F("read_note"), reached_note),
    )
    if advanced:
        room_of(conversation).read(conversation, reached, at)
    return bool(advanced)
