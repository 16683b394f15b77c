"""What the candidate's page does over its socket: keep what is typed, look at the state of the exam."""

import secrets
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from acquis.accounts.access import keep_roles_once_read, remember_roles_of
from acquis.accounts.models import User
from acquis.certification.sittings import access, queries
from acquis.certification.sittings.actions.save_production import Saved, Typed, save_productions
from acquis.certification.sittings.models import Sitting
from acquis.certification.sittings.policy import phase_clock
from acquis.kernel import live
from acquis.practice.rooms.errors import UnknownPiece
from acquis.practice.rooms.writing import piece_named

DEVICE = "exam_device"  # in the session of a browser, its name
LONGEST_ID = 64
FIGURES = 12

Told = Mapping[str, Any]


def device_of(session: Told) -> str:
    """The name of this browser, kept in its session; empty until it first asks to enter."""
    return str(session.get(DEVICE, ""))


def typed_in(sitting: Sitting, by: User, key: str, said: Told) -> Typed:
    """One field as a page sends it. Raises UnknownPiece.

    `said` has the `text`, `base_seq`, the last number that the page knows, and `client_id`, which
    names this version and is drawn when the page gives none.
    """
    piece = piece_named(key)
    if piece is None:
        raise UnknownPiece
    base = str(said.get("base_seq", ""))
    return Typed(
        sitting=sitting,
        key=key,
        content=str(said.get("text", "")).replace("\x00", ""),  # PostgreSQL keeps no such character
        client_id=str(said.get("client_id", "")).replace("\x00", "")[:LONGEST_ID]
        or secrets.token_hex(12),
        base_seq=int(base) if base.isascii() and base.isdecimal() and len(base) < FIGURES else 0,
        by=by,
        rich=piece.rich,
    )


def told_of(saved: Saved, now: datetime) -> dict[str, Any]:
    """What a page is answered: with `text`, another window is ahead."""
    answer = {"seq": saved.seq, "saved_at": saved.saved_at.isoformat(), "late": saved.late}
    if saved.conflict_content is not None:
        return {**answer, "text": saved.conflict_content}
    return answer | clock(saved.ends_at, now)


def clock(ends_at: datetime | None, now: datetime) -> dict[str, str]:
    """What sets the clock of the page right."""
    return {"now": now.isoformat(), "ends_at": ends_at.isoformat()} if ends_at else {}


@live.acts_together("room.save")
def save(asked: Sequence[live.Asked]) -> list[live.Outcome]:
    """Keep one field for each candidate who asks; what is answered is on disk."""
    writers = [copy(one.user) for one in asked]
    remember_roles_of(writers)
    doors = access.written_sittings(
        [
            (writer, _number(one.said, "sitting"), device_of(one.session))
            for writer, one in zip(writers, asked, strict=True)
        ]
    )
    answers: dict[int, live.Outcome] = {}
    typed: dict[int, Typed] = {}
    for place, (writer, one, door) in enumerate(zip(writers, asked, doors, strict=True)):
        if isinstance(door, Exception):
            answers[place] = door
            continue
        try:
            typed[place] = typed_in(door, writer, str(one.said.get("key", "")), one.said)
        except UnknownPiece as refusal:
            answers[place] = refusal
    now = timezone.now()
    for place, saved in zip(typed, save_productions([*typed.values()], at=now), strict=True):
        answers[place] = saved if isinstance(saved, Exception) else told_of(saved, now)
    return [answers[place] for place in range(len(asked))]


@live.acts_together("room.look")
def look(asked: Sequence[live.Asked]) -> list[live.Outcome]:
    """What each page compares with what it shows (`state_of`)."""
    answers: list[live.Outcome] = []
    for one in asked:
        reader = copy(one.user)
        keep_roles_once_read(reader)
        try:
            answers.append(state_of(reader, _number(one.said, "sitting"), one.session))
        except Http404 as closed:
            answers.append(closed)
    return answers


def state_of(user: User, pk: int, session: Told) -> dict[str, Any]:
    """One's own exam: another `mark` than the page's means another page. Raises Http404."""
    sitting = access.looked_at(user, pk)
    seen = vars(sitting)
    device = device_of(session)
    held = bool(device) and seen["holder"] == device
    now = timezone.now()
    running = queries.running_phase(sitting)
    paused = running is not None and phase_clock(running, now).paused
    part = running.pk if running else 0
    mark = f"{sitting.state}:{part}:{bool(sitting.authorised_at)}:{held}:{paused}"
    ends_at = running.ends_at if running and not paused else None
    return {"mark": mark, "call": seen["called"], **clock(ends_at, now)}


def _number(said: Told, name: str) -> int:
    """A key that the page named; 0, which none has, for what is no number."""
    typed = str(said.get(name, ""))
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < FIGURES else 0
