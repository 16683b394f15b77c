"""Coming again after a failure or a partial success, on the terms of each framework (X-06, X-09)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from acquis.certification.registrations import access, actions, errors, files, policy
from acquis.certification.registrations.models import Candidate, Enrolment, Result, RetakeRight
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY


@pytest.fixture
def candidate(db: None) -> Candidate:
    return make.candidate(make.organisation())


def version(**rules: Any):
    content = make.ccp1_content()
    content["rules"] |= rules
    return make.framework_version(content=content)


def strict(**rules: Any):
    """A framework with the terms of FILEA."""
    return version(
        **{
            "retake_within": "P1Y",
            "attempts_max": 2,
            "retake_proof": "experience",
            "retake_beyond": "refused",
            **rules,
        }
    )


def enrol(
    candidate: Candidate, version, at: datetime = DAY, *, block: str = "CCP1", route="training"
) -> Enrolment:
    return actions.enrol(
        candidate=candidate, version=version, block=block, route=route, by=make.person(), at=at
    )


def sat(enrolment: Enrolment, at: datetime = DAY, outcome: str = "failed", **fields: Any) -> Result:
    return actions.record_outcome(
        **{
            "enrolment": enrolment,
            "outcome": outcome,
            "blocks": [],
            "sat_on": at.date(),
            "session_reference": f"S-{enrolment.pk}",
            "by": make.person(),
            "at": at,
            **fields,
        }
    )


def days(count: int) -> datetime:
    return DAY + timedelta(days=count)


def test_nobody_is_enrolled_twice_before_a_jury_has_decided(candidate) -> None:
    title = version()
    first = enrol(candidate, title)

    with pytest.raises(errors.AlreadyEnrolled, match="CCP1"):
        enrol(candidate, title)

    assert candidate.enrolments.get() == first


def test_after_a_failure_comes_a_second_attempt_and_never_a_third(candidate) -> None:
    exam = strict()
    sat(enrol(candidate, exam))

    second = enrol(candidate, exam, days(100))
    sat(second, days(150))

    assert second.attempt == 2
    line = trace.lines(second.trace_stream).filter(verb="candidate.enrolled").latest("pk")
    assert line.data["attempt"] == 2
    with pytest.raises(errors.TooManyAttempts, match="2 présentations à CCP1"):
        enrol(candidate, exam, days(200))
    assert candidate.enrolments.count() == 2


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (datetime(2027, 11, 20, 22, 59, tzinfo=DAY.tzinfo), False),  # 23:59 in Paris
        (datetime(2027, 11, 20, 23, 0, tzinfo=DAY.tzinfo), True),  # midnight there
    ],
)
def test_the_last_day_to_enrol_again_is_the_one_in_paris(candidate, at, refused) -> None:
    exam = strict()
    sat(enrol(candidate, exam))
    if refused:
        with pytest.raises(errors.RetakeTooLate, match="20 novembre 2027"):
            enrol(candidate, exam, at)
    else:
        assert enrol(candidate, exam, at).attempt == 2


def test_a_missing_paper_bars_the_exam_and_not_the_enrolment(candidate) -> None:
    """Experience and a new training may still be brought; the file is open meanwhile."""
    exam = strict()
    sat(enrol(candidate, exam))
    again = enrol(candidate, exam, days(100))

    with pytest.raises(errors.MayNotSit, match="expérience professionnelle"):
        access.refuse_barred(again, days(120).date())
    assert "experience" in files.papers_asked(again, days(120).date())
    make.proof(again, "experience")
    access.refuse_barred(again, days(120).date())


def test_a_title_takes_back_who_comes_late_with_a_new_training(candidate) -> None:
    title = version()
    sat(enrol(candidate, title))
    again = enrol(candidate, title, days(400))

    with pytest.raises(errors.MayNotSit, match="nouvelle formation"):
        access.refuse_barred(again, days(420).date())
    make.proof(again, "new_training")
    access.refuse_barred(again, days(420).date())


def test_an_attempt_counts_through_the_editions_of_its_certification(candidate) -> None:
    for count in range(2):
        sat(enrol(candidate, strict(), days(count * 60)), days(count * 60 + 30))

    with pytest.raises(errors.TooManyAttempts):
        enrol(candidate, strict(), days(150))


def renewed(old, *pairs: tuple[str, str]):
    """The edition that replaces this one, under another code of the registers."""
    return make.framework_version(
        code="RS9999",
        content=old.content,
        previous=old,
        correspondences=[{"from": one, "to": other, "kind": "block"} for one, other in pairs],
    )


def two_blocks():
    exam = strict()
    exam.content["blocks"].append({**exam.content["blocks"][0], "code": "CCP2"})
    return make.framework_version(content=exam.content)


def test_an_attempt_counts_under_the_code_that_a_renewal_gave(candidate) -> None:
    old = two_blocks()
    new = renewed(old, ("CCP1", "CCP2"), ("CCP2", "CCP1"))
    for count in range(2):
        sat(enrol(candidate, old, days(count * 60)), days(count * 60 + 30))

    with pytest.raises(errors.TooManyAttempts):
        enrol(candidate, new, days(150), block="CCP2")
    assert enrol(candidate, new, days(150), block="CCP1").attempt == 1
    assert files.attempts_of(candidate, new, "CCP1", "training") == []


def test_under_another_code_what_nobody_put_in_correspondence_counts_for_nothing(
    candidate,
) -> None:
    old = two_blocks()
    sat(enrol(candidate, old))

    assert files.attempts_of(candidate, renewed(old), "CCP1", "training") == []


def test_the_exam_of_another_certification_is_no_attempt(candidate) -> None:
    sat(enrol(candidate, strict()))

    other = make.framework_version(code="RS9998", content=strict().content)

    assert files.attempts_of(candidate, other, "CCP1", "training") == []


# ---- What a jury decided, and what an appeal takes away ----


def test_a_result_told_twice_is_kept_once(candidate) -> None:
    enrolment = enrol(candidate, version())

    first = sat(enrolment, outcome="partial", blocks=["CCP1"])
    again = sat(enrolment, outcome="failed")
    elsewhere = sat(enrolment, outcome="failed", session_reference="S-ailleurs")

    assert again == elsewhere == first == Result.objects.get()
    assert (first.outcome, first.blocks, first.annulled_at) == ("partial", ["CCP1"], None)
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.result")
    assert (line.data["outcome"], line.data["blocks"]) == ("partial", ["CCP1"])


def test_an_annulled_result_stays_written_and_counts_no_more(candidate) -> None:
    exam, by = strict(), make.person()
    enrolment = enrol(candidate, exam)
    result = sat(enrolment)
    assert files.right_to_come_again(result).left == 1

    actions.annul_result(result=result, reason=" Consigne mal donnée. ", by=by, at=days(5))

    result.refresh_from_db()
    assert (result.outcome, result.annulled_at, result.annulled_by) == ("failed", days(5), by)
    assert result.annulment_reason == "Consigne mal donnée."
    assert files.attempts_of(candidate, exam, "CCP1", "training") == []
    access.refuse_barred(enrolment, days(30).date())  # no paper more, no further attempt
    with pytest.raises(errors.AlreadyEnrolled):  # the same enrolment is presented again
        enrol(candidate, exam, days(30))
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.result_annulled")
    assert "Consigne" not in str(line.data)
    assert trace.personal_part(line) == {"reason": "Consigne mal donnée."}


def test_an_annulment_asks_for_its_reason_and_happens_once(candidate) -> None:
    result = sat(enrol(candidate, version()))
    by = make.person()

    with pytest.raises(errors.AnnulmentReasonMissing):
        actions.annul_result(result=result, reason="  ", by=by, at=DAY)
    assert not Result.objects.filter(annulled_at__isnull=False).exists()
    actions.annul_result(result=result, reason="Recours accepté.", by=by, at=DAY)
    with pytest.raises(errors.ResultAnnulled):
        actions.annul_result(result=result, reason="Encore.", by=by, at=days(1))
    result.refresh_from_db()
    assert (result.annulment_reason, result.annulled_at) == ("Recours accepté.", DAY)


def test_the_new_sitting_after_an_annulment_has_its_own_result(candidate) -> None:
    exam = strict()
    enrolment = enrol(candidate, exam)
    actions.annul_result(result=sat(enrolment), reason="Motif.", by=make.person(), at=days(5))

    second = sat(enrolment, days(40), session_reference="S-autre")

    assert second.annulled_at is None
    assert files.right_to_come_again(second).left == 1  # it is the first attempt
    assert files.right_to_come_again(second).until == policy.later(days(40).date(), "P1Y")


# ---- A new sitting owed ----


def granted(enrolment: Enrolment, at: datetime = DAY, **fields: Any) -> RetakeRight:
    return actions.grant_retake(
        **{
            "enrolment": enrolment,
            "source": "appeal",
            "reference": "REC-2026-0001",
            "by": make.person(),
            "at": at,
            **fields,
        }
    )


def test_an_accepted_appeal_owes_one_sitting_and_annuls_the_result(candidate) -> None:
    enrolment = enrol(candidate, strict())
    result = sat(enrolment)

    right = granted(enrolment, days(20))
    assert granted(enrolment, days(21)) == right

    result.refresh_from_db()
    assert (result.annulled_at, result.annulment_reason) == (
        days(20),
        "Recours accepté : REC-2026-0001",
    )
    assert RetakeRight.objects.get().granted_at == days(20)
    verbs = trace.lines(enrolment.trace_stream).values_list("verb", flat=True)
    assert list(verbs).count("candidate.retake_granted") == 1
    assert list(verbs).count("candidate.result_annulled") == 1


def test_the_sitting_of_an_appeal_is_no_further_attempt(candidate) -> None:
    exam = strict()
    sat(enrol(candidate, exam))
    second = enrol(candidate, exam, days(100))
    sat(second, days(150))
    right = granted(second, days(170))
    actions.use_retake(right=right, session="S-neuve", by=make.person(), at=days(180))

    make.proof(second, "experience")
    access.refuse_barred(second, days(200).date())
    third_sitting = sat(second, days(200), session_reference="S-neuve")

    assert third_sitting.annulled_at is None
    assert len(files.attempts_of(candidate, exam, "CCP1", "training")) == 2


def test_a_sitting_that_an_incident_spoilt_counts_for_nothing(candidate) -> None:
    """The right is owed before the jury decides: what it decides is kept and annulled."""
    exam = strict()
    enrolment = enrol(candidate, exam)
    right = granted(enrolment, source="incident", reference="S-gâchée")

    spoilt = sat(enrolment, session_reference="S-gâchée")

    assert (spoilt.annulled_at, spoilt.annulment_reason) == (DAY, "Incident de session : S-gâchée")
    assert sat(enrolment, session_reference="S-gâchée") == spoilt
    assert files.attempts_of(candidate, exam, "CCP1", "training") == []
    assert RetakeRight.objects.get().used_in == ""

    actions.use_retake(right=right, session="S-autre", by=make.person(), at=days(10))
    assert sat(enrolment, days(30), session_reference="S-autre").annulled_at is None


def test_a_sitting_owed_is_used_once(candidate) -> None:
    right, by = granted(enrol(candidate, version())), make.person()

    used = actions.use_retake(right=right, session="S-autre", by=by, at=days(10))
    with pytest.raises(errors.RetakeRightUsed, match="S-autre"):
        actions.use_retake(right=right, session="S-3", by=by, at=days(11))

    right.refresh_from_db()
    assert used == right
    assert (right.used_in, right.used_at) == ("S-autre", days(10))
    line = trace.lines(right.trace_stream).get(verb="candidate.retake_used")
    assert line.data["reference"] == "S-autre"
