"""A decision that was annulled gives no document, and takes back those it gave (X-06, X-09)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.awards import queries
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.actions.correct_livrets import correct_livrets
from acquis.certification.awards.actions.issue_documents import (
    issue_booklet,
    issue_certificate,
    issue_documents,
)
from acquis.certification.awards.actions.revoke_certificate import revoke_certificate
from acquis.certification.awards.errors import DecisionAnnulled
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.awards.tasks import look_for_outdated_livrets
from acquis.certification.badges import actions as badges
from acquis.certification.badges.models import Badge
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations import files
from acquis.certification.registrations.actions import annul_result, grant_retake, record_result
from acquis.certification.registrations.models import HeldBlock
from acquis.kernel import jobs
from tests.certification.awards.test_livret import deliberated, livret, read
from tests.factories import awards, grading
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

Kind, State = IssuedDocument.Kind, IssuedDocument.State
AT = grading.AT
LATER = AT + timedelta(days=20)
WHY = "Recours accepté : REC-2026-0001"
PASSED, PARTIAL, FAILED = "passed", "partial", "failed"


def annulled(seat: SessionCandidate, at=LATER) -> None:
    result = seat.enrolment.results.get(annulled_at=None)
    annul_result(result=result, reason=WHY, by=seat.session.manager, at=at)


def seats(session: ExamSession) -> list[SessionCandidate]:
    return list(session.candidates.select_related("enrolment", "session__manager"))


def of(seat: SessionCandidate) -> list[str]:
    """The kinds of what this seat was given, in order."""
    return list(
        seat.documents.filter(state=State.ISSUED).order_by("pk").values_list("kind", flat=True)
    )


def work_done() -> None:
    """What was queued is done, one after the other."""
    while jobs.run_due(now=timezone.now()):
        pass


# ---- Before the documents are issued ----


def test_an_annulled_admission_gives_no_certificate_and_the_others_have_theirs() -> None:
    session = deliberated(PASSED, PASSED)
    awards.issued_pv(session)
    spoilt, kept = seats(session)
    annulled(spoilt)

    issue_documents(session=session, by=session.manager, at=LATER)

    assert of(spoilt) == [Kind.RESULT_SHEET]
    assert of(kept) == [Kind.RESULT_SHEET, Kind.CERTIFICATE]
    assert HeldBlock.objects.get().candidate == kept.enrolment.candidate
    with pytest.raises(DecisionAnnulled, match="REC-2026-0001"):
        issue_certificate(candidate=spoilt, by=session.manager, at=LATER)
    assert not queries.certificates_due(session).exists()


def test_an_annulled_partial_success_gives_no_livret() -> None:
    session = deliberated(PARTIAL)
    awards.issued_pv(session)
    (seat,) = seats(session)
    annulled(seat)

    issue_documents(session=session, by=session.manager, at=LATER)

    assert of(seat) == [Kind.RESULT_SHEET]
    assert not HeldBlock.objects.exists()
    with pytest.raises(DecisionAnnulled):
        issue_booklet(candidate=seat, by=session.manager, at=LATER)


def test_an_incident_that_spoilt_the_sitting_before_the_decision_gives_nothing_either() -> None:
    session = awards.deliberated_session(passed=(True,))
    (seat,) = seats(session)
    grant_retake(
        enrolment=seat.enrolment,
        source="incident",
        reference=session.reference,
        by=session.manager,
        at=AT,
    )

    awards.issued(session)

    assert of(seat) == [Kind.RESULT_SHEET]
    assert not HeldBlock.objects.exists()


def test_a_sheet_written_after_the_annulment_says_it() -> None:
    session = deliberated(PASSED)
    (seat,) = seats(session)
    annulled(seat)

    awards.issued(session)

    sheet = seat.documents.get(kind=Kind.RESULT_SHEET)
    assert sheet.corrects is None
    text = read(sheet)
    assert "Décision annulée" in text
    assert WHY in text
    assert "Le jury avait décidé : Admis" in text


def test_a_sheet_written_before_the_annulment_is_issued_as_the_one_that_says_it() -> None:
    session = deliberated(PASSED, PASSED)
    awards.issued_pv(session)
    spoilt, kept = seats(session)
    first = spoilt.documents.get(kind=Kind.RESULT_SHEET)
    annulled(spoilt)

    for _twice in range(2):
        issue_documents(session=session, by=session.manager, at=LATER)

    first.refresh_from_db()
    said = first.corrections.get()
    assert (first.state, said.state) == (State.SIGNING, State.ISSUED)
    assert said.correction_reason == f"Décision annulée\N{NO-BREAK SPACE}: {WHY}"
    assert "Décision annulée" in read(said)
    assert "annulée" not in read(kept.documents.get(kind=Kind.RESULT_SHEET))
    assert spoilt.result_notices.get().document == said


def test_the_page_of_the_session_waits_for_nothing_once_the_sheet_has_said_it(client) -> None:
    session = deliberated(PASSED)
    awards.issued_pv(session)
    annulled(seats(session)[0])
    issue_documents(session=session, by=session.manager, at=LATER)
    client.force_login(session.manager)

    page = client.get(reverse("awards:session", args=[session.pk])).content.decode()

    assert "attendent d’être émis" not in page


# ---- The livret is issued again ----


def test_the_livret_of_an_annulled_partial_success_is_issued_again_without_its_block() -> None:
    session = deliberated(PARTIAL)
    awards.issued(session)
    first = livret(session)
    annulled(seats(session)[0])

    work_done()

    new = first.corrections.get()
    assert (new.state, new.data["blocks"]) == (State.ISSUED, [])
    assert [one["code"] for one in new.data["missing"]] == ["CCP1", "CCP2"]
    text = read(new)
    assert "Aucun bloc n’est acquis à ce jour." in text
    assert first.number in text
    assert WHY in text
    assert queries.livrets_to_correct() == []
    assert correct_livrets(at=LATER) == []


def test_the_livret_that_is_issued_again_prints_what_was_typed_before_the_exam() -> None:
    session = deliberated(PARTIAL)
    (seat,) = seats(session)
    make.held(seat.enrolment, "CCP1", pv_reference="PV-2024-0007")
    awards.issued(session)
    first = livret(session)
    assert [one["pv"] for one in first.data["blocks"]] != ["PV-2024-0007"]
    annulled(seat)

    work_done()

    new = first.corrections.get()
    assert [(one["code"], one["pv"]) for one in new.data["blocks"]] == [("CCP1", "PV-2024-0007")]
    assert "PV-2024-0007" in read(new)


def test_a_livret_of_another_session_that_prints_the_block_is_issued_again_too() -> None:
    session = deliberated(PARTIAL)
    awards.issued(session)
    (seat,) = seats(session)
    other = deliberated(PARTIAL)
    (elsewhere,) = seats(other)
    # the same person keeps CCP1 of the first session and sat in the second
    elsewhere.enrolment.candidate = seat.enrolment.candidate
    elsewhere.enrolment.version = seat.enrolment.version
    elsewhere.enrolment.attempt = 2
    elsewhere.enrolment.save()
    other.version = session.version
    other.save()
    awards.issued(other)
    assert len(livret(other).data["blocks"]) == 1
    annulled(seat)

    made = correct_livrets(by=session.manager, at=LATER)

    assert {one.corrects for one in made} == {livret(session), livret(other)}


def test_a_livret_that_prints_nothing_of_what_fell_is_left_as_it_is() -> None:
    session = deliberated(PARTIAL)
    awards.issued(session)
    (seat,) = seats(session)
    record_result(
        enrolment=seat.enrolment,
        block="CCP2",
        obtained_on=AT.date(),
        pv_reference="PV-9",
        by=session.manager,
        at=AT,
    )
    HeldBlock.objects.filter(block="CCP2").update(withdrawn_at=LATER, withdrawal_reason="Fraude.")

    assert queries.livrets_to_correct() == []


def test_a_livret_waits_for_minutes_that_are_signed_again(client) -> None:
    session = deliberated(PARTIAL)
    pv = awards.issued(session)
    new = correct_document(document=pv, reason="Lieu.", by=session.manager, at=AT)
    annulled(seats(session)[0])
    work_done()
    assert not livret(session).corrections.exists()
    look_for_outdated_livrets(LATER)
    assert not jobs.Job.objects.filter(kind="awards.correct_livrets", state="waiting").exists()

    for juror in awards.jurors(session):
        awards.sign_document(document=new, by=juror, at=LATER, password=grading.PASSWORD)
    awards.countersign(document=new, by=session.manager, at=LATER, password=grading.PASSWORD)
    look_for_outdated_livrets(LATER)
    work_done()

    assert livret(session).corrections.get().written_by == session.manager


# ---- The certificate is the certifying body's to revoke ----


@pytest.fixture
def session() -> ExamSession:
    made = awards.deliberated_session(passed=(True, True))
    awards.issued(made)
    return made


@pytest.fixture
def body(session):
    return grading.person(Role.CERTIFYING_BODY, organisation=session.organisation)


def certificate(seat: SessionCandidate) -> IssuedDocument:
    return seat.documents.filter(kind=Kind.CERTIFICATE).latest("pk")


def test_an_annulled_admission_proposes_its_certificate_to_the_certifying_body(
    session, body, client
) -> None:
    spoilt, kept = seats(session)
    annulled(spoilt)

    assert [one.candidate for one in queries.to_revoke()] == [spoilt]
    assert certificate(spoilt).revoked is None  # nobody revoked it but the body
    assert [one.candidate for one in files.lines_in_force()] == [kept.enrolment.candidate]
    client.force_login(body)
    address = reverse("awards:revoke", args=[certificate(spoilt).pk])
    home = client.get(reverse("accounts:home"), follow=True).content.decode()
    assert address in home
    assert "Certificat à révoquer" in home
    assert WHY in client.get(address).content.decode()
    shown = client.get(reverse("awards:document", args=[certificate(spoilt).pk]))
    assert "Il reste à le révoquer" in shown.content.decode()
    other = client.get(reverse("awards:document", args=[certificate(kept).pk]))
    assert "Il reste à le révoquer" not in other.content.decode()


def test_the_manager_reads_that_the_body_must_revoke_it(session, client) -> None:
    spoilt, _kept = seats(session)
    annulled(spoilt)
    client.force_login(session.manager)

    shown = client.get(reverse("awards:document", args=[certificate(spoilt).pk])).content.decode()

    assert "Le certificateur doit le révoquer" in shown
    assert reverse("awards:revoke", args=[certificate(spoilt).pk]) not in shown


def test_the_revocation_that_follows_takes_the_badge_and_is_proposed_no_more(session, body) -> None:
    spoilt, _kept = seats(session)
    badges.issue_missing(session_id=session.pk, by=session.manager, at=AT)
    annulled(spoilt)

    revoke_certificate(document=certificate(spoilt), reason=WHY, by=body, at=LATER)

    badge = Badge.objects.get(certificate=certificate(spoilt))
    assert (badge.revoked_at, badge.revocation_reason) == (LATER, Badge.Reason.WITHDRAWN)
    assert not queries.to_revoke().exists()
    assert queries.annulment_of_certificate(certificate(spoilt)) is None


def test_no_certificate_is_given_again_for_an_annulled_decision(session, body) -> None:
    spoilt, _kept = seats(session)
    annulled(spoilt)

    with pytest.raises(DecisionAnnulled):
        correct_document(document=certificate(spoilt), reason="Prénom.", by=body, at=LATER)
    revoke_certificate(document=certificate(spoilt), reason=WHY, by=body, at=LATER)
    with pytest.raises(DecisionAnnulled):
        correct_document(document=certificate(spoilt), reason="Erreur.", by=body, at=LATER)


def test_the_candidate_reads_that_the_decision_is_annulled(session, client) -> None:
    spoilt, kept = seats(session)
    annulled(spoilt)
    said = "Cette décision est annulée"

    client.force_login(spoilt.enrolment.candidate.user)
    assert said in client.get(reverse("awards:own_results")).content.decode()
    client.force_login(kept.enrolment.candidate.user)
    assert said not in client.get(reverse("awards:own_results")).content.decode()
