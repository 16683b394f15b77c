"""The seal of what a session issues: by a job, once each, and what people are given."""

import io

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from acquis.accounts.enums import Role
from acquis.certification.awards import tasks
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.seal_documents import seal_documents
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.queries import sessions_to_seal, to_seal
from acquis.certification.seals import checking
from acquis.certification.seals.errors import NoCertificate
from acquis.certification.seals.models import Seal
from acquis.kernel import files, jobs, trace
from acquis.kernel.models import Job
from acquis.kernel.testing import StrictClient
from tests.factories import awards, grading, seals

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return awards.deliberated_session()


def work():
    while jobs.run_due(now=timezone.now()):
        pass


def roots():
    return [seals.identity().above[-1].public_bytes(Encoding.DER)]


def client_of(person):
    client = StrictClient()
    client.force_login(person)
    return client


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_minutes_sheets_and_certificates_are_sealed_by_jobs(session):
    seals.loaded(session.organisation)
    pv = awards.issued_pv(session)

    work()

    documents = IssuedDocument.objects.filter(session=session, state="issued")
    assert documents.count() == 5  # minutes, two sheets, a certificate, a livret
    assert Seal.objects.count() == 5
    assert not Job.objects.exclude(state=Job.State.DONE).exists()
    given = body(client_of(session.manager).get(reverse("awards:download", args=[pv.pk])))
    (report,) = checking.check_pdf(given, roots=roots())
    assert report.is_valid
    assert given.startswith(files.read(pv.file))
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(given)).pages)
    assert pv.data["trace"]["fingerprint"] in text.replace("\n", "").replace(" ", "")
    verbs = list(trace.lines(session.trace_stream).values_list("verb", flat=True))
    assert verbs.count("document.sealed") == 5


def test_without_a_certificate_all_is_issued_and_nothing_is_sealed(session):
    pv = awards.issued(session)
    work()

    assert not Seal.objects.exists()
    given = body(client_of(session.manager).get(reverse("awards:download", args=[pv.pk])))
    assert given == files.read(pv.file)
    with pytest.raises(NoCertificate):
        seal_documents(session=session, by=session.manager, at=grading.AT)


def test_sealing_again_changes_nothing_and_progress_is_told(session):
    awards.issued(session)
    seals.loaded(session.organisation)
    told = []
    first = seal_documents(
        session=session, by=session.manager, at=grading.AT, progress=lambda *said: told.append(said)
    )

    assert len(first) == 5
    assert [done for done, _total, _text in told] == [0, 1, 2, 3, 4, 5]
    assert seal_documents(session=session, by=session.manager, at=grading.AT) == []
    assert not to_seal(session).exists()


def test_the_page_offers_to_seal_what_was_issued_before(session):
    awards.issued(session)
    client = client_of(session.manager)
    page = reverse("awards:session", args=[session.pk])
    before = client.get(page)
    refused = client.post(reverse("awards:seal", args=[session.pk]))
    seals.loaded(session.organisation)

    offered = client.get(page)
    client.post(reverse("awards:seal", args=[session.pk]))
    work()

    assert "Sceller les documents" not in before.text
    assert refused.status_code == 422
    assert "Sceller les documents" in offered.text
    after = client.get(page)
    assert "Sceller les documents" not in after.text
    assert after.text.count("Scellé") == 5


def test_others_seal_nothing_by_direct_request(session):
    awards.issued(session)
    seals.loaded(session.organisation)
    elsewhere = grading.session().manager

    for person, status in (
        (awards.jurors(session)[0], 403),
        (elsewhere, 404),
        (grading.person(Role.INVIGILATOR, organisation=session.organisation), 403),
    ):
        answer = client_of(person).post(reverse("awards:seal", args=[session.pk]))
        assert answer.status_code == status
    assert not Job.objects.filter(kind="awards.seal").exists()


def test_the_round_finds_what_was_left_and_only_what_came_after_the_certificate(session):
    awards.issued(session)
    assert not sessions_to_seal(grading.AT).exists()
    certificate = seals.loaded(session.organisation)
    Job.objects.all().delete()

    tasks.look_for_unsealed(grading.AT)
    assert Job.objects.filter(kind="awards.seal").count() == 1
    certificate.loaded_at = grading.AT.replace(year=2090)
    certificate.save()
    assert not sessions_to_seal(grading.AT).exists()


def test_a_correction_is_sealed_as_well_and_the_first_stays(session):
    seals.loaded(session.organisation)
    awards.issued(session)
    work()
    first = IssuedDocument.objects.get(session=session, kind="certificate")

    second = correct_document(
        document=first, reason="Prénom mal écrit", by=session.manager, at=grading.AT
    )
    work()

    assert Seal.objects.filter(source=second.file).exists()
    kept = Seal.objects.get(source=first.file)
    assert checking.check_pdf(files.read(kept.file), roots=roots())[0].is_valid


def test_a_candidate_and_the_api_are_given_the_sealed_copy(session):
    seals.loaded(session.organisation)
    awards.issued(session)
    work()
    certificate = IssuedDocument.objects.get(session=session, kind="certificate")
    own = client_of(certificate.candidate.enrolment.candidate.user)

    given = body(own.get(reverse("awards:own_file", args=[certificate.pk])))

    assert checking.check_pdf(given, roots=roots())[0].is_valid


def test_corrected_minutes_refer_to_the_first_and_are_signed_and_sealed_anew(session):
    seals.loaded(session.organisation)
    pv = awards.issued(session)
    work()

    second = correct_document(
        document=pv, reason="Lieu mal écrit", by=session.manager, at=grading.AT
    )
    assert second.data["corrects"]["number"] == pv.number
    assert second.state == IssuedDocument.State.SIGNING
    for juror in awards.jurors(session):
        awards.sign_document(document=second, by=juror, at=grading.AT, password=grading.PASSWORD)
    awards.countersign(
        document=second, by=session.manager, at=grading.AT, password=grading.PASSWORD
    )
    work()

    second.refresh_from_db()
    sealed = Seal.objects.get(source=second.file).file
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(files.read(sealed))).pages)
    assert f"annule et remplace le document {pv.number}" in text.replace("\n", " ").replace(
        "\xa0", " "
    )
    pv.refresh_from_db()
    assert pv.corrections.get() == second
    assert checking.check_pdf(files.read(Seal.objects.get(source=pv.file).file), roots=roots())[
        0
    ].is_valid
