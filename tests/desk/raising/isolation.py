"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from acquis.desk.cases.models import Case
from tests.factories import desk as make
from tests.factories import raising

LISTS = ["raising:index", "raising:export"]


def fill(desk: Any) -> None:
    one = raising.raised(desk.workspace, make.adviser(desk.workspace.organisation), title=desk.mark)
    raising.tie(one, Case.objects.filter(workspace=desk.workspace)[0])
    raising.answer(one, body=desk.mark)
    raising.me_too(one, desk.adviser)
    symptom = make.case_code(desk.workspace, label=desk.mark, kind="symptom")
    alert = make.recurrence_alert(make.product(desk.workspace, label=desk.mark), symptom)
    desk.objects |= {"raising": {"pk": one.pk}, "raising:from_alert": {"pk": alert.pk}}
