from datetime import timedelta

import pytest

from acquis.accounts.access import may
from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel.home import cards_for
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def titles(person: User, organisation: object) -> list[str]:
    def allows(verb: str | None) -> bool:
        return verb is None or may(person, verb, organisation)

    return [str(card.title) for card in cards_for(person, organisation, DAY, allows)]


def test_a_candidate_is_told_of_the_exam_ready_to_sit() -> None:
    sitting = make.sitting()
    shown = titles(make.writer(sitting), sitting.candidate.session.organisation)
    assert shown[0] == "Votre épreuve est prête"


def test_a_candidate_is_told_of_the_day_once_summoned_and_not_before() -> None:
    session = make.session(candidates=1, jurors=0, starts_at=DAY + timedelta(days=3))
    candidate = session.candidates.get().enrolment.candidate.user
    assert titles(candidate, session.organisation)[0] == "Mes épreuves"
    session.state = ExamSession.State.SUMMONED
    session.save()
    assert titles(candidate, session.organisation)[0] == "Votre épreuve du 23 novembre 2026, 09:00"
