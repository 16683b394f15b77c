"""The shared planning: nothing overlaps, whoever books."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda import queries
from acquis.desk.agenda.actions.book import book, cancel, keep_resource, move, retire_resource
from acquis.desk.agenda.errors import (
    AppointmentCancelled,
    OutsideHours,
    PlanningOfSupervisor,
    ResourceHoursInvalid,
    ResourceOfAnotherDesk,
    ResourceRetired,
    ResourceStillBooked,
    SlotInvalid,
    SlotPast,
    SlotTaken,
)
from acquis.desk.agenda.models import Appointment, Resource, TakenQuarter
from acquis.desk.agenda.policy import PARIS, Span
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def span(day: int, hour: int, minute: int = 0, length: timedelta = HOUR) -> Span:
    start = datetime(2026, 11, day, hour, minute, tzinfo=PARIS)
    return Span(start, start + length)


@pytest.fixture
def technician(workspace: Workspace) -> Resource:
    return make.resource(workspace, visits=True)


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def test_two_appointments_never_overlap(technician: Resource, adviser: User, now: datetime) -> None:
    book(resource=technician, span=span(23, 9), title="A", by=adviser, at=now)
    for overlapping in (span(23, 9), span(23, 9, 45), span(23, 9, 15, HOUR / 4)):
        with pytest.raises(SlotTaken):
            book(resource=technician, span=overlapping, title="B", by=adviser, at=now)

    book(resource=technician, span=span(23, 10), title="C", by=adviser, at=now)

    assert Appointment.objects.count() == 2
    assert TakenQuarter.objects.count() == 8
    taken = TakenQuarter.objects.first()
    assert taken is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        TakenQuarter.objects.filter(pk=taken.pk).update(starts_at=span(23, 10).start)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (span(23, 9, 7), SlotInvalid),
        (span(23, 9, 0, timedelta()), SlotInvalid),
        (span(23, 9, 0, 15 * HOUR), SlotInvalid),
        (span(19, 9), SlotPast),
        (span(23, 12), OutsideHours),
        (span(22, 9), OutsideHours),
    ],
)
def test_what_cannot_be_booked_is_refused(
    technician: Resource, adviser: User, now: datetime, wanted: Span, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        book(resource=technician, span=wanted, title="A", by=adviser, at=now)

    assert not Appointment.objects.exists()


def test_an_absence_may_lie_outside_the_hours_and_a_customer_is_of_the_desk(
    technician: Resource, adviser: User, now: datetime
) -> None:
    book(resource=technician, span=span(22, 9), title="Congé", kind="absence", by=adviser, at=now)
    with pytest.raises(ResourceOfAnotherDesk):
        book(resource=technician, span=span(23, 9), title="A", customer=make.customer(make.desk()),
             by=adviser, at=now)  # fmt: skip


def test_an_appointment_moves_or_stays_where_it_was(
    technician: Resource, adviser: User, now: datetime
) -> None:
    one = book(resource=technician, span=span(23, 9), title="A", by=adviser, at=now)
    two = book(resource=technician, span=span(23, 14), title="B", by=adviser, at=now)
    with pytest.raises(SlotTaken):
        move(appointment=one, resource=technician, span=span(23, 14), by=adviser, at=now)
    with pytest.raises(ResourceOfAnotherDesk):
        move(appointment=one, resource=make.resource(make.desk()), span=span(24, 9), by=adviser,
             at=now)  # fmt: skip
    one.refresh_from_db()
    assert one.starts_at == span(23, 9).start

    move(appointment=one, resource=technician, span=span(23, 9, 30), by=adviser, at=now)
    cancel(appointment=two, reason="Client absent", by=adviser, at=now)

    one.refresh_from_db()
    assert (one.starts_at, one.sequence) == (span(23, 9, 30).start, 1)
    assert TakenQuarter.objects.count() == 4
    with pytest.raises(AppointmentCancelled):
        cancel(appointment=two, reason="", by=adviser, at=now)


def test_free_slots_of_the_team_are_found(
    workspace: Workspace, technician: Resource, adviser: User, now: datetime
) -> None:
    make.resource(workspace, name="Salle Est")
    book(resource=technician, span=span(23, 9), title="A", by=adviser, at=now)

    found = queries.free(
        workspace, start=span(23, 0).start, end=span(24, 0).start, length=HOUR, visits=True
    )

    assert [slot.start.astimezone(PARIS).hour for _who, slot in found] == [10, 11, 13, 14, 15, 16]
    both = queries.free(workspace, start=span(23, 0).start, end=span(24, 0).start, length=HOUR)
    assert len(both) == 13


def test_only_a_supervisor_adds_resources(
    workspace: Workspace, adviser: User, supervisor: User, now: datetime
) -> None:
    values: dict[str, Any] = {"name": "Camion 2", "kind": "vehicle", "hours": {"0": ["09:00-12:00"]},
                              "visits": True}  # fmt: skip
    with pytest.raises(PlanningOfSupervisor):
        keep_resource(workspace=workspace, values=values, by=adviser, at=now)
    with pytest.raises(ResourceHoursInvalid):
        keep_resource(
            workspace=workspace, values=values | {"hours": {"0": ["tôt"]}}, by=supervisor, at=now
        )

    for _ in range(2):
        kept = keep_resource(workspace=workspace, values=values, by=supervisor, at=now)

    assert str(kept) == "Camion 2"
    assert Resource.objects.count() == 1


def test_the_planning_on_screen(
    signed_in: StrictClient, workspace: Workspace, technician: Resource, supervisor: User
) -> None:
    index = reverse("agenda:index", args=[workspace.pk])
    create = reverse("agenda:create", args=[workspace.pk])
    sent = {"resource": technician.pk, "day": "2099-06-02", "begins": "09:00", "minutes": "60",
            "title": "Réunion", "kind": "meeting", "place": "Salle Est"}  # fmt: skip
    assert signed_in.get(create).status_code == 200
    assert signed_in.post(create, {}).status_code == 422
    assert signed_in.post(create, sent).status_code == 302
    made = Appointment.objects.get()

    def address(name: str) -> str:
        return reverse(f"agenda:{name}", args=[workspace.pk, made.pk])

    for asked in ({"jour": "2099-06-02"}, {"jour": "2099-06-02", "vue": "jour"}):
        assert "Réunion" in signed_in.get(index, asked).content.decode()
    assert "Réunion" not in signed_in.get(index, {"jour": "hier"}).content.decode()
    assert "Salle Est" in signed_in.get(address("appointment")).content.decode()
    assert signed_in.post(address("move"), {}).status_code == 422
    assert signed_in.post(address("move"), sent | {"begins": "10:00"}).status_code == 302
    event = Calendar.from_ical(signed_in.get(address("calendar")).content).walk("VEVENT")[0]
    assert (event["status"], event["sequence"], event["summary"]) == ("CONFIRMED", 1, "Réunion")
    assert signed_in.post(address("cancel"), {"reason": "Reporté"}).status_code == 302
    event = Calendar.from_ical(signed_in.get(address("calendar")).content).walk("VEVENT")[0]
    assert event["status"] == "CANCELLED"
    boss = StrictClient()
    boss.force_login(supervisor)
    add = reverse("agenda:resource", args=[workspace.pk])
    new = {"name": "Camion", "kind": "vehicle", "weekdays": "8:00-12:00", "visits": "on"}
    assert boss.post(add, new | {"weekdays": "tôt"}).status_code == 422
    assert boss.post(add, new).status_code == 302
    assert Resource.objects.get(name="Camion").visits


def test_what_was_typed_stays_when_the_slot_is_taken(
    signed_in: StrictClient, workspace: Workspace, technician: Resource
) -> None:
    create = reverse("agenda:create", args=[workspace.pk])
    sent = {"resource": technician.pk, "day": "2099-06-02", "begins": "09:00", "minutes": "60",
            "title": "Réunion", "kind": "meeting", "place": ""}  # fmt: skip
    signed_in.post(create, sent)
    signed_in.post(create, sent | {"begins": "14:00", "title": "Visite"})
    visit = Appointment.objects.get(title="Visite")

    twice = signed_in.post(create, sent | {"title": "Entretien annuel"})
    moved = signed_in.post(reverse("agenda:move", args=[workspace.pk, visit.pk]), sent)

    for answer, kept in ((twice, 'value="Entretien annuel"'), (moved, 'value="2099-06-02"')):
        assert answer.status_code == 422
        assert "est déjà pris à ce moment" in answer.content.decode()
        assert kept in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at.astimezone(PARIS).hour == 14
    assert Appointment.objects.count() == 2


def test_the_planning_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, technician: Resource, adviser: User,
    now: datetime, count_queries: Callable[..., int],
) -> None:  # fmt: skip
    page = reverse("agenda:index", args=[workspace.pk]) + "?jour=2026-11-23"
    make.appointment(technician)
    one = count_queries(lambda: signed_in.get(page))
    for rank in range(29):
        make.appointment(make.resource(workspace, name=f"R{rank}"))

    assert count_queries(lambda: signed_in.get(page)) == one


def test_who_left_is_no_longer_booked(
    technician: Resource, adviser: User, supervisor: User, now: datetime
) -> None:
    booked = book(resource=technician, span=span(23, 10), title="Visite", by=adviser, at=now)

    with pytest.raises(PlanningOfSupervisor):
        retire_resource(resource=technician, by=adviser, at=now)
    with pytest.raises(ResourceStillBooked) as refusal:
        retire_resource(resource=technician, by=supervisor, at=now)
    assert "a encore 1 rendez-vous, le premier le" in str(refusal.value)

    cancel(appointment=booked, reason="Partie", by=adviser, at=now)
    retire_resource(resource=technician, by=supervisor, at=now)
    retire_resource(resource=technician, by=supervisor, at=now)

    verbs = TraceLine.objects.filter(verb="resource.retired")
    assert verbs.count() == 1
    assert not queries.resources(technician.workspace).exists()
    technician.refresh_from_db()
    with pytest.raises(ResourceRetired):
        book(resource=technician, span=span(23, 10), title="Visite", by=adviser, at=now)

    values = {"name": technician.name, "kind": technician.kind}
    keep_resource(workspace=technician.workspace, values=values, by=supervisor, at=now)
    assert queries.resources(technician.workspace).get() == technician


def test_a_supervisor_retires_from_the_page(
    client: StrictClient, technician: Resource, supervisor: User
) -> None:
    workspace = technician.workspace
    client.force_login(supervisor)
    page = reverse("agenda:index", args=[workspace.pk])
    assert "Retirer" in client.get(page).content.decode()

    answer = client.post(reverse("agenda:retire", args=[workspace.pk, technician.pk]), follow=True)

    assert "n’est plus au planning" in answer.content.decode()
    assert technician.name not in client.get(page).content.decode()
