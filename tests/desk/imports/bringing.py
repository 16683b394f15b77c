"""A file of customers brought, checked, imported and undone."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from acquis.accounts.models import Workspace
from acquis.desk.imports import queries
from acquis.desk.imports.actions import lead_import
from acquis.desk.imports.actions.bring_file import bring_file
from acquis.desk.imports.models import CustomerImport
from acquis.kernel import worker

CSV = """Prénom;Nom;Téléphone;Courriel;Code postal;Ville
Odile;Lefèvre;06 39 98 00 01;odile@a.example;42300;Roanne
Paul;Roux;12;pas une adresse;423;Roanne
Nour;Belkacem;06 39 98 00 02;nour@a.example;69001;Lyon
Odile;Lefèvre;06 39 98 00 01;odile@a.example;42300;Roanne
"""


def bring(
    workspace: Workspace, content: str | bytes = CSV, name: str = "clients.csv"
) -> CustomerImport:
    data = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile(name, data)
    return bring_file(workspace=workspace, file=file, by=None, at=timezone.now())


def check(source: CustomerImport, on_duplicate: str = "skip", **by_header: str) -> CustomerImport:
    mapping = {int(rank): field for rank, field in source.mapping.items()}
    mapping |= {source.headers.index(header): field for header, field in by_header.items()}
    lead_import.check_lines(
        source=source, mapping=mapping, on_duplicate=on_duplicate, by=None, at=timezone.now()
    )
    worker.drain()
    source.refresh_from_db()
    assert source.state == "checked", queries.job_of(source).error  # type: ignore[union-attr]
    return source


def run(source: CustomerImport) -> CustomerImport:
    lead_import.start_import(source=source, by=None, at=timezone.now())
    worker.drain()
    source.refresh_from_db()
    return source


def undo(source: CustomerImport) -> CustomerImport:
    lead_import.start_undo(source=source, by=None, at=timezone.now())
    worker.drain()
    source.refresh_from_db()
    return source
