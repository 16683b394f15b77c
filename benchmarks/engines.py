"""A database of its own for one run, on either engine, and what machine it ran on."""

import os
import platform
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

ENGINES = ("sqlite", "postgresql")
POSTGRESQL = "ACQUIS_TEST_DATABASE_URL"
START = "ACQUIS_BENCHMARK_START"


class EngineMissing(Exception):  # noqa: N818 - says what to do
    """The engine asked for cannot be started here."""


@contextmanager
def database(engine: str) -> Iterator[None]:
    """Configure Django on a new database with all tables; drop it afterwards.

    On SQLite it begins as a copy of the folder that ACQUIS_BENCHMARK_START names, if it names one.
    Django is configured once a process: one run a process. Raises EngineMissing.
    """
    folder = Path(tempfile.mkdtemp(prefix="acquis-bench-"))
    try:
        if engine == "sqlite" and START in os.environ:
            shutil.copytree(os.environ[START], folder, dirs_exist_ok=True)
        with address(engine, folder) as url:
            os.environ |= {
                "ACQUIS_DATA": str(folder),
                "ACQUIS_DATABASE_URL": url,
                "ACQUIS_EMBEDDED_WORKER": "0",
            }
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            yield
            for connection in connections.all():
                connection.close()
                close_pool = getattr(connection, "close_pool", None)
                if close_pool is not None:
                    close_pool()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def address(engine: str, folder: Path) -> Iterator[str]:
    """The address of a new, empty database, dropped afterwards.

    PostgreSQL is the server that ACQUIS_TEST_DATABASE_URL names, or else a throw-away one made of
    the system's binaries. Raises EngineMissing when there is neither.
    """
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    given = os.environ.get(POSTGRESQL)
    cluster = folder / "cluster"
    server = given or _postgresql("start", cluster)
    name = f"acquis_bench_{os.getpid()}"
    try:
        _administer(server, f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        if given:
            _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        if not given:
            _postgresql("stop", cluster)


def _postgresql(verb: str, folder: Path) -> str:
    script = Path(__file__).resolve().parents[1] / "scripts/postgresql"
    done = subprocess.run([script, verb, folder], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise EngineMissing("PostgreSQL does not start here: sudo apt-get install postgresql")
    return done.stdout.strip()


def _administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(urlunsplit(urlsplit(server)._replace(query="")), autocommit=True) as admin:
        admin.execute(statement)


def machine(engine: str) -> dict[str, object]:
    """What the figures were measured on."""
    found: dict[str, object] = {
        "system": platform.system(),
        "processor": _processor(),
        "cores_count": psutil.cpu_count(),
        "load_1min": round(psutil.getloadavg()[0], 2),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "python": platform.python_version(),
    }
    if engine == "sqlite":
        found["sqlite"] = sqlite3.sqlite_version
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def peak_mb() -> float:
    """The most memory this process has held, in megabytes."""
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
