"""A session whose exam is a report to hand in and its defence, a candidate summoned to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from acquis.certification.deposits import actions
from acquis.certification.deposits.models import EarlyDeposit
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from tests.factories import certification as make

PDF = b"%PDF-1.7 rapport"
CODE = "written_production.1"


def defended(**said: Any) -> dict[str, Any]:
    """CCP1 examined by a report and thirty minutes of defence (000, 004)."""
    content = make.ccp1_content()
    content["assessments"] = [
        {
            "scope": {"type": "block", "block": "CCP1"},
            "phases": [
                {
                    "method": "written_production",
                    "title": "Rapport",
                    "steps": [{"title": "Rapport", "minutes": None, **said}],
                },
                {
                    "method": "oral_defence",
                    "title": "Soutenance",
                    "steps": [{"title": "Soutenance", "minutes": 30}],
                },
            ],
        }
    ]
    return content


def session_of(said: dict[str, Any] | None = None, **fields: Any) -> ExamSession:
    """In ten days from now; the report is due eight days before at 18:00 unless `said` otherwise."""
    stated = {"deposit_before": {"days": 8, "hour": "18:00"}} if said is None else said
    values: dict[str, Any] = {
        "version": make.framework_version(content=defended(**stated)),
        "state": ExamSession.State.SUMMONED,
        "starts_at": timezone.now() + timedelta(days=10),
    }
    return make.session(**(values | fields))


@pytest.fixture
def session() -> ExamSession:
    return session_of()


@pytest.fixture
def seat(session: ExamSession) -> SessionCandidate:
    return session.candidates.order_by("order")[0]


def hand_in(
    seat: SessionCandidate, at: datetime, content: bytes = PDF, code: str = CODE
) -> EarlyDeposit:
    return actions.deposit_early(
        seat=seat,
        code=code,
        file=ContentFile(content, name="rapport.pdf"),
        media_type="application/pdf",
        by=seat.enrolment.candidate.user,
        at=at,
    )
