import pytest

from acquis.certification.awards.models import IssuedDocument
from tests.factories import accounts as make
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db


def bearer(user):
    return {"Authorization": f"Bearer {make.token(user)}"}


def test_documents_are_listed_read_and_downloaded(client):
    session = awards.deliberated_session(passed=(True,))
    pv = awards.issued(session)
    headers = bearer(session.manager)

    listed = client.get(f"/api/v1/sessions/{session.pk}/documents", headers=headers).json()
    read = client.get(f"/api/v1/documents/{pv.pk}", headers=headers).json()
    file = client.get(f"/api/v1/documents/{pv.pk}/file", headers=headers)

    assert {one["kind"] for one in listed["items"]} == {
        "pv",
        "result_sheet",
        "certificate",
        "booklet",
    }
    assert read["data"]["number"] == pv.number
    assert len(read["signatures"]) == 3
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")


def test_what_is_not_issued_has_no_file(client):
    session = awards.deliberated_session(passed=(True,))
    pv = awards.written(session)

    answer = client.get(f"/api/v1/documents/{pv.pk}/file", headers=bearer(session.manager))

    assert answer.status_code == 404


def test_another_organisation_s_key_sees_nothing(client):
    awards.written(awards.deliberated_session(passed=(True,)))
    headers = bearer(grading.session().manager)

    for document in IssuedDocument.objects.all():
        for path in ("", "/file"):
            answer = client.get(f"/api/v1/documents/{document.pk}{path}", headers=headers)
            assert answer.status_code == 404
        listed = client.get(f"/api/v1/sessions/{document.session_id}/documents", headers=headers)
        assert listed.status_code == 404
