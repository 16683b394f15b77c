"""The facts of an exam in the file of an appeal."""

import pytest

from acquis.practice.evidence.models import MomentNote, Observation
from acquis.practice.evidence.tasks import facts_of_the_exam
from tests.factories import appeals

pytestmark = pytest.mark.django_db


def test_the_last_reading_joins_the_file_with_its_moments_and_no_note_of_a_juror() -> None:
    seat = appeals.seat_over()
    juror = seat.session.jurors.select_related("juror__user").first().juror.user
    moment = {"label": "10:02:14", "kind": "call", "ref": 1, "at": "", "excerpt": "Bonjour"}
    for reading, statement in ((1, "Ancien relevé"), (2, "Décroché en six secondes.")):
        Observation.objects.create(
            candidate=seat,
            reading=reading,
            unit="answer_time",
            title="Temps de décroché",
            statement=statement,
            moments=[moment, {"label": "Fiche", "kind": "field", "ref": 2, "at": ""}],
            computed_at=appeals.AT,
        )
    if juror is not None:
        MomentNote.objects.create(
            candidate=seat, author=juror, body="à revoir", noted_at=appeals.AT
        )
    (fact,) = facts_of_the_exam(seat)
    assert fact.title == "Temps de décroché"
    assert fact.lines == ("Décroché en six secondes.", "10:02:14 – Bonjour", "Fiche")
    appeal = appeals.admitted(appeals.lodged(seat))
    assert [one["title"] for one in appeal.dossier if one["kind"] == "evidence"] == [fact.title]
