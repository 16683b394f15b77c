import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.errors import (
    AlreadyRevoked,
    NotRevocable,
    ReplacedCertificate,
    RevocationReasonMissing,
    RevokedByTheBody,
)
from acquis.certification.awards.models import IssuedDocument, Revocation
from acquis.certification.registrations.files import lines_in_force
from acquis.certification.registrations.models import HeldBlock
from acquis.kernel import trace
from tests.factories import accounts, awards, grading

pytestmark = pytest.mark.django_db

Kind = IssuedDocument.Kind
REASON = "Attestation d’expérience reconnue fausse."


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def session():
    made = awards.deliberated_session(passed=(True,))
    awards.issued(made)
    return made


@pytest.fixture
def body(session):
    return grading.person(Role.CERTIFYING_BODY, organisation=session.organisation)


def certificate():
    return IssuedDocument.objects.filter(kind=Kind.CERTIFICATE).latest("pk")


def revoked(session, body):
    return revoke_certificate(document=certificate(), reason=REASON, by=body, at=grading.AT)


def public_page(client, document):
    return client.get(reverse("verification:certificate", args=[document.verification_code]))


def test_a_revocation_keeps_who_when_why_and_leaves_the_file(session, body):
    before = certificate()

    revocation = revoked(session, body)

    assert (revocation.document, revocation.reason) == (before, REASON)
    assert (revocation.revoked_by, revocation.revoked_at) == (body, grading.AT)
    assert certificate().file == before.file
    line = trace.lines(session.trace_stream).get(verb="document.revoked")
    assert line.data["number"] == before.number
    assert REASON not in str(line.data)
    assert trace.personal_part(line) == {"reason": REASON}


def test_the_livret_no_longer_holds_what_the_revoked_certificate_attested(session, body):
    assert HeldBlock.objects.count() == 1

    revoked(session, body)

    assert not lines_in_force().exists()
    assert HeldBlock.objects.get().withdrawal_reason == REASON
    assert _told(session, "candidate.block_revoked")


def _told(session, verb):
    return trace.lines(session.candidates.get().enrolment.trace_stream).filter(verb=verb).exists()


def test_a_livret_without_that_line_is_left_as_it_is(session, body):
    HeldBlock.objects.all().delete()

    revoked(session, body)

    assert not _told(session, "candidate.block_revoked")


def test_a_revocation_asks_for_a_reason_and_happens_once(session, body):
    with pytest.raises(RevocationReasonMissing):
        revoke_certificate(document=certificate(), reason=" ", by=body, at=grading.AT)
    revoked(session, body)
    with pytest.raises(AlreadyRevoked):
        revoked(session, body)
    assert Revocation.objects.count() == 1


def test_only_an_issued_certificate_is_revoked(session, body):
    sheet = IssuedDocument.objects.get(kind=Kind.RESULT_SHEET)

    with pytest.raises(NotRevocable):
        revoke_certificate(document=sheet, reason=REASON, by=body, at=grading.AT)


def test_a_replaced_certificate_is_not_revoked_the_one_that_holds_is(session, body):
    first = certificate()
    correct_document(document=first, reason="Prénom.", by=body, at=grading.AT)

    with pytest.raises(ReplacedCertificate) as refused:
        revoke_certificate(document=first, reason=REASON, by=body, at=grading.AT)

    assert certificate().number in str(refused.value)


def test_the_database_refuses_to_change_or_remove_a_revocation(session, body):
    revocation = revoked(session, body)

    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Revocation.objects.update(reason="Rien.")
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        revocation.delete()
    assert Revocation.objects.get().reason == REASON


def test_only_the_certifying_body_gives_a_new_certificate_for_a_revoked_one(session, body):
    revoked(session, body)

    with pytest.raises(RevokedByTheBody):
        correct_document(
            document=certificate(), reason="Erreur.", by=session.manager, at=grading.AT
        )
    new = correct_document(document=certificate(), reason="Erreur.", by=body, at=grading.AT)

    assert new.corrects.revoked
    assert new.revoked is None
    assert lines_in_force().get().pv_reference == "PV-2026-0001"


def test_the_public_page_says_revoked_and_nothing_of_the_reason(session, body, client):
    revoked(session, body)

    text = public_page(client, certificate()).content.decode()

    assert "Certificat révoqué" in text
    assert "Révoqué le" in text
    assert "En vigueur" not in text
    assert "expérience reconnue fausse" not in text


def test_the_public_page_leads_from_any_former_one_to_the_one_that_holds(session, body, client):
    first = certificate()
    second = correct_document(document=first, reason="Prénom.", by=body, at=grading.AT)
    third = correct_document(document=second, reason="Nom.", by=body, at=grading.AT)

    for former in (first, second):
        assert (
            f"/verifier/{third.verification_code}/" in public_page(client, former).content.decode()
        )
    assert "En vigueur" in public_page(client, third).content.decode()


def test_a_revoked_one_leads_to_the_certificate_established_since(session, body, client):
    revoked(session, body)
    first = certificate()
    new = correct_document(document=first, reason="Erreur.", by=body, at=grading.AT)

    text = public_page(client, first).content.decode()

    assert "Certificat révoqué" in text
    assert f"/verifier/{new.verification_code}/" in text


def test_the_public_page_shows_the_five_facts_and_nothing_else(session, client):
    document = certificate()
    person = document.candidate.enrolment.candidate

    text = public_page(client, document).content.decode()

    for shown in (person.full_name, document.data["framework"]["title"], "CCP1 – Assurer"):
        assert shown in text
    for kept in (
        document.number,
        document.data["pv_number"],
        document.data_sha256,
        session.reference,
        session.manager.full_name,
        str(person.birth_date.year),
    ):
        assert kept not in text.replace(document.data["decided_on"], "")


def test_the_certifying_body_revokes_from_the_page_and_typed_words_are_kept(session, body, client):
    client.force_login(body)
    address = reverse("awards:revoke", args=[certificate().pk])
    assert (
        address in client.get(reverse("awards:document", args=[certificate().pk])).content.decode()
    )

    unconfirmed = client.post(address, {"reason": REASON})
    unreasoned = client.post(address, {"reason": " ", "understood": "on"})
    done = client.post(address, {"reason": REASON, "understood": "on"})
    again = client.post(address, {"reason": "Autre.", "understood": "on"})

    assert (unconfirmed.status_code, unreasoned.status_code) == (422, 422)
    assert REASON in unconfirmed.content.decode()
    assert done.status_code == 302
    assert again.status_code == 422
    assert "déjà révoqué" in again.content.decode()
    read = client.get(reverse("awards:document", args=[certificate().pk])).content.decode()
    assert REASON in read
    assert address not in read
    listed = client.get(reverse("awards:session", args=[session.pk])).content.decode()
    assert "Révoqué" in listed


def test_nobody_else_revokes(session, client):
    document = certificate()
    elsewhere = accounts.organisation(slug="ailleurs")
    strangers = [
        session.manager,
        awards.jurors(session)[0],
        document.candidate.enrolment.candidate.user,
        grading.person(Role.CERTIFYING_BODY, organisation=elsewhere),
    ]
    for person in strangers:
        client.force_login(person)
        answer = client.post(
            reverse("awards:revoke", args=[document.pk]), {"reason": "x", "understood": "on"}
        )
        assert answer.status_code in {403, 404}
    assert not Revocation.objects.exists()


def test_a_result_sheet_has_no_page_of_revocation(session, body, client):
    client.force_login(body)
    sheet = IssuedDocument.objects.get(kind=Kind.RESULT_SHEET)

    assert client.get(reverse("awards:revoke", args=[sheet.pk])).status_code == 404


def test_the_holder_reads_that_the_certificate_is_revoked(session, body, client):
    revoked(session, body)
    client.force_login(certificate().candidate.enrolment.candidate.user)

    page = client.get(reverse("awards:own_results")).content.decode()

    assert "révoqué le" in page


def test_the_api_says_when(session, body, client):
    revoked(session, body)
    headers = {"Authorization": f"Bearer {accounts.token(session.manager)}"}

    told = client.get(f"/api/v1/documents/{certificate().pk}", headers=headers).json()

    assert told["revoked_at"].startswith("2026-11-20T14:00")
