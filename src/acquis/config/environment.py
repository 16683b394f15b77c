"""The only reader of the process environment."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


def text(name: str, default: str | None = None) -> str:
    """Return the variable, or `default`; without either, say what to set.

    Raises ImproperlyConfigured.
    """
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set {name} in the environment: it has no default.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in TRUE_WORDS


def number(name: str, default: int) -> int:
    """Return the variable as a whole number. Raises ImproperlyConfigured for what is none."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number: {value!r} is none.") from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    path = Path(os.environ.get(name) or default)
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(name: str, file: Path) -> str:
    """Return the secret from the environment, else from a file made once, readable by its owner.

    The file serves the embedded default, which must start without configuration.
    """
    value = os.environ.get(name)
    if value:
        return value
    if not file.exists():
        from django.core.management.utils import get_random_secret_key

        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(get_random_secret_key())
    return file.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Translate a database address into Django's dictionary.

    `sqlite:///path` opens a file in WAL mode with IMMEDIATE transactions and full synchronisation
    (what is acknowledged is on disk); `postgresql://user:password@host:port/name` uses psycopg's pool.
    Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        options: dict[str, object] = dict(parse_qsl(parts.query))
        pool = options.pop("pool", "true") == "true"
        if pool:
            options["pool"] = {"min_size": 1, "max_size": 16, "timeout": 20}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0 if pool else None,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        "ACQUIS_DATABASE_URL must start with sqlite:/// or postgresql://, "
        f"not « {parts.scheme or url} »."
    )
