"""What was told to the Caisse des dépôts stands in the way of no destruction, and outlives it (G-02)."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from acquis.certification.archives.actions.destroy_kept import destroy_kind
from acquis.certification.archives.policy import Kind
from acquis.certification.cpf.models import Passage
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.models import Sitting, SittingFile
from acquis.kernel import files
from acquis.regulation.actions.install_parameters import install_parameters
from tests.factories import certification as make
from tests.factories import cpf, grading

pytestmark = pytest.mark.django_db
LONG_AFTER = grading.AT + timedelta(days=6 * 366)


def test_the_file_of_an_exam_is_destroyed_and_the_passage_keeps_its_seat() -> None:
    install_parameters(by=None, at=grading.AT)
    of = cpf.ready_centre()
    seat = cpf.holder(of).candidate
    cpf.written(of)
    passage = Passage.objects.get(seat=seat)
    sitting = Sitting.objects.create(candidate=seat, state="finished", access_code="X")
    kept = files.store(b"son", name="r.ogg", media_type="audio/ogg", by=None, at=grading.AT)
    make.kept_file(sitting, kept, keep_until=grading.AT.date())

    session = ExamSession.objects.get(pk=of.pk)
    record = destroy_kind(session=session, kind=Kind.FILES, by=of.manager, at=LONG_AFTER)

    assert record is not None
    assert record.fingerprints == [kept.sha256]
    assert not SittingFile.objects.exists()
    passage.refresh_from_db()
    assert passage.seat == seat
    # The seat is of the permanent register: who, which certification, what was decided.
    with pytest.raises(ProtectedError):
        seat.delete()
