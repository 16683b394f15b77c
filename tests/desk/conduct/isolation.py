"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from acquis.desk.directory.models import Customer
from tests.factories import conduct
from tests.factories import desk as make


def fill(desk: Any) -> None:
    known = Customer.objects.get(pk=desk.objects["directory"]["pk"])
    chat = make.open_conversation(desk.workspace, desk.adviser, customer=known, subject=desk.mark)
    contact = conduct.abusive_contact(chat, desk.adviser, facts=desk.mark)
    conduct.protocol_step(contact, "recall", words=desk.mark)
    measure = conduct.measure(known, reason=desk.mark)
    desk.objects |= {
        "conduct": {"pk": contact.pk},
        "conduct:exchange": {"conversation_pk": chat.pk},
        "conduct:propose": {"customer_pk": known.pk},
        "conduct:decide": {"pk": measure.pk},
        "conduct:lift": {"pk": measure.pk},
    }
