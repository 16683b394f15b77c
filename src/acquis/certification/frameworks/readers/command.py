"""`acquis framework import FILE… [--merge] [--json]`: reads référentiels in the terminal.

Exit code 0: the frameworks stand on standard output, as one JSON array or as a French summary, and
doubts on standard error. Exit code 2: nothing on standard output, one sentence on standard error.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from acquis.certification.frameworks.readers.model import (
    NotAFramework,
    ReadFramework,
    SourceDocument,
)
from acquis.certification.frameworks.readers.reading import read_documents

REFUSED = 2
_KINDS = {
    "titre_professionnel": "Titre professionnel",
    "rncp": "Certification du RNCP",
    "rs": "Certification du Répertoire spécifique",
    "certificat_professionnel": "Certificat professionnel",
    "unknown": "Certification",
}


class _Refusal(Exception):  # noqa: N818 - it says what is refused
    """The command line cannot be understood."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Refusal(message)


def run(argv: Sequence[str]) -> int:
    """Read the files named in `argv`; return the exit code."""
    try:
        options = _parser().parse_args(argv)
    except _Refusal as refusal:
        return _refuse(f"Commande incomplète ou inconnue ({refusal}). Essayez --help.")
    try:
        found = read_documents(_sources(options.files), merge=options.merge)
    except NotAFramework as refusal:
        return _refuse(refusal.message_fr)
    for one in found:
        for warning in _warnings(one, several=len(found) > 1):
            _say(warning, sys.stderr)
    if options.json:
        frameworks = [one.framework for one in found]
        _say(json.dumps(frameworks, ensure_ascii=False, indent=2), sys.stdout)
    else:
        _say("\n\n".join("\n".join(_summary(one.framework)) for one in found), sys.stdout)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="acquis framework import",
        description="Lit des référentiels (texte, Markdown, HTML, PDF) et dit ce qui a été compris.",
    )
    parser.add_argument("files", nargs="+", metavar="FICHIER", help="référentiel à lire")
    parser.add_argument(
        "--merge",
        action="store_true",
        help="les fichiers décrivent une seule certification (par exemple REAC et RE)",
    )
    parser.add_argument("--json", action="store_true", help="écrit le résultat en JSON")
    return parser


def _sources(names: Sequence[str]) -> list[SourceDocument]:
    sources = []
    for name in names:
        path = Path(name)
        try:
            sources.append(SourceDocument(path.name, path.read_bytes()))
        except IsADirectoryError:
            raise NotAFramework(f"« {name} » est un dossier : donnez un fichier.") from None
        except FileNotFoundError:
            raise NotAFramework(f"Le fichier « {name} » n’existe pas.") from None
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise NotAFramework(f"Le fichier « {name} » ne peut pas être lu ({reason}).") from None
    return sources


def _refuse(sentence: str) -> int:
    _say(sentence, sys.stderr)
    return REFUSED


def _say(text: str, stream: Any) -> None:
    """Write text as UTF-8 whatever the terminal's own encoding can hold."""
    raw = getattr(stream, "buffer", None)
    if raw is None:
        stream.write(text + "\n")
        return
    stream.flush()
    raw.write((text + "\n").encode())
    raw.flush()


def _warnings(one: ReadFramework, *, several: bool) -> Iterator[str]:
    name = f"{one.framework['source']['file']} : " if several else ""
    for warning in one.framework["warnings"]:
        place = f"ligne {warning['line']} : " if warning["line"] else ""
        yield f"Attention — {name}{place}{warning['message']}"


def _summary(framework: dict[str, Any]) -> Iterator[str]:
    codes = [framework[name] for name in ("code", "acronym") if framework[name]]
    title = framework["title"] or "(intitulé non trouvé)"
    yield f"{_KINDS[framework['kind']]} : {title}" + (f" ({', '.join(codes)})" if codes else "")
    details = [
        f"millésime {framework['edition']}" if framework["edition"] else "",
        f"niveau {framework['level']}" if framework["level"] else "",
        f"en vigueur depuis le {framework['effective_from']}"
        if framework["effective_from"]
        else "",
    ]
    if any(details):
        yield "  " + ", ".join(filter(None, details))
    for block in framework["blocks"]:
        criteria = len(block["criteria"])
        yield (
            f"  {block['code']} — {block['title'] or '(sans intitulé)'} : "
            f"{_count(len(block['competencies']), 'compétence')}, {criteria} "
            f"{'critères' if criteria > 1 else 'critère'}"
        )
    if framework["transversal_competencies"]:
        count = len(framework["transversal_competencies"])
        yield f"  {_count(count, 'compétence')} {'transversales' if count > 1 else 'transversale'}"
    for exam in framework["assessments"]:
        yield f"  {_exam(exam)}"
    yield f"  {_count(len(framework['warnings']), 'avertissement')}"


def _exam(exam: dict[str, Any]) -> str:
    scope = exam["scope"]["block"] or "certification entière"
    phases = ", ".join(
        phase["title"] + (f" {phase['minutes']} min" if phase["minutes"] else "")
        for phase in exam["phases"]
    )
    total = f" ({exam['candidate_minutes']} min)" if exam["candidate_minutes"] else ""
    return f"Épreuve, {scope}{total} : {phases}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"
