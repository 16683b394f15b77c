from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.phone.actions._line import changed, leg_on_the_line, locked
from acquis.desk.phone.errors import KeysRefused
from acquis.desk.phone.models import Call, Leg
from acquis.desk.phone.policy import ALL_KEYS, are_keys
from acquis.kernel import trace
from acquis.kernel.media import client as media


@transaction.atomic
def hold_call(*, call: Call, held: bool, by: User, at: datetime) -> Call:
    """Let the customer wait with a tone, hearing and heard by nobody; or take them up again.

    Raises NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    if row.held == held:
        return row
    row.held = held
    row.save(update_fields=["held"])
    trace.record("call.held" if held else "call.resumed", row, by=by, at=at)
    changed(row, at=at)
    return row


@transaction.atomic
def note_key(*, leg: Leg, at: datetime) -> None:
    """Somebody pressed a key of their telephone, which the others heard. Which one is not known here."""
    row = locked(leg.call, ended=True)
    if row.state != Call.State.ENDED:
        trace.record("call.keys_pressed", row, by=leg.user, at=at, side=leg.side, keys=1)


@transaction.atomic
def press_keys(*, call: Call, keys: str, leg: Leg, at: datetime) -> None:
    """Let the others on the line hear the tones of a keypad.

    How many keys is traced and never which: they may be a code or a card number. Raises
    KeysRefused, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    if not are_keys(keys):
        raise KeysRefused
    others = row.legs.filter(state=Leg.State.JOINED).exclude(pk=leg.pk)
    heard_by = list(others.values_list("key", flat=True))
    clips = [f"key-{ALL_KEYS.index(key)}" for key in keys]
    # Not through the outbox, whose messages are kept for a week.
    transaction.on_commit(lambda: media.play(row.media_key, heard_by, clips))
    trace.record("call.keys_pressed", row, by=leg.user, at=at, side=leg.side, keys=len(keys))
