"""What the wall of a room shows of each exam: its states stacked, the blocking one on top."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.certification.exam_sessions.models import ExamSession, PlannedPhase
from acquis.certification.sittings import policy, queries
from acquis.certification.sittings.enums import ClockState
from acquis.certification.sittings.models import CodeTries, DeviceClaim, HelpCall, Phase, Sitting
from acquis.kernel.typography import duration


@dataclass(frozen=True, slots=True)
class Mark:
    """One state of an exam: its words, its tone, its icon."""

    text: str
    tone: str
    icon: str = ""


@dataclass(slots=True)
class Card:
    """One candidate on the wall."""

    sitting: Sitting
    name: str
    marks: list[Mark]
    phases: Sequence[Phase]
    running: Phase | None
    waiting: Phase | None
    clock: policy.PhaseClock | None
    call: HelpCall | None
    devices: Sequence[DeviceClaim] = field(default_factory=list)
    hours: Sequence[PlannedPhase] = field(default_factory=list)  # of a season's plan, if any
    locked: CodeTries | None = None  # the door is closed after too many wrong codes
    planned: PlannedPhase | None = None  # the hour of the part under way, else of the next one

    @property
    def blocking(self) -> str:
        return self.marks[0].tone if self.marks else "neutral"

    @property
    def is_alert(self) -> bool:
        """Whether somebody must go and see: counted in the page's title."""
        return bool(self.alerts)

    @property
    def alerts(self) -> list[str]:
        """A key for each thing that somebody must go and see: a new one sounds."""
        found = [f"call-{self.call.pk}"] if self.call else []
        found += [f"device-{claim.pk}-{claim.asked_at.timestamp():.0f}" for claim in self.devices]
        if self.running and self.clock and self.clock.is_over:
            found.append(f"over-{self.running.pk}-{self.clock.ends_at:%H%M%S}")
        if self.locked:
            found.append(f"codes-{self.locked.pk}-{self.locked.count}")
        return found

    @property
    def may_finish(self) -> bool:
        return self.sitting.state == Sitting.State.RUNNING and not self.running and not self.waiting


def card(sitting: Sitting, now: datetime) -> Card:
    """One exam as the wall shows it; `sitting` comes from `queries.sittings_of`."""
    phases = list(sitting.phases.all())
    running = next((each for each in phases if each.state == Phase.State.RUNNING), None)
    waiting = next((each for each in phases if each.state == Phase.State.WAITING), None)
    clock = policy.phase_clock(running, now) if running else None
    calls: Sequence[HelpCall] = getattr(sitting, "open_calls", [])
    devices: Sequence[DeviceClaim] = getattr(sitting, "waiting_devices", [])
    hours = list(sitting.candidate.planned_phases.all())
    current = running or waiting
    tries: CodeTries | None = getattr(sitting, "code_tries", None)
    locked = tries if tries and tries.locked_until and now < tries.locked_until else None
    return Card(
        sitting=sitting,
        name=sitting.candidate.enrolment.candidate.full_name,
        marks=_marks(sitting, calls, devices, locked, running, clock, now),
        phases=phases,
        running=running,
        waiting=waiting,
        clock=clock,
        call=calls[0] if calls else None,
        devices=devices,
        hours=hours,
        locked=locked,
        planned=next((one for one in hours if current and one.code == current.code), None),
    )


def _marks(
    sitting: Sitting,
    calls: Sequence[HelpCall],
    devices: Sequence[DeviceClaim],
    locked: CodeTries | None,
    running: Phase | None,
    clock: policy.PhaseClock | None,
    now: datetime,
) -> list[Mark]:
    """All that is true at once, in the order in which somebody must act."""
    marks = []
    for call in calls:
        words = _("Appelle depuis %(time)s") % {"time": duration(_waited(call, now))}
        marks.append(Mark(words, "danger", "bell-ringing"))
    marks += [
        Mark(_("Demande à changer de poste"), "warning", "device-desktop") for _each in devices
    ]
    if locked and locked.locked_until:
        words = _("%(n)s codes erronés : entrée fermée jusqu’à %(time)s") % {
            "n": locked.count,
            "time": timezone.localtime(locked.locked_until).strftime("%H:%M"),
        }
        marks.append(Mark(words, "warning", "lock"))
    if clock and clock.state == ClockState.OVER:
        marks.append(Mark(_("Temps écoulé : à ramasser"), "warning", "clock-exclamation"))
    if clock and clock.pause_ends_at:
        until = {"time": timezone.localtime(clock.pause_ends_at).strftime("%H:%M")}
        marks.append(Mark(_("En pause jusqu’à %(time)s au plus tard") % until, "info", "coffee"))
    marks += _progress(sitting, running)
    return marks


def _progress(sitting: Sitting, running: Phase | None) -> list[Mark]:
    """Where the exam stands: what ended it, else what must come before it goes on."""
    if sitting.state == Sitting.State.ABORTED:
        reason = {"reason": sitting.abort_reason}
        return [Mark(_("Interrompue : %(reason)s") % reason, "danger", "player-stop")]
    if sitting.state == Sitting.State.FINISHED:
        return [Mark(_("Terminée et scellée"), "success", "lock")]
    if running is not None:
        return [Mark(_("En cours"), "info", "player-play")]
    candidate = sitting.candidate
    steps = (
        (candidate.present is False, Mark(_("Absent"), "neutral", "user-off")),
        (not candidate.present, Mark(_("Présence à noter"), "neutral", "user-question")),
        (candidate.identity_checked_at is None, Mark(_("Identité à vérifier"), "neutral", "id")),
        (sitting.authorised_at is None, Mark(_("Début à autoriser"), "neutral", "player-pause")),
        (
            sitting.state == Sitting.State.WAITING,
            Mark(_("Prêt à commencer"), "success", "circle-check"),
        ),
        (True, Mark(_("Entre deux parties"), "neutral", "hourglass")),
    )
    return [next(mark for stands, mark in steps if stands)]


def wall_mark(session: ExamSession, now: datetime) -> str:
    """What a page compares: another mark than its own means that the wall shows something else.

    Every column behind the wall, and what time alone changes: a clock run out, a break over, a door
    open again, how long somebody has called.
    """
    facts = queries.wall_facts(session.pk)
    times: list[Any] = [duration(_waited(call, now)) for call in facts.calls]
    times += [one.locked_until is not None and now < one.locked_until for one in facts.tries]
    for phase in facts.phases:
        if phase.state == Phase.State.RUNNING:
            clock = policy.phase_clock(phase, now)
            times.append((clock.state, clock.paused))
    shown = repr((session.state, facts.columns, times))
    return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()


def _waited(call: HelpCall, now: datetime) -> int:
    """Seconds since somebody called."""
    return max(0, int((now - call.asked_at).total_seconds()))


def title_count(cards: Sequence[Card]) -> int:
    return sum(each.is_alert for each in cards)


def progress_of(cards: Sequence[Card]) -> dict[str, Any]:
    """Figures at the top of the wall."""
    return {
        "present": sum(each.sitting.candidate.present is True for each in cards),
        "running": sum(each.running is not None for each in cards),
        "finished": sum(each.sitting.is_sealed for each in cards),
        "total": len(cards),
        "ready": sum(
            each.sitting.state == Sitting.State.WAITING
            and each.sitting.authorised_at is not None
            and each.sitting.candidate.present is True
            for each in cards
        ),
    }
