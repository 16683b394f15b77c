"""What takes long to make and serves many tests: made once a run, then copied.

A run is one call of pytest with its workers, or all those that ACQUIS_TEST_PREPARED gives the same
folder (`scripts/test` does). The first who asks makes it, whoever else asks meanwhile waits.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from benchmarks._server import place

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "ACQUIS_TEST_PREPARED"
DATABASE = "bench.sqlite3"  # as `place` names it
TEMPLATE = "acquis_test_template"


def open_folder() -> Path | None:
    """Give this run a folder, unless it was given one; returns the new one, to be closed."""
    if FOLDER in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="acquis-prepared-"))
    os.environ[FOLDER] = str(folder)
    return folder


def close_folder(folder: Path) -> None:
    for template in folder.glob("postgresql-*[0-9a-f]"):
        _administer(template.read_text(), f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)')
    shutil.rmtree(folder, ignore_errors=True)
    del os.environ[FOLDER]


def _once(
    name: str,
    make: Callable[[Path], None],
    *,
    of: Callable[[], str],
    holds: Callable[[], bool] = lambda: True,
) -> Path:
    """The file or folder of this name: `make` writes it at the path it is given, the first time.

    `of` says from which sources: what was made from others is not taken for ours; `holds` whether
    what lies elsewhere is still there.
    """
    folder = Path(os.environ[FOLDER])
    name = f"{name}-{of()}"
    ready, unfinished = folder / name, folder / f"{name}.unfinished"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (ready.exists() and holds()):
            for left in (ready, unfinished):
                shutil.rmtree(left, ignore_errors=True)
                left.unlink(missing_ok=True)
            make(unfinished)
            unfinished.rename(ready)
    return ready


@cache
def _sources() -> str:
    """Of all files of the product."""
    return _fingerprint(path for path in (ROOT / "src").rglob("*") if path.suffix != ".pyc")


@cache
def _schema() -> str:
    """Of what a migrated database comes from: migrations, and the models that content types name."""
    return _fingerprint(
        path
        for path in (ROOT / "src").rglob("*.py")
        if path.name in ("apps.py", "models.py") or path.parent.name in ("migrations", "models")
    )


def _fingerprint(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


# -- the databases of tests ------------------------------------------------------------------------


def copy_sqlite(to: Path) -> None:
    """A migrated database in this file."""
    for kept in to.parent.glob(f"{to.name}*"):
        kept.unlink()
    shutil.copyfile(migrated() / DATABASE, to)


def copy_postgresql(server: str, name: str) -> None:
    """A migrated database of this name on the server whose address is `server`."""

    def make(marker: Path) -> None:
        _administer(server, f'DROP DATABASE IF EXISTS "{TEMPLATE}" WITH (FORCE)')
        _administer(server, f'CREATE DATABASE "{TEMPLATE}"')
        _migrate(ACQUIS_TEST_DATABASE_URL=_at(server, TEMPLATE))
        marker.write_text(server)

    _once("postgresql", make, of=_schema, holds=lambda: _has_template(server))
    drop_postgresql(server, name)
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')


def _has_template(server: str) -> bool:
    """Whether this server has it: a folder that is kept may know of one that is gone."""
    with _as_administrator(server) as admin:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return admin.execute(query, (TEMPLATE,)).fetchone() is not None


def drop_postgresql(server: str, name: str) -> None:
    _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def migrated() -> Path:
    """A folder that holds a migrated SQLite database."""

    def make(folder: Path) -> None:
        folder.mkdir()
        _migrate(ACQUIS_DATABASE_URL=f"sqlite:///{folder / DATABASE}")

    return _once("migrated", make, of=_schema)


# As `acquis migrate` does it, without what it installs.
_MIGRATING = """
import django
django.setup()
from django.core.management import call_command
from acquis.kernel.migrating import quickly
with quickly():
    call_command("migrate", verbosity=0, skip_checks=True)
"""


def _migrate(**database: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACQUIS_")}
    environment = kept | {"DJANGO_SETTINGS_MODULE": "acquis.config.settings.test"} | database
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    subprocess.run(
        [sys.executable, "-c", _MIGRATING],
        env=environment,
        check=True,
    )


def _at(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _administer(server: str, statement: str) -> None:
    with _as_administrator(server) as admin:
        admin.execute(statement)


def _as_administrator(server: str) -> psycopg.Connection:
    return psycopg.connect(urlunsplit(urlsplit(server)._replace(query="")), autocommit=True)


# -- folders of data for the real server -----------------------------------------------------------


def installed() -> Path:
    """A folder to begin a `place` from: what `acquis migrate` leaves."""

    def make(folder: Path) -> None:
        with place(start=migrated()) as where:
            where.run("-m", "acquis", "migrate")
            shutil.copytree(where.folder, folder)

    return _once("installed", make, of=_sources)


def demonstration() -> Path:
    """A folder to begin a `place` from: what `acquis demo load` leaves."""

    def make(folder: Path) -> None:
        with place(start=installed(), ACQUIS_DEMO="1") as where:
            where.run("-m", "acquis", "demo", "load")
            shutil.copytree(where.folder, folder)

    return _once("demonstration", make, of=_sources)
