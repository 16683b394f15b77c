"""A database of its own for one run, on either engine, and what machine it ran on."""

import os
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

ENGINES = ("sqlite", "postgresql")
POSTGRESQL = "ACQUIS_TEST_DATABASE_URL"


class EngineMissing(Exception):  # noqa: N818 - says what to set
    """The engine asked for cannot be reached."""


@contextmanager
def database(engine: str) -> Iterator[None]:
    """Configure Django on a new database with all tables; drop it afterwards.

    Django is configured once a process: one run a process.
    Raises EngineMissing when PostgreSQL is asked for and its address is not given.
    """
    folder = Path(tempfile.mkdtemp(prefix="acquis-bench-"))
    address, dropped = _address(engine, folder)
    os.environ |= {
        "ACQUIS_DATA": str(folder),
        "ACQUIS_DATABASE_URL": address,
        "ACQUIS_EMBEDDED_WORKER": "0",
    }
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
    try:
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
        if dropped:
            _administer(f'DROP DATABASE IF EXISTS "{dropped}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def _address(engine: str, folder: Path) -> tuple[str, str]:
    """The address to use, and the PostgreSQL database to drop afterwards."""
    if engine == "sqlite":
        return f"sqlite:///{folder / 'bench.sqlite3'}", ""
    name = f"acquis_bench_{os.getpid()}"
    _administer(f'CREATE DATABASE "{name}"')
    parts = urlsplit(os.environ[POSTGRESQL])
    return urlunsplit(parts._replace(path=f"/{name}")), name


def _administer(statement: str) -> None:
    import psycopg

    address = os.environ.get(POSTGRESQL)
    if not address:
        raise EngineMissing(f"Set {POSTGRESQL} to the address of a PostgreSQL server.")
    parts = urlsplit(address)
    plain = urlunsplit(parts._replace(query=""))
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)


def machine(engine: str) -> dict[str, object]:
    """What the figures were measured on."""
    found: dict[str, object] = {
        "system": platform.system(),
        "processor": _processor(),
        "cores_count": psutil.cpu_count(),
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
