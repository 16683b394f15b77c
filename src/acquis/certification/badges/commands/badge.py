"""`acquis badge`: verify badges, in files or kept here; renew the keys of a certifying body."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.accounts.models import Organisation
from acquis.certification.badges import auditing, checking, presentation, queries
from acquis.certification.badges.actions.keys import renew_keys
from acquis.certification.badges.checking import Known
from acquis.certification.badges.errors import RenewalReasonMissing
from acquis.certification.badges.reading import strict_json


def run(argv: Sequence[str]) -> int:
    """Exit status: 0 when every badge holds, 1 when one does not, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="acquis badge")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="vérifie des badges, sans rien demander au réseau")
    verify.add_argument("files", nargs="*", type=Path, metavar="FICHIER")
    verify.add_argument(
        "--keys",
        action="append",
        default=[],
        type=Path,
        metavar="CLÉS.json",
        help="document de clés publié par l’émetteur ; sans lui, les clés de la base",
    )
    verify.add_argument(
        "--revocations",
        action="append",
        default=[],
        type=Path,
        metavar="LISTE.json",
        help="liste de révocation publiée par l’émetteur (avec --keys)",
    )
    verify.add_argument("--all", action="store_true", help="tous les badges gardés dans la base")
    verify.add_argument("--json", action="store_true")
    keys = verbs.add_parser("keys", help="écrit le document de clés d’un centre")
    keys.add_argument("centre", metavar="CENTRE", help="son nom court, par exemple filea")
    renewed = verbs.add_parser("renew-keys", help="signe désormais avec de nouvelles clés")
    renewed.add_argument("centre", metavar="CENTRE")
    renewed.add_argument("--reason", required=True, metavar="MOTIF", help="gardé dans le journal")
    options = parser.parse_args(argv)
    if options.verb == "verify":
        return _verify(options)
    centre = Organisation.objects.filter(slug=options.centre).first()
    if centre is None:
        print(_("Aucun centre ne porte ce nom court."), file=sys.stderr)  # noqa: T201
        return 2
    if options.verb == "renew-keys":
        try:
            renew_keys(organisation=centre, reason=options.reason, by=None, at=timezone.now())
        except RenewalReasonMissing as refusal:
            print(refusal, file=sys.stderr)  # noqa: T201
            return 2
    print(json.dumps(queries.key_document(centre), ensure_ascii=False, indent=2))  # noqa: T201
    return 0


def _verify(options: argparse.Namespace) -> int:
    if bool(options.files) == options.all or (options.revocations and not options.keys):
        print(  # noqa: T201
            _("Donnez des fichiers ou --all ; --revocations va avec --keys."), file=sys.stderr
        )
        return 2
    if options.all:
        return _audit()
    try:
        by = _known(options)
        contents = [(path, path.read_bytes()) for path in options.files]
    except (OSError, ValueError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 2
    now = timezone.now()
    found = [
        (path, presentation.shown(checking.check(content, by=by, now=now)))
        for path, content in contents
    ]
    if options.json:
        told = {str(path): asdict(shown) for path, shown in found}
        print(json.dumps(told, ensure_ascii=False))  # noqa: T201
    else:
        for path, shown in found:
            print(f"{path} : {shown.conclusion}")  # noqa: T201
            for line in shown.sentences:
                print(f"  {line}")  # noqa: T201
            for label, value in shown.facts:
                print(f"  {label} : {value}")  # noqa: T201
    return 0 if all(shown.valid for _path, shown in found) else 1


def _known(options: argparse.Namespace) -> Known:
    """Of the files given, or of this house. Raises OSError or ValueError."""
    if not options.keys:
        return auditing.house()
    documents = [strict_json(path.read_text(encoding="utf-8")) for path in options.keys]
    lists = [strict_json(path.read_text(encoding="utf-8")) for path in options.revocations]
    return checking.known(documents, lists)


def _audit() -> int:
    faults = 0
    for finding in auditing.audit(timezone.now()):
        faults += 1
        print(presentation.told(finding), file=sys.stderr)  # noqa: T201
    if not faults:
        count = queries.every_badge().count()
        print(  # noqa: T201
            ngettext("%d badge gardé, intact.", "%d badges gardés, intacts.", count) % count
        )
    return 1 if faults else 0
