"""What is kept, until when, what holds it, and the record of what is destroyed (G-02)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.archives import queries, terms
from acquis.certification.archives.actions.destroy_kept import destroy_due, destroy_kind
from acquis.certification.archives.actions.export_session import export_session
from acquis.certification.archives.actions.hold_session import lift_hold, place_hold
from acquis.certification.archives.errors import (
    AlreadyHeld,
    HeldElsewhere,
    NotHeld,
    ReasonMissing,
    SessionHeld,
)
from acquis.certification.archives.models import Destruction, Hold
from acquis.certification.archives.policy import TERMS, Kind, Term, is_over
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.models import Grid, Mark
from acquis.certification.sittings.models import (
    Phase,
    Production,
    ProductionRevision,
    Sitting,
    SittingFile,
)
from acquis.kernel import files, jobs, trace
from acquis.kernel.models import StoredFile
from acquis.kernel.testing import StrictClient
from tests.factories import awards, grading
from tests.factories import certification as make

pytestmark = pytest.mark.django_db
SOON = grading.AT + timedelta(days=30)
LONG_AFTER = grading.AT + timedelta(days=6 * 366)


@pytest.fixture
def session():
    made = awards.deliberated_session(passed=(True,))
    awards.issued(made)
    found = ExamSession.objects.select_related("organisation").get(pk=made.pk)
    produced(found)
    return found


def produced(session):
    """An exam with a text of two saves, a recording, and an accommodation with its details."""
    seat = session.candidates.get()
    sitting = Sitting.objects.create(candidate=seat, state="finished", access_code="X")
    phase = Phase.objects.create(
        sitting=sitting, position=1, code="w.1", method="w", kind="written", title="Écrit",
        minutes=10, planned_seconds=600,
    )  # fmt: skip
    text = Production.objects.create(
        sitting=sitting, phase=phase, key="summary", content="Fin", seq=2, saved_at=grading.AT
    )
    for seq, content in ((1, "Début"), (2, "Fin")):
        ProductionRevision.objects.create(
            production=text, seq=seq, client_id=f"c{seq}", content=content, saved_at=grading.AT
        )
    sound = files.store(
        f"son {sitting.pk}".encode(), name="r.ogg", media_type="audio/ogg", by=None, at=grading.AT
    )
    SittingFile.objects.create(
        sitting=sitting, phase=phase, kind="answer", key="a", title="Réponse", file=sound,
        kept_at=grading.AT, keep_until=date(2031, 11, 20),
    )  # fmt: skip
    arranged = make.accommodation(seat.enrolment)
    arranged.details = "Écran agrandi"
    arranged.save()
    return sitting


def due(session, at):
    found = queries.due(session.organisation, terms.day(at))
    return {one.kind: one.count for one in found}


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120), st.integers(-70, 70))
def test_what_started_before_the_latest_start_is_over_and_nothing_else(today, months, days):
    term = Term(months, "")
    start = term.latest_start(today) + timedelta(days=days)

    assert is_over(term.last_day(start), today) == (start < term.latest_start(today))


def test_every_kind_has_its_time_and_its_words():
    assert set(TERMS) == set(Kind) == set(terms.LABELS)
    today = grading.AT.date()
    assert terms.term(Kind.FILES, on=today).months == 60
    assert terms.term(Kind.DRAFTS, on=today).months == 14
    assert "R421-1" in terms.term(Kind.ARRANGEMENTS, on=today).source


def test_nothing_is_due_at_first_then_each_kind_in_its_time(session):
    last = grading.AT + timedelta(days=61)  # 20 January 2027, two months
    assert due(session, SOON) == {}
    assert due(session, last) == {}
    assert due(session, last + timedelta(days=1)) == {Kind.ARRANGEMENTS: 1}
    assert due(session, grading.AT.replace(year=2028, month=2)) == {
        Kind.ARRANGEMENTS: 1,
        Kind.DRAFTS: 1,
    }
    assert set(due(session, LONG_AFTER)) == {*Kind} - {Kind.PACKAGES}


def test_a_session_to_come_keeps_the_details_of_the_accommodation(session):
    later = grading.session()
    seat = session.candidates.get()
    later.candidates.create(enrolment=seat.enrolment, order=9)

    assert Kind.ARRANGEMENTS not in due(session, grading.AT + timedelta(days=90))


def test_what_is_destroyed_is_gone_recorded_and_told_and_the_minutes_stay(session):
    export_session(session=session, by=session.manager, at=grading.AT)
    before = list(StoredFile.objects.filter(name__contains="PV-").values_list("pk", flat=True))
    by = session.manager

    records = [
        destroy_kind(session=session, kind=kind, by=by, at=LONG_AFTER)
        for kind in (
            Kind.DRAFTS,
            Kind.TEXTS,
            Kind.OBSERVATIONS,
            Kind.FILES,
            Kind.ARRANGEMENTS,
            Kind.PACKAGES,
        )
    ]

    assert [one.count for one in records] == [1, 1, 2, 2, 1, 1]  # the sealed file too
    assert not Production.objects.exists()
    assert not SittingFile.objects.exists()
    assert session.archives.get().file is None
    assert session.archives.get().sha256 == records[-1].fingerprints[0]
    enrolment = session.candidates.get().enrolment
    assert enrolment.accommodations.get().details == ""
    assert not StoredFile.objects.filter(name="r.ogg").exists()
    assert list(StoredFile.objects.filter(pk__in=before).values_list("pk", flat=True)) == before
    # The minutes, a sheet, a certificate and a livret.
    assert IssuedDocument.objects.filter(session=session).count() == 4
    lines = trace.lines(session.trace_stream).filter(verb="archive.destroyed")
    assert [line.data["kind"] for line in lines] == [
        "drafts", "texts", "observations", "files", "arrangements", "packages",
    ]  # fmt: skip
    assert lines[0].data["fingerprints"] == records[0].fingerprints
    assert lines[0].actor_id == by.pk
    assert trace.verify(session.trace_stream) == []
    assert due(session, LONG_AFTER) == {}
    assert destroy_kind(session=session, kind=Kind.TEXTS, by=by, at=LONG_AFTER) is None


def test_the_observations_of_jurors_go_and_their_verdicts_stay(session):
    grids = Grid.objects.filter(candidate__session=session)
    verdicts = list(Mark.objects.order_by("pk").values_list("verdict", "seq"))
    assert Mark.objects.exclude(observation="").exists()
    assert due(session, LONG_AFTER)[Kind.OBSERVATIONS] == grids.count() == 2

    record = destroy_kind(
        session=session, kind=Kind.OBSERVATIONS, by=session.manager, at=LONG_AFTER
    )

    assert (record.kind, record.count, len(record.fingerprints)) == ("observations", 2, 2)
    assert not Mark.objects.exclude(observation="").exists()
    assert set(grids.values_list("erased_at", flat=True)) == {LONG_AFTER}
    assert list(Mark.objects.order_by("pk").values_list("verdict", "seq")) == verdicts
    for grid in grids:
        saved = trace.lines(grid.own_stream).filter(verb="mark.saved")
        assert saved
        assert not any(trace.personal_part(line) for line in saved)
        assert trace.verify(grid.own_stream) == []
    assert trace.verify(session.trace_stream) == []
    assert Kind.OBSERVATIONS not in due(session, LONG_AFTER)


def test_a_file_that_another_row_holds_stays(session):
    kept = SittingFile.objects.get()
    other = produced_elsewhere(kept.file)

    destroy_kind(session=session, kind=Kind.FILES, by=session.manager, at=LONG_AFTER)

    assert other.file_id == StoredFile.objects.get(pk=kept.file_id).pk


def produced_elsewhere(file):
    second = awards.deliberated_session(passed=(True,))
    sitting = produced(second)
    row = sitting.files.get()
    row.file = file
    row.save()
    return row


def test_a_hold_keeps_everything_until_it_is_lifted(session):
    by = session.manager
    hold = place_hold(session=session, reason="Recours de M. X", by=by, at=SOON)

    (first, *_rest) = queries.due(session.organisation, terms.day(LONG_AFTER))
    assert first.held == "Recours de M. X"
    with pytest.raises(SessionHeld):
        destroy_kind(session=session, kind=Kind.TEXTS, by=by, at=LONG_AFTER)
    chosen = [(session, Kind.TEXTS)]
    assert destroy_due(chosen=chosen, by=by, at=LONG_AFTER) == []
    assert Production.objects.exists()

    lift_hold(hold=hold, by=by, at=SOON)
    assert len(destroy_due(chosen=chosen * 2, by=by, at=LONG_AFTER)) == 1


def test_holds_are_refused_without_a_reason_twice_and_from_elsewhere(session):
    by = session.manager
    with pytest.raises(ReasonMissing):
        place_hold(session=session, reason="  ", by=by, at=SOON)
    hold = place_hold(session=session, reason="Contrôle", by=by, at=SOON)
    with pytest.raises(AlreadyHeld):
        place_hold(session=session, reason="Contrôle", by=by, at=SOON)
    appeal = place_hold(
        session=session,
        reason="Recours",
        by=by,
        at=SOON,
        origin="appeal:1",
        candidate=session.candidates.get(),
    )
    with pytest.raises(HeldElsewhere):
        lift_hold(hold=appeal, by=by, at=SOON)
    lift_hold(hold=appeal, by=by, at=SOON, origin="appeal:1")
    lift_hold(hold=hold, by=by, at=SOON)
    with pytest.raises(NotHeld):
        lift_hold(hold=hold, by=by, at=SOON)


def client_of(person):
    client = StrictClient()
    client.force_login(person)
    return client


def past(session):
    """As if the exam had been six years ago, in the rows that bear a day."""
    SittingFile.objects.update(keep_until=date(2020, 1, 1))


def test_the_page_shows_before_anything_is_destroyed_and_only_who_may_destroys(session):
    past(session)
    body = grading.person(Role.CERTIFYING_BODY, organisation=session.organisation)
    page, act = reverse("archives:retention"), reverse("archives:destroy")
    key = f"{session.pk}:files"

    for person in (body, session.manager):
        assert session.reference in client_of(person).get(page).text
    assert "Détruire ce qui est coché" not in client_of(session.manager).get(page).text
    assert client_of(session.manager).post(act, {"chosen": [key]}).status_code == 403
    assert client_of(body).post(act, {}).status_code == 422
    assert client_of(body).post(act, {"chosen": [f"{session.pk}:texts", "x"]}).status_code == 422
    assert SittingFile.objects.exists()

    client_of(body).post(act, {"chosen": [key]})
    while jobs.run_due(now=timezone.now()):
        pass
    assert not SittingFile.objects.exists()
    record = Destruction.objects.get()
    assert (record.by, record.kind, record.count) == (body, "files", 1)
    after = client_of(body).get(page)
    assert "Rien n’est arrivé à son terme" in after.text
    assert "Centre Inffo" in after.text


def test_what_is_held_or_of_another_centre_is_not_destroyed_by_direct_request(session):
    past(session)
    stranger = grading.person(Role.CERTIFYING_BODY, organisation=grading.session().organisation)
    body = grading.person(Role.CERTIFYING_BODY, organisation=session.organisation)
    act, key = reverse("archives:destroy"), f"{session.pk}:files"

    assert client_of(stranger).post(act, {"chosen": [key]}).status_code == 422
    place_hold(session=session, reason="Recours", by=body, at=SOON)
    assert client_of(body).post(act, {"chosen": [key]}).status_code == 422
    assert "Suspendu" in client_of(body).get(reverse("archives:retention")).text
    assert SittingFile.objects.exists()


def test_holds_are_placed_and_lifted_on_the_page_of_the_session(session):
    client = client_of(session.manager)
    page = reverse("archives:session", args=[session.pk])
    act = reverse("archives:hold", args=[session.pk])

    assert client.post(act, {"reason": ""}).status_code == 422
    assert "Recours" in client.post(act, {"reason": "Recours"}, follow=True).text
    assert client.post(act, {"reason": "Encore"}).status_code == 422
    hold = Hold.objects.get()
    assert client.post(reverse("archives:lift", args=[hold.pk])).status_code == 302
    assert client.post(reverse("archives:lift", args=[hold.pk])).status_code == 422
    assert "levée" in client.get(page).text


def test_a_destroyed_package_is_not_fetched(session):
    archive = export_session(session=session, by=session.manager, at=grading.AT)
    destroy_kind(session=session, kind=Kind.PACKAGES, by=session.manager, at=LONG_AFTER)
    client = client_of(session.manager)

    assert client.post(reverse("archives:download", args=[archive.pk])).status_code == 422
    assert "Détruit" in client.get(reverse("archives:session", args=[session.pk])).text


def test_the_list_asks_as_much_of_the_database_for_one_session_as_for_many(
    session, django_assert_max_num_queries
):
    for _rank in range(3):
        made = awards.deliberated_session(passed=(True,))
        ExamSession.objects.filter(pk=made.pk).update(organisation=session.organisation)
        produced(made)
    past(session)
    client = client_of(session.manager)
    with django_assert_max_num_queries(40):
        answer = client.get(reverse("archives:retention"))
    assert len(answer.context["due"]) == 4
