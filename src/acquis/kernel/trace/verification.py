"""Reading every chain again, and naming what does not hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.kernel.models import TraceHead, TraceLine, TracePersonalPart
from acquis.kernel.trace.chain import ORIGIN, fingerprint
from acquis.kernel.trace.personal import matches
from acquis.kernel.trace.recording import ERASURE, head, lines

MOVED_TOGETHER = 1000  # lines walked back to find where a moved one stood

_MISSING = _("%(stream)s : il manque la ligne %(position)s, juste avant « %(verb)s ».")
_MISSING_SEVERAL = _(
    "%(stream)s : il manque les lignes %(position)s à %(last)s, juste avant « %(verb)s »."
)
_ALTERED = _("%(stream)s : la ligne %(position)s, « %(verb)s », a été modifiée.")
_REPLACED = _(
    "%(stream)s : la ligne %(position)s, « %(verb)s », a été remplacée : la suivante ne la "
    "reconnaît pas."
)
_NOT_THE_FIRST = _(
    "%(stream)s : la ligne %(position)s, « %(verb)s », n’est pas la première de sa chaîne."
)
_MOVED = _(
    "%(stream)s : la ligne %(position)s, « %(verb)s », a été déplacée : elle était en position "
    "%(origin)s."
)
_CUT = _("%(stream)s : la fin manque, de la ligne %(position)s à la ligne %(last)s.")
_CUT_ONE = _("%(stream)s : la dernière ligne manque, en position %(position)s.")
_HEAD = _(
    "%(stream)s : la fin enregistrée de la chaîne ne correspond pas à sa dernière ligne, "
    "%(position)s « %(verb)s »."
)
_PERSONAL_ALTERED = _(
    "%(stream)s : la partie personnelle de la ligne %(position)s, « %(verb)s », a été modifiée."
)
_PERSONAL_MISSING = _(
    "%(stream)s : la partie personnelle de la ligne %(position)s, « %(verb)s », manque sans que "
    "son effacement soit inscrit."
)


@dataclass(frozen=True)
class TraceFault:
    """What is wrong at one place.

    `nature` is altered, missing, reordered, cut_tail, head, personal_altered or personal_missing;
    `verb` is the act told there, or by the line after what is missing.
    """

    stream: str
    position: int
    verb: str
    nature: str
    sentence: str


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
    before: TraceLine | None = None  # the line before, when it holds by itself
    last: TraceLine | None = None
    for line in lines(stream).iterator(chunk_size=2000):
        holds = fingerprint(line) == line.fingerprint
        if line.position != expected:
            yield _gap(line, expected)
        if not holds:
            yield _changed(line, previous)
        elif line.position == expected and line.previous != previous:
            if before is not None:
                # This line holds; the one it was chained to is no longer there.
                yield _fault(before, "altered", _REPLACED)
            elif last is None:
                yield _fault(line, "reordered", _NOT_THE_FIRST)
        expected, previous, last = line.position + 1, line.fingerprint, line
        before = line if holds else None
    yield from _verify_head(stream, last)
    yield from _verify_personal_parts(stream)


def _gap(line: TraceLine, expected: int) -> TraceFault:
    text = _MISSING if line.position == expected + 1 else _MISSING_SEVERAL
    return _fault(line, "missing", text, position=expected, last=line.position - 1)


def _changed(line: TraceLine, previous: str) -> TraceFault:
    """Told apart: a line that would hold at another place was moved there from it."""
    if line.previous != previous:
        origin = _position_after(line)
        here, line.position = line.position, origin
        moved = origin != here and fingerprint(line) == line.fingerprint
        line.position = here
        if moved:
            return _fault(line, "reordered", _MOVED, origin=origin)
    return _fault(line, "altered", _ALTERED)


def _position_after(line: TraceLine) -> int:
    """Where the line belongs by the fingerprint it was chained to.

    The line it follows may have been moved as well: its own chaining then says by how much.
    """
    if line.previous == ORIGIN:
        return 1
    steps, wanted = 1, line.previous
    while wanted != ORIGIN and steps < MOVED_TOGETHER:
        follower = TraceLine.objects.filter(stream=line.stream, fingerprint=wanted).first()
        if follower is None:
            return line.position
        own = fingerprint(follower) == follower.fingerprint
        if own:
            return follower.position + steps
        steps, wanted = steps + 1, follower.previous
    return steps


def _verify_head(stream: str, last: TraceLine | None) -> Iterator[TraceFault]:
    end = head(stream)
    position = last.position if last else 0
    if end.position > position:
        nothing = TraceLine(stream=stream, position=position + 1)
        text = _CUT_ONE if end.position == position + 1 else _CUT
        yield _fault(nothing, "cut_tail", text, last=end.position)
    elif last and (end.position < position or end.fingerprint != last.fingerprint):
        yield _fault(last, "head", _HEAD)


def _verify_personal_parts(stream: str) -> Iterator[TraceFault]:
    parts = {part.position: part for part in TracePersonalPart.objects.filter(stream=stream)}
    erasures = lines(stream).filter(verb=ERASURE).values_list("data", flat=True)
    erased = {data.get("position") for data in erasures}
    for line in lines(stream).exclude(personal_digest="").iterator(chunk_size=2000):
        part = parts.get(line.position)
        if part is None:
            if line.position not in erased:
                yield _fault(line, "personal_missing", _PERSONAL_MISSING)
        elif not matches(part, line.personal_digest):
            yield _fault(line, "personal_altered", _PERSONAL_ALTERED)


def _fault(line: TraceLine, nature: str, text: Promise, **params: Any) -> TraceFault:
    told = {"stream": line.stream, "position": line.position, "verb": line.verb, **params}
    return TraceFault(line.stream, told["position"], line.verb, nature, str(text) % told)
