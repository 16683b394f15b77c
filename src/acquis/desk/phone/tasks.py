"""What the media worker is told and tells, and the jobs on recordings."""

import contextlib
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acquis.accounts.errors import WorkspaceSealed
from acquis.desk.phone import queries, transcribing
from acquis.desk.phone.actions._line import ROOM
from acquis.desk.phone.actions.call_customer import pick_up
from acquis.desk.phone.actions.hold_call import note_key
from acquis.desk.phone.actions.keep_recording import (
    MIX,
    abandoned,
    delete_recording,
    due_for_purge,
    keep_recording,
    publish_mix,
    start_recording,
)
from acquis.desk.phone.actions.lose_leg import (
    confirm_connected,
    interrupt_other_epochs,
    lose_leg,
)
from acquis.desk.phone.actions.transcribe_recording import TRANSCRIBE
from acquis.desk.phone.actions.trunk import end_trunk_leg, note_trunk, reach_limit, receive_call
from acquis.desk.phone.errors import CallEnded, LineBusy, NotRinging, NumberUnknown
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.desk.shell import day_in_paris
from acquis.kernel import files, jobs, outbox, rounds
from acquis.kernel.media import client as media

PURGE = "phone.purge"
BUSY_HERE = 486  # RFC 3261


@outbox.handler(ROOM)
def arrange(payload: dict[str, Any]) -> None:
    """Tell the worker how a room should be now, whatever was said of it before."""
    call = Call.objects.filter(pk=payload["call"]).first()
    if call is not None:
        media.set_room(call.media_key, queries.wish(call))


@outbox.handler(media.TOPIC)
def on_media(event: dict[str, Any]) -> None:
    """Something happened on the line. An event may be told twice."""
    now = timezone.now()
    what = event["what"]
    if what == "started":
        interrupt_other_epochs(epoch=event["epoch"], at=now)
    elif what == "trunk":
        note_trunk(up=event["up"], status=event["status"], at=now)
    elif what == "trunk_incoming":
        _on_incoming(event, now)
    elif what.startswith("leg_"):
        leg = Leg.objects.select_related("call__conversation").filter(key=event["leg"]).first()
        if leg is not None:
            _on_leg(leg, event, now)
    elif "recording" in event:
        recording = Recording.objects.filter(key=event["recording"]).order_by("pk").first()
        if recording is not None and what == "recording_started":
            start_recording(recording=recording, at=now)
        elif recording is not None and what == "recording_kept":
            keep_recording(recording=recording, parts=event["parts"], at=now)


def _on_leg(leg: Leg, event: dict[str, Any], now: datetime) -> None:
    match event["what"]:
        case "leg_connected":
            confirm_connected(leg=leg, at=now)
        case "leg_lost":
            lose_leg(leg=leg, at=now)
        case "leg_answered":
            with contextlib.suppress(CallEnded, NotRinging):  # given up at the same instant
                pick_up(leg=leg, at=now)
        case "leg_ended":
            end_trunk_leg(leg=leg, status=event["status"], at=now)
        case "leg_limit":
            reach_limit(leg=leg, seconds=event["seconds"], at=now)
        case "leg_pressed":
            note_key(leg=leg, at=now)


def _on_incoming(event: dict[str, Any], now: datetime) -> None:
    """Let it ring, or turn it away: a number that is nobody's, a desk where too much rings."""
    told = {name: event[name] for name in ("called", "number", "name", "epoch")}
    try:
        receive_call(**told, trunk_call=event["call"], at=now)
    except (NumberUnknown, WorkspaceSealed):
        media.refuse_call(event["call"], HTTPStatus.NOT_FOUND)
    except LineBusy:
        media.refuse_call(event["call"], BUSY_HERE)


@jobs.job(MIX, title=_("Préparation d’un enregistrement"))
def mix(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any] | None:
    """Make one file of the parts, with the shape of its sound."""
    from acquis.kernel.media import mixing  # noqa: PLC0415  decodes: only jobs need it

    recording = Recording.objects.filter(pk=args["recording"]).first()
    if recording is None or recording.state != Recording.State.MIXING:
        return None
    parts = list(recording.parts.select_related("file").order_by("pk"))
    progress(0, len(parts))
    mixed = mixing.mix([files.read(part.file) for part in parts])
    now = timezone.now()
    kept = files.store(
        mixed.content,
        name=f"appel-{recording.call_id}.ogg",
        media_type="audio/ogg",
        by=None,
        at=now,
    )
    publish_mix(recording=recording, file=kept, peaks=mixed.peaks, at=now)
    return {"seconds": round(mixed.seconds, 1)}


@jobs.job(TRANSCRIBE, title=_("Transcription d’un appel"), aside=True)
def transcribe(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any] | None:
    """Hear every leg of a recording, in a process of the lowest priority."""
    recording = Recording.objects.filter(pk=args["recording"]).first()
    if recording is None or recording.state != Recording.State.READY:
        return None
    return transcribing.transcribe(recording, progress)


@rounds.every(600, TRANSCRIBE)
def notice_given_up(now: datetime) -> None:
    """A job that was cut three times is not taken up again: its transcript says so."""
    transcribing.notice_given_up(now)


@rounds.every(3600, PURGE)
def look_for_purges(now: datetime) -> None:
    """Queue the purge when something is due; once, whatever the number of workers."""
    if due_for_purge(day_in_paris(now)) or abandoned(now):
        jobs.enqueue(PURGE, by=None, at=now, args={}, unique_key=PURGE)


@jobs.job(PURGE, title=_("Suppression des enregistrements échus"))
def purge(args: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Delete the recordings whose six months are over, and forget those of which nothing came."""
    del args
    now = timezone.now()
    due = due_for_purge(day_in_paris(now))
    for rank, recording in enumerate(due):
        progress(rank, len(due))
        delete_recording(recording=recording, why="retention", by=None, at=now)
    for recording in abandoned(now):
        delete_recording(recording=recording, why="nothing recorded", by=None, at=now)
    return {"deleted": len(due)}
