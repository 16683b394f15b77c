import pytest
from django.db import IntegrityError, transaction

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.actions.decide_criterion import decide_criterion
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.errors import (
    CandidatesUndecided,
    CriteriaUndecided,
    DecisionChanged,
    DeliberationClosed,
    DepartureReasonMissing,
    GridsStillOpen,
    NotInTheJury,
    OutcomeAgainstRule,
    OutcomeMissing,
    OutcomeReasonsMissing,
    QuorumNotMet,
    ReasonRequired,
    SessionNotClosed,
    UnknownCriterion,
    VerdictMissing,
)
from acquis.certification.grading.models import CriterionDecision, Deliberation, SessionOutcome
from acquis.kernel import trace
from tests.factories import grading
from tests.factories.grading import ACQUIRED, NOT_ACQUIRED

pytestmark = pytest.mark.django_db

PASSED, FAILED = Deliberation.Outcome.PASSED, Deliberation.Outcome.FAILED


@pytest.fixture
def session():
    return grading.session(candidates=1)


@pytest.fixture
def candidate(session):
    return session.candidates.get()


def decide(deliberation, criterion, verdict=ACQUIRED, reason="", **given):
    by = given.pop("by", grading.first_juror(deliberation.candidate.session))
    return decide_criterion(
        deliberation=deliberation,
        criterion=criterion,
        verdict=verdict,
        reason=reason,
        by=by,
        at=grading.AT,
        **given,
    )


def close(deliberation, outcome=PASSED, reasons="Prestation claire.", **given):
    session = deliberation.candidate.session
    values = {
        "present": list(session.jurors.values_list("pk", flat=True)),
        "by": grading.first_juror(session),
        "at": grading.AT,
    } | given
    return close_deliberation(deliberation=deliberation, outcome=outcome, reasons=reasons, **values)


def test_deliberation_waits_until_every_grid_of_the_candidate_is_closed(session, candidate):
    first, second = grading.grids(session)
    grading.closed(first)

    with pytest.raises(GridsStillOpen):
        open_deliberation(candidate=candidate, by=grading.juror_of(first), at=grading.AT)

    grading.closed(second)
    assert open_deliberation(candidate=candidate, by=grading.juror_of(first), at=grading.AT).pk


def test_a_candidate_without_grids_has_no_deliberation(session, candidate):
    with pytest.raises(GridsStillOpen):
        open_deliberation(candidate=candidate, by=grading.first_juror(session), at=grading.AT)


def test_agreements_stand_as_decided_and_disagreements_are_to_decide(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))

    decisions = deliberation.decisions.values_list("criterion", "disputed", "verdict")
    assert list(decisions) == [
        ("CP1.1", False, ACQUIRED),
        ("CP2.2", True, ""),
        ("CP2.3", False, ACQUIRED),
    ]


def test_opening_twice_gives_the_same_deliberation(session, candidate):
    first = grading.deliberation(session, candidate)

    again = open_deliberation(candidate=candidate, by=grading.first_juror(session), at=grading.AT)

    assert again == first
    assert CriterionDecision.objects.count() == 3


def test_a_disputed_criterion_is_decided_with_a_reason(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))

    with pytest.raises(ReasonRequired):
        decide(deliberation, "CP2.2", reason="  ")
    decision = decide(deliberation, "CP2.2", reason="Entendu à la quatrième minute.")

    assert (decision.verdict, decision.reason) == (ACQUIRED, "Entendu à la quatrième minute.")
    line = trace.lines(deliberation.trace_stream).get(verb="criterion.decided")
    assert (line.data["before"], line.data["after"]) == ("", ACQUIRED)


def test_leaving_an_agreement_needs_a_reason(session, candidate):
    deliberation = grading.deliberation(session, candidate)

    with pytest.raises(ReasonRequired):
        decide(deliberation, "CP1.1", NOT_ACQUIRED)
    assert decide(deliberation, "CP1.1", NOT_ACQUIRED, "Relu ensemble.").verdict == NOT_ACQUIRED


def test_a_decision_is_one_of_the_two_verdicts(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))

    with pytest.raises(VerdictMissing):
        decide(deliberation, "CP2.2", "presque", "Motif.")


def test_a_criterion_that_the_grids_do_not_have_is_not_decided(session, candidate):
    deliberation = grading.deliberation(session, candidate)

    with pytest.raises(UnknownCriterion):
        decide(deliberation, "CP9.9", reason="Motif.")
    assert not trace.lines(deliberation.trace_stream).filter(verb="criterion.decided").exists()


def test_a_page_that_has_not_seen_the_last_decision_changes_nothing(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))
    decide(deliberation, "CP2.2", reason="Entendu.", revision=0)

    with pytest.raises(DecisionChanged):
        decide(deliberation, "CP2.2", NOT_ACQUIRED, "Non entendu.", revision=0)
    assert deliberation.decisions.get(criterion="CP2.2").verdict == ACQUIRED


def test_only_present_jurors_of_the_session_deliberate(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))
    stranger = grading.first_juror(grading.session())

    for person in (stranger, session.manager):
        with pytest.raises(NotInTheJury):
            decide(deliberation, "CP2.2", reason="Motif.", by=person)
        with pytest.raises(NotInTheJury):
            close(deliberation, by=person)
        with pytest.raises(NotInTheJury):
            open_deliberation(candidate=candidate, by=person, at=grading.AT)


def test_closing_names_what_is_undecided(session, candidate):
    deliberation = grading.deliberation(session, candidate, disputed=("CP2.2",))

    with pytest.raises(CriteriaUndecided) as refusal:
        close(deliberation)
    assert "CP2.2" in str(refusal.value)


def test_closing_refuses_without_quorum_and_writes_nothing(session, candidate):
    deliberation = grading.deliberation(session, candidate)
    other = grading.session().jurors.first()
    one = session.jurors.first().pk

    with pytest.raises(QuorumNotMet):
        close(deliberation, present=[one, other.pk])
    assert Deliberation.objects.get().closed_at is None


def test_closing_needs_an_outcome_and_its_reasons(session, candidate):
    deliberation = grading.deliberation(session, candidate)

    with pytest.raises(OutcomeMissing):
        close(deliberation, outcome="")
    with pytest.raises(OutcomeReasonsMissing):
        close(deliberation, reasons=" ")


def test_a_sovereign_jury_may_refuse_a_full_grid(session, candidate):
    deliberation = grading.deliberation(session, candidate)

    with pytest.raises(DepartureReasonMissing):
        close(deliberation, FAILED)
    closed = close(deliberation, FAILED, departure="Règles de confidentialité enfreintes.")

    assert closed.outcome == FAILED
    unit = closed.units.get(kind="block")
    assert (unit.proposed, unit.verdict) == (ACQUIRED, NOT_ACQUIRED)
    assert unit.reason == closed.departure == "Règles de confidentialité enfreintes."
    assert unit.calculation.startswith("Critères acquis : 3 sur 3.")


@pytest.mark.parametrize(("refused", "outcome"), [(4, PASSED), (5, FAILED)])
def test_a_ratio_applies_to_the_decisions_of_the_jury(refused, outcome):
    session = grading.session(candidates=1, criteria=15, pass_ratio="0.70")
    candidate = session.candidates.get()
    disputed = tuple(
        criterion
        for criterion in grading.grids(session)[0].marks.values_list("criterion", flat=True)
    )[:refused]
    deliberation = grading.deliberation(session, candidate, disputed=disputed)
    for criterion in disputed:
        decide(deliberation, criterion, NOT_ACQUIRED, "Non observé.")

    with pytest.raises(OutcomeAgainstRule):
        close(deliberation, FAILED if outcome == PASSED else PASSED)
    assert close(deliberation, outcome).outcome == outcome


def test_a_closed_deliberation_never_changes(session, candidate):
    deliberation = grading.decided(session, candidate)

    with pytest.raises(DeliberationClosed):
        decide(deliberation, "CP1.1", NOT_ACQUIRED, "Trop tard.")
    with pytest.raises(DeliberationClosed):
        close(deliberation, FAILED)
    with pytest.raises(IntegrityError), transaction.atomic():
        deliberation.decisions.update(reason="Autre motif.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliberation.objects.update(reasons="Autres motifs.")


def test_a_session_concludes_when_every_present_candidate_is_decided(session, candidate):
    grading.add_candidate(session, order=2, present=False)
    by = grading.first_juror(session)
    with pytest.raises(CandidatesUndecided):
        conclude_session(session=session, by=by, at=grading.AT)

    grading.decided(session, candidate)
    conclude_session(session=session, by=by, at=grading.AT)

    session.refresh_from_db()
    assert session.state == ExamSession.State.DELIBERATED
    line = trace.lines(session.trace_stream).get(verb="session.deliberated")
    assert line.data["outcomes"] == {str(candidate.pk): "passed"}


def test_concluding_twice_changes_nothing(session, candidate):
    grading.decided(session, candidate)
    by = grading.first_juror(session)

    first = conclude_session(session=session, by=by, at=grading.AT)

    assert conclude_session(session=session, by=by, at=grading.AT) == first
    assert SessionOutcome.objects.count() == 1


def test_a_session_whose_exams_go_on_is_not_concluded(session, candidate):
    grading.decided(session, candidate)
    ExamSession.objects.update(state=ExamSession.State.OPEN)

    with pytest.raises(SessionNotClosed):
        conclude_session(session=session, by=grading.first_juror(session), at=grading.AT)


def test_only_the_jury_concludes(session):
    with pytest.raises(NotInTheJury):
        conclude_session(session=session, by=session.manager, at=grading.AT)
