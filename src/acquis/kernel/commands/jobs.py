"""`acquis jobs`: long work in the terminal, its progress followed wherever it runs."""

import argparse
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from acquis.kernel import jobs
from acquis.kernel.models import Job

RECENT = 20
PAUSE = 0.5  # seconds between two looks
ACTIVE = (Job.State.WAITING, Job.State.RUNNING)


def run(argv: Sequence[str]) -> int:
    """Exit status: 0; 1 when a followed job failed; 2 when there is no such job."""
    parser = argparse.ArgumentParser(prog="acquis jobs", description="Les travaux de fond.")
    parser.add_argument("--follow", action="store_true", help="suit les travaux jusqu’à leur fin")
    parser.add_argument("--run", type=int, metavar="N", help="exécute ici le travail N en attente")
    options = parser.parse_args(argv)
    if options.run is not None:
        return _run(options.run)
    return _follow() if options.follow else _list()


def _list() -> int:
    table = Table("N°", "Travail", "État", "Avancement", "Demandé")
    for job in Job.objects.order_by("-created_at")[:RECENT]:
        total = f" / {job.total}" if job.total else ""
        asked = f"{job.created_at:%d/%m/%Y %H:%M}"
        table.add_row(
            str(job.pk), _title(job), str(job.get_state_display()), f"{job.done}{total}", asked
        )
    Console().print(table)
    return 0


def _run(number: int) -> int:
    queued = Job.objects.filter(pk=number).first()
    if queued is None:
        Console(stderr=True).print(f"Aucun travail ne porte le numéro {number}.")
        return 2
    ended = jobs.run_in_terminal(queued)
    Console().print(f"{_title(ended)} : {ended.get_state_display()}")
    return 1 if ended.state == Job.State.FAILED else 0


def _follow() -> int:
    followed = {job.pk for job in Job.objects.filter(state__in=ACTIVE)}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns) as bars:
        tasks = {pk: bars.add_task("", total=None) for pk in followed}
        while followed:
            for job in Job.objects.filter(pk__in=followed):
                said = f"{_title(job)} – {job.message or job.get_state_display()}"
                bars.update(tasks[job.pk], description=said, completed=job.done, total=job.total)
                if job.state not in ACTIVE:
                    followed.discard(job.pk)
            if followed:
                time.sleep(PAUSE)
    failed = Job.objects.filter(pk__in=tasks, state=Job.State.FAILED)
    for job in failed:
        Console(stderr=True).print(f"{_title(job)} : {job.error}")
    return 1 if failed else 0


def _title(job: Job) -> str:
    kind = jobs.KINDS.get(job.kind)
    return str(kind.title) if kind else job.kind
