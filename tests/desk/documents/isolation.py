"""The rows of this room in the desks of `tests/desk/test_isolation.py`."""

from typing import Any

from acquis.desk.documents.models import Letter
from tests.factories import desk as make


def fill(desk: Any) -> None:
    letter = Letter.objects.get(workspace=desk.workspace)
    make.letter_review(letter, remarks=desk.mark, decision="returned", decided_at=make.NOW)
    posting = make.letter_posting(letter, tracking=desk.mark[:15])
    template = make.letter_template(desk.workspace, title=f"Modèle {desk.mark}", body=desk.mark)
    at_posting = {"pk": letter.pk, "posting_pk": posting.pk}
    desk.objects |= {
        "documents:outcome": at_posting,
        "documents:unpost": at_posting,
        **{
            f"documents:{name}": {"pk": template.pk}
            for name in ("template", "template_archive", "template_restore")
        },
    }
