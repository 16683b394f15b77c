import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from acquis.kernel import trace
from acquis.regulation import parameter, presentation
from acquis.regulation.actions import install_parameters as installing
from acquis.regulation.actions.enter_period import enter_period
from acquis.regulation.actions.install_parameters import install_parameters
from acquis.regulation.enums import Certainty, Unit
from acquis.regulation.errors import PeriodReversed, PeriodsOverlap, RateMissing
from acquis.regulation.models import Parameter

pytestmark = pytest.mark.django_db

LEGAL = "late_interest.legal.other"


@pytest.fixture(autouse=True)
def _installed(now):
    install_parameters(by=None, at=now)


def on(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("code", "day", "value"),
    [
        (LEGAL, "2026-01-01", "2.62"),
        (LEGAL, "2026-06-30", "2.62"),
        (LEGAL, "2025-12-31", "2.76"),
        (LEGAL, "2024-07-01", "4.92"),
        ("late_interest.legal.person", "2026-03-01", "6.67"),
        ("late_interest.ecb_refi", "2025-01-01", "3.15"),
        ("late_interest.ecb_refi", "2026-01-01", "2.15"),
        ("recovery.fixed_indemnity", "2026-11-20", "40"),
        ("vat.standard", "2026-11-20", "20"),
        ("vat.intermediate", "2026-11-20", "10"),
        ("vat.reduced", "2026-11-20", "5.5"),
        ("vat.special", "2026-11-20", "2.1"),
        ("withdrawal.period", "2026-11-20", "14"),
        ("ai.disclosure", "2026-08-01", "0"),
        ("ai.disclosure", "2026-08-02", "1"),
        ("prospecting.opt_in", "2026-08-10", "0"),
        ("prospecting.opt_in", "2026-08-11", "1"),
        ("e_invoicing.emission_small", "2027-08-31", "0"),
        ("e_invoicing.emission_small", "2027-09-01", "1"),
    ],
)
def test_parameter_has_the_value_of_its_day(code, day, value):
    assert parameter(code, on=on(day)).value == Decimal(value)


def test_parameter_gives_its_unit_source_and_factor():
    found = parameter(LEGAL, on=on("2026-03-01"))
    assert (found.unit, found.certainty) == (Unit.PERCENT, Certainty.PRIMARY)
    assert "L313-2" in found.source
    assert found.rate == Decimal("0.0262")


@pytest.mark.parametrize(
    "code", ["late_interest.legal.other", "late_interest.legal.person", "late_interest.ecb_refi"]
)
def test_rate_of_the_second_half_of_2026_is_refused_and_never_guessed(code):
    with pytest.raises(RateMissing) as refusal:
        parameter(code, on=on("2026-11-20"))
    assert refusal.value.code == "RATE_MISSING"
    assert "20/11/2026" in str(refusal.value)


def test_day_before_the_first_period_is_refused():
    with pytest.raises(RateMissing, match="31/12/2013"):
        parameter("vat.standard", on=on("2013-12-31"))


def test_code_that_does_not_exist_is_refused():
    with pytest.raises(RateMissing):
        parameter("vat.invented", on=on("2026-11-20"))


def test_vat_changes_its_source_and_not_its_rate_on_1_september_2026():
    before, after = (parameter("vat.standard", on=on(f"2026-{day}")) for day in ("08-31", "09-01"))
    assert before.value == after.value
    assert ("CGI" in before.source, "CIBS" in after.source) == (True, True)


def test_periods_that_ship_are_continuous_unless_a_rate_is_awaited():
    rows = installing.shipped()
    for one, following in itertools.pairwise(rows):
        if one.code == following.code:
            assert following.valid_from == one.valid_to + timedelta(days=1)


def test_every_shipped_period_says_where_it_comes_from():
    assert all(row.source and row.certainty in Certainty.values for row in installing.shipped())


def test_installing_again_changes_nothing(now):
    lines = trace.head("regulation").position
    assert install_parameters(by=None, at=now) == 0
    assert trace.head("regulation").position == lines


def test_installing_corrects_what_ships_and_records_it(now):
    Parameter.objects.filter(code="vat.standard").update(value=19)
    assert install_parameters(by=None, at=now) == 2
    assert parameter("vat.standard", on=on("2026-11-20")).value == 20
    assert trace.lines("regulation").last().data["codes"] == ["vat.standard"]


def enter(now, start="2026-07-01", end="2026-12-31", **fields):
    return enter_period(
        **{
            "code": LEGAL,
            "valid_from": on(start),
            "valid_to": on(end) if end else None,
            "value": Decimal("2.50"),
            "source": "Arrêté du semestre",
            "by": None,
            "at": now,
            **fields,
        }
    )


def test_entered_period_fills_the_hole_and_is_recorded(now):
    enter(now)
    found = parameter(LEGAL, on=on("2026-11-20"))
    assert (found.value, found.certainty) == (Decimal("2.5"), Certainty.ENTERED)
    line = trace.lines("regulation").last()
    assert (line.verb, line.data["value"]) == ("regulation.period_entered", "2.50")


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-06-30", "2026-12-31"), ("2026-01-15", "2026-02-15"), ("2020-01-01", None)],
)
def test_period_that_overlaps_another_is_refused_and_nothing_is_written(now, start, end):
    count = Parameter.objects.count()
    with pytest.raises(PeriodsOverlap) as refusal:
        enter(now, start, end)
    assert "intérêt légal" in str(refusal.value)
    assert Parameter.objects.count() == count


@pytest.mark.parametrize(
    ("end", "said"), [(None, "sans fin connue"), ("2027-06-30", "au 30/06/2027")]
)
def test_the_refusal_says_until_when_the_other_period_runs(now, end, said):
    enter(now, "2027-01-01", end)

    with pytest.raises(PeriodsOverlap, match="01/01/2027") as refusal:
        enter(now, "2027-03-01", "2027-12-31")

    assert said in str(refusal.value)


def test_period_that_ends_before_it_begins_is_refused(now):
    with pytest.raises(PeriodReversed):
        enter(now, "2026-12-31", "2026-07-01")


def test_period_of_an_unknown_code_does_not_exist(now):
    with pytest.raises(Parameter.DoesNotExist):
        enter(now, code="vat.invented")


def test_entered_period_outlives_a_shipped_one_that_comes_later(now, monkeypatch):
    entered = enter(now)
    late = Parameter.objects.get(pk=entered.pk)
    late.pk, late.value, late.shipped = None, Decimal("9.99"), True
    monkeypatch.setattr(installing, "shipped", lambda: [late])
    assert install_parameters(by=None, at=now) == 0
    assert parameter(LEGAL, on=on("2026-11-20")).value == Decimal("2.5")


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def copy_of(code, **fields):
    row = Parameter.objects.filter(code=code).first()
    row.pk = None
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def test_database_refuses_two_values_for_one_day():
    refused(copy_of(LEGAL, valid_from=on("2024-08-01"), valid_to=on("2024-09-01")).save)
    refused(copy_of(LEGAL, valid_from=on("2020-01-01"), valid_to=None).save)
    row = Parameter.objects.filter(code=LEGAL, valid_from="2026-01-01").get()
    row.valid_from = on("2025-12-01")
    refused(row.save)


def test_database_accepts_to_close_and_to_follow():
    row = Parameter.objects.get(code="withdrawal.period")
    row.valid_to = on("2026-12-31")
    row.save()
    copy_of("withdrawal.period", valid_from=on("2027-01-01"), valid_to=None).save()


def test_database_refuses_a_period_reversed_or_a_value_without_meaning():
    refused(copy_of(LEGAL, valid_from=on("2030-02-01"), valid_to=on("2030-01-01")).save)
    refused(copy_of(LEGAL, valid_from=on("2030-01-01"), valid_to=None, value=None).save)
    refused(copy_of(LEGAL, valid_from=on("2030-01-01"), valid_to=None, text="x").save)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (LEGAL, "2,62\u00a0%"),
        ("vat.reduced", "5,5\u00a0%"),
        ("recovery.fixed_indemnity", "40,00\u00a0€"),
        ("withdrawal.period", "14\u00a0jours"),
        ("prescription.business", "5\u00a0ans"),
        ("ai.disclosure", "non"),
        ("recovery.small_claim_max", "5\u202f000,00\u00a0€"),
        ("prospecting.hours", "10:00-13:00 14:00-20:00"),
    ],
)
def test_values_are_shown_as_people_read_them(code, shown):
    assert presentation.shown_value(parameter(code, on=on("2026-03-01"))) == shown
