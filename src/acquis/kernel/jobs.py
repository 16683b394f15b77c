"""Long work on the database queue, with progress that can be left and found again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from acquis.kernel import wakeup
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import Job

logger = logging.getLogger(__name__)
Progress = Callable[..., None]
Function = Callable[[dict[str, Any], Progress], dict[str, Any] | None]

LEASE = timedelta(seconds=60)  # a running job that gave no sign for so long is taken up again
ATTEMPTS = 3


class JobCancelled(Exception):  # noqa: N818  a wish, not a fault
    """The person asked to stop; raised inside the work at its next sign of progress."""


class JobRunsAlready(DomainRefusal):
    code = "jobs.runs_already"
    message = _("Ce travail est déjà en cours : suivez-le dans la liste des travaux.")


@dataclass(frozen=True)
class Kind:
    name: str
    title: str | Promise
    function: Function


KINDS: dict[str, Kind] = {}


def job(name: str, *, title: str | Promise) -> Callable[[Function], Function]:
    """Declare the function of a kind of job; it must bear being run again after a crash."""

    def declare(function: Function) -> Function:
        KINDS[name] = Kind(name, title, function)
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
    if unique_key is not None:
        same = Job.objects.filter(unique_key=unique_key).first()
        if same is not None:
            return same
    queued = Job.objects.create(
        kind=kind, args=args, owner=by, created_at=at, unique_key=unique_key
    )
    transaction.on_commit(wakeup.ring)
    return queued


@transaction.atomic
def cancel(*, job: Job, by: Any, at: datetime) -> Job:  # noqa: ARG001  who asked is the owner
    """Ask a job to stop: a waiting one stops at once, a running one at its next progress."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state == Job.State.WAITING:
        locked.state, locked.finished_at, locked.unique_key = Job.State.CANCELLED, at, None
    elif locked.state == Job.State.RUNNING:
        locked.cancel_asked_at = at
    locked.save()
    return locked


def run_due(*, now: datetime) -> bool:
    """Run one due job to its end; False when the queue is empty."""
    claimed = _claim(now)
    if claimed is None:
        return False
    _perform(claimed)
    return True


def run_in_terminal(queued: Job) -> Job:
    """Run a job here and now, its progress shown in the terminal."""
    from rich.progress import Progress as Bar

    with Bar(transient=True) as bar:
        task = bar.add_task(str(KINDS[queued.kind].title), total=None)

        def show(done: int, total: int | None, message: str) -> None:
            bar.update(task, completed=done, total=total, description=message or None)

        Job.objects.filter(pk=queued.pk).update(
            state=Job.State.RUNNING, started_at=timezone.now(), heartbeat_at=timezone.now()
        )
        queued.refresh_from_db()
        _perform(queued, show)
    return queued


@transaction.atomic
def _claim(now: datetime) -> Job | None:
    waiting = Job.objects.filter(state=Job.State.WAITING)
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - LEASE)
    skip = connection.features.has_select_for_update_skip_locked
    taken = (
        (waiting | silent).select_for_update(skip_locked=skip).order_by("created_at", "pk").first()
    )
    if taken is None:
        return None
    taken.attempts += 1
    taken.started_at = taken.started_at or now
    taken.heartbeat_at = now
    taken.state = Job.State.RUNNING
    if taken.attempts > ATTEMPTS:
        taken.state, taken.finished_at, taken.unique_key = Job.State.FAILED, now, None
        taken.error = str(_("Le travail s'est interrompu trois fois ; il n'est pas repris."))
        taken.save()
        return _claim(now)
    taken.save()
    return taken


def _perform(claimed: Job, show: Callable[[int, int | None, str], None] | None = None) -> None:
    def progress(done: int, total: int | None = None, message: str = "") -> None:
        now = timezone.now()
        Job.objects.filter(pk=claimed.pk).update(
            done=done, total=total, message=str(message)[:300], heartbeat_at=now
        )
        if show is not None:
            show(done, total, str(message))
        if Job.objects.filter(pk=claimed.pk, cancel_asked_at__isnull=False).exists():
            raise JobCancelled

    state, result, error = Job.State.DONE, None, ""
    try:
        result = KINDS[claimed.kind].function(claimed.args, progress)
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
    Job.objects.filter(pk=claimed.pk).update(
        state=state,
        result=result,
        error=error,
        finished_at=timezone.now(),
        unique_key=None,
    )
    claimed.refresh_from_db()
