"""What is owed on an invoice, and what may be claimed of it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.billing.policy import Owed, disputable, may_be_disputed

MONEY = st.decimals(min_value=0, max_value=10_000, places=2)


def test_the_worked_example_of_a_disputed_invoice() -> None:
    owed = Owed(Decimal(120), credited=Decimal(20), disputed=Decimal(30))

    assert (owed.due, owed.in_dispute, owed.dunnable) == (100, 30, 70)


@given(MONEY, MONEY, MONEY, MONEY)
def test_what_is_claimed_and_what_is_disputed_add_up_to_what_is_due(
    total: Decimal, paid: Decimal, credited: Decimal, disputed: Decimal
) -> None:
    owed = Owed(total, paid, credited, disputed)

    assert owed.dunnable + owed.in_dispute == owed.due
    assert 0 <= owed.dunnable <= owed.due <= total


def test_nothing_is_claimed_of_what_is_paid() -> None:
    assert Owed(Decimal(120), paid=Decimal(120), disputed=Decimal(30)).in_dispute == 0


def test_no_more_is_disputed_than_is_left_of_an_invoice() -> None:
    most = disputable(Decimal(120), [Decimal(12), Decimal(8)])

    assert most == 100
    assert disputable(Decimal(10), [Decimal(12)]) == 0
    assert [may_be_disputed(Decimal(one), most) for one in ("0", "0.01", "100", "100.01")] == [
        False, True, True, False,
    ]  # fmt: skip
