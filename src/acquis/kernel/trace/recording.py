"""Writing lines, reading them, erasing what is personal in them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from acquis.kernel.models import TraceHead, TraceLine, TracePersonalPart
from acquis.kernel.trace import personal as personal_parts
from acquis.kernel.trace.chain import ORIGIN, fingerprint, plain, text_around_position

ERASURE = "trace.personal_erased"


@dataclass(frozen=True)
class Head:
    """The end of a stream: position 0 and the origin's fingerprint when nothing was written."""

    stream: str
    position: int
    fingerprint: str


class TraceOutsideTransactionError(RuntimeError):
    """A line must stand or fall with the act it tells of."""


def record(
    verb: str,
    obj: models.Model | None,
    *,
    by: Any | None,
    at: datetime,
    stream: str | None = None,
    personal: dict[str, Any] | None = None,
    **data: Any,
) -> TraceLine:
    """Append one line to `stream` (the object's own by default) inside the act's transaction.

    `data` holds JSON values, dates and decimals, which are kept as text. Raises
    TraceOutsideTransactionError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TraceOutsideTransactionError(verb)
    name = stream or (obj.trace_stream if obj is not None else "")  # type: ignore[attr-defined]
    digest, sealed = personal_parts.sealed(personal)
    line = TraceLine(
        stream=name,
        at=at,
        actor_id=getattr(by, "pk", None),
        actor_label=(str(by) if by is not None else "Acquis")[:200],
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",  # noqa: SLF001
        object_id=str(obj.pk) if obj is not None else "",
        data=plain(data),
        personal_digest=digest,
    )
    if connection.vendor == "postgresql":
        _append_at_once(line)
    else:
        _append(line)
    if sealed:
        TracePersonalPart.objects.create(stream=name, position=line.position, sealed=sealed)
    return line


def lines(stream: str, after: int = 0) -> models.QuerySet[TraceLine]:
    """The lines of a stream after a position, in order."""
    return TraceLine.objects.filter(stream=stream, position__gt=after).order_by("position")


def head(stream: str) -> Head:
    end = TraceHead.objects.filter(stream=stream).first()
    return (
        Head(stream, end.position, end.fingerprint) if end is not None else Head(stream, 0, ORIGIN)
    )


def personal_part(line: TraceLine) -> dict[str, Any] | None:
    """The personal particulars of a line; None when it had none or they were erased."""
    part = TracePersonalPart.objects.filter(stream=line.stream, position=line.position).first()
    if part is None:
        return None
    values: dict[str, Any] = json.loads(personal_parts.opened(part)[1])
    return values


@transaction.atomic
def erase_personal(*, stream: str, position: int, by: Any | None, at: datetime) -> bool:
    """Erase the personal particulars of one line; the erasure is itself recorded."""
    erased, _rows = TracePersonalPart.objects.filter(stream=stream, position=position).delete()
    if erased:
        record(ERASURE, None, by=by, at=at, stream=stream, position=position)
    return bool(erased)


def _append(line: TraceLine) -> None:
    """Chain the line to the end of its stream, and keep it."""
    end = _locked_head(line.stream)
    line.position, line.previous = end.position + 1, end.fingerprint
    line.fingerprint = fingerprint(line)
    line.save(force_insert=True)
    end.position, end.fingerprint = line.position, line.fingerprint
    end.save(update_fields=["position", "fingerprint"])


# One way to the server and back while every other writer of the stream waits: the database itself
# works out the fingerprint (`chain.fingerprint`), whose text lacks the position alone.
_AT_ONCE = """
WITH held AS (
    SELECT position, fingerprint FROM kernel_tracehead WHERE stream = %(stream)s FOR UPDATE
), line AS (
    INSERT INTO kernel_traceline (stream, position, at, actor_id, actor_label, verb, object_type,
        object_id, data, personal_digest, previous, fingerprint)
    SELECT %(stream)s, position + 1, %(at)s, %(actor_id)s, %(actor_label)s, %(verb)s,
        %(object_type)s, %(object_id)s, %(data)s::jsonb, %(personal_digest)s, fingerprint,
        encode(sha256(convert_to(
            fingerprint || chr(10) || %(before)s || (position + 1)::text || %(after)s, 'UTF8'
        )), 'hex')
    FROM held
    RETURNING id, position, previous, fingerprint
), moved AS (
    UPDATE kernel_tracehead SET position = line.position, fingerprint = line.fingerprint
    FROM line WHERE kernel_tracehead.stream = %(stream)s
)
SELECT id, position, previous, fingerprint FROM line
"""


def _append_at_once(line: TraceLine) -> None:
    """`_append` in one statement, two for the first line of a stream."""
    before, after = text_around_position(line)
    values = {
        **{name: getattr(line, name) for name in _GIVEN},
        "data": json.dumps(line.data),
        "before": before,
        "after": after,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AT_ONCE, values)
        found = cursor.fetchone()
        if found is None:
            _locked_head(line.stream)
            cursor.execute(_AT_ONCE, values)
            found = cursor.fetchone()
    line.pk, line.position, line.previous, line.fingerprint = found
    line._state.adding = False  # noqa: SLF001  it stands in the table


_GIVEN = (
    "stream", "at", "actor_id", "actor_label", "verb", "object_type", "object_id",
    "personal_digest",
)  # fmt: skip


def _locked_head(stream: str) -> TraceHead:
    end = TraceHead.objects.select_for_update().filter(stream=stream).first()
    if end is not None:
        return end
    new = TraceHead(stream=stream, fingerprint=ORIGIN)
    TraceHead.objects.bulk_create([new], ignore_conflicts=True)  # another may begin it meanwhile
    return TraceHead.objects.select_for_update().filter(stream=stream)[0]
