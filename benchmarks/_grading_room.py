"""One jury that marks everybody, made in the database that the environment names.

`python -m benchmarks._grading_room CANDIDATES JURORS` prints, as JSON, the cookie of each juror and
the addresses of their grids. The whole title is marked: 53 criteria of TP-00483 a grid.
"""

import json
import sys
from typing import Any

from benchmarks import _exam_room as room


def build(candidates: int, jurors: int) -> dict[str, list[dict[str, Any]]]:
    from django.db import transaction
    from django.utils import timezone

    from acquis.certification.exam_sessions.models import ExamSession
    from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
    from acquis.certification.frameworks.models import FrameworkVersion
    from acquis.certification.grading.actions.open_grids import open_grids

    at = timezone.now()
    with transaction.atomic():
        by = room._user("responsable")  # noqa: SLF001  the same rooms, another exam
        install_catalogue(by=by, at=at)
        session = ExamSession.objects.create(
            organisation=room._centre(),  # noqa: SLF001
            reference="NOTES-001",
            version=FrameworkVersion.objects.get(framework__code="TP-00483", edition="06"),
            starts_at=at,
            manager=by,
            state=ExamSession.State.CLOSED,
            created_at=at,
        )
        for order in range(candidates):
            seat = room._candidate_of(session, order, at)  # noqa: SLF001
            seat.present = True
            seat.save(update_fields=["present"])
        members = [room._juror(session, rank, at) for rank in range(jurors)]  # noqa: SLF001
        open_grids(session=session, by=by, at=at)
        return {"jurors": [room._own_grids(member) for member in members]}  # noqa: SLF001


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(build(int(sys.argv[1]), int(sys.argv[2]))))
