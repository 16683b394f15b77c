"""What a centre asks of who signs: the password, and a code where its rule says so."""

import pytest
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts.enums import SigningRule
from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.errors import SecondFactorNeeded
from acquis.certification.awards.models import IssuedDocument, Signature
from acquis.certification.awards.rendering import pdf_of
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return awards.deliberated_session(passed=(True,), signing=SigningRule.SECOND_FACTOR)


@pytest.fixture
def pv(session):
    return awards.written(session)


def enrolled(person):
    return TOTPDevice.objects.create(user=person, name="totp", confirmed=True)


def sign(pv, by, act=sign_document, otp=""):
    return act(document=pv, by=by, at=grading.AT, password=grading.PASSWORD, otp=otp)


def test_a_new_centre_asks_each_signatory_for_a_code(session):
    organisation = session.organisation
    assert organisation._meta.get_field("signing").default == SigningRule.SECOND_FACTOR


def test_who_has_no_second_factor_signs_nothing_and_is_told_how_to_enrol(session, pv):
    with pytest.raises(SecondFactorNeeded) as refusal:
        sign(pv, awards.jurors(session)[0])

    assert session.organisation.name in str(refusal.value)
    assert "Activez la vérification en deux étapes" in str(refusal.value)
    assert not Signature.objects.exists()


def test_each_signs_with_their_own_second_factor_and_the_method_is_kept(session, pv):
    for juror in awards.jurors(session):
        sign(pv, juror, otp=f"{totp(enrolled(juror).bin_key):06}")
    with pytest.raises(SecondFactorNeeded):  # the jurors' codes are not the manager's
        sign(pv, session.manager, countersign)
    enrolled(session.manager)
    sheet = StaticDevice.objects.create(user=session.manager, name="recovery", confirmed=True)
    sheet.token_set.create(token="BCDFG-HJKMP")

    sign(pv, session.manager, countersign, otp="bcdfg-hjkmp")

    assert [one.method for one in Signature.objects.order_by("pk")] == [
        "password+otp",
        "password+otp",
        "password+recovery",
    ]
    lines = trace.lines(session.trace_stream).filter(verb="document.signed")
    assert [line.data["method"] for line in lines] == [
        "password+otp", "password+otp", "password+recovery",
    ]  # fmt: skip
    pv.refresh_from_db()
    assert pv.state == IssuedDocument.State.ISSUED
    assert b"%PDF" in pdf_of(pv)[:8]


def test_the_page_tells_the_rule_and_the_way_and_a_request_by_hand_signs_nothing(session, pv):
    client = StrictClient()
    client.force_login(awards.jurors(session)[0])
    page = reverse("awards:sign", args=[pv.pk])

    read = client.get(page)
    by_hand = client.post(page, {"password": grading.PASSWORD, "otp": "123456"})

    assert f"{session.organisation.name} demande" in read.text.replace("\xa0", " ")
    assert reverse("accounts:second_factor_begin") in read.text
    assert f'name="next" value="{page}"' in read.text
    assert 'name="password"' not in read.text
    assert by_hand.status_code == 422
    assert not Signature.objects.exists()


def test_a_looser_rule_takes_the_password_and_says_what_would_be_safer(pv, session):
    session.organisation.signing = SigningRule.WHEN_ENROLLED
    session.organisation.save()
    client = StrictClient()
    client.force_login(awards.jurors(session)[0])
    page = reverse("awards:sign", args=[pv.pk])

    read = client.get(page)
    done = client.post(page, {"password": grading.PASSWORD}, follow=True)

    assert "Votre mot de passe suffit ici" in read.text
    assert "Mot de passe redonné" in done.text
    assert Signature.objects.get().method == "password"
