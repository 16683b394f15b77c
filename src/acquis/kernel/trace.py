"""The trace: one append-only hash chain a stream, written in the act's own transaction.

Each line's fingerprint is the SHA-256 of the previous fingerprint and of the line's canonical JSON, so
that altering, removing or moving a line shows. Personal particulars lie apart, encrypted; the line only
holds their keyed digest, so that erasing them leaves the chain whole.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from acquis.kernel import crypto
from acquis.kernel.models import TraceHead, TraceLine, TracePersonalPart

ORIGIN = "0" * 64


@dataclass(frozen=True)
class Head:
    """The end of a stream: position 0 and the origin's fingerprint when nothing was written."""

    stream: str
    position: int
    fingerprint: str


@dataclass(frozen=True)
class TraceFault:
    """What is wrong at one place; `nature` is altered, missing, reordered, cut_tail or head."""

    stream: str
    position: int
    nature: str
    sentence: str


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
    TraceHead.objects.get_or_create(stream=name, defaults={"fingerprint": ORIGIN})
    end = TraceHead.objects.select_for_update().get(stream=name)
    line = TraceLine(
        stream=name,
        position=end.position + 1,
        at=at,
        actor_id=getattr(by, "pk", None),
        actor_label=str(by) if by is not None else "Acquis",
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",  # noqa: SLF001
        object_id=str(obj.pk) if obj is not None else "",
        data=plain(data),
        personal_digest=_personal_digest(personal),
        previous=end.fingerprint,
    )
    line.fingerprint = fingerprint(line)
    line.save(force_insert=True)
    if personal:
        TracePersonalPart.objects.create(
            stream=name,
            position=line.position,
            sealed=crypto.seal(canonical(plain(personal)).encode()),
        )
    end.position, end.fingerprint = line.position, line.fingerprint
    end.save(update_fields=["position", "fingerprint"])
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
    return None if part is None else json.loads(crypto.unseal(bytes(part.sealed)))


@transaction.atomic
def erase_personal(*, stream: str, position: int, by: Any | None, at: datetime) -> bool:
    """Erase the personal particulars of one line; the erasure is itself recorded."""
    erased, _rows = TracePersonalPart.objects.filter(stream=stream, position=position).delete()
    if erased:
        record("trace.personal_erased", None, by=by, at=at, stream=stream, position=position)
    return bool(erased)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """Reduce to JSON values whose text is always the same: dates and decimals become strings."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def fingerprint(line: TraceLine) -> str:
    """SHA-256, in hex, over the previous fingerprint and the line's canonical JSON."""
    body = {
        "stream": line.stream,
        "position": line.position,
        "at": line.at.astimezone(UTC).isoformat(),
        "actor_id": line.actor_id,
        "actor_label": line.actor_label,
        "verb": line.verb,
        "object_type": line.object_type,
        "object_id": line.object_id,
        "data": line.data,
        "personal_digest": line.personal_digest,
    }
    return hashlib.sha256(f"{line.previous}\n{canonical(body)}".encode()).hexdigest()


def verify(stream: str | None = None) -> list[TraceFault]:
    """Read every stream (or one) from its first line and report what does not hold."""
    names = (
        [stream]
        if stream
        else sorted(
            {*TraceHead.objects.values_list("stream", flat=True)}
            | {*TraceLine.objects.values_list("stream", flat=True).distinct()}
        )
    )
    return [fault for name in names for fault in _verify_stream(name)]


def _verify_stream(stream: str) -> Iterator[TraceFault]:
    expected, previous = 1, ORIGIN
    for line in lines(stream).iterator(chunk_size=2000):
        if line.position != expected:
            yield _fault(
                stream,
                expected,
                "missing",
                _(
                    "%(stream)s : la ligne %(position)s manque (la suivante est « %(verb)s », "
                    "en position %(next)s)."
                ),
                verb=line.verb,
                next=line.position,
            )
        own = fingerprint(line)
        if own != line.fingerprint:
            yield _fault(
                stream,
                line.position,
                "altered",
                _("%(stream)s : la ligne %(position)s, « %(verb)s », a été modifiée."),
                verb=line.verb,
            )
        elif line.position == expected and line.previous != previous:
            yield _fault(
                stream,
                line.position,
                "reordered",
                _(
                    "%(stream)s : la ligne %(position)s, « %(verb)s », ne suit pas celle qui la "
                    "précède : des lignes ont été déplacées ou remplacées."
                ),
                verb=line.verb,
            )
        expected, previous = line.position + 1, line.fingerprint
    yield from _verify_head(stream, expected - 1, previous)


def _verify_head(stream: str, last: int, previous: str) -> Iterator[TraceFault]:
    end = head(stream)
    if end.position > last:
        yield _fault(
            stream,
            last + 1,
            "cut_tail",
            _("%(stream)s : les dernières lignes manquent, de %(position)s à %(end)s."),
            end=end.position,
        )
    elif end.position < last or end.fingerprint != previous:
        yield _fault(
            stream,
            last,
            "head",
            _(
                "%(stream)s : la fin enregistrée de la chaîne ne correspond pas à sa dernière ligne, "
                "%(position)s."
            ),
        )


def _fault(stream: str, position: int, nature: str, text: str, **params: Any) -> TraceFault:
    return TraceFault(
        stream, position, nature, text % {"stream": stream, "position": position, **params}
    )


def _personal_digest(personal: dict[str, Any] | None) -> str:
    if not personal:
        return ""
    text = canonical(plain(personal)).encode()
    return hmac.new(settings.SEALING_KEY.encode(), text, hashlib.sha256).hexdigest()
