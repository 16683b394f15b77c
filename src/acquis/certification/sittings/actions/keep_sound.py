"""An oral answer that a browser records: piece after piece, then one file a take."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import NotThisPart, SoundTooLong, SoundUnreadable
from acquis.certification.sittings.models import (
    Phase,
    Sitting,
    SittingFile,
    SoundPiece,
    SoundTake,
)
from acquis.kernel import files, trace
from acquis.kernel.media.lengths import sound_seconds

PARIS = ZoneInfo("Europe/Paris")
LONGEST_PIECE = 1_000_000  # bytes; five seconds of speech have about 20,000
MOST_PIECES = 4_000
MOST_TAKES = 60
SOUNDS = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a"}


@dataclass(frozen=True, slots=True)
class Received:
    """What the server holds of a take; `late` once a piece came after time."""

    number: int
    received_at: datetime
    late: bool


@transaction.atomic
def keep_piece(
    *,
    phase: Phase,
    take: str,
    number: int,
    content: bytes,
    media_type: str,
    by: User,
    at: datetime,
) -> Received:
    """Keep a few seconds of an answer; acknowledged means durable.

    The same piece again is kept once and answered the same. After time it is kept and marked late,
    until the exam is sealed. Raises NotThisPart, SoundTooLong, SoundUnreadable or SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    if not _is_spoken(phase):
        raise NotThisPart
    if not content or not 1 <= number <= MOST_PIECES:
        raise SoundUnreadable
    if len(content) > LONGEST_PIECE:
        raise SoundTooLong
    row = _take(phase, take, media_type, by, at)
    known = row.received.filter(number=number).defer("content").first()
    if known is not None:
        return Received(number, known.received_at, row.late)
    if row.kept_id is not None:  # it was said to be whole, and put together
        return Received(number, at, row.late)
    SoundPiece.objects.create(take=row, number=number, content=content, received_at=at)
    if policy.is_late(phase, at) and not row.late:
        row.late = True
        row.save(update_fields=["late"])
    return Received(number, at, row.late)


def _is_spoken(phase: Phase) -> bool:
    """Whether this part has begun and is answered into the microphone."""
    return phase.kind == Phase.Kind.REACTION and phase.answer_recorded and bool(phase.started_at)


def _take(phase: Phase, key: str, media_type: str, by: User, at: datetime) -> SoundTake:
    found = phase.takes.filter(key=key).first()
    if found is not None:
        return found
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in SOUNDS:
        raise SoundUnreadable
    count = phase.takes.count()
    if count >= MOST_TAKES:
        raise SoundTooLong
    row = SoundTake.objects.create(
        phase=phase, key=key, number=count + 1, media_type=kind, began_at=at
    )
    trace.record("answer.began", row, by=by, at=at, phase=phase.code, take=row.number)
    return row


@transaction.atomic
def end_take(*, phase: Phase, take: str, pieces: int, by: User, at: datetime) -> list[int]:
    """The recorder stopped after so many pieces: put them together, or say which are missing.

    An unknown take has nothing to put together. Raises SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    row = SoundTake.objects.filter(phase=phase, key=take).select_related("phase").first()
    if row is None or row.kept_id is not None:
        return []
    row.pieces = min(pieces, MOST_PIECES)
    row.save(update_fields=["pieces"])
    missing = policy.missing_pieces(row.received.values_list("number", flat=True), row.pieces)
    if missing:
        return missing
    put_together(sitting, row, by=by, at=at)
    tell(sitting, "answer_kept", at=at)
    return []


def put_together(
    sitting: Sitting, take: SoundTake, *, by: User | None, at: datetime
) -> SittingFile | None:
    """One file of the pieces that follow one another; the pieces that it holds are let go.

    A piece beyond a gap cannot be heard and stays where it is. The sitting is locked.
    """
    numbers = list(take.received.values_list("number", flat=True))
    whole = policy.whole_pieces(numbers)
    if not whole:
        return None
    held = take.received.filter(number__lte=whole)
    content = b"".join(bytes(piece) for piece in held.values_list("content", flat=True))
    last = held.order_by("-number").values_list("received_at", flat=True)[0]
    name = f"reponse-{take.phase.position}-{take.number}.{SOUNDS[take.media_type]}"
    stored = files.store(content, name=name, media_type=take.media_type, by=by, at=at)
    kept = SittingFile.objects.create(
        sitting=sitting,
        phase=take.phase,
        kind=SittingFile.Kind.ANSWER,
        key=f"{take.phase.code}.{take.number}",
        title=take.phase.title[:255],
        file=stored,
        seconds=sound_seconds(content) or max(0.0, (last - take.began_at).total_seconds()),
        began_at=take.began_at,
        kept_at=at,
        late=take.late,
        keep_until=policy.keep_until(at.astimezone(PARIS).date()),
    )
    take.kept = kept
    take.save(update_fields=["kept"])
    held.delete()
    trace.record(
        "answer.kept",
        take,
        by=by,
        at=at,
        phase=take.phase.code,
        take=take.number,
        sha256=stored.sha256,
        late=take.late,
        unheard=len(numbers) - whole,
    )
    return kept


def gather_takes(sitting: Sitting, *, by: User | None, at: datetime) -> None:
    """Before an exam is sealed: what came of answers that nobody ended is put together."""
    takes = SoundTake.objects.filter(phase__sitting=sitting, kept__isnull=True)
    for take in takes.select_related("phase"):
        put_together(sitting, take, by=by, at=at)
