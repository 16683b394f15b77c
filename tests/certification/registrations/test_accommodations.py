from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.registrations import actions, errors, policy, presentation, queries
from acquis.certification.registrations.models import Accommodation
from acquis.certification.registrations.policy import Arrangement, ExtraTime
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY, ccp1_content

THIRD = Fraction(1, 3)


def data(**fields) -> actions.AccommodationData:
    return {
        "kind": "extra_time",
        "extra": THIRD,
        "break_minutes": 0,
        "scope": [],
        "details": "",
        "decision_by": "DDETS de Loire-Atlantique",
        "decision_date": date(2026, 6, 1),
        **fields,
    }


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1/3", THIRD),
        ("un tiers", THIRD),
        ("Tiers-temps", THIRD),
        ("33 %", THIRD),
        ("66", Fraction(2, 3)),
        ("50%", Fraction(1, 2)),
        ("200 %", Fraction(2)),
        ("201 %", None),
        ("0", None),
        ("1/0", None),
        ("beaucoup", None),
        ("", None),
    ],
)
def test_a_part_of_time_is_read_as_it_is_written(text, part) -> None:
    assert policy.fraction_from(text) == part


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_ratio_is_read_exactly_or_not_at_all(numerator: int, denominator: int) -> None:
    read = policy.fraction_from(f" {numerator} / {denominator} ")
    means = 0 < numerator <= 2 * denominator
    assert read == (Fraction(numerator, denominator) if means else None)


@given(st.integers(0, 999))
def test_a_percentage_is_read_in_hundredths_but_for_the_thirds(percent: int) -> None:
    thirds = {33: THIRD, 66: 2 * THIRD, 67: 2 * THIRD}
    part = thirds.get(percent, Fraction(percent, 100))
    assert policy.fraction_from(f"{percent} %") == (part if 0 < percent <= 200 else None)


def test_two_decisions_for_one_phase_are_not_added_up() -> None:
    extra = ExtraTime(
        (Arrangement(THIRD), Arrangement(Fraction(1, 2), scope=frozenset({"written"})))
    )
    assert extra.part("written", "roleplay") == Fraction(1, 2)
    assert extra.part("interview", "technical_interview") == THIRD
    assert policy.NO_EXTRA.part("written") == 0


@given(st.integers(0, 400), st.integers(0, 60))
def test_rest_is_never_less_than_decided_nor_a_minute_more(minutes: int, rest: int) -> None:
    given_minutes = ExtraTime((Arrangement(break_minutes=rest),)).pause_minutes(minutes, "written")
    assert 0 <= given_minutes - Fraction(minutes * rest, 60) < 1


@pytest.mark.parametrize(
    ("decided", "late"),
    [(date(2026, 8, 20), False), (date(2026, 8, 21), True), (None, True)],
)
def test_a_decision_less_than_three_months_before_is_late(decided, late: bool) -> None:
    assert policy.decided_late(decided, date(2026, 9, 1), date(2026, 11, 20)) is late


def test_three_months_before_the_31st_end_with_the_month() -> None:
    assert not policy.decided_late(date(2027, 2, 28), date(2027, 1, 1), date(2027, 5, 31))
    assert policy.decided_late(date(2027, 3, 1), date(2027, 1, 1), date(2027, 5, 31))


@given(st.dates(date(2000, 1, 1), date(2400, 1, 1)), st.integers(0, 200))
def test_three_months_have_eighty_nine_to_ninety_two_days(session: date, days: int) -> None:
    decided = session - timedelta(days=days)
    late = policy.decided_late(decided, decided, session)
    if late:
        assert days < 92
    else:
        assert days >= 89
        assert not policy.decided_late(decided - timedelta(days=1), decided, session)


def test_only_the_phases_of_the_decision_are_stretched() -> None:
    written = ExtraTime((Arrangement(THIRD, scope=frozenset({"written"})),))
    plans = phases_from(ccp1_content(), "CCP1", written)
    assert [plan.planned_seconds // 60 for plan in plans] == [100, 15, 15, 10, 10, 5]
    oral = ExtraTime((Arrangement(THIRD, scope=frozenset({"technical_interview"})),))
    plans = phases_from(ccp1_content(), "CCP1", oral)
    assert [plan.planned_seconds // 60 for plan in plans] == [75, 15, 15, 14, 14, 7]


@pytest.fixture
def enrolment(db):
    return make.enrolment(make.candidate(make.organisation()), make.framework_version())


@pytest.fixture
def manager(client, enrolment):
    person = make.person(Role.SESSION_MANAGER, organisation=enrolment.candidate.organisation)
    client.force_login(person)
    return person


def test_an_awaited_decision_changes_nothing_until_it_is_taken(enrolment) -> None:
    by = make.person()
    awaited = actions.accommodate(enrolment=enrolment, data=data(decision_date=None), by=by, at=DAY)
    assert queries.extra_time_of(enrolment) == policy.NO_EXTRA
    granted = actions.change_accommodation(accommodation=awaited, data=data(), by=by, at=DAY)
    enrolment.refresh_from_db()
    assert queries.extra_time_of(enrolment).part("written") == THIRD
    awaited.refresh_from_db()
    assert awaited.replaced_by == granted
    assert (
        actions.change_accommodation(accommodation=granted, data=data(), by=by, at=DAY) == granted
    )


def test_the_same_arrangement_is_not_in_force_twice(enrolment) -> None:
    by = make.person()
    actions.accommodate(enrolment=enrolment, data=data(), by=by, at=DAY)
    with pytest.raises(errors.AccommodationInForce):
        actions.accommodate(enrolment=enrolment, data=data(extra=Fraction(1, 2)), by=by, at=DAY)
    actions.accommodate(enrolment=enrolment, data=data(scope=["written"]), by=by, at=DAY)
    assert enrolment.accommodations.count() == 2


def test_what_is_ended_stays_with_its_reason_and_does_not_change(enrolment) -> None:
    by = make.person()
    row = actions.accommodate(enrolment=enrolment, data=data(), by=by, at=DAY)
    with pytest.raises(errors.EndReasonMissing):
        actions.end_accommodation(accommodation=row, reason="  ", by=by, at=DAY)
    actions.end_accommodation(accommodation=row, reason="N’en veut plus", by=by, at=DAY)
    with pytest.raises(errors.AccommodationEnded):
        actions.change_accommodation(accommodation=row, data=data(), by=by, at=DAY)
    assert queries.accommodations_of(enrolment) == []
    verbs = [line.verb for line in trace.lines(enrolment.trace_stream).order_by("position")]
    assert verbs == ["candidate.accommodated", "candidate.accommodation_ended"]


@pytest.mark.parametrize(
    "fields",
    [
        {"extra_numerator": 0},
        {"extra_numerator": 5, "extra_denominator": 2},
        {"extra_denominator": 0},
        {"break_minutes": 5},
        {"kind": "breaks", "break_minutes": 61},
        {"kind": "room", "extra_numerator": 1},
    ],
)
def test_the_database_refuses_what_means_nothing(enrolment, fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.accommodation(enrolment, **fields)


@pytest.mark.django_db
def test_the_timetable_takes_it_from_the_same_place() -> None:
    session = make.session(candidates=1)
    seat = make.seat(session, enrolled={"extra": THIRD})
    plans = sessions.plan_of(session, seat)
    assert sum(plan.planned_seconds for plan in plans) // 60 == 175


def test_each_kind_has_its_words(enrolment) -> None:
    make.accommodation(enrolment, extra=Fraction(2, 5), scope=["written", "roleplay"])
    make.accommodation(enrolment, kind="breaks", break_minutes=10)
    make.accommodation(enrolment, kind="human_aid")
    assert presentation.own_accommodations(enrolment) == (
        "Vos aménagements : temps majoré de 2/5 (travail écrit, mise en situation professionnelle)"
        " ; pauses de 10 min par heure ; aide humaine. Les heures ci-dessous en tiennent compte."
    )
    assert presentation.effect(enrolment) == (
        "Durées majorées de 2/5 (travail écrit, mise en situation professionnelle)"
    )


def test_an_aid_without_time_does_not_speak_of_hours(enrolment) -> None:
    assert presentation.own_accommodations(enrolment) == ""
    make.accommodation(enrolment, kind="room")
    told = presentation.own_accommodations(enrolment)
    assert told == "Vos aménagements : salle ou poste adapté."
    assert presentation.effect(enrolment) == ""
    assert presentation.extra_time_words(enrolment) == ""


FORM = {
    "kind": "extra_time",
    "extra": "1/3",
    "scope": ["written"],
    "details": "Écran de 24 pouces",
    "decision_by": "DDETS",
    "decision_date": "2026-06-01",
}


def test_an_accommodation_is_added_changed_and_ended_from_the_page(
    client, manager, enrolment
) -> None:
    page = reverse("registrations:enrolment", args=[enrolment.pk])
    assert "Aucun aménagement" in client.get(page).content.decode()
    client.post(reverse("registrations:accommodate", args=[enrolment.pk]), FORM)
    row = enrolment.accommodations.get()
    assert (row.factor, row.scope, row.decision_by) == (THIRD, ["written"], "DDETS")
    assert "d’un tiers (travail écrit)" in client.get(page).content.decode()
    change = reverse("registrations:change_accommodation", args=[row.pk])
    assert client.get(change).context["form"]["extra"].value() == "1/3"
    client.post(change, FORM | {"extra": "1/2"})
    current = enrolment.accommodations.get(ended_at=None)
    assert current.factor == Fraction(1, 2)
    end = reverse("registrations:end_accommodation", args=[current.pk])
    assert client.post(end, {"reason": ""}).status_code == 422
    client.post(end, {"reason": "À sa demande"})
    shown = client.get(page).content.decode()
    assert "À sa demande" in shown
    assert "Remplacé" in shown


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"extra": ""}, "extra"),
        ({"kind": "breaks"}, "break_minutes"),
        ({"kind": "breaks", "break_minutes": "90"}, "break_minutes"),
        ({"decision_by": ""}, "decision_by"),
        ({"decision_date": "2999-01-01"}, "decision_date"),
        ({"scope": ["danse"]}, "scope"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    client, manager, enrolment, fields, wrong
) -> None:
    answer = client.post(reverse("registrations:accommodate", args=[enrolment.pk]), FORM | fields)
    assert answer.status_code == 422
    assert set(answer.context["accommodation_form"].errors) == {wrong}
    assert "Écran de 24 pouces" in answer.content.decode()
    assert not Accommodation.objects.exists()


def test_what_means_nothing_for_its_kind_is_left_out(client, manager, enrolment) -> None:
    fields = {"kind": "breaks", "break_minutes": "10", "decision_by": "", "decision_date": ""}
    client.post(reverse("registrations:accommodate", args=[enrolment.pk]), FORM | fields)
    row = enrolment.accommodations.get()
    assert (row.factor, row.break_minutes) == (0, 10)
    assert not row.is_in_force


def test_a_late_decision_is_told_and_not_refused(client, manager, enrolment) -> None:
    centre = enrolment.candidate.organisation
    session = make.bare_session(
        centre, version=enrolment.version, starts_at=DAY + timedelta(days=300)
    )
    make.seat(session, enrolment=enrolment)
    make.accommodation(enrolment, decision_date=session.starts_at.date() - timedelta(days=40))
    page = client.get(reverse("registrations:enrolment", args=[enrolment.pk])).content.decode()
    assert session.reference in page
    assert "moins de trois mois" in page


def test_neither_jurors_nor_invigilators_read_the_page(client, enrolment) -> None:
    for role in (Role.JUROR, Role.INVIGILATOR):
        client.force_login(make.person(role, organisation=enrolment.candidate.organisation))
        assert (
            client.get(reverse("registrations:enrolment", args=[enrolment.pk])).status_code == 403
        )
