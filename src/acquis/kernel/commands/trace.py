"""`acquis trace verify`: says whether every chain of the trace holds, and rows with it."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.kernel import trace
from acquis.kernel.models import TraceHead, TraceLine


def run(argv: Sequence[str]) -> int:
    """Exit status: 0 when the trace holds, 1 when it does not, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="acquis trace")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="vérifie toutes les chaînes, ou une seule")
    verify.add_argument("name", nargs="?", metavar="CHAÎNE", help="par exemple session:12")
    verify.add_argument("--stream", help="la même, nommée")
    verify.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    stream = options.stream or options.name
    faults = [*trace.verify(stream), *trace.confront(stream)]
    if options.json:
        print(json.dumps({"faults": [asdict(fault) for fault in faults]}, ensure_ascii=False))  # noqa: T201
        return 1 if faults else 0
    for fault in faults:
        print(fault.sentence, file=sys.stderr)  # noqa: T201
    if not faults:
        lines = TraceLine.objects.count()
        streams = TraceHead.objects.count()
        print(  # noqa: T201
            _("La trace est intacte : %(lines)s, %(streams)s.")
            % {
                "lines": ngettext("%d ligne", "%d lignes", lines) % lines,
                "streams": ngettext("%d chaîne", "%d chaînes", streams) % streams,
            }
        )
    return 1 if faults else 0
