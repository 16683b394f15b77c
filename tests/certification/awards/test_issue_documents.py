import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.freeze import freeze
from acquis.certification.awards.actions.issue_documents import (
    issue_certificate,
    issue_documents,
)
from acquis.certification.awards.errors import (
    AlreadyCorrected,
    NotAdmitted,
    PvNotSigned,
    ReasonMissing,
)
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.rendering import pdf_of
from acquis.certification.registrations.models import HeldBlock
from acquis.kernel import crypto, files, jobs, trace
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db

Kind, State = IssuedDocument.Kind, IssuedDocument.State


def read(document):
    reader = PdfReader(io.BytesIO(files.read(document.file)))
    return reader, re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in reader.pages))


def fonts_of(reader):
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            named = font.get_object()
            descendant = named["/DescendantFonts"][0].get_object()
            found[named["/BaseFont"]] = descendant["/FontDescriptor"].get_object()
    return found


def of_kind(kind):
    return IssuedDocument.objects.filter(kind=kind).order_by("pk")


def test_nothing_is_issued_before_the_minutes_are_signed_by_all():
    session = awards.deliberated_session()
    awards.signed(session)

    with pytest.raises(PvNotSigned):
        issue_documents(session=session, by=session.manager, at=grading.AT)
    with pytest.raises(PvNotSigned):
        issue_certificate(candidate=session.candidates.first(), by=session.manager, at=grading.AT)
    assert not IssuedDocument.objects.filter(state=State.ISSUED).exists()


def test_each_candidate_gets_a_result_sheet_and_the_admitted_ones_a_certificate():
    session = awards.deliberated_session()

    awards.issued(session)

    assert of_kind(Kind.RESULT_SHEET).filter(state=State.ISSUED).count() == 2
    certificate = of_kind(Kind.CERTIFICATE).get()
    assert certificate.candidate.deliberation.outcome == "passed"


def test_issuing_again_issues_nothing_more():
    session = awards.deliberated_session()
    awards.issued(session)

    assert issue_documents(session=session, by=session.manager, at=grading.AT) == []


def test_a_certificate_asked_for_again_is_the_first_one_as_it_is():
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    first = of_kind(Kind.CERTIFICATE).get()
    by = session.manager

    assert issue_certificate(candidate=session.candidates.get(), by=by, at=grading.AT) == first
    assert freeze(document=first, by=by, at=grading.AT).file == first.file

    assert of_kind(Kind.CERTIFICATE).count() == 1
    issued = trace.lines(session.trace_stream).filter(verb="document.issued")
    assert [line.data["number"] for line in issued].count(first.number) == 1


def test_a_refused_candidate_has_no_certificate():
    session = awards.deliberated_session(passed=(False,))
    awards.issued(session)

    with pytest.raises(NotAdmitted):
        issue_certificate(candidate=session.candidates.get(), by=session.manager, at=grading.AT)


def test_the_job_issues_with_progress_and_leads_back_to_the_session():
    session = awards.deliberated_session()
    awards.issued_pv(session)

    assert jobs.run_due(now=timezone.now())

    job = jobs.Job.objects.get(kind="awards.issue")
    assert (job.state, job.done, job.total) == ("done", 4, 4)
    assert job.result["links"][0]["url"].endswith(f"/sessions/{session.pk}/")


def test_the_printed_minutes_say_names_decisions_signatures_and_pages():
    session = awards.deliberated_session()
    pv = awards.issued(session)

    reader, text = read(pv)

    for person in session.candidates.all():
        assert person.enrolment.candidate.full_name in text
    assert "Admis" in text
    assert "Refusé" in text
    assert "La reformulation a été entendue à la quatrième minute." in text
    assert text.count("Signé électroniquement") == 3
    assert "Responsable de session (contreseing)" in text
    assert pv.data["trace"]["fingerprint"] in text.replace(" ", "")
    assert pv.data_sha256 in text.replace(" ", "")
    for number, page in enumerate(reader.pages, start=1):
        assert f"{number}/{len(reader.pages)}" in page.extract_text()


def test_every_document_embeds_its_fonts_and_is_archivable():
    awards.issued(awards.deliberated_session(passed=(True,)))

    for document in IssuedDocument.objects.all():
        reader, _text = read(document)
        fonts = fonts_of(reader)
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts.values())
        metadata = reader.xmp_metadata.stream.get_data().decode()
        assert "pdfaid" in metadata
        assert reader.metadata.title.endswith(document.number)


def test_a_draft_says_on_its_pages_that_it_is_not_signed():
    pv = awards.written(awards.deliberated_session(passed=(True,)))

    text = PdfReader(io.BytesIO(pdf_of(pv, draft=True))).pages[0].extract_text()

    assert "document non signé" in text


def test_a_result_sheet_gives_the_decisions_and_the_words_of_the_jury():
    awards.issued(awards.deliberated_session(passed=(False,)))

    _reader, text = read(of_kind(Kind.RESULT_SHEET).get())

    assert "Refusé" in text
    assert "Prestation claire ; conclusion d’appel à travailler." in text.replace("'", "’")
    assert "Non acquis" in text
    assert "PV-2026-0001" in text


def test_a_certificate_carries_a_code_that_cannot_be_misread():
    awards.issued(awards.deliberated_session(passed=(True,)))
    certificate = of_kind(Kind.CERTIFICATE).get()

    _reader, text = read(certificate)

    assert set(certificate.verification_code) <= set(crypto.LETTERS + crypto.DIGITS + "-")
    assert certificate.verification_code in text
    assert certificate.candidate.enrolment.candidate.full_name in text
    assert "PV-2026-0001" in text


def test_a_correction_is_a_new_document_that_refers_to_the_first_which_stays():
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    first = of_kind(Kind.CERTIFICATE).get()
    person = first.candidate.enrolment.candidate
    person.first_name = "Noëlle"
    person.save()

    second = correct_document(
        document=first, reason="Prénom mal saisi.", by=session.manager, at=grading.AT
    )

    first.refresh_from_db()
    assert first.data["candidate"]["name"].startswith("Noé ")
    assert (second.number, second.corrects, second.state) == (
        "CERT-2026-0002",
        first,
        State.ISSUED,
    )
    _reader, text = read(second)
    assert "Noëlle" in text
    assert "Annule et remplace le certificat CERT-2026-0001 : Prénom mal saisi." in text


def test_a_correction_needs_a_reason_and_a_document_is_corrected_once():
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    first = of_kind(Kind.RESULT_SHEET).get()

    with pytest.raises(ReasonMissing):
        correct_document(document=first, reason=" ", by=session.manager, at=grading.AT)
    correct_document(document=first, reason="Faute.", by=session.manager, at=grading.AT)
    with pytest.raises(AlreadyCorrected):
        correct_document(document=first, reason="Encore.", by=session.manager, at=grading.AT)


def test_corrected_minutes_are_signed_again_before_anything_else_is_issued():
    session = awards.deliberated_session(passed=(True,))
    first = awards.issued(session)

    second = correct_document(
        document=first, reason="Lieu mal saisi.", by=session.manager, at=grading.AT
    )

    assert second.state == State.SIGNING
    with pytest.raises(PvNotSigned):
        issue_documents(session=session, by=session.manager, at=grading.AT)
    for juror in awards.jurors(session):
        awards.sign_document(document=second, by=juror, at=grading.AT, password=grading.PASSWORD)
    awards.countersign(
        document=second, by=session.manager, at=grading.AT, password=grading.PASSWORD
    )
    second.refresh_from_db()
    assert second.state == State.ISSUED


def test_what_was_obtained_is_written_in_the_livret_of_the_admitted_only():
    session = awards.deliberated_session()
    pv = awards.issued_pv(session)

    for _twice in range(2):
        issue_documents(session=session, by=session.manager, at=grading.AT)

    admitted = session.candidates.get(deliberation__outcome="passed")
    held = HeldBlock.objects.get()
    assert (held.candidate, held.earned_by) == (admitted.enrolment.candidate, admitted.enrolment)
    assert (held.block, held.pv_reference) == (admitted.enrolment.block, pv.number)
    assert held.obtained_on == timezone.localtime(admitted.deliberation.closed_at).date()
