"""Writing lines, reading them, erasing what is personal in them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Told:
    """One line to append, as `record` is given it; nothing personal."""

    verb: str
    obj: models.Model
    by: Any | None
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    stream: str | None = None  # the object's own by default


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
    digest, sealed = personal_parts.sealed(personal)
    line = _line(verb, obj, by=by, at=at, stream=stream, digest=digest, data=data)
    if connection.vendor == "postgresql":
        _append_at_once(line)
    else:
        _append([line])
    if sealed:
        TracePersonalPart.objects.create(stream=line.stream, position=line.position, sealed=sealed)
    return line


def record_all(told: Iterable[Told]) -> list[TraceLine]:
    """Append several lines in few statements, those of one stream in the order given.

    The streams are locked in one order, whoever asks. Raises TraceOutsideTransactionError.
    """
    if not connection.in_atomic_block:
        raise TraceOutsideTransactionError
    lines = [
        _line(one.verb, one.obj, by=one.by, at=one.at, stream=one.stream, data=one.data)
        for one in told
    ]
    alone = len({line.stream for line in lines}) == len(lines)
    if alone and lines and connection.vendor == "postgresql":
        _append_all_at_once(lines)
    elif lines:
        _append(lines)
    return lines


def _line(
    verb: str,
    obj: models.Model | None,
    *,
    by: Any | None,
    at: datetime,
    stream: str | None = None,
    digest: str = "",
    data: dict[str, Any],
) -> TraceLine:
    return TraceLine(
        stream=stream or (obj.trace_stream if obj is not None else ""),  # type: ignore[attr-defined]
        at=at,
        actor_id=getattr(by, "pk", None),
        actor_label=(str(by) if by is not None else "Acquis")[:200],
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",  # noqa: SLF001
        object_id=str(obj.pk) if obj is not None else "",
        data=plain(data),
        personal_digest=digest,
    )


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


def _append(lines: Sequence[TraceLine]) -> None:
    """Chain the lines to the ends of their streams, and keep them."""
    ends = {name: _locked_head(name) for name in sorted({line.stream for line in lines})}
    for line in lines:
        end = ends[line.stream]
        line.position, line.previous = end.position + 1, end.fingerprint
        line.fingerprint = fingerprint(line)
        end.position, end.fingerprint = line.position, line.fingerprint
    if len(lines) == 1:
        lines[0].save(force_insert=True)
    else:
        TraceLine.objects.bulk_create(lines)
    for end in ends.values():
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


# The same for lines of several streams.
_ALL_AT_ONCE = """
WITH given AS (
    SELECT * FROM unnest(%(stream)s::text[], %(at)s::timestamptz[], %(actor_id)s::bigint[],
        %(actor_label)s::text[], %(verb)s::text[], %(object_type)s::text[], %(object_id)s::text[],
        %(personal_digest)s::text[], %(data)s::text[], %(before)s::text[], %(after)s::text[])
    AS given (stream, at, actor_id, actor_label, verb, object_type, object_id, personal_digest,
        data, before, after)
), held AS (
    SELECT stream, position, fingerprint FROM kernel_tracehead WHERE stream = ANY(%(stream)s::text[])
    ORDER BY stream FOR UPDATE
), line AS (
    INSERT INTO kernel_traceline (stream, position, at, actor_id, actor_label, verb, object_type,
        object_id, data, personal_digest, previous, fingerprint)
    SELECT stream, position + 1, at, actor_id, actor_label, verb, object_type, object_id,
        data::jsonb, personal_digest, fingerprint,
        encode(sha256(convert_to(
            fingerprint || chr(10) || before || (position + 1)::text || after, 'UTF8'
        )), 'hex')
    FROM held JOIN given USING (stream)
    RETURNING stream, id, position, previous, fingerprint
), moved AS (
    UPDATE kernel_tracehead SET position = line.position, fingerprint = line.fingerprint
    FROM line WHERE kernel_tracehead.stream = line.stream
)
SELECT stream, id, position, previous, fingerprint FROM line
"""


def _append_all_at_once(lines: Sequence[TraceLine]) -> None:
    """`_append_at_once` of lines that each have a stream of their own."""
    values: dict[str, list[Any]] = {
        name: [getattr(line, name) for line in lines] for name in _GIVEN
    }
    around = [text_around_position(line) for line in lines]
    values["data"] = [json.dumps(line.data) for line in lines]
    values["before"] = [before for before, _after in around]
    values["after"] = [after for _before, after in around]
    with connection.cursor() as cursor:
        cursor.execute(_ALL_AT_ONCE, values)
        found = {stream: rest for stream, *rest in cursor.fetchall()}
    begun = [line for line in lines if line.stream not in found]
    for line in lines:
        if line.stream in found:
            line.pk, line.position, line.previous, line.fingerprint = found[line.stream]
            line._state.adding = False  # noqa: SLF001  it stands in the table
    for line in begun:  # the first of its stream
        _append_at_once(line)


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
