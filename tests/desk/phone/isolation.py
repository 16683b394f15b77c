"""A call and its recording at each desk, for `tests/desk/test_isolation.py`."""

from typing import Any

from tests.factories import phone as make

LISTS = ("phone:index",)
MISSING = ("phone:line", "phone:delete")  # of supervisors alone


def fill(desk: Any) -> None:
    call = make.active_call(desk.workspace, desk.adviser, name=desk.mark)
    make.line(desk.workspace)
    recording = make.ready_recording(call)
    call_values = {"pk": call.pk, "customer_pk": desk.objects["directory"]["pk"]}
    desk.objects["phone"] = call_values
    desk.objects["phone:sound"] = {"pk": recording.pk}
    desk.objects["phone:delete"] = {"pk": recording.pk}
