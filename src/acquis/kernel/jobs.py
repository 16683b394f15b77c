"""Long work on the database queue, with progress that can be left and found again.

A running job beats every few seconds as long as its process lives; one that fell silent is taken up
again. Each taking up has its number (`attempts`): what an earlier one still writes is ignored.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.kernel import wakeup
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import Job

logger = logging.getLogger(__name__)
Progress = Callable[..., None]
Function = Callable[[dict[str, Any], Progress], dict[str, Any] | None]
Show = Callable[[int, int | None, str], None]

BEAT = 5.0  # seconds between two signs of life
LEASE = timedelta(seconds=30)  # a running job silent for so long is taken up again
ATTEMPTS = 3
SHOWN_EVERY = 0.25  # seconds: progress told more often is written at this pace
ACTIVE = (Job.State.WAITING, Job.State.RUNNING)


class JobCancelled(Exception):  # noqa: N818  a wish, not a fault
    """The person asked to stop; raised inside the work at its next sign of progress."""


class JobTakenOver(Exception):  # noqa: N818  another worker has it
    """Another worker took the job up: it had taken this process for dead."""


class JobEnded(DomainRefusal):
    code = "jobs.ended"
    message = _("Ce travail est déjà terminé.")


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    function: Function
    aside: bool = False  # it has a thread of its own: no other job waits behind it


KINDS: dict[str, Kind] = {}


def job(name: str, *, title: str | Promise, aside: bool = False) -> Callable[[Function], Function]:
    """Declare the function of a kind of job; it must bear being run again after a crash.

    One `aside` takes minutes and nobody waits for it: it has a thread of its own.
    """

    def declare(function: Function) -> Function:
        KINDS[name] = Kind(name, title, function, aside)
        return function

    return declare


@transaction.atomic
def enqueue(
    kind: str,
    *,
    by: Any | None,
    at: datetime,
    args: dict[str, Any],
    unique_key: str | None = None,
) -> Job:
    """Queue a job; while one with the same `unique_key` is active, that one is given back."""
    try:
        with transaction.atomic():
            queued = Job.objects.create(
                kind=kind, args=args, owner=by, created_at=at, unique_key=unique_key
            )
    except IntegrityError:
        same = Job.objects.filter(unique_key=unique_key).first() if unique_key else None
        if same is None:
            raise
        return same
    transaction.on_commit(wakeup.work.ring)
    return queued


@transaction.atomic
def cancel(*, job: Job, by: Any, at: datetime) -> Job:  # noqa: ARG001  who asked is the owner
    """Ask a job to stop: a waiting one stops at once, a running one at its next progress.

    Raises JobEnded.
    """
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in ACTIVE:
        raise JobEnded
    if locked.state == Job.State.WAITING:
        locked.state, locked.finished_at, locked.unique_key = Job.State.CANCELLED, at, None
    else:
        locked.cancel_asked_at = locked.cancel_asked_at or at
    locked.save(update_fields=["state", "finished_at", "unique_key", "cancel_asked_at"])
    return locked


def run_due(*, now: datetime, aside: bool = False) -> bool:
    """Run one due job to its end, of those that stand aside or of the others; False when none is due."""
    apart = Q(kind__in=[kind.name for kind in KINDS.values() if kind.aside])
    due = Job.objects.filter(_due(now), apart if aside else ~apart)
    # SQLite's transactions take the write lock at their start: only look, while nothing waits.
    claimed = _claim(due, now) if due.exists() else None
    if claimed is not None:
        _perform(claimed)
    return claimed is not None


def run_in_terminal(queued: Job) -> Job:
    """Run a waiting job here and now, its progress shown in the terminal.

    A job that a worker has already taken up is only watched.
    """
    from rich.progress import Progress as Bar  # noqa: PLC0415  only terminals need it

    claimed = _claim(Job.objects.filter(pk=queued.pk, state=Job.State.WAITING), timezone.now())
    with Bar(transient=True) as bar:
        task = bar.add_task(str(KINDS[queued.kind].title), total=None)

        def show(done: int, total: int | None, message: str) -> None:
            title = message or str(KINDS[queued.kind].title)
            bar.update(task, completed=done, total=total, description=title)

        if claimed is not None:
            _perform(claimed, show)
        queued.refresh_from_db()
        while queued.state in ACTIVE:
            time.sleep(SHOWN_EVERY)
            queued.refresh_from_db()
            show(queued.done, queued.total, queued.message)
    return queued


def _due(now: datetime) -> Q:
    silent = Q(state=Job.State.RUNNING, heartbeat_at__lt=now - LEASE)
    return Q(state=Job.State.WAITING) | silent


@transaction.atomic
def _claim(due: QuerySet[Job], now: datetime) -> Job | None:
    skip = connection.features.has_select_for_update_skip_locked
    for taken in due.select_for_update(skip_locked=skip).order_by("created_at", "pk")[:20]:
        if taken.attempts >= ATTEMPTS:
            taken.state, taken.finished_at, taken.unique_key = Job.State.FAILED, now, None
            taken.error = str(_("Le travail s’est interrompu trois fois ; il n’est pas repris."))
            taken.save()
            continue
        taken.attempts += 1
        taken.started_at = taken.started_at or now
        taken.heartbeat_at = now
        taken.state = Job.State.RUNNING
        taken.save()
        return taken
    return None


def _perform(claimed: Job, show: Show | None = None) -> None:
    account = _Account(claimed, show)
    state, result, error = Job.State.DONE, None, ""
    try:
        with _beating(claimed):
            result = KINDS[claimed.kind].function(claimed.args, account.tell)
    except JobTakenOver:
        logger.warning("job %s %s was taken over", claimed.kind, claimed.pk)
        return
    except JobCancelled:
        state = Job.State.CANCELLED
    except DomainRefusal as refusal:
        state, error = Job.State.FAILED, str(refusal)
    except Exception as fault:
        logger.exception("job %s %s", claimed.kind, claimed.pk)
        state = Job.State.FAILED
        error = str(_("Une erreur imprévue a interrompu le travail (%(fault)s).")) % {
            "fault": type(fault).__name__
        }
    account.write(
        state=state, result=result, error=error, finished_at=timezone.now(), unique_key=None
    )
    claimed.refresh_from_db()


class _Account:
    """What a running job tells of itself, written at a bearable pace."""

    def __init__(self, claimed: Job, show: Show | None) -> None:
        self.mine = Job.objects.filter(
            pk=claimed.pk, attempts=claimed.attempts, state=Job.State.RUNNING
        )
        self.show = show
        self.told: dict[str, Any] = {}
        self.written = 0.0

    def tell(self, done: int, total: int | None = None, message: object = "") -> None:
        """Raises JobCancelled when the person asked to stop, JobTakenOver when too late."""
        self.told = {"done": done, "total": total, "message": str(message)[:300]}
        if self.show is not None:
            self.show(done, total, str(message))
        if time.monotonic() - self.written < SHOWN_EVERY:
            return
        self.written = time.monotonic()
        if not self.write(heartbeat_at=timezone.now()):
            raise JobTakenOver
        if self.mine.filter(cancel_asked_at__isnull=False).exists():
            raise JobCancelled

    def write(self, **values: Any) -> int:
        return self.mine.update(**self.told, **values)


@contextmanager
def _beating(claimed: Job) -> Iterator[None]:
    """Give signs of life while the work lasts, however long it says nothing."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(BEAT):
                try:
                    Job.objects.filter(pk=claimed.pk, attempts=claimed.attempts).update(
                        heartbeat_at=timezone.now()
                    )
                except DatabaseError:
                    logger.warning("job %s: a beat was missed", claimed.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"acquis-job-{claimed.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=BEAT)
