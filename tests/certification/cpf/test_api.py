import pytest

from acquis.certification.cpf.models import Deposit, Passage
from acquis.kernel import jobs
from tests.factories import accounts
from tests.factories import cpf as make

pytestmark = pytest.mark.django_db


def bearer(user):
    return {"Authorization": f"Bearer {accounts.token(user)}"}


def test_a_deposit_is_opened_written_sent_and_answered_by_a_key(
    client, django_capture_on_commit_callbacks
):
    session = make.ready_centre()
    make.holder(session)
    make.holder(session, sex="")
    headers = bearer(session.manager)

    listed = client.get("/api/v1/cpf/deliveries", headers=headers).json()["items"]
    assert [one["lacks"] for one in listed] == [[], ["sex"]]
    assert listed[0]["due"] == "2027-02-21"
    opened = client.post(
        "/api/v1/cpf/deposits",
        {"deliveries": [listed[0]["id"]]},
        content_type="application/json",
        headers=headers,
    )
    assert opened.status_code == 201
    while jobs.run_due(now=make.NOW):
        pass
    deposit = f"/api/v1/cpf/deposits/{opened.json()['id']}"
    found = client.get(deposit, headers=headers).json()
    assert (found["state"], found["files"][0]["count"]) == ("ready", 1)
    file = client.get(f"/api/v1/cpf/files/{found['files'][0]['id']}", headers=headers)
    assert b"cpf:flux" in b"".join(file.streaming_content)
    assert client.post(f"{deposit}/sent", headers=headers).json()["state"] == "sent"
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    said = make.report(
        Deposit.objects.get().files.get(), accepted=[Passage.objects.get().technical_id]
    )
    read = client.post(
        "/api/v1/cpf/reports", {"report": SimpleUploadedFile("r.xml", said)}, headers=headers
    )
    assert (read.status_code, read.json()["accepted"]) == (201, 1)
    lines = client.get(f"{deposit}/passages", headers=headers).json()["items"]
    assert lines[0]["state"] == "accepted"
    assert client.get("/api/v1/cpf/deposits", headers=headers).json()["items"][0]["total"] == 1


def test_a_refusal_is_a_problem_and_another_centre_s_key_sees_nothing(client):
    session = make.session()
    headers = bearer(session.manager)
    refused = client.post(
        "/api/v1/cpf/deposits", {}, content_type="application/json", headers=headers
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "cpf.no_account")
    theirs = make.ready_centre()
    make.holder(theirs)
    deposit = make.written(theirs)
    for address in (
        f"deposits/{deposit.pk}",
        f"deposits/{deposit.pk}/passages",
        f"files/{deposit.files.get().pk}",
    ):
        assert client.get(f"/api/v1/cpf/{address}", headers=headers).status_code == 404
    sent = client.post(f"/api/v1/cpf/deposits/{deposit.pk}/sent", headers=headers)
    assert sent.status_code == 404
    assert client.get("/api/v1/cpf/deliveries", headers=headers).json()["items"] == []
