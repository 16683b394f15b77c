from fractions import Fraction

import pytest

from acquis.certification.awards import policy
from acquis.certification.awards.actions.write_documents import write_documents
from acquis.certification.awards.errors import GridsOpen, SessionNotDeliberated
from acquis.certification.awards.models import IssuedDocument, NumberSeries
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.grading.models import Grid
from acquis.kernel import trace
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db

Kind = IssuedDocument.Kind


def test_a_session_under_deliberation_has_no_minutes():
    session = grading.session()

    with pytest.raises(SessionNotDeliberated):
        write_documents(session=session, by=session.manager, at=grading.AT)
    assert not IssuedDocument.objects.exists()
    assert not NumberSeries.objects.exists()


def test_a_grid_still_open_keeps_everything_from_being_written():
    session = awards.deliberated_session(passed=(True,))
    late = grading.add_juror(session)
    Grid.objects.create(candidate=session.candidates.get(), juror=late, opened_at=grading.AT)

    with pytest.raises(GridsOpen):
        write_documents(session=session, by=session.manager, at=grading.AT)
    assert not IssuedDocument.objects.exists()
    assert not NumberSeries.objects.exists()


def test_minutes_and_one_sheet_a_candidate_are_written_once():
    session = awards.deliberated_session()

    first = awards.written(session)
    again = awards.written(session)

    assert again == first
    kinds = IssuedDocument.objects.values_list("kind", "number").order_by("number")
    assert list(kinds) == [
        (Kind.RESULT_SHEET, "FIR-2026-0001"),
        (Kind.RESULT_SHEET, "FIR-2026-0002"),
        (Kind.PV, "PV-2026-0001"),
    ]


def test_minutes_say_who_decided_what_and_why():
    session = awards.deliberated_session()

    data = awards.written(session).data

    assert [one["outcome_label"] for one in data["candidates"]] == ["Admis", "Refusé"]
    assert data["candidates"][0]["reasons"].startswith("Prestation claire")
    decisions = data["candidates"][1]["groups"][0]["criteria"]
    assert decisions[0]["verdict"] == "Non acquis"
    assert decisions[0]["reason"] == "La reformulation a été entendue à la quatrième minute."
    assert [one["present"] for one in data["jury"]] == [True, True]


def test_minutes_carry_the_seal_of_the_session_s_trace_at_that_instant():
    session = awards.deliberated_session()
    head = trace.head(session.trace_stream)

    data = awards.written(session).data

    assert data["trace"]["fingerprint"] == head.fingerprint
    assert data["trace"]["position"] == head.position
    assert trace.verify(session.trace_stream) == []


def test_minutes_tell_incidents_absences_and_the_effect_of_accommodations_only():
    session = grading.session(candidates=1)
    absent = grading.add_candidate(session, order=2, present=False, extra=Fraction(1, 3))
    Incident.objects.create(
        session=session,
        category=Incident.Category.HEADSET,
        effect=Incident.Effect.TIME_GIVEN,
        description="Casque muet, remplacé.",
        happened_at=grading.AT,
        reported_by=session.manager,
        reported_at=grading.AT,
    )
    grading.decided(session, session.candidates.first())
    awards.conclude_session(session=session, by=grading.first_juror(session), at=grading.AT)

    data = awards.written(session).data

    person = next(
        one
        for one in data["candidates"]
        if one["reference"] == absent.enrolment.candidate.reference
    )
    assert (person["present"], person["outcome_label"]) == (False, "")
    assert person["accommodation"] == "Durées majorées d’un tiers"
    assert data["incidents"][0]["description"] == "Casque muet, remplacé."
    assert not IssuedDocument.objects.filter(candidate=absent).exists()


def test_what_is_signed_is_the_fingerprint_of_all_that_is_printed():
    document = awards.written(awards.deliberated_session())

    assert document.data_sha256 == policy.fingerprint(document.data)


def test_each_organisation_numbers_its_own_documents_without_a_gap():
    for _session in range(2):
        awards.written(awards.deliberated_session(passed=(True,)))

    assert set(IssuedDocument.objects.values_list("number", flat=True)) == {
        "PV-2026-0001",
        "FIR-2026-0001",
    }
