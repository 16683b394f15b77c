"""`acquis archive verify`: says whether packages are as they were signed, or what is not."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acquis.certification.archives.checking import Checked, check_package
from acquis.certification.seals.models import HouseKey
from acquis.certification.seals.queries import known_roots

NATURES = {
    "unreadable": gettext_lazy("ne se lit pas comme un paquet ZIP"),
    "altered": gettext_lazy("a été modifié"),
    "missing": gettext_lazy("manque"),
    "added": gettext_lazy("n’est dans aucun manifeste"),
    "unsigned": gettext_lazy("n’est pas signé"),
    "signature": gettext_lazy("n’est pas ce qui fut signé"),
}


def run(argv: Sequence[str]) -> int:
    """Exit status: 0 when all hold and this house vouches for who signed, 1 else, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="acquis archive")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="vérifie des paquets d’archive")
    verify.add_argument("files", nargs="+", type=Path, metavar="PAQUET.zip")
    options = parser.parse_args(argv)
    absent = [path for path in options.files if not path.is_file()]
    for path in absent:
        print(_("%(path)s : fichier absent.") % {"path": path}, file=sys.stderr)  # noqa: T201
    if absent:
        return 2
    keys = list(HouseKey.objects.values_list("public", flat=True))
    roots = known_roots()
    return max(
        _tell(path, check_package(path, roots=roots, house_keys=keys)) for path in options.files
    )


def _tell(path: Path, checked: Checked) -> int:
    for fault in checked.faults:
        print(f"{path.name} : {fault.path} {NATURES[fault.nature]}.", file=sys.stderr)  # noqa: T201
    if checked.faults:
        return 1
    values = {"path": path.name, "pieces": checked.pieces, "signer": checked.signer}
    if not checked.known:
        text = _("%(path)s : %(pieces)s pièces intactes, signées par %(signer)s, inconnu ici.")
        print(text % values)  # noqa: T201
        return 1
    print(_("%(path)s : %(pieces)s pièces intactes, signées par %(signer)s.") % values)  # noqa: T201
    return 0
