"""What a jury that decides over blocks reads: the sheets of the blocks' own exams (X-10)."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User
from acquis.certification.awards import access
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.queries import papers_of_blocks
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations.models import Candidate
from tests.factories import awards, grading
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def two_blocks() -> dict[str, Any]:
    content = grading.content()
    second = {**content["blocks"][0], "code": "CCP2", "title": "Vendre"}
    return content | {"kind": "rncp", "blocks": [*content["blocks"], second]}


@pytest.fixture
def block() -> ExamSession:
    """The exam of a block: its sheet is issued."""
    session = awards.deliberated_session(passed=(True,), content=two_blocks())
    awards.issued(session)
    return session


@pytest.fixture
def sheet(block: ExamSession) -> IssuedDocument:
    return IssuedDocument.objects.get(session=block, kind=IssuedDocument.Kind.RESULT_SHEET)


@pytest.fixture
def seat(block: ExamSession) -> SessionCandidate:
    """The same person before the certification jury, of other people."""
    whole = ExamSession.objects.create(
        organisation=block.organisation,
        reference="S-CERT",
        version=block.version,
        block="",
        state=ExamSession.State.CLOSED,
        starts_at=grading.AT,
        place="Lille",
        manager=block.manager,
        created_at=grading.AT,
    )
    grading.add_juror(whole, president=True)
    grading.add_juror(whole)
    person = block.candidates.get().enrolment.candidate
    return SessionCandidate.objects.create(
        session=whole,
        enrolment=make.enrolment(person, block.version, block="", created_at=grading.AT),
        order=1,
        present=True,
    )


def sheets(seat: SessionCandidate) -> QuerySet[IssuedDocument]:
    """Without the livret that the factory's titre professionnel gives as well."""
    return papers_of_blocks(seat).filter(kind=IssuedDocument.Kind.RESULT_SHEET)


def reads(user: User, document: IssuedDocument) -> bool:
    try:
        access.readable_document(user, document.pk)
    except Http404:
        return False
    return True


def test_the_certification_jury_reads_the_sheets_of_the_blocks_and_nothing_else(block, sheet, seat):
    juror = grading.first_juror(seat.session)
    absent = grading.add_juror(seat.session, present=False).juror.user
    elsewhere = grading.first_juror(grading.session())
    pv = IssuedDocument.objects.get(session=block, kind=IssuedDocument.Kind.PV)

    assert list(sheets(seat)) == [sheet]
    assert [reads(one, sheet) for one in (juror, absent, elsewhere)] == [True, False, False]
    assert not reads(juror, pv)
    assert not access.reads_session(juror, block)


def test_of_a_corrected_sheet_the_correction_is_read(sheet, seat):
    correction = correct_document(
        document=sheet, reason="Une lettre manquait.", by=seat.session.manager, at=grading.AT
    )
    if correction.state != IssuedDocument.State.ISSUED:
        issue_documents(session=sheet.session, by=seat.session.manager, at=grading.AT)

    assert list(sheets(seat)) == [correction]


def test_another_person_s_sheet_stays_closed(sheet, seat):
    other = awards.deliberated_session(passed=(True,), content=two_blocks())
    awards.issued(other)
    theirs = IssuedDocument.objects.get(session=other, kind=IssuedDocument.Kind.RESULT_SHEET)

    assert not reads(grading.first_juror(seat.session), theirs)


def test_only_a_seat_over_blocks_has_this_page(client, block, seat):
    juror = grading.first_juror(seat.session)
    client.force_login(juror)

    assert client.get(reverse("awards:blocks", args=[seat.pk])).status_code == 200
    assert client.get(reverse("awards:blocks", args=[block.candidates.get().pk])).status_code == 404
    client.force_login(grading.first_juror(grading.session()))
    assert client.get(reverse("awards:blocks", args=[seat.pk])).status_code == 404


def test_the_page_says_the_result_and_its_reasons_and_opens_the_sheet(client, sheet, seat):
    client.force_login(grading.first_juror(seat.session))

    page = client.get(reverse("awards:blocks", args=[seat.pk])).content.decode()

    assert "Résultats à l’épreuve de synthèse" in page
    assert sheet.data["candidate"]["reasons"] in page
    assert "Aucun résultat" in page  # the second block
    document = client.get(reverse("awards:document", args=[sheet.pk]))
    assert document.status_code == 200
    address = reverse("awards:session", args=[sheet.session_id])
    assert address not in document.content.decode()
    file = client.get(reverse("awards:download", args=[sheet.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")


def test_before_any_sheet_is_issued_the_page_says_so(client, seat):
    empty = SessionCandidate.objects.create(
        session=seat.session,
        enrolment=make.enrolment(
            make.candidate(organisation=seat.session.organisation),
            seat.session.version,
            block="",
            created_at=grading.AT,
        ),
        order=2,
        present=True,
    )
    manager = grading.person(Role.CERTIFYING_BODY, organisation=seat.session.organisation)
    client.force_login(manager)

    page = client.get(reverse("awards:blocks", args=[empty.pk])).content.decode()

    assert "Aucune fiche de résultat émise" in page


def test_a_decision_agrees_with_the_person_it_is_about(block):
    person = block.candidates.get().enrolment.candidate
    deliberation = block.candidates.get().deliberation
    said = []
    for sex in (Candidate.Sex.FEMALE, Candidate.Sex.MALE, ""):
        person.sex = sex
        deliberation.candidate.enrolment.candidate = person
        said.append(deliberation.outcome_words)

    assert said == ["Admise", "Admis", "Admis"]
