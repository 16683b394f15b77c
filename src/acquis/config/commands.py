"""What the subcommands of `acquis` do once Django is configured."""

import argparse
import errno
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.utils import timezone

if TYPE_CHECKING:
    from acquis.kernel.media.sip.trunk import Trunk


def run(options: argparse.Namespace) -> int:
    """Migrate, load the demo if asked and absent, say where to go, serve until interrupted."""
    if _is_taken(options.host, options.port):
        print(
            f"Le port {options.port} est déjà pris sur {options.host} : "
            "arrêtez ce qui l’occupe, ou donnez-en un autre (--port, ou PORT= avec make run).",
            file=sys.stderr,
        )
        return 2
    from acquis.kernel.media.process import Child

    telephone = Child()
    os.environ.setdefault("ACQUIS_MEDIA_URL", telephone.address)
    django.setup()
    _migrate()
    if options.demo:
        _load_demo()
    address = f"http://{options.host}:{options.port}"
    print(f"\nAcquis est prêt : {address}")
    if options.demo:
        _print_accounts()
    print("Arrêt : Ctrl+C\n", flush=True)
    import uvicorn

    if os.environ["ACQUIS_MEDIA_URL"] == telephone.address:
        telephone.start()
    try:
        uvicorn.run(
            "acquis.config.asgi:application",
            host=options.host,
            port=options.port,
            log_level="warning",
            access_log=False,
            ws_max_size=1024 * 1024,
            timeout_graceful_shutdown=5,
        )
    finally:
        telephone.stop()
    return 0


def _is_taken(host: str, port: int) -> bool:
    """Whether somebody listens there already; said before anything is prepared."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def migrate(options: argparse.Namespace) -> int:  # noqa: ARG001
    django.setup()
    _migrate()
    return 0


def centre(options: argparse.Namespace) -> int:
    """Make an organisation and its first account, and say where to choose a password."""
    django.setup()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from acquis.accounts.actions.found_organisation import found_organisation
    from acquis.accounts.tasks import password_link

    try:
        validate_email(options.email)
    except ValidationError as fault:
        print(" ".join(fault.messages), file=sys.stderr)
        return 2
    _migrate()
    organisation, person = found_organisation(
        name=options.name, email=options.email, at=timezone.now()
    )
    print(f"{organisation.name} est créé. {person.email} gère ses comptes (rôle certificateur).")
    if not person.has_usable_password():
        print(f"Mot de passe à choisir ici : {password_link(person)}")
    return 0


def reindex(options: argparse.Namespace) -> int:  # noqa: ARG001
    """Make again what the search reads of each desk, one transaction a desk; say what was read."""
    django.setup()
    from acquis.accounts.models import Workspace
    from acquis.desk.directory.index import learn_again
    from acquis.desk.knowledge.actions.reindex import reindex_desk

    for workspace in Workspace.objects.order_by("pk"):
        made = reindex_desk(workspace=workspace)
        of_customers = learn_again(workspace)
        if made.articles or of_customers:
            print(
                f"{workspace.name} : articles : {made.articles},"
                f" leurs mots : {made.words}, mots des fiches clients : {of_customers}"
            )
    return 0


def worker(options: argparse.Namespace) -> int:
    django.setup()
    from acquis.kernel import worker as background

    background.run_forever(once=options.once)
    return 0


def media(options: argparse.Namespace) -> int:
    """Carry the sound of calls until asked to stop."""
    django.setup()
    from django.conf import settings

    from acquis.kernel.media import tones
    from acquis.kernel.media.service import MediaService, deliver, serve

    service = MediaService(
        secret=settings.MEDIA_SECRET,
        folder=Path(settings.MEDIA_SPOOL),
        clips=tones.clips(settings.MEDIA_NOTICE),
        deliver=deliver,
        trunk=_trunk(),
    )
    if options.fd is not None:
        place: dict[str, object] = {"fd": options.fd}
    elif options.uds:
        place = {"uds": options.uds}
    else:
        place = {"host": options.host, "port": options.port}
    serve(service, place=place, tied=options.tied)
    return 0


def _trunk() -> "Trunk | None":
    """The trunk of the settings, unless there is none or something is wrong with it, which is said."""
    from acquis.kernel.media.sip import checks

    found = checks.trunk()
    wrong = checks.problems()
    for problem in wrong:
        print(problem, file=sys.stderr)
    return None if wrong or not found.host else found


def demo(options: argparse.Namespace) -> int:
    """Load the demo data; `reset` erases the embedded database and files first."""
    django.setup()
    if options.action == "reset" and not _erase_embedded():
        return 2
    _migrate()
    _load_demo()
    _print_accounts()
    return 0


def _erase_embedded() -> bool:
    from django.conf import settings
    from django.db import connections

    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.sqlite3":
        print(
            "La remise à zéro ne concerne que la base embarquée (SQLite) : "
            "videz vous-même la base de production.",
            file=sys.stderr,
        )
        return False
    connections.close_all()
    name = Path(str(database["NAME"]))
    for path in (name, name.with_name(name.name + "-wal"), name.with_name(name.name + "-shm")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
    return True


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    from acquis.kernel.migrating import quickly

    # A database that is being made holds nothing yet: no need to wait for the disk at each table.
    new = connection.vendor == "sqlite" and not connection.introspection.table_names()
    if new:
        connection.cursor().execute("PRAGMA synchronous=OFF")
    with quickly():
        call_command("migrate", interactive=False, verbosity=0)
    if new:
        connection.cursor().execute("PRAGMA synchronous=FULL")
    from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
    from acquis.regulation.actions.install_parameters import install_parameters

    install_parameters(by=None, at=timezone.now())
    install_catalogue(by=None, at=timezone.now())


def _load_demo() -> None:
    from acquis.practice.demo import load

    load.load_demo(now=timezone.now(), say=lambda text: print(text, flush=True))


def _print_accounts() -> None:
    from acquis.practice.demo import people

    print(
        "Comptes de démonstration (connexion en un clic sur la page d’accueil, ou mot de passe "
        f"« {people.PASSWORD} ») :"
    )
    for person in people.PEOPLE:
        print(f"  {person.email:<34} {person.role.label}")
