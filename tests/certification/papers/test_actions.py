import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.verbs import Verb
from acquis.certification.papers import access, actions, errors, policy, queries
from acquis.certification.papers.models import Draw, Subject, SubjectOpening
from acquis.certification.sittings import actions as exam
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

CONTENT = {"brief": "Étudiez le dossier", "expected": {"stakes": ["fidélité"]}}


def test_a_subject_is_sealed_at_rest() -> None:
    subject = make.subject(make.organisation(), content=CONTENT)
    stored = bytes(Subject.objects.get().sealed)
    assert b"dossier" not in stored
    assert actions.review_content(subject=subject, by=subject.author, at=DAY) == CONTENT
    assert SubjectOpening.objects.get().purpose == "review"


def test_a_damaged_subject_is_refused() -> None:
    subject = make.subject(make.organisation())
    Subject.objects.update(sha256="0" * 64)
    subject.refresh_from_db()
    with pytest.raises(errors.SubjectDamaged):
        actions.review_content(subject=subject, by=subject.author, at=DAY)


def test_a_subject_is_validated_by_another_than_its_author() -> None:
    centre = make.organisation()
    subject = make.subject(centre, state="submitted")
    with pytest.raises(errors.OwnSubjectValidated):
        actions.validate_subject(subject=subject, by=subject.author, at=DAY)
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    assert actions.validate_subject(subject=subject, by=director, at=DAY).validated_by == director
    actions.withdraw_subject(subject=subject, by=director, at=DAY)
    with pytest.raises(errors.SubjectWithdrawn):
        actions.validate_subject(subject=subject, by=director, at=DAY)


def test_a_reference_serves_once() -> None:
    subject = make.subject(make.organisation())
    with pytest.raises(errors.SubjectReferenceTaken):
        make.subject(subject.organisation, reference=subject.reference)


def test_the_draw_can_be_recomputed_and_a_second_click_gives_the_same() -> None:
    session = make.session(candidates=1)
    for _ in range(3):
        make.subject(session.organisation)
    seat = session.candidates.get()
    draw = actions.draw_subject(candidate=seat, kind="written", by=session.manager, at=DAY)
    assert actions.draw_subject(candidate=seat, kind="written", by=session.manager, at=DAY) == draw
    assert len(draw.pool) == 3
    assert policy.pick(draw.seed, draw.pool) == draw.subject.reference
    line = trace.lines(session.trace_stream).get(verb="subject.drawn")
    assert policy.pick(line.data["seed"], line.data["pool"]) == line.data["subject"]


def test_only_fitting_validated_subjects_are_drawn() -> None:
    session = make.session(candidates=1)
    good = make.subject(session.organisation)
    make.subject(session.organisation, state="submitted")
    make.subject(session.organisation, kind="exchanges")
    make.subject(session.organisation, pack="autre")
    make.subject(session.organisation, block="CCP2")
    make.subject(session.organisation, framework_code="TP-00001")
    make.subject(make.organisation())
    draw = actions.draw_subject(
        candidate=session.candidates.get(), kind="written", by=session.manager, at=DAY
    )
    assert draw.pool == [good.reference]


def test_nobody_draws_again_what_they_drew_in_another_session() -> None:
    centre = make.organisation()
    first = make.session(organisation=centre, candidates=1)
    seat = first.candidates.get()
    seen = make.subject(centre)
    actions.draw_subject(candidate=seat, kind="written", by=first.manager, at=DAY)
    fresh = make.subject(centre)
    second = make.bare_session(centre, version=first.version)
    again = make.seat(second, enrolment=seat.enrolment)
    draw = actions.draw_subject(candidate=again, kind="written", by=first.manager, at=DAY)
    assert draw.subject == fresh
    assert draw.excluded == [{"reference": seen.reference, "reason": "already_seen"}]


def test_the_draw_is_refused_without_subject_or_enterprise() -> None:
    session = make.session(candidates=1)
    with pytest.raises(errors.NoEligibleSubject):
        actions.draw_subject(
            candidate=session.candidates.get(), kind="written", by=session.manager, at=DAY
        )
    bare = make.session(candidates=1, enterprise_id=None)
    with pytest.raises(errors.NoEnterprise):
        actions.draw_subject(
            candidate=bare.candidates.get(), kind="written", by=bare.manager, at=DAY
        )
    assert not Draw.objects.exists()


def drawn(sitting, kind: str = "written") -> Draw:
    session = sitting.candidate.session
    make.subject(session.organisation, kind=kind, content=CONTENT)
    return actions.draw_subject(candidate=sitting.candidate, kind=kind, by=session.manager, at=DAY)


def test_the_candidate_reads_their_subject_from_the_start_of_its_phase_without_the_jury_part() -> (
    None
):
    sitting = make.ready_sitting(subjects=False)
    draw, person = drawn(sitting), make.writer(sitting)
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_content(draw=draw, by=person, at=DAY, purpose="sit")
    exam.start_phase(phase=sitting.phases.first(), by=person, at=DAY)
    for _ in range(2):
        content = actions.open_content(draw=draw, by=person, at=DAY, purpose="sit")
    assert content == {"brief": "Étudiez le dossier"}
    assert SubjectOpening.objects.count() == 1
    assert queries.has_opened(draw, person)


def test_preparing_the_interview_does_not_open_the_exchanges() -> None:
    sitting = make.running_sitting(subjects=False)
    draw, person = drawn(sitting, "exchanges"), make.writer(sitting)
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_content(draw=draw, by=person, at=DAY, purpose="sit")
    written, preparation = sitting.phases.all()[:2]
    exam.end_phase(phase=written, by=person, at=DAY)
    exam.start_phase(phase=preparation, by=person, at=DAY)
    assert actions.open_content(draw=draw, by=person, at=DAY, purpose="sit")


def test_jurors_of_the_session_read_it_whole_and_nobody_else() -> None:
    sitting = make.running_sitting(subjects=False)
    session = sitting.candidate.session
    draw = drawn(sitting)
    juror = session.jurors.first().juror.user
    assert actions.open_content(draw=draw, by=juror, at=DAY, purpose="play") == CONTENT
    stranger = make.person(Role.JUROR, organisation=session.organisation)
    for purpose in ("play", "sit"):
        with pytest.raises(errors.SubjectNotForYou):
            actions.open_content(draw=draw, by=stranger, at=DAY, purpose=purpose)
    session.state = "summoned"
    session.save()
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_content(draw=draw, by=juror, at=DAY, purpose="play")


def test_the_bank_of_another_centre_does_not_exist() -> None:
    subject = make.subject(make.organisation())
    other = make.person(Role.TRAINER, organisation=make.organisation())
    with pytest.raises(Http404):
        access.subject_for(other, subject.pk)
    with pytest.raises(Http404):
        access.subject_for(subject.author, subject.pk, Verb.SUBJECT_VALIDATE)
    assert access.subject_for(subject.author, subject.pk) == subject


def test_exposure_counts_draws() -> None:
    session = make.session(candidates=2)
    subject = make.subject(session.organisation)
    for seat in session.candidates.all():
        actions.draw_subject(candidate=seat, kind="written", by=session.manager, at=DAY)
    assert queries.bank(session.organisation).get(pk=subject.pk).exposure == 2
