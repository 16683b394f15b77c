"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from tests.factories import desk as make


def fill(desk: Any) -> None:
    resource = make.resource(desk.workspace, name=desk.mark)
    booked = make.appointment(resource, title=desk.mark, place=desk.mark, note=desk.mark)
    desk.objects |= {"agenda": {"pk": booked.pk}, "agenda:retire": {"pk": resource.pk}}
