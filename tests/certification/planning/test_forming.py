"""Juries formed as the framework names their seats (X-09); no database."""

import pytest

from acquis.certification.juries import policy as jury
from acquis.certification.planning.benches import Bench, Composition, Seat, unfit_of
from acquis.certification.planning.forming import form
from acquis.certification.planning.problem import Sitter
from tests.certification.planning.instances import oral

BRANCH = jury.Seat("entreprises de la branche")
CLIENT = jury.Seat("association de consommateurs", 1, 1)
PEOPLE = (
    Seat(1, True, represents="Entreprises de la branche"),
    Seat(2, True, represents="association de consommateurs"),
    Seat(3, True, represents="Association de consommateurs"),
    Seat(4, True),
)


@pytest.mark.parametrize(
    ("members", "accepted"),
    [((1, 2), True), ((1, 4), False), ((2, 4), False), ((2, 3), False)],
)
def test_a_jury_has_somebody_on_each_named_seat(members, accepted) -> None:
    composition = Composition(2, named=(BRANCH, CLIENT))
    assert composition.accepts([PEOPLE[rank - 1] for rank in members]) is accepted


def test_no_more_sit_on_a_named_seat_than_it_holds() -> None:
    composition = Composition(3, named=(BRANCH, CLIENT))
    assert not composition.accepts(PEOPLE[:3])
    assert composition.accepts([PEOPLE[0], PEOPLE[1], PEOPLE[3]])


def test_only_juries_with_their_named_seats_are_formed() -> None:
    bench = Bench(0, Composition(2, named=(BRANCH, CLIENT)), PEOPLE)
    panels = form([bench], 1, [Sitter(1, oral())])
    assert panels
    assert all(1 in panel.members and {2, 3} & set(panel.members) for panel in panels)


def test_juries_of_several_exams_are_shared_as_far_as_each_one_s_rules_go() -> None:
    """Who has the speciality of one exam sits with the others too; a jury without them hears not all."""
    people = (
        Seat(1, True, is_specialist=True),
        Seat(2, False, is_specialist=False),
        Seat(3, True, is_specialist=False),
        Seat(4, False, is_specialist=False, away=frozenset({1})),
    )
    usual = Bench(1, Composition(2), people)
    special = Bench(2, Composition(2, specialist=True), people)

    panels = form([usual, special], 2, [Sitter(7, oral(), bench=1), Sitter(8, oral(), bench=2)])

    unfit = {
        panel.members: unfit_of(panel.members, [usual, special], 2, {4: frozenset({1})})
        for panel in panels
    }
    for members, found in unfit.items():
        assert found == (frozenset() if 1 in members else {(2, 0), (2, 1)})
    # What is already known of a juror, for all exams, is not told again.
    assert unfit_of((1, 4), [special], 2, {}) == {(2, 1)}
