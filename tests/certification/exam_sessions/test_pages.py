from datetime import timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, errors
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.kernel import jobs
from acquis.kernel.models import Job
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def signed_in(client, session, role=Role.SESSION_MANAGER):
    person = make.person(role, organisation=session.organisation)
    client.force_login(person)
    return person


def test_a_session_is_planned_composed_and_summoned_from_the_pages(client) -> None:
    centre = make.organisation(address="12 rue de la Loire", postcode="44000")
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=centre))
    version, enterprise = make.framework_version(), make.enterprise(centre)
    start = timezone.localtime(timezone.now() + timedelta(days=90)).replace(hour=9, minute=0)
    made = client.post(
        reverse("exam_sessions:create"),
        {
            "exam": f"{version.pk}:CCP1",
            "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
            "place": "Centre de Nantes",
            "enterprise": enterprise.pk,
        },
    )
    session = ExamSession.objects.get()
    assert made.status_code == 302
    assert session.reference == f"S{start:%y}-001"
    assert timezone.localtime(session.starts_at).hour == 9
    enrolments = [make.enrolment(make.candidate(centre), version) for _ in range(2)]
    jurors = [make.juror(centre, accredited_to=None) for _ in range(2)]
    client.post(
        reverse("exam_sessions:add_candidates", args=[session.pk]),
        {"chosen": [each.pk for each in enrolments]},
    )
    client.post(
        reverse("exam_sessions:add_jurors", args=[session.pk]),
        {"chosen": [each.pk for each in jurors]},
    )
    client.post(reverse("exam_sessions:name_president", args=[session.jurors.first().pk]))
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "Le jury est régulier" in page
    assert "09:00–10:15" in page
    client.post(reverse("exam_sessions:issue_summons", args=[session.pk]))
    assert jobs.run_due(now=timezone.now())
    assert Job.objects.get().state == "done", Job.objects.get().error
    page = client.get(reverse("exam_sessions:summons", args=[session.pk]))
    assert page.context["missing"] == 0
    summons = session.summonses.first()
    pdf = client.get(reverse("exam_sessions:summons_file", args=[summons.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_a_faulty_jury_is_told_with_its_rules(client) -> None:
    session = make.session(candidates=1, jurors=1)
    make.member(session, juror={"experience_years": 1})
    signed_in(client, session)
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "Ce jury ne peut pas siéger" in page
    assert "X-03" in page


def test_an_edition_out_of_date_is_told(client) -> None:
    session = make.session(version=make.framework_version(valid_to=DAY.date() - timedelta(days=10)))
    signed_in(client, session)
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "plus valable depuis" in page


@pytest.mark.parametrize("page", ["detail", "summons", "journal", "incident", "edit"])
def test_every_part_of_a_session_opens(client, page: str) -> None:
    session = make.open_session()
    signed_in(client, session)
    assert client.get(reverse(f"exam_sessions:{page}", args=[session.pk])).status_code == 200


def test_pages_cost_the_same_for_two_candidates_and_for_six(client, count_queries) -> None:
    def cost(session) -> int:
        signed_in(client, session)
        return sum(
            count_queries(lambda name=name: client.get(reverse(name, args=[session.pk])))
            for name in (
                "exam_sessions:detail",
                "exam_sessions:summons",
                "papers:session",
                "sittings:wall",
            )
        )

    small = make.open_session(candidates=2)
    large = make.open_session(candidates=6, jurors=2)
    cost(small)
    assert cost(large) == cost(small)


def test_the_list_costs_the_same_for_one_and_for_many(client, count_queries) -> None:
    session = make.session()
    signed_in(client, session)

    def cost() -> int:
        return count_queries(lambda: client.get(reverse("exam_sessions:list")))

    cost()
    one = cost()
    for _ in range(3):
        make.session(organisation=session.organisation, version=session.version)
    assert cost() == one


def test_a_juror_sees_their_own_sessions_only(client) -> None:
    mine = make.session()
    other = make.session(organisation=mine.organisation, version=mine.version)
    client.force_login(mine.jurors.first().juror.user)
    shown = client.get(reverse("exam_sessions:list")).context["page_obj"]
    assert list(shown) == [mine]
    assert client.get(reverse("exam_sessions:detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("exam_sessions:detail", args=[other.pk])).status_code == 404


def test_the_journal_names_candidates_and_has_one_part_an_exam(client) -> None:
    sitting = make.running_sitting()
    session = sitting.candidate.session
    client.force_login(session.manager)
    address = reverse("exam_sessions:journal", args=[session.pk])
    page = client.get(address).content.decode()
    assert "Identité vérifiée" in page
    assert sitting.candidate.enrolment.candidate.full_name in page
    exam = client.get(address, {"de": sitting.trace_stream}).content.decode()
    assert "Partie commencée" in exam
    other = make.running_sitting()
    foreign = client.get(address, {"de": other.trace_stream})
    assert foreign.context["stream"] == session.trace_stream


def test_extra_time_is_not_shown_to_jurors(client) -> None:
    session = make.session(candidates=1)
    make.seat(session, enrolled={"extra": Fraction(1, 3)})
    client.force_login(session.jurors.first().juror.user)
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert "majoré" not in page


def test_an_incident_is_written_from_the_room(client) -> None:
    session = make.open_session()
    signed_in(client, session, Role.INVIGILATOR)
    seat = session.candidates.first()
    answer = client.post(
        reverse("exam_sessions:incident", args=[session.pk]),
        {
            "category": "headset",
            "candidate": seat.pk,
            "description": "Casque muet pendant deux minutes, remplacé.",
            "effect": "time_given",
            "happened_at": "2026-11-20T10:12",
        },
    )
    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert (incident.candidate, incident.effect) == (seat, "time_given")


def test_a_summons_is_read_by_its_recipient_and_the_managers_only(client) -> None:
    session = make.session()
    seat, other = session.candidates.all()
    summons = actions.issue_summons(recipient=seat, by=session.manager, at=DAY - timedelta(days=40))
    address = reverse("exam_sessions:summons_file", args=[summons.pk])
    for person, status in (
        (seat.enrolment.candidate.user, 200),
        (session.manager, 200),
        (other.enrolment.candidate.user, 404),
        (session.jurors.first().juror.user, 404),
    ):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_what_composition_refuses() -> None:
    session = make.session(candidates=1, jurors=1)
    by = session.manager
    stranger = make.enrolment(make.candidate(make.organisation()), session.version)
    with pytest.raises(errors.OtherOrganisation):
        actions.add_candidate(session=session, enrolment=stranger, by=by, at=DAY)
    elsewhere = make.enrolment(make.candidate(session.organisation), make.framework_version())
    with pytest.raises(errors.NotEnrolledForThis):
        actions.add_candidate(session=session, enrolment=elsewhere, by=by, at=DAY)
    twin = make.bare_session(session.organisation, version=session.version)
    seat = session.candidates.get()
    with pytest.raises(errors.CandidateBusy):
        actions.add_candidate(session=twin, enrolment=seat.enrolment, by=by, at=DAY)
    with pytest.raises(errors.JurorBusy):
        actions.add_juror(session=twin, juror=session.jurors.get().juror, by=by, at=DAY)
    session.state = ExamSession.State.OPEN
    session.save()
    with pytest.raises(errors.SessionFrozen):
        actions.remove_candidate(seat=seat, by=by, at=DAY)


def test_one_president_at_a_time() -> None:
    session = make.session()
    member = session.jurors.filter(function="member").get()
    actions.name_president(member=member, by=session.manager, at=DAY)
    assert [each.pk for each in session.jurors.filter(function="president")] == [member.pk]


def test_a_session_is_cancelled_with_a_reason() -> None:
    session = make.session()
    with pytest.raises(errors.ReasonMissing):
        actions.cancel_session(session=session, reason=" ", by=session.manager, at=DAY)
    done = actions.cancel_session(
        session=session, reason="Salle inondée", by=session.manager, at=DAY
    )
    assert done.state == "cancelled"
    with pytest.raises(errors.SessionFrozen):
        actions.issue_summons(
            recipient=session.candidates.first(), by=session.manager, at=DAY - timedelta(days=9)
        )


def test_papers_are_linked_for_who_follows_candidates_and_for_its_jury(client) -> None:
    session = make.session()
    enrolment = session.candidates.first().enrolment
    portfolio, booklet = (make.proof(enrolment, kind) for kind in ("portfolio", "booklet"))
    address = reverse("exam_sessions:detail", args=[session.pk])
    shown = {
        proof: reverse("registrations:proof_file", args=[proof.pk])
        for proof in (portfolio, booklet)
    }
    file_of_the_enrolment = reverse("registrations:enrolment", args=[enrolment.pk])

    client.force_login(session.manager)
    page = client.get(address).content.decode()
    assert all(link in page for link in (*shown.values(), file_of_the_enrolment))

    client.force_login(session.jurors.first().juror.user)
    page = client.get(address).content.decode()
    assert shown[portfolio] in page
    assert shown[booklet] not in page
    assert file_of_the_enrolment not in page
    assert b"".join(client.get(shown[portfolio]).streaming_content).startswith(b"%PDF")
    assert client.get(shown[booklet]).status_code == 404

    invigilator = make.person(Role.INVIGILATOR, organisation=session.organisation)
    client.force_login(invigilator)
    assert shown[portfolio] not in client.get(address).content.decode()
