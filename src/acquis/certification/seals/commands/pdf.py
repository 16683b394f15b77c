"""`acquis pdf`: verify the seals of PDFs; make a certificate for tests and demonstrations."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from getpass import getpass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from acquis.certification.seals import keys, presentation


def run(argv: Sequence[str]) -> int:
    """Exit status: 0 when every seal is valid, 1 when one is not, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="acquis pdf")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="vérifie les sceaux de fichiers PDF")
    verify.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    verify.add_argument(
        "--trust",
        action="append",
        default=[],
        type=Path,
        metavar="CERTIFICAT",
        help="certificat (PEM ou DER) auquel se fier, outre ceux de cette maison",
    )
    verify.add_argument("--json", action="store_true")
    made = verbs.add_parser(
        "test-certificate", help="fait un certificat d’essai (PKCS#12), sans valeur"
    )
    made.add_argument("file", type=Path, metavar="FICHIER.p12")
    made.add_argument("--name", required=True, help="le centre, tel que le sceau le nommera")
    made.add_argument("--password", help="demandé au clavier si absent")
    options = parser.parse_args(argv)
    return _verify(options) if options.verb == "verify" else _make(options)


def _verify(options: argparse.Namespace) -> int:
    try:
        trusted = tuple(_certificate(path) for path in options.trust)
        contents = [(path, path.read_bytes()) for path in options.files]
    except (OSError, ValueError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 2
    now = timezone.now()
    found = [(path, presentation.check(read, now=now, trusted=trusted)) for path, read in contents]
    if options.json:
        told = {str(path): [asdict(one) for one in shown] for path, shown in found}
        print(json.dumps(told, ensure_ascii=False))  # noqa: T201
    else:
        for path, shown in found:
            for one in shown:
                print(f"{path} : {one.conclusion}")  # noqa: T201
                for label, value in one.facts:
                    print(f"  {label} : {value}")  # noqa: T201
    return 0 if all(one.verdict == "valid" for _path, shown in found for one in shown) else 1


def _certificate(path: Path) -> bytes:
    content = path.read_bytes()
    read = (
        x509.load_pem_x509_certificate(content)
        if content.lstrip().startswith(b"-----BEGIN")
        else x509.load_der_x509_certificate(content)
    )
    return read.public_bytes(Encoding.DER)


def _make(options: argparse.Namespace) -> int:
    password = options.password or getpass("Mot de passe du fichier : ")
    if not password:
        print("Il faut un mot de passe : le fichier contient une clé privée.", file=sys.stderr)  # noqa: T201
        return 2
    identity = keys.make_test_identity(options.name, at=timezone.now())
    options.file.touch(mode=0o600)
    options.file.write_bytes(keys.to_pkcs12(identity, name=options.name, password=password))
    print(f"{options.file} : {keys.words(identity.certificate.subject)}, sans valeur, pour essai.")  # noqa: T201
    return 0
