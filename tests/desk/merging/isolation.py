"""The rows of merges, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from acquis.desk.directory.models import Customer
from acquis.desk.merging.models import DuplicateScan, FormerRecord, MatchKey, Merge, Suspicion
from tests.factories import desk as rows

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"merging:pairs", "merging:merges"}
READ_BY_POST: set[str] = set()
MISSING: set[str] = set()


def fill(desk: "Filled") -> None:
    one = Customer.objects.get(pk=desk.objects["directory"]["pk"])
    other = rows.customer(desk.workspace, last_name=desk.mark)
    pair = Suspicion.objects.create(
        workspace=desk.workspace, first=one, second=other, score=80, reasons=["same_name"]
    )
    MatchKey.objects.create(workspace=desk.workspace, customer=one, key="0" * 16)
    DuplicateScan.objects.create(workspace=desk.workspace, finished_at=rows.NOW)
    merge = Merge.objects.create(
        workspace=desk.workspace, kept=one, changes={"kept": 0}, label=desk.mark,
        merged_at=rows.NOW,
    )  # fmt: skip
    FormerRecord.objects.create(
        workspace=desk.workspace, merge=merge, former_key=10**9, reference=desk.mark
    )
    desk.objects["merging"] = {"pk": merge.pk, "customer_pk": one.pk}
    desk.objects["merging:decide"] = {"pk": pair.pk}
    desk.objects["merging:compare"] = {"customer_pk": one.pk}
