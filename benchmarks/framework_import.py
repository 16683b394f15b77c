"""From a document to a frozen edition: seconds and memory of each reading, then the whole way."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks import engines

NAME = "framework_import"
TITLE = "documents read, corrected and published; size = times each is read"
SIZES = (1, 3, 10)
ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"


def run(size: int, engine: str) -> dict[str, float]:
    """Read each document `size` times in its own process, keep the best; then publish each once.

    The founding documents where they are, else those that the tests invent.
    """
    with tempfile.TemporaryDirectory() as folder:
        documents = _documents(Path(folder))
        figures: dict[str, float] = {}
        for name, path in documents.items():
            measured = _read_apart(path, size)
            figures |= {f"{name}_{figure}": value for figure, value in measured.items()}
        return figures | _whole_way(list(documents.values()), engine)


def _documents(folder: Path) -> dict[str, Path]:
    seeds = {f"seed_{path.name[:3]}": path for path in sorted(SEEDS.glob("[0-9][0-9][0-9]_*.txt"))}
    if seeds:
        return seeds
    from tests.certification.frameworks.readers import invented_register, writing

    title = [writing.as_markdown(part) for part in (writing.reac(), writing.evaluation())]
    contents = {
        "invented_title": ("titre.md", "\n".join(title).encode()),
        "invented_pdf": ("titre.pdf", writing.as_pdf(writing.reac())),
        "invented_rncp": ("rncp.md", invented_register.rncp_markdown_bars().encode()),
        "invented_rs": ("rs.md", invented_register.rs_table().encode()),
        "invented_certificate": (
            "certificat.md",
            invented_register.private_certificate().encode(),
        ),
    }
    written = {}
    for name, (file, content) in contents.items():
        written[name] = folder / file
        written[name].write_bytes(content)
    return written


def _read_apart(path: Path, times: int) -> dict[str, float]:
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks._framework_reading", str(path), str(times)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
    )
    figures: dict[str, float] = json.loads(found.stdout)
    return figures


def _whole_way(paths: list[Path], engine: str) -> dict[str, float]:
    """Upload, job, one correction and publication of each document, on the database."""
    with engines.database(engine):
        from django.utils import timezone

        from acquis.accounts.models import Organisation, User
        from acquis.certification.frameworks.actions import (
            correct_import,
            publish_import,
            start_reading,
        )
        from acquis.kernel import files, jobs

        now = timezone.now()
        centre = Organisation.objects.create(name="Centre mesuré", slug="centre-mesure")
        by = User.objects.create_user(email="mesure@centre.example", password=None)
        read, corrected, published = [], [], []
        for number, path in enumerate(paths):
            content = path.read_bytes()
            kind = files.media_type_of(content)
            kept = files.store(content, name=path.name, media_type=kind, by=by, at=now)
            reading, _job = start_reading.start_reading(
                organisation=centre, files=[kept], merge=False, by=by, at=now
            )
            start = perf_counter()
            jobs.run_due(now=timezone.now())
            read.append(perf_counter() - start)
            reading.refresh_from_db()
            start = perf_counter()
            titles = {f"/blocks/{i}": b for i, b in enumerate(reading.corrected["blocks"])}
            for pointer, block in {"": {}, **titles}.items():
                reading = correct_import.correct_import(
                    reading=reading,
                    correction=correct_import.Correction(
                        "set",
                        pointer,
                        reading.revision,
                        {"title": f"{block.get('title') or 'Sans intitulé'} (relu)"},
                    ),
                    by=by,
                    at=now,
                )
            corrected.append((perf_counter() - start) / (1 + len(titles)))
            start = perf_counter()
            publish_import.publish_import(
                reading=reading,
                edition=publish_import.Edition(f"M{number}", "1", now.date()),
                revision=reading.revision,
                by=by,
                at=now,
            )
            published.append(perf_counter() - start)
    return {
        "read_job_worst_s": round(max(read), 3),
        "correction_worst_ms": round(max(corrected) * 1000, 1),
        "publication_worst_ms": round(max(published) * 1000, 1),
    }
