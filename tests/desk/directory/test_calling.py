"""When a customer may be called to be sold something, and when not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.directory.policy import calling
from acquis.desk.directory.policy.calling import Aim, Attempt, Person, Rules, Said, may_call

PARIS = ZoneInfo("Europe/Paris")
RULES = Rules(
    opt_in=True,
    hours=((time(10), time(13)), (time(14), time(20))),
    attempts=4,
    period_days=30,
    refusal_days=60,
    consent_years=3,
)
OLD_RULES = replace(RULES, opt_in=False)
AT_HOME = Person(PARIS)
RELATED = Aim(relation="complementary")


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


NOW = paris("2026-11-20T10:30")  # a Friday
AGREED = Said(given=True, at=paris("2026-09-01T12:00"))


def codes(
    at: datetime = NOW,
    said: list[Said] | None = None,
    attempts: list[Attempt] | None = None,
    person: Person = AT_HOME,
    aim: Aim = calling.TO_SELL,
    rules: Rules | None = RULES,
) -> list[str]:
    verdict = may_call(
        at=at,
        rules=rules,
        person=person,
        said=[AGREED] if said is None else said,
        attempts=attempts or [],
        aim=aim,
    )
    assert verdict.allowed == (verdict.basis is not None)
    return [reason.code for reason in verdict.reasons]


def test_an_agreement_allows_on_a_working_day_at_a_working_hour() -> None:
    assert codes() == []


def test_before_the_law_of_2025_silence_allowed_and_since_it_refuses() -> None:
    assert codes(paris("2026-08-10T11:00"), said=[], rules=OLD_RULES) == []
    assert codes(paris("2026-08-11T11:00"), said=[]) == ["NO_CONSENT"]


@pytest.mark.parametrize(
    ("at", "reasons"),
    [
        ("2026-11-11T11:00", ["HOLIDAY"]),
        ("2026-11-20T09:59:59", ["OUT_OF_HOURS"]),
        ("2026-11-20T10:00", []),
        ("2026-11-20T13:00", ["OUT_OF_HOURS"]),
        ("2026-11-20T13:59:59", ["OUT_OF_HOURS"]),
        ("2026-11-20T14:00", []),
        ("2026-11-21T11:00", ["WEEKEND"]),
        ("2026-12-24T19:59:59", []),
        ("2026-12-24T20:00", ["OUT_OF_HOURS"]),
    ],
)
def test_days_and_hours(at: str, reasons: list[str]) -> None:
    assert codes(paris(at)) == reasons


@pytest.mark.parametrize(
    ("at", "allowed"), [("2026-11-20T09:30", True), ("2026-11-20T17:30", False)]
)
def test_the_clock_is_that_of_the_consumer(at: str, allowed: bool) -> None:
    reunion = Person(ZoneInfo("Indian/Reunion"))

    assert codes(paris(at), person=reunion) == ([] if allowed else ["OUT_OF_HOURS"])


def test_an_unknown_clock_refuses() -> None:
    assert codes(person=Person(None)) == ["ZONE_UNKNOWN"]


def test_a_second_agreement_opens_the_other_hours() -> None:
    sunday = paris("2026-11-22T21:00")

    assert codes(sunday, said=[AGREED, replace(AGREED, any_hours=True)]) == []
    assert codes(sunday) == ["WEEKEND", "OUT_OF_HOURS"]


def test_when_only_the_clock_refuses_the_next_opening_is_said() -> None:
    def opens(at: str) -> datetime | None:
        return may_call(
            at=paris(at), rules=RULES, person=AT_HOME, said=[AGREED], attempts=[]
        ).opens_at

    assert opens("2026-11-20T13:10") == paris("2026-11-20T14:00")
    assert opens("2026-12-24T20:30") == paris("2026-12-28T10:00")
    assert opens("2026-11-20T11:00") is None
    no_hours = may_call(
        at=NOW, rules=replace(RULES, hours=()), person=AT_HOME, said=[AGREED], attempts=[]
    )
    assert no_hours.opens_at is None


def test_four_attempts_in_thirty_days_and_no_fifth() -> None:
    made = [Attempt(paris(f"2026-11-{day:02}T11:00")) for day in (2, 5, 12, 20)]

    verdict = may_call(
        at=paris("2026-12-01T11:00"), rules=RULES, person=AT_HOME, said=[AGREED], attempts=made
    )
    assert [(r.code, f"{r.until}") for r in verdict.reasons] == [("FREQUENCY", "2026-12-02")]
    assert codes(paris("2026-12-02T11:00"), attempts=made) == []


def test_a_refusal_closes_sixty_whole_days_whatever_is_agreed_since() -> None:
    refused = [Attempt(paris("2026-09-17T15:00"), refused=True)]
    again = replace(AGREED, at=paris("2026-10-01T12:00"))

    assert codes(paris("2026-11-16T11:00"), said=[again], attempts=refused) == ["REFUSAL_LOCK"]
    assert codes(paris("2026-11-17T11:00"), said=[again], attempts=refused) == []
    assert codes(paris("2026-11-17T11:00"), attempts=refused) == ["OPPOSED", "NO_CONSENT"]


def test_a_withdrawal_holds_from_its_instant() -> None:
    withdrawn = Said(given=False, at=NOW)

    assert codes(NOW - timedelta(seconds=1), said=[AGREED, withdrawn]) == []
    assert codes(NOW, said=[AGREED, withdrawn]) == ["OPPOSED", "NO_CONSENT"]


def test_a_contract_in_progress_stands_for_an_agreement_and_not_for_the_clock() -> None:
    assert codes(said=[], aim=RELATED) == []
    assert codes(paris("2026-11-21T11:00"), said=[], aim=RELATED) == ["WEEKEND"]
    assert codes(said=[Said(given=False, at=NOW)], aim=RELATED) == ["OPPOSED"]


def test_a_banned_sector_is_refused_even_with_an_agreement() -> None:
    assert codes(aim=Aim(banned_sector=True)) == ["BANNED_SECTOR"]
    assert codes(aim=Aim(banned_sector=True, relation="execution")) == []


def test_an_agreement_is_proved_and_three_years_old_at_most() -> None:
    assert codes(said=[replace(AGREED, proved=False)]) == ["NO_PROOF"]
    old = replace(AGREED, at=paris("2023-11-20T12:00"))
    assert codes(said=[old]) == ["CONSENT_EXPIRED"]
    assert codes(paris("2026-11-19T11:00"), said=[old]) == []


def test_a_professional_is_called_unless_opposed() -> None:
    shop = Person(None, professional=True)

    assert codes(paris("2026-11-22T21:00"), said=[], person=shop) == []
    assert codes(said=[Said(given=False, at=NOW)], person=shop) == ["OPPOSED"]


def test_a_call_that_sells_nothing_follows_no_rule_of_canvassing() -> None:
    assert codes(said=[Said(given=False, at=NOW)], aim=Aim(prospecting=False)) == []


def test_unrecorded_rules_refuse() -> None:
    assert codes(rules=None) == ["RULES_UNKNOWN"]


@pytest.mark.parametrize(
    ("postcode", "phones", "inland", "zone"),
    [
        ("75001", [], True, "Europe/Paris"),
        ("97400", [], True, "Indian/Reunion"),
        ("97600", [], True, "Indian/Mayotte"),
        ("", ["+33692123456"], True, "Indian/Reunion"),
        ("", ["+33612345678"], True, "Europe/Paris"),
        ("", ["+262692123456"], True, "Indian/Reunion"),
        ("", ["+590690123456"], True, "America/Guadeloupe"),
        ("1000", ["+3225551212"], False, None),
        ("", ["+262999999999"], True, None),
        ("", [], True, None),
    ],
)
def test_the_clock_is_known_by_the_postcode_then_by_the_number(
    postcode: str, phones: list[str], inland: bool, zone: str | None
) -> None:
    found = calling.zone_of(postcode=postcode, phones=phones, inland=inland)

    assert found == (ZoneInfo(zone) if zone else None)


def test_the_hours_are_read_as_the_parameter_is_written() -> None:
    assert calling.hours_of("10:00-13:00 14:00-20:00") == RULES.hours


START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
SAID = st.builds(
    Said, given=st.booleans(), at=INSTANTS, proved=st.booleans(), any_hours=st.booleans()
)
ATTEMPTS = st.builds(Attempt, at=INSTANTS, refused=st.booleans())
PEOPLE = st.builds(
    Person, zone=st.sampled_from([PARIS, ZoneInfo("Indian/Reunion"), None]),
    professional=st.booleans(),
)  # fmt: skip
AIMS = st.builds(
    Aim, relation=st.sampled_from([None, *calling.RELATIONS]), banned_sector=st.booleans()
)
SITUATIONS = st.fixed_dictionaries(
    {
        "at": INSTANTS,
        "rules": st.sampled_from([RULES, OLD_RULES, None]),
        "person": PEOPLE,
        "said": st.lists(SAID, max_size=5),
        "attempts": st.lists(ATTEMPTS, max_size=6),
        "aim": AIMS,
    }
)


@given(SITUATIONS, INSTANTS, st.booleans())
def test_adding_a_refusal_never_allows(
    situation: dict[str, object], at: datetime, in_a_call: bool
) -> None:
    said, attempts = list(situation["said"]), list(situation["attempts"])  # type: ignore[call-overload]
    if in_a_call:
        attempts.append(Attempt(at, refused=True))
    else:
        said.append(Said(given=False, at=at))
    more = situation | {"said": said, "attempts": attempts}

    assert may_call(**situation).allowed or not may_call(**more).allowed  # type: ignore[arg-type]


@given(SITUATIONS, st.data())
def test_taking_an_agreement_away_never_allows(
    situation: dict[str, object], data: st.DataObject
) -> None:
    said = list(situation["said"])  # type: ignore[call-overload]
    agreements = [one for one in said if one.given]
    if agreements:
        said.remove(data.draw(st.sampled_from(agreements)))
    less = situation | {"said": said}

    assert may_call(**situation).allowed or not may_call(**less).allowed  # type: ignore[arg-type]


@given(SITUATIONS, ATTEMPTS)
def test_one_more_attempt_never_allows(situation: dict[str, object], more: Attempt) -> None:
    attempts = [*situation["attempts"], more]  # type: ignore[misc]

    assert (
        may_call(**situation).allowed
        or not may_call(  # type: ignore[arg-type]
            **(situation | {"attempts": attempts})  # type: ignore[arg-type]
        ).allowed
    )


@given(SITUATIONS, SAID, ATTEMPTS)
def test_what_comes_later_changes_nothing(
    situation: dict[str, object], said: Said, attempt: Attempt
) -> None:
    at = situation["at"]
    later = [one for one in (said, attempt) if one.at > at]  # type: ignore[operator]
    more = situation | {
        "said": [*situation["said"], *(o for o in later if isinstance(o, Said))],  # type: ignore[misc]
        "attempts": [*situation["attempts"], *(o for o in later if isinstance(o, Attempt))],  # type: ignore[misc]
    }

    assert may_call(**situation) == may_call(**more)  # type: ignore[arg-type]
