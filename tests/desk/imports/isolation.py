"""The rows of imports, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from acquis.desk.directory.models import Customer
from acquis.desk.imports.models import ColumnMemory, CustomerImport, ImportedRow, ImportFault
from acquis.kernel import files
from tests.factories import desk as rows

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"imports:list"}
READ_BY_POST: set[str] = set()
MISSING: set[str] = set()


def fill(desk: "Filled") -> None:
    stored = files.store(
        f"Nom;Ville\n{desk.mark};Roanne\n".encode(), name=f"{desk.mark}.csv",
        media_type="text/csv", by=None, at=rows.NOW,
    )  # fmt: skip
    source = CustomerImport.objects.create(
        workspace=desk.workspace, name=f"{desk.mark}.csv", source="csv", encoding="utf-8-sig",
        separator=";", file=stored, headers=["Nom", "Ville"], mapping={"0": "last_name"},
        made_at=rows.NOW,
    )  # fmt: skip
    ImportFault.objects.create(
        workspace=desk.workspace, source=source, line=2, value=desk.mark, code="phone"
    )
    ColumnMemory.objects.create(workspace=desk.workspace, header_key="x", mapping={})
    ImportedRow.objects.create(
        workspace=desk.workspace, source=source, line=2, outcome="created", stamp=rows.NOW,
        customer=Customer.objects.get(pk=desk.objects["directory"]["pk"]),
    )  # fmt: skip
    desk.objects["imports"] = {"pk": source.pk}
