"""Questions for the interview: prompted by what nothing shows, never a judgement."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting
from acquis.practice.evidence.models import Observation
from acquis.practice.rooms import guide
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
LINES = [
    {"code": "A", "text": "L’accueil est adapté", "competencies": ["CP1"]},
    {"code": "B", "text": "Le consensus est obtenu", "competencies": ["CP3"]},
]
GUIDE = [
    {"competency": "CP1", "text": "L'accueil est  adapté", "questions": ["Comment ?", "Comment ?"]},
    {"competency": "CP2", "text": "Le consensus est obtenu", "questions": ["D’une autre ?"]},
]


def test_only_what_is_not_seen_and_has_a_question_is_prompted() -> None:
    found = guide.unseen(LINES, set(), GUIDE)
    assert [(one.code, list(one.questions)) for one in found] == [("A", ["Comment ?"])]
    assert guide.unseen(LINES, {"A"}, GUIDE) == []


def test_the_cockpit_prompts_once_the_exchanges_were_read(
    sitting: Sitting, begin: Begin, juror_client, today
) -> None:
    phase = begin(3)
    juror_client.post(reverse("rooms:open_role", args=[sitting.candidate_id]))
    line = sitting.candidate.session.version.content["blocks"][0]["criteria"][0]
    content = {
        "guide": [
            {"competency": "CP1", "text": line["text"], "questions": ["Comment avez-vous salué ?"]}
        ]
    }
    assert guide.prompts(sitting, content) == []
    actions.end_phase(phase=phase, by=make.writer(sitting), at=today)
    assert guide.prompts(sitting, content) == []  # nothing was read yet
    Observation.objects.create(
        candidate=sitting.candidate,
        unit="x",
        criteria=["AUTRE"],
        statement="Vu.",
        computed_at=today,
    )
    (prompt,) = guide.prompts(sitting, content)
    assert list(prompt.questions) == ["Comment avez-vous salué ?"]
    assert guide.prompts(sitting, None) == []
    cockpit = reverse("rooms:cockpit", args=[sitting.candidate_id])
    assert juror_client.get(cockpit).status_code == 200
