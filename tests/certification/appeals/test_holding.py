"""While an appeal is in hand, nothing of its session is destroyed (G-02)."""

import pytest

from acquis.certification.appeals import actions, contributing
from acquis.certification.appeals.contributing import Fact
from acquis.certification.archives.actions.hold_session import lift_hold, place_hold
from acquis.certification.archives.errors import HeldElsewhere
from acquis.certification.archives.models import Hold
from tests.factories import appeals
from tests.factories.appeals import AT

pytestmark = pytest.mark.django_db


def standing(appeal) -> list[Hold]:
    return list(appeal.seat.session.holds.filter(lifted_at__isnull=True))


def withdraw(appeal):
    return actions.withdraw_appeal(appeal=appeal, by=appeal.lodged_by, at=AT)


def refuse(appeal):
    return actions.judge_admissibility(
        appeal=appeal,
        admissible=False,
        standing=False,
        form=True,
        reason="Il ne vient pas du candidat.",
        by=appeals.somebody(appeal, "certifying_body"),
        at=AT,
    )


def decide(voice: str):
    def act(appeal):
        admitted = appeals.admitted(appeal)
        people = appeals.committee(admitted)
        for person in people.values():
            actions.give_voice(
                appeal=admitted, voice=voice, reason="Le temps manquait.", by=person, at=AT
            )
        return actions.decide(
            appeal=admitted, reason="Le temps manquait.", by=people["direction"], at=AT
        )

    return act


@pytest.mark.parametrize(
    "finish", [withdraw, refuse, decide("accept"), decide("reject")],
    ids=["withdrawn", "inadmissible", "accepted", "rejected"],
)  # fmt: skip
def test_the_session_is_held_from_the_lodging_to_the_end(finish) -> None:
    appeal = appeals.lodged()
    other = place_hold(session=appeal.seat.session, reason="Contrôle", by=appeal.lodged_by, at=AT)
    hold = next(one for one in standing(appeal) if one != other)
    assert (hold.origin, hold.candidate) == (f"appeal:{appeal.pk}", appeal.seat)
    assert appeal.number in hold.reason
    with pytest.raises(HeldElsewhere):  # not from the page of the archive
        lift_hold(hold=hold, by=appeal.lodged_by, at=AT)
    finish(appeal)
    assert standing(appeal) == [other]


def test_an_appeal_lodged_before_holds_were_placed_finishes_all_the_same() -> None:
    appeal = appeals.lodged()
    Hold.objects.all().delete()
    assert withdraw(appeal).state == "withdrawn"


def test_an_appeal_in_examination_still_holds() -> None:
    appeal = appeals.admitted()
    assert len(standing(appeal)) == 1


def test_what_other_floors_know_of_the_exam_is_read_by_the_committee_alone(monkeypatch) -> None:
    fact = Fact(title="Appel entrant de 10 h 02", lines=["Décroché à la deuxième sonnerie."])
    monkeypatch.setattr(contributing, "CONTRIBUTORS", [])
    contributing.contributor(lambda _seat: [fact])
    monkeypatch.setattr(
        "acquis.certification.appeals.dossier.CONTRIBUTORS", contributing.CONTRIBUTORS
    )
    appeal = appeals.admitted()
    (piece,) = [one for one in appeal.dossier if one["kind"] == "evidence"]
    assert (piece["title"], piece["lines"]) == (fact.title, list(fact.lines))
    assert piece["shared"] is False
