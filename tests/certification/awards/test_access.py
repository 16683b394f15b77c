"""Who reads a session's documents, who issues them, and whose result a result is."""

import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.certification.awards import access
from acquis.certification.awards.models import IssuedDocument
from tests.factories import awards, grading

pytestmark = pytest.mark.django_db


def finds(ask, *given) -> bool:
    try:
        ask(*given)
    except Http404:
        return False
    return True


def test_the_jury_and_the_managers_read_and_only_the_managers_issue():
    session = awards.deliberated_session(passed=(True,))
    pv = awards.written(session)
    place = session.organisation
    absent = grading.add_juror(session, present=False).juror.user
    not_noted = grading.add_juror(session, present=None).juror.user
    people = {
        session.manager: (True, True),
        grading.person(Role.CERTIFYING_BODY, organisation=place): (True, True),
        awards.jurors(session)[0]: (True, False),
        not_noted: (True, False),
        absent: (False, False),
        grading.person(Role.INVIGILATOR, organisation=place): (False, False),
        grading.session().manager: (False, False),
    }

    for person, (reads, issues) in people.items():
        assert finds(access.readable_session, person, session.pk) is reads
        assert finds(access.readable_document, person, pv.pk) is reads
        assert finds(access.issuing_session, person, session.pk) is issues
        assert finds(access.issuing_document, person, pv.pk) is issues
    assert not finds(access.readable_document, session.manager, 10**9)


def test_a_result_is_its_candidate_s_once_it_is_issued():
    session = awards.deliberated_session()
    awards.issued_pv(session)
    candidate, other = (seat.enrolment.candidate.user for seat in session.candidates.all())
    sheet = IssuedDocument.objects.get(
        kind=IssuedDocument.Kind.RESULT_SHEET, candidate__enrolment__candidate__user=candidate
    )
    assert not finds(access.own_document, candidate, sheet.pk)

    awards.issue_documents(session=session, by=session.manager, at=grading.AT)

    assert access.own_document(candidate, sheet.pk) == sheet
    for person in (other, session.manager):
        assert not finds(access.own_document, person, sheet.pk)
