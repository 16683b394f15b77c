"""The `acquis` command."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

# Commands whose words an application reads itself.
MODULES = {
    "trace": "acquis.kernel.commands.trace",
    "jobs": "acquis.kernel.commands.jobs",
    "pdf": "acquis.certification.seals.commands.pdf",
    "archive": "acquis.certification.archives.commands.archive",
    "transcription": "acquis.desk.phone.commands.transcription",
    "badge": "acquis.certification.badges.commands.badge",
}
PASSED_ON = {"framework", "manage", *MODULES}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 for done, 1 for found faults, 2 for a wrong call."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in PASSED_ON:
        return _pass_on(words[0], words[1:])
    options = _parser().parse_args(words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
    if getattr(options, "demo", False) or options.command == "demo":
        os.environ["ACQUIS_DEMO"] = "1"
    if options.command == "run":
        os.environ.setdefault("ACQUIS_PUBLIC_ADDRESS", f"http://{options.host}:{options.port}")
    from acquis.config import commands

    try:
        return int(getattr(commands, options.command)(options))
    except KeyboardInterrupt:
        return 130


def _pass_on(command: str, rest: list[str]) -> int:
    if command == "framework":
        from acquis.certification.frameworks.readers import command as reading

        if rest[:1] == ["import"]:
            return int(reading.run(rest[1:]))
        print("Usage : acquis framework import FICHIER… [--merge] [--json]", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings.base")
    import django

    django.setup()
    module = MODULES.get(command)
    if module is not None:
        return int(import_module(module).run(rest))
    from django.core.management import execute_from_command_line

    execute_from_command_line(["acquis manage", *rest])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="acquis",
        description="Le poste de la relation client, et le jury qui la certifie.",
        epilog=(
            "Aussi : acquis framework import FICHIER… [--merge] [--json] · "
            "acquis trace verify [CHAÎNE] [--json] · acquis pdf verify FICHIER… · acquis archive verify PAQUET.zip… · acquis badge verify FICHIER… [--keys CLÉS] · acquis transcription [--again] · acquis jobs [--follow] · acquis manage …"
        ),
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    run = commands.add_parser("run", help="prépare la base et démarre le serveur")
    run.add_argument("--demo", action="store_true", help="avec les données de démonstration")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--host", default="127.0.0.1")
    commands.add_parser("migrate", help="met la base à jour")
    worker = commands.add_parser(
        "worker", help="traite les travaux de fond et l’envoi des nouvelles"
    )
    worker.add_argument("--once", action="store_true", help="s’arrête quand la file est vide")
    media = commands.add_parser("media", help="porte le son des appels (processus à part)")
    media.add_argument("--host", default="127.0.0.1")
    media.add_argument("--port", type=int, default=8011)
    media.add_argument("--uds", metavar="CHEMIN", help="écoute sur cette prise Unix")
    media.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    media.add_argument("--tied", action="store_true", help=argparse.SUPPRESS)
    commands.add_parser("reindex", help="refait ce que la recherche lit, poste par poste")
    centre = commands.add_parser("centre", help="crée une organisation et son premier compte")
    centre.add_argument("name", metavar="NOM")
    centre.add_argument("--email", required=True, help="adresse de qui gérera les comptes")
    demo = commands.add_parser("demo", help="données de démonstration")
    demo.add_argument("action", choices=["load", "reset"])
    return parser


if __name__ == "__main__":
    sys.exit(main())
