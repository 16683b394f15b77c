import pytest
from django.db import IntegrityError, connection, transaction
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.errors import (
    DocumentAltered,
    NotASignatory,
    NotSignable,
    NotTheManager,
    SignaturesMissing,
    WrongOtp,
    WrongPassword,
)
from acquis.certification.awards.models import IssuedDocument, Signature
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import trace
from acquis.kernel.models import Job
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return awards.deliberated_session(passed=(True,))


@pytest.fixture
def pv(session):
    return awards.written(session)


def sign(pv, by, act=sign_document, **given):
    return act(document=pv, by=by, **{"at": grading.AT, "password": grading.PASSWORD} | given)


def test_a_juror_signs_the_fingerprint_of_the_minutes(session, pv):
    president, member = awards.jurors(session)

    signatures = [sign(pv, president), sign(pv, member)]

    assert [one.quality for one in signatures] == ["president", "juror"]
    assert {one.data_sha256 for one in signatures} == {pv.data_sha256}
    assert {one.method for one in signatures} == {"password"}
    assert trace.lines(session.trace_stream).filter(verb="document.signed").count() == 2


def test_a_wrong_password_signs_nothing(session, pv):
    with pytest.raises(WrongPassword):
        sign(pv, awards.jurors(session)[0], password="une autre phrase")
    assert not Signature.objects.exists()


def test_a_second_factor_once_enrolled_is_asked_for(session, pv):
    juror = awards.jurors(session)[0]
    device = TOTPDevice.objects.create(user=juror, name="totp", confirmed=True)

    with pytest.raises(WrongOtp):
        sign(pv, juror)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    signature = sign(pv, juror, otp=f"{totp(device.bin_key):06}")

    assert signature.method == "password+otp"


def test_signing_twice_is_one_signature(session, pv):
    juror = awards.jurors(session)[0]

    assert sign(pv, juror) == sign(pv, juror)
    assert Signature.objects.count() == 1


def test_only_present_jurors_of_the_session_sign(session, pv):
    absent = grading.add_juror(session, present=False).juror.user
    stranger = grading.first_juror(grading.session())

    for person in (absent, stranger, session.manager):
        with pytest.raises(NotASignatory):
            sign(pv, person)


def test_the_manager_countersigns_only_after_every_juror(session, pv):
    first, _second = awards.jurors(session)
    sign(pv, first)

    with pytest.raises(SignaturesMissing) as refusal:
        sign(pv, session.manager, countersign)
    assert session.jurors.last().juror.full_name in str(refusal.value)
    assert Signature.objects.count() == 1


def test_only_the_session_s_manager_countersigns(session, pv):
    awards.signed(session)

    with pytest.raises(NotTheManager):
        sign(pv, awards.jurors(session)[0], countersign)


def test_the_countersignature_issues_frozen_minutes_and_queues_the_results(session, pv):
    awards.signed(session)

    sign(pv, session.manager, countersign)
    sign(pv, session.manager, countersign)

    pv.refresh_from_db()
    session.refresh_from_db()
    assert (pv.state, pv.issued_at) == (IssuedDocument.State.ISSUED, grading.AT)
    assert pv.file.media_type == "application/pdf"
    assert session.state == ExamSession.State.ISSUED
    assert Job.objects.filter(kind="awards.issue").count() == 1


def test_issued_minutes_take_no_signature(session):
    pv = awards.issued_pv(session)
    seat = grading.add_juror(session)

    with pytest.raises(NotSignable):
        sign(pv, seat.juror.user)


def test_the_database_refuses_to_change_what_is_signed_or_issued(session):
    pv = awards.issued_pv(session)

    for act in (
        lambda: IssuedDocument.objects.filter(pk=pv.pk).update(number="PV-2026-9999"),
        lambda: IssuedDocument.objects.filter(pk=pv.pk).update(state="signing"),
        lambda: Signature.objects.update(name="Quelqu’un d’autre"),
        lambda: _raw("DELETE FROM awards_signature"),
        lambda: _raw("DELETE FROM awards_issueddocument"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_database_refuses_to_change_the_data_of_minutes_to_sign(pv):
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.filter(pk=pv.pk).update(data={"kind": "pv"})


def test_minutes_whose_data_no_longer_match_are_not_signed(session, pv):
    if connection.vendor != "sqlite":
        statements = [
            "SET CONSTRAINTS ALL IMMEDIATE",
            "ALTER TABLE awards_issueddocument DISABLE TRIGGER USER",
        ]
    else:
        statements = ["DROP TRIGGER awards_document_frozen"]
    statements.append("UPDATE awards_issueddocument SET data = '{}'")
    for statement in statements:
        _raw(statement)

    with pytest.raises(DocumentAltered):
        sign(pv, awards.jurors(session)[0])


def _raw(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
