"""Signed twice at once, numbered by several at once: one signature, no gap."""

import pytest
from django.db import transaction

from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.actions.write_documents import take_number, write_documents
from acquis.certification.awards.models import IssuedDocument, NumberSeries, Signature
from acquis.kernel import trace
from tests.certification.grading.test_in_parallel import at_once
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db(transaction=True)


def test_numbers_drawn_at_once_have_no_gap_and_no_double():
    organisation = grading.session(candidates=0, jurors=0).organisation

    def draw():
        with transaction.atomic():
            return take_number(organisation.pk, "pv", grading.AT)

    drawn = at_once([draw] * 6)

    assert sorted(drawn) == [f"PV-2026-{rank:04}" for rank in range(1, 7)]


def test_a_number_is_given_back_when_its_document_is_not_kept():
    organisation = grading.session(candidates=0, jurors=0).organisation
    with transaction.atomic():
        take_number(organisation.pk, "pv", grading.AT)
        transaction.set_rollback(True)

    with transaction.atomic():
        assert take_number(organisation.pk, "pv", grading.AT) == "PV-2026-0001"
    assert NumberSeries.objects.get().last == 1


def test_minutes_written_twice_at_once_are_written_once():
    session = awards.deliberated_session()

    written = at_once(
        [lambda: write_documents(session=session, by=session.manager, at=grading.AT)] * 3
    )

    assert len({one.pk for one in written}) == 1
    assert IssuedDocument.objects.count() == 3


def test_a_double_click_on_sign_is_one_signature():
    session = awards.deliberated_session(passed=(True,))
    pv = awards.written(session)
    juror = awards.jurors(session)[0]

    at_once(
        [lambda: sign_document(document=pv, by=juror, at=grading.AT, password=grading.PASSWORD)] * 3
    )

    assert Signature.objects.count() == 1
    assert trace.verify(session.trace_stream) == []


def test_a_double_click_on_countersign_issues_once():
    session = awards.deliberated_session(passed=(True,))
    pv = awards.signed(session)

    at_once(
        [
            lambda: countersign(
                document=pv, by=session.manager, at=grading.AT, password=grading.PASSWORD
            )
        ]
        * 2
    )

    assert Signature.objects.count() == 3
    assert trace.lines(session.trace_stream).filter(verb="document.issued").count() == 1
