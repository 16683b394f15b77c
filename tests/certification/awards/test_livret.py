"""Who keeps blocks and not the whole: their livret, and no certificate (X-05, X-10, X-13)."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.issue_documents import (
    issue_booklet,
    issue_certificate,
    issue_documents,
)
from acquis.certification.awards.errors import (
    DecidedByCertificationJury,
    NotAdmitted,
    NothingKept,
    PvNotSigned,
)
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.registrations.models import HeldBlock
from acquis.kernel import files
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db

Kind, State = IssuedDocument.Kind, IssuedDocument.State
AT = grading.AT
PASSED, PARTIAL, FAILED = "passed", "partial", "failed"


def two_blocks(**rules: Any) -> dict[str, Any]:
    """CCP1, and CCP2 of one criterion: CP5.1."""
    content = grading.content() | {"kind": "titre_professionnel"}
    content["blocks"].append(
        {
            "code": "CCP2",
            "title": "Réaliser des actions commerciales",
            "activities": [],
            "competencies": [{"code": "CP5", "statement": "Fidéliser le client"}],
            "criteria": [
                {"code": "CP5.1", "text": "L’offre répond au besoin", "competencies": ["CP5"]}
            ],
        }
    )
    content["rules"] |= rules
    return content


def deliberated(*outcomes: str) -> ExamSession:
    """An exam of the whole title: each candidate passed it, kept CCP1 alone, or nothing."""
    session = grading.session(candidates=0, content=two_blocks())
    session.block = ""
    session.save(update_fields=["block"])
    refused = {PASSED: (), PARTIAL: ("CP5.1",), FAILED: ("CP1.1", "CP5.1")}
    by = grading.first_juror(session)
    seats = [grading.add_candidate(session, order=n) for n in range(1, len(outcomes) + 1)]
    for grid in grading.grids(session):
        outcome = outcomes[grid.candidate.order - 1]
        grading.closed(grid, not_acquired=refused[outcome])
    for seat, outcome in zip(seats, outcomes, strict=True):
        close_deliberation(
            deliberation=open_deliberation(candidate=seat, by=by, at=AT),
            outcome=outcome,
            reasons="Motifs du jury.",
            present=list(session.jurors.values_list("pk", flat=True)),
            by=by,
            at=AT,
        )
    conclude_session(session=session, by=by, at=AT)
    session.refresh_from_db()
    return session


def read(document: IssuedDocument) -> str:
    reader = PdfReader(io.BytesIO(files.read(document.file)))
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in reader.pages))


def livret(session: ExamSession) -> IssuedDocument:
    return IssuedDocument.objects.get(session=session, kind=Kind.BOOKLET, corrects=None)


def test_a_partial_success_has_a_livret_with_the_date_and_the_minutes_of_its_block():
    session = deliberated(PARTIAL)

    pv = awards.issued(session)

    document, candidate = livret(session), session.candidates.get()
    assert (document.state, document.candidate) == (State.ISSUED, candidate)
    assert not IssuedDocument.objects.filter(kind=Kind.CERTIFICATE).exists()
    held = HeldBlock.objects.get()
    assert (held.block, held.pv_reference, held.obtained_on) == ("CCP1", pv.number, AT.date())
    assert (held.candidate, held.earned_by) == (
        candidate.enrolment.candidate,
        candidate.enrolment,
    )
    text = read(document)
    assert "Assurer des prestations de services" in text
    assert "20 novembre 2026" in text
    assert pv.number in text
    assert [one["code"] for one in document.data["blocks"]] == ["CCP1"]
    assert [one["code"] for one in document.data["missing"]] == ["CCP2"]
    assert "20 novembre 2027" in text  # the last day to come again without a new training


def test_a_livret_asked_for_again_is_the_first_one_as_it_is():
    session = deliberated(PARTIAL)
    awards.issued(session)
    by, first = session.manager, livret(session)

    again = issue_booklet(candidate=session.candidates.get(), by=by, at=AT)

    assert (again, again.number, again.file) == (first, first.number, first.file)
    assert issue_documents(session=session, by=by, at=AT) == []
    assert IssuedDocument.objects.filter(kind=Kind.BOOKLET).count() == 1
    assert HeldBlock.objects.count() == 1


def test_no_livret_before_the_minutes_are_signed():
    session = deliberated(PARTIAL)
    awards.signed(session)

    with pytest.raises(PvNotSigned):
        issue_booklet(candidate=session.candidates.get(), by=session.manager, at=AT)
    assert not HeldBlock.objects.exists()


def test_who_keeps_nothing_has_no_livret_and_who_obtains_all_has_the_certificate():
    session = deliberated(FAILED, PASSED)
    awards.issued(session)
    failed, passed = session.candidates.order_by("order")

    for candidate in (failed, passed):
        with pytest.raises(NothingKept):
            issue_booklet(candidate=candidate, by=session.manager, at=AT)
    assert not IssuedDocument.objects.filter(kind=Kind.BOOKLET).exists()
    assert IssuedDocument.objects.get(kind=Kind.CERTIFICATE).candidate == passed
    held = HeldBlock.objects.get()
    assert (held.block, held.earned_by) == ("", passed.enrolment)


def test_a_partial_success_is_no_admission():
    session = deliberated(PARTIAL)
    awards.issued_pv(session)

    with pytest.raises(NotAdmitted):
        issue_certificate(candidate=session.candidates.get(), by=session.manager, at=AT)


def test_a_corrected_livret_refers_to_the_first_and_gives_no_block_again():
    session = deliberated(PARTIAL)
    pv = awards.issued(session)
    first, by = livret(session), session.manager
    before = HeldBlock.objects.values().get()
    person = first.candidate.enrolment.candidate
    person.first_name = "Noëlle"
    person.save(update_fields=["first_name"])

    second = correct_document(document=first, reason="Prénom mal saisi.", by=by, at=AT)

    first.refresh_from_db()
    assert first.data["candidate"]["name"].startswith("Noé ")
    assert (second.kind, second.state, second.corrects) == (Kind.BOOKLET, State.ISSUED, first)
    assert second.number != first.number
    assert second.verification_code is None
    text = read(second)
    assert "Noëlle" in text
    assert first.number in text
    assert "Prénom mal saisi." in text
    assert pv.number in text
    assert second.data["blocks"] == first.data["blocks"]
    assert HeldBlock.objects.values().get() == before
    assert issue_booklet(candidate=session.candidates.get(), by=by, at=AT) == second


def test_a_synthesis_test_gives_no_certificate_of_its_block():
    """The certification jury decides of the blocks, from the results of these tests (X-10)."""
    session = awards.deliberated_session(
        passed=(True,), content=two_blocks(certification_jury=True) | {"kind": "rncp"}
    )
    framework = session.version.framework
    framework.kind = "rncp"
    framework.save(update_fields=["kind"])

    awards.issued(session)

    kinds = IssuedDocument.objects.values_list("kind", flat=True)
    assert sorted(kinds) == sorted([Kind.PV, Kind.RESULT_SHEET])
    with pytest.raises(DecidedByCertificationJury):
        issue_certificate(candidate=session.candidates.get(), by=session.manager, at=AT)
    assert not HeldBlock.objects.exists()
