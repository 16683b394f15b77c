import pytest
from django.core.cache import cache
from django.urls import reverse

from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.models import IssuedDocument, Signature
from acquis.certification.awards.views import verification
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db

Kind = IssuedDocument.Kind


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def sign_in(client, user):
    client.force_login(user)
    return client


def candidate_user(session):
    return session.candidates.first().enrolment.candidate.user


def test_the_manager_writes_the_minutes_from_the_page_of_the_session(client):
    session = awards.deliberated_session()
    signed = sign_in(client, session.manager)
    address = reverse("awards:session", args=[session.pk])

    assert "Établir le procès-verbal" in signed.get(address).content.decode()
    signed.post(reverse("awards:write", args=[session.pk]))

    page = signed.get(address).content.decode()
    assert "PV-2026-0001" in page
    assert page.count("Signature attendue") == 3


def test_the_signing_page_shows_in_full_what_is_signed(client):
    session = awards.deliberated_session()
    pv = awards.written(session)

    page = sign_in(client, awards.jurors(session)[0]).get(reverse("awards:sign", args=[pv.pk]))

    text = page.content.decode()
    assert pv.data_sha256 in text
    assert "Refusé" in text
    assert "La reformulation a été entendue" in text
    assert 'name="otp"' not in text


def test_a_juror_signs_with_their_password(client):
    session = awards.deliberated_session()
    pv = awards.written(session)
    signed = sign_in(client, awards.jurors(session)[0])
    address = reverse("awards:sign", args=[pv.pk])

    refused = signed.post(address, {"password": "autre"})
    accepted = signed.post(address, {"password": grading.PASSWORD})

    assert refused.status_code == 422
    assert accepted.status_code == 302
    assert Signature.objects.get().signer == awards.jurors(session)[0]


def test_the_manager_countersigns_and_the_minutes_open_as_pdf(client):
    session = awards.deliberated_session()
    pv = awards.signed(session)
    signed = sign_in(client, session.manager)
    draft = signed.get(reverse("awards:download", args=[pv.pk]))

    signed.post(reverse("awards:countersign", args=[pv.pk]), {"password": grading.PASSWORD})

    final = signed.get(reverse("awards:download", args=[pv.pk]))
    content = b"".join(final.streaming_content)
    assert "projet" in draft["Content-Disposition"]
    assert content.startswith(b"%PDF")
    assert content == signed_bytes(pv)


def signed_bytes(pv):
    pv.refresh_from_db()
    with pv.file.content.open("rb") as stream:
        return stream.read()


def test_documents_are_closed_to_other_organisations_and_to_candidates(client):
    session = awards.deliberated_session()
    pv = awards.written(session)
    elsewhere = grading.session()

    for person in (elsewhere.manager, grading.first_juror(elsewhere), candidate_user(session)):
        signed = sign_in(client, person)
        for name, pk in (("session", session.pk), ("document", pv.pk), ("download", pv.pk)):
            assert signed.get(reverse(f"awards:{name}", args=[pk])).status_code in {403, 404}


def test_a_correction_asks_for_its_reason(client):
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    sheet = IssuedDocument.objects.get(kind=Kind.RESULT_SHEET)
    signed = sign_in(client, session.manager)
    address = reverse("awards:correct", args=[sheet.pk])

    assert signed.post(address, {"reason": ""}).status_code == 422
    assert signed.post(address, {"reason": "Nom mal saisi."}).status_code == 302
    assert (
        "rectifie FIR-2026-0001"
        in signed.get(reverse("awards:session", args=[session.pk])).content.decode()
    )


def test_a_correction_shows_what_the_record_of_the_candidate_says_since(client):
    session = awards.deliberated_session(passed=(True,))
    pv = awards.issued(session)
    certificate = IssuedDocument.objects.get(kind=Kind.CERTIFICATE)
    person = certificate.candidate.enrolment.candidate
    signed = sign_in(client, session.manager)

    same = signed.get(reverse("awards:correct", args=[certificate.pk])).content.decode()
    person.birth_name = "Kervadec"
    person.save()
    changed = signed.get(reverse("awards:correct", args=[certificate.pk])).content.decode()
    minutes = signed.get(reverse("awards:correct", args=[pv.pk])).content.decode()

    assert "dit la même identité" in same
    assert reverse("registrations:edit", args=[person.pk]) in same
    assert "<ins>Kervadec</ins>" in changed
    assert "dit la même identité" not in changed
    assert "La fiche du candidat" not in minutes


def test_a_candidate_sees_their_results_only_once_issued(client):
    session = awards.deliberated_session(passed=(True,))
    person = candidate_user(session)
    awards.issued_pv(session)
    signed = sign_in(client, person)
    before = signed.get(reverse("awards:own_results")).content.decode()

    awards.issue_documents(session=session, by=session.manager, at=grading.AT)
    after = signed.get(reverse("awards:own_results")).content.decode()

    assert "Pas encore de résultat" in before
    assert "Admis" not in before
    assert "Admis" in after
    assert "CERT-2026-0001" in after


def test_a_candidate_opens_their_own_files_and_nobody_else_s(client):
    session = awards.deliberated_session()
    awards.issued(session)
    own, other = IssuedDocument.objects.filter(kind=Kind.RESULT_SHEET).order_by("candidate__order")
    signed = sign_in(client, candidate_user(session))

    opened = signed.get(reverse("awards:own_file", args=[own.pk]))
    assert b"".join(opened.streaming_content).startswith(b"%PDF")
    assert signed.get(reverse("awards:own_file", args=[other.pk])).status_code == 404
    pv = IssuedDocument.objects.get(kind=Kind.PV)
    assert signed.get(reverse("awards:own_file", args=[pv.pk])).status_code == 404


def test_anybody_verifies_a_certificate_and_learns_only_what_it_prints(client):
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    certificate = IssuedDocument.objects.get(kind=Kind.CERTIFICATE)
    person = certificate.candidate.enrolment.candidate
    typed = certificate.verification_code.replace("-", "").lower()

    page = client.get(reverse("verification:certificate", args=[typed])).content.decode()

    assert person.full_name in page
    assert "En vigueur" in page
    assert person.email not in page
    assert person.reference not in page
    assert "Prestation claire" not in page


def test_a_replaced_certificate_says_so(client):
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    certificate = IssuedDocument.objects.get(kind=Kind.CERTIFICATE)
    correct_document(document=certificate, reason="Prénom.", by=session.manager, at=grading.AT)

    page = client.get(
        reverse("verification:certificate", args=[certificate.verification_code])
    ).content.decode()

    assert "Remplacé" in page
    assert "En vigueur" not in page


def test_an_unknown_code_is_told_as_such(client):
    answer = client.get(reverse("verification:certificate", args=["HK6F-XF9X-MMHM"]))

    assert answer.status_code == 404
    assert 'value="HK6F-XF9X-MMHM"' in answer.content.decode()


def test_a_mangled_code_is_told_back_as_it_was_read_and_no_code_at_all_asks_for_one(client):
    mangled = client.get(reverse("verification:certificate", args=["hk6f-"]))
    nothing = client.get(reverse("verification:form"), {"code": " - "})

    assert "« HK6F »" in mangled.content.decode().replace("\xa0", " ")
    assert 'value="HK6F"' in mangled.content.decode()
    assert nothing.status_code == 200
    assert "Recopiez le code" in nothing.content.decode()


def test_verifications_without_end_are_slowed_down(client, monkeypatch):
    monkeypatch.setattr(verification, "LOOKUPS", 2)
    address = reverse("verification:certificate", args=["HK6F-XF9X-MMHM"])

    statuses = [client.get(address).status_code for _ in range(3)]

    assert statuses == [404, 404, 429]


def test_a_typed_code_leads_to_its_certificate(client):
    answer = client.get(reverse("verification:form"), {"code": "hk6fxf9xmmhm"})

    assert answer["Location"].endswith("/verifier/HK6F-XF9X-MMHM/")


def test_the_page_of_documents_asks_the_database_as_often_for_three_as_for_one(
    client, count_queries
):
    counts = []
    for number in (1, 3):
        session = awards.deliberated_session(passed=(True,) * number)
        awards.issued(session)
        sign_in(client, session.manager)
        address = reverse("awards:session", args=[session.pk])
        counts.append(count_queries(lambda address=address: client.get(address)))

    assert counts[0] == counts[1]
