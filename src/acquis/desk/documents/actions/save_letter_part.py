from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents import policy
from acquis.desk.documents.errors import (
    LetterDateInvalid,
    LetterDiscarded,
    LetterFieldUnknown,
    LetterFinal,
    LetterSubmitted,
    LetterTextTooLong,
)
from acquis.desk.documents.models import Letter
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace
from acquis.kernel.autosaving import Kept, standing


@transaction.atomic
def save_letter_part(
    *, letter: Letter, name: str, text: str, seq: int, by: User, at: datetime
) -> Kept:
    """Keep one part of a draft as version `seq`, the one after the version kept.

    The same text under the number it already has is acknowledged again and writes nothing; any
    other number is a conflict, which writes nothing either. Raises LetterFieldUnknown,
    LetterTextTooLong, LetterDateInvalid, LetterFinal, LetterSubmitted, LetterDiscarded or
    WorkspaceSealed.
    """
    row = (
        Letter.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=letter.pk)
    )
    refuse_if_sealed(row.workspace)
    if name not in policy.PARTS:
        raise LetterFieldUnknown(name=name)
    if row.state == Letter.State.FINAL:
        raise LetterFinal
    if row.state == Letter.State.SUBMITTED:
        raise LetterSubmitted
    if row.state == Letter.State.DISCARDED:
        raise LetterDiscarded
    if len(text) > policy.PARTS[name]:
        raise LetterTextTooLong(limit=policy.PARTS[name])
    kept, held = int(row.field_seqs.get(name, 0)), text_of(row, name)
    stands = standing(seq, text, kept=kept, held=held, saved_at=row.saved_at)
    if stands is not None:
        return stands
    setattr(row, name, _value(name, text))
    row.field_seqs = row.field_seqs | {name: seq}
    row.seq += 1
    row.saved_at = at
    row.save(update_fields=[name, "field_seqs", "seq", "saved_at"])
    trace.record("letter.saved", row, by=by, at=at, part=name, seq=seq, chars=len(text))
    return Kept(seq, text, at)


def text_of(letter: Letter, name: str) -> str:
    """One part as the editor shows it; a date as 2026-11-20."""
    value = getattr(letter, name)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(name: str, text: str) -> str | date | None:
    if name != "dated_on":
        return text
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LetterDateInvalid(typed=text) from error
