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
        moments=[
            {"label": "Chat", "kind": "message", "ref": "1", "at": None, "excerpt": "Bonjour"}
        ],
        computed_at=today,
    )
    (prompt,) = guide.prompts(sitting, content)
    assert list(prompt.questions) == ["Comment avez-vous salué ?"]
    assert guide.prompts(sitting, None) == []
    cockpit = reverse("rooms:cockpit", args=[sitting.candidate_id])
    assert juror_client.get(cockpit).status_code == 200


def test_what_was_looked_for_and_not_found_is_not_seen_and_says_so(
    sitting: Sitting, begin: Begin, juror_client, today
) -> None:
    """A unit that finds nothing says so in an observation without a moment."""
    actions.end_phase(phase=begin(3), by=make.writer(sitting), at=today)
    first, second, *_others = guide.lines_of(sitting)
    moment = {"label": "Chat", "kind": "message", "ref": "1", "at": None, "excerpt": "Bonjour"}
    for criteria, statement, moments in (
        ([first["code"]], "1 passage proposé.", [moment]),
        ([first["code"], second["code"]], "Aucune lettre n’a été rédigée.", []),
    ):
        Observation.objects.create(
            candidate=sitting.candidate, unit="x", criteria=criteria, statement=statement,
            moments=moments, computed_at=today,
        )  # fmt: skip
    read, asked = guide.to_ask(sitting, guide.lines_of(sitting), [])
    assert read
    assert first["code"] not in {one.code for one in asked}
    (one,) = [one for one in asked if one.code == second["code"]]
    assert list(one.missing) == ["Aucune lettre n’a été rédigée."]
    page = reverse("rooms:cockpit", args=[sitting.candidate_id])
    assert one.missing[0] in juror_client.get(f"{page}?vue=entretien").content.decode()
