"""The rows of messaging, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from tests.factories import desk as rows
from tests.factories import messaging as make

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"messaging:deliveries"}
READ_BY_POST: set[str] = set()
# Pages of supervisors: they do not exist for the others.
MISSING = {"messaging:gateways", "messaging:gateway_new", "messaging:gateway"}


def fill(desk: "Filled") -> None:
    gateway = make.gateway(desk.workspace, name=desk.mark, key=f"cle-{desk.mark.lower()}")
    exchange = make.exchange(desk.workspace, desk.adviser, contact_label=desk.mark)
    make.delivery(rows.message(exchange, body=desk.mark, author="adviser"), gateway=gateway)
    template = make.template(desk.workspace, name=desk.mark, body=desk.mark)
    make.opt_out(desk.workspace)
    gateway.events.create(workspace=desk.workspace, event_id=desk.mark, received_at=rows.NOW)
    desk.objects["messaging"] = {"pk": gateway.pk}
    desk.objects["messaging:template_remove"] = {"pk": template.pk}
    desk.objects["messaging:write"] = {"customer_pk": desk.objects["directory"]["pk"]}
