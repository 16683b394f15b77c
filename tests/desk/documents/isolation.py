"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from acquis.desk.documents.models import Letter
from tests.factories import desk as make


def fill(desk: Any) -> None:
    letter = Letter.objects.get(workspace=desk.workspace)
    make.letter_review(letter, remarks=desk.mark, decision="returned", decided_at=make.NOW)
