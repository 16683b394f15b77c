"""Customers brought by a file: read over, written, compared with each other, taken back."""

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import engines
from benchmarks.search import BEGINNINGS, ENDINGS, FIRST_NAMES, MIDDLES, _desk

NAME = "imports"
TITLE = "a CSV of customers through the real jobs; size = lines"
SIZES = (10_000, 100_000, 1_000_000)
SEED = 20261126
ALIKE = 50  # one line in so many is a customer of another line, spelt otherwise
FAULTY = 100  # one line in so many has a telephone that is none
HEADERS = "Civilité;Prénom;Nom;Téléphone;Courriel;Adresse;Code postal;Ville;Accord courriel"


def run(size: int, engine: str) -> dict[str, float]:
    """Bring a file as a person does; each job runs to its end in this process.

    `peak_mb` is that of the whole process after all of it, the database of SQLite included.
    """
    with engines.database(engine), tempfile.TemporaryDirectory() as folder:
        from django.core.files.uploadedfile import TemporaryUploadedFile
        from django.utils import timezone

        from acquis.desk.directory.models import Customer
        from acquis.desk.imports.actions import lead_import
        from acquis.desk.imports.actions.bring_file import bring_file
        from acquis.desk.imports.models import CustomerImport
        from acquis.desk.merging.actions.scan_desk import start_scan
        from acquis.desk.merging.models import Suspicion

        workspace, adviser = _desk()
        path = Path(folder) / "clients.csv"
        _write(path, size)
        upload = TemporaryUploadedFile("clients.csv", "text/csv", path.stat().st_size, "utf-8")
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                upload.write(piece)
        now = timezone.now()
        figures: dict[str, float] = {"file_bytes": path.stat().st_size}
        started_mb = engines.peak_mb()

        source = bring_file(workspace=workspace, file=upload, by=adviser, at=now)
        upload.close()
        mapping = {int(rank): field for rank, field in source.mapping.items()}
        figures["read_over_s"] = _timed(
            lambda: lead_import.check_lines(
                source=source, mapping=mapping, on_duplicate="skip", by=adviser, at=now
            )
        )
        figures["imported_s"] = _timed(
            lambda: lead_import.start_import(source=source, by=adviser, at=now)
        )
        source.refresh_from_db()
        if source.state != CustomerImport.State.DONE:
            raise RuntimeError(f"the import is {source.state}")
        figures["imported_per_s"] = round(source.created / figures["imported_s"])
        figures["created_count"] = source.created
        figures["faulty_count"] = source.faulty
        figures["lost_count"] = size - source.created - source.faulty - source.skipped
        figures["compared_s"] = _timed(
            lambda: start_scan(workspace=workspace, by=adviser, at=timezone.now())
        )
        figures["compared_per_s"] = round(source.created / figures["compared_s"])
        figures["pairs_count"] = Suspicion.objects.count()
        figures["undone_s"] = _timed(
            lambda: lead_import.start_undo(source=source, by=adviser, at=timezone.now())
        )
        figures["undone_per_s"] = round(source.created / figures["undone_s"])
        figures["left_count"] = Customer.objects.count()
        figures["before_mb"] = started_mb
        figures["peak_mb"] = engines.peak_mb()
        return figures


def _timed(start: Callable[[], Any]) -> float:
    """Seconds from the person's act to the end of the job."""
    from django.utils import timezone

    from acquis.kernel import jobs
    from acquis.kernel.models import Job

    begun = perf_counter()
    start()
    while jobs.run_due(now=timezone.now()):
        pass
    failed = Job.objects.filter(state=Job.State.FAILED).first()
    if failed is not None:
        raise RuntimeError(failed.error)
    return round(max(perf_counter() - begun, 0.001), 3)


def _write(path: Path, size: int) -> None:
    lot = random.Random(SEED)
    with path.open("w", encoding="cp1252") as stream:
        stream.write(f"{HEADERS}\n")
        for number in range(size):
            stream.write(_line(number, lot))


def _line(number: int, lot: random.Random) -> str:
    twin = number % ALIKE == ALIKE - 1
    of = number - 1 if twin else number
    draw = random.Random(SEED * 7 + of)
    first, last = (
        draw.choice(FIRST_NAMES),
        "".join(map(draw.choice, (BEGINNINGS, MIDDLES, ENDINGS))),
    )
    phone = f"06{of * 37 % 100_000_000:08d}"
    if number % FAULTY == FAULTY // 2:
        phone = "12"
    name = f"{last}{last[-1]}" if twin else last
    return (
        f"Mme;{first.title()};{name.title()};{phone};client{number}@boite.example;"
        f"{draw.randrange(1, 180)} rue des Érables;{draw.randrange(10_000, 95_000)};"
        f"{draw.choice(BEGINNINGS).title()}ville;{lot.choice(('oui', 'non', ''))}\n"
    )
