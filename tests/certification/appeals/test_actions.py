"""An appeal from its arrival to its answer: what is written, and every refusal."""

import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction

from acquis.accounts.enums import Role
from acquis.certification.appeals import actions, dossier, queries, tasks
from acquis.certification.appeals.errors import (
    AlreadyInHand,
    AlreadyNamed,
    GroundsMissing,
    JurorOfSession,
    NotAccepted,
    NotAMember,
    NothingToContest,
    NotTheDirection,
    OwnAppeal,
    OwnCase,
    PostedAlready,
    ReasonMissing,
    ReceivedLater,
    SessionUnfit,
    StatementMissing,
    StateRefused,
    TrackingMissing,
    VoicesMissing,
    WrongQuality,
)
from acquis.certification.appeals.models import Appeal, AppealLetter
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.registrations.errors import RetakeRightUsed
from acquis.certification.registrations.models import RetakeRight
from acquis.kernel import files, trace
from acquis.kernel.models import OutboxMessage
from tests.factories import appeals, awards, grading, incidents
from tests.factories import certification as make
from tests.factories.appeals import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return appeals.seat_over()


def judge(appeal, **fields):
    values = {"admissible": True, "standing": True, "form": True, "reason": "", "at": AT}
    if "by" not in fields:
        fields["by"] = appeals.somebody(appeal, Role.CERTIFYING_BODY)
    return actions.judge_admissibility(appeal=appeal, **(values | fields))


def test_an_appeal_is_numbered_traced_and_acknowledged(seat) -> None:
    appeal = appeals.lodged(seat, grounds=["record", "equipment", "rien"])
    assert appeal.number == "REC-2026-0001"
    assert appeal.grounds == ["equipment", "record"]
    letter = appeal.letters.get()
    assert letter.kind == AppealLetter.Kind.RECEIVED
    assert files.read(letter.file).startswith(b"%PDF")
    assert letter.email == seat.enrolment.candidate.email
    verbs = list(trace.lines(appeal.trace_stream).values_list("verb", flat=True))
    assert sorted(verbs) == ["appeal.letter_issued", "appeal.lodged"]
    assert trace.lines(seat.session.trace_stream).filter(verb="session.appeal_lodged").exists()
    assert trace.verify(appeal.trace_stream) == []
    assert appeals.lodged(appeals.seat_over(organisation=make.organisation())).number.endswith(
        "0001"
    )


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"grounds": []}, GroundsMissing),
        ({"grounds": ["appreciation"]}, GroundsMissing),
        ({"statement": " "}, StatementMissing),
        ({"received_on": AT.date() + timedelta(days=1)}, ReceivedLater),
    ],
)
def test_what_is_missing_is_refused(seat, fields, refusal) -> None:
    with pytest.raises(refusal):
        appeals.lodged(seat, **fields)
    assert not Appeal.objects.exists()


def test_only_a_session_that_is_over_is_contested_once_at_a_time(seat) -> None:
    with pytest.raises(NothingToContest):
        appeals.lodged(make.session().candidates.all()[0])
    first = appeals.lodged(seat)
    with pytest.raises(AlreadyInHand) as refused:
        appeals.lodged(seat)
    assert first.number in str(refused.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            organisation=first.organisation,
            number="REC-X",
            seat=seat,
            channel="page",
            statement="x",
            received_on=AT.date(),
            lodged_at=AT,
            lodged_by=first.lodged_by,
        )
    by = first.lodged_by
    assert actions.withdraw_appeal(appeal=first, by=by, at=AT).state == "withdrawn"
    with pytest.raises(StateRefused):
        actions.withdraw_appeal(appeal=first, by=by, at=AT)
    assert appeals.lodged(seat).number == "REC-2026-0002"


def test_delays_are_data_of_the_certification_else_of_the_centre() -> None:
    session = awards.deliberated_session()
    awards.issued(session)
    centre, framework = session.organisation, session.version.framework
    by, failed = session.manager, session.candidates.order_by("order")[1]

    def rule(framework, lodge, answer):
        return actions.set_rule(
            organisation=centre,
            framework=framework,
            lodge_within_days=lodge,
            answer_within_days=answer,
            by=by,
            at=AT,
        )

    none = appeals.lodged(failed)
    assert (none.last_day, none.answer_by) == (None, None)
    actions.withdraw_appeal(appeal=none, by=by, at=AT)
    rule(None, 60, 30)
    wide = appeals.lodged(failed)
    known = queries.result_known_on(failed)
    assert wide.last_day == known + timedelta(days=60)
    assert wide.answer_by == wide.received_on + timedelta(days=30)
    actions.withdraw_appeal(appeal=wide, by=by, at=AT)
    rule(framework, 10, None)
    rule(framework, 15, None)
    own = appeals.lodged(failed)
    assert (own.last_day, own.answer_by) == (known + timedelta(days=15), None)
    assert queries.rules_of(centre).count() == 2
    assert queries.result_known_on(incidents.over().candidates.all()[0]) is None


def test_admissible_its_file_is_assembled(seat) -> None:
    session = seat.session
    incidents.spoilt(session)
    other = session.candidates.order_by("order")[1]
    incidents.incident(session, candidate=other, description="De quelqu’un d’autre")
    appeal = judge(appeals.lodged(seat))
    assert appeal.state == Appeal.State.ADMISSIBLE
    kinds = [piece["kind"] for piece in appeal.dossier]
    assert kinds.count("incident") == 1
    assert {"presence", "summons", "accommodation", "trace"} <= set(kinds)
    assert appeal.dossier_sha256 == dossier.digest(appeal.dossier)
    assert "quelqu’un d’autre" not in str(appeal.dossier)
    with pytest.raises(StateRefused):
        judge(appeal)


def test_reasons_are_asked_for_a_refusal_or_against_a_condition(seat) -> None:
    appeal = appeals.lodged(seat)
    with pytest.raises(ReasonMissing):
        judge(appeal, admissible=False)
    with pytest.raises(ReasonMissing):
        judge(appeal, standing=False)
    Appeal.objects.filter(pk=appeal.pk).update(last_day=AT.date() - timedelta(days=1))
    with pytest.raises(ReasonMissing):
        judge(appeal)
    assert judge(appeal, reason="Le pli a été retardé.").state == "admissible"


def test_inadmissible_the_candidate_is_told_why(seat) -> None:
    appeal = judge(appeals.lodged(seat), admissible=False, form=False, reason="Sans motif daté.")
    letter = appeal.letters.get(kind="inadmissible")
    assert "Sans motif daté." in letter.data["paragraphs"]
    assert letter.data["signature"][0] == appeal.judged_by.full_name
    assert (appeal.dossier, appeal.assembled_at) == ([], None)


def test_nobody_judges_their_own_case(seat) -> None:
    appeal = appeals.lodged(seat)
    juror = seat.session.jurors.all()[0].juror.user
    for user in (seat.session.manager, juror, seat.enrolment.candidate.user):
        with pytest.raises(OwnCase):
            judge(appeal, by=user)
    appeal.refresh_from_db()
    assert appeal.state == "lodged"


def test_who_may_be_named(seat) -> None:
    appeal = appeals.lodged(seat)
    by = appeals.somebody(appeal, Role.CERTIFYING_BODY)

    def name(quality, user):
        return actions.name_member(appeal=appeal, quality=quality, user=user, by=by, at=AT)

    with pytest.raises(StateRefused):
        name("direction", by)
    appeals.admitted(appeal)
    with pytest.raises(JurorOfSession):
        name("direction", seat.session.jurors.all()[0].juror.user)
    with pytest.raises(OwnAppeal):
        name("direction", seat.enrolment.candidate.user)
    with pytest.raises(WrongQuality):
        name("training_manager", by)
    twice = make.person(Role.CERTIFYING_BODY, Role.TRAINER, organisation=appeal.organisation)
    name("direction", twice)
    with pytest.raises(AlreadyNamed):
        name("training_manager", twice)
    name("direction", by)  # takes the place of the first
    assert appeal.members.get().user == by
    trainer = appeals.somebody(appeal, Role.TRAINER)
    assert trainer in queries.possible_members(appeal, "training_manager")
    seat.session.jurors.create(juror=make.juror(appeal.organisation, user=trainer))
    assert trainer not in queries.possible_members(appeal, "training_manager")


def test_voices_are_ones_own_and_change_until_the_decision(seat) -> None:
    appeal = appeals.admitted(appeals.lodged(seat))
    people = appeals.committee(appeal)

    def voice(by, reason="Vu."):
        return actions.give_voice(appeal=appeal, voice="accept", reason=reason, by=by, at=AT)

    with pytest.raises(NotAMember):
        voice(appeals.somebody(appeal, Role.CERTIFYING_BODY))
    with pytest.raises(ReasonMissing):
        voice(people["direction"], " ")
    voice(people["direction"])
    with pytest.raises(VoicesMissing):
        actions.decide(appeal=appeal, reason="x", by=people["direction"], at=AT)
    trainer = people["training_manager"]
    seat.session.jurors.create(juror=make.juror(appeal.organisation, user=trainer))
    with pytest.raises(JurorOfSession):
        voice(trainer)
    candidate = seat.enrolment.candidate
    candidate.user = people["session_manager"]
    candidate.save()
    with pytest.raises(OwnAppeal):
        voice(people["session_manager"])


def test_the_direction_pronounces_with_reasons(seat) -> None:
    appeal = appeals.admitted(appeals.lodged(seat))
    people = appeals.heard(appeal, "accept", "reject", "reject")
    with pytest.raises(NotTheDirection):
        actions.decide(appeal=appeal, reason="x", by=people["session_manager"], at=AT)
    with pytest.raises(ReasonMissing):
        actions.decide(appeal=appeal, reason=" ", by=people["direction"], at=AT)
    decided = actions.decide(appeal=appeal, reason="Temps rendu.", by=people["direction"], at=AT)
    assert decided.state == "rejected"
    assert "Temps rendu." in decided.letters.get(kind="rejected").data["paragraphs"]
    assert not RetakeRight.objects.exists()
    with pytest.raises(StateRefused):
        actions.give_voice(appeal=appeal, voice="accept", reason="x", by=people["direction"], at=AT)
    with pytest.raises(NotAccepted):
        actions.place_candidate(appeal=appeal, session=seat.session, by=people["direction"], at=AT)


def test_accepted_the_candidate_comes_again_once_in_a_session_of_the_same_exam(seat) -> None:
    appeal = appeals.decided(appeals.admitted(appeals.lodged(seat)))
    right = RetakeRight.objects.get()
    assert (right.reference, right.enrolment_id) == (appeal.number, seat.enrolment_id)
    by = seat.session.manager
    unfit = [
        seat.session,
        appeals.session_to_come(appeal, state=ExamSession.State.OPEN),
        appeals.session_to_come(appeal, starts_at=AT - timedelta(days=1)),
        appeals.session_to_come(appeal, version=make.framework_version()),
        make.bare_session(starts_at=AT + timedelta(days=60)),
    ]
    for session in unfit:
        with pytest.raises(SessionUnfit):
            actions.place_candidate(appeal=appeal, session=session, by=by, at=AT)
    new = appeals.session_to_come(appeal)
    placed = actions.place_candidate(appeal=appeal, session=new, by=by, at=AT)
    assert (placed.session, placed.enrolment) == (new, seat.enrolment)
    with pytest.raises(RetakeRightUsed):
        actions.place_candidate(appeal=appeal, session=new, by=by, at=AT)
    right.refresh_from_db()
    assert right.used_in == new.reference


def test_the_file_holds_what_the_session_issued() -> None:
    session = awards.deliberated_session()
    awards.issued(session)
    failed = session.candidates.order_by("order")[1]
    appeal = appeals.admitted(appeals.lodged(failed))
    by_kind = {piece["kind"]: piece for piece in appeal.dossier}
    assert by_kind["pv"]["file"]
    assert not by_kind["pv"]["shared"]
    assert by_kind["result_sheet"]["shared"]
    grids = [piece for piece in appeal.dossier if piece["kind"] == "grid"]
    assert len(grids) == 2
    assert not any(piece["shared"] for piece in grids)
    assert by_kind["trace"]["sha256"] == trace.head(session.trace_stream).fingerprint
    assert grading.AT.date() == queries.result_known_on(failed)


def test_the_file_of_an_exam_that_was_sat(monkeypatch) -> None:
    sitting = make.running_sitting()
    kept = files.store(b"rapport", name="r.txt", media_type="text/plain", by=None, at=AT)
    make.kept_file(sitting, kept)
    type(sitting).objects.filter(pk=sitting.pk).update(sealed_sha256="a" * 64)
    seat = sitting.candidate
    seat.session.candidates.filter(pk=seat.pk).update(identity_checked_at=AT)
    ExamSession.objects.filter(pk=seat.session_id).update(state="closed")
    seat.session.summonses.create(
        candidate=seat, number="C-1", file=kept, data={}, recipient="candidate",
        email="eux@exemple.fr", starts_at=AT, ends_at=AT, issued_at=AT, sent_at=AT, opened_at=AT,
        bounced_at=AT, issued_by=seat.session.manager,
    )  # fmt: skip
    sheet_of = incidents.over(organisation=seat.session.organisation)
    assert sheet_of
    incidents.incident(seat.session, candidate=None)
    incidents.debriefed(seat.session)
    incidents.actions.send_sheet(session=seat.session, by=seat.session.manager, at=AT)
    paper = files.store(
        b"%PDF-1.7 lettre", name="l.pdf", media_type="application/pdf", by=None, at=AT
    )
    appeal = appeals.admitted(appeals.lodged(seat, papers=[("lettre.pdf", paper)]))
    kinds = [piece["kind"] for piece in appeal.dossier]
    assert {"paper", "incident_sheet", "production", "seal", "summons"} <= set(kinds)
    assert kinds.count("trace") == 2
    told = next(piece for piece in appeal.dossier if piece["kind"] == "summons")["lines"][0]
    assert "ouverte le" in told


def test_a_journal_that_was_altered_is_told(seat, monkeypatch) -> None:
    appeal = appeals.lodged(seat)
    monkeypatch.setattr(dossier.trace, "verify", lambda _stream: ["faute"])
    told = next(piece for piece in dossier.pieces(appeal) if piece["kind"] == "trace")["lines"][0]
    assert "chaîne rompue" in told


def letter_of(appeal):
    return appeal.letters.get()


def test_a_letter_leaves_once_and_its_opening_is_proof(seat) -> None:
    appeal = appeals.lodged(seat)
    letter = letter_of(appeal)
    payload = OutboxMessage.objects.get(topic="appeals.letter").payload
    tasks.send_letter(payload)
    tasks.send_letter(payload)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == [letter.email]
    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert letter.message_id == mail.outbox[0].extra_headers["Message-ID"]
    by = seat.enrolment.candidate.user
    opened = actions.note_opening(letter=letter, by=by, at=AT)
    again = actions.note_opening(letter=letter, by=by, at=AT + timedelta(days=1))
    assert (opened.opened_at, again.opened_at) == (AT, AT)


@pytest.mark.parametrize(("code", "final"), [(550, True), (451, False)])
def test_what_a_server_refuses_is_told_and_what_may_pass_is_tried_again(
    seat, monkeypatch, code: int, final: bool
) -> None:
    letter = letter_of(appeals.lodged(seat))

    def refuse(_self, _messages):
        raise smtplib.SMTPRecipientsRefused({letter.email: (code, b"boite inconnue")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    if final:
        tasks.send_letter({"letter": letter.pk})
    else:
        with pytest.raises(smtplib.SMTPException):
            tasks.send_letter({"letter": letter.pk})
    letter.refresh_from_db()
    assert bool(letter.refused_at) is final


def test_a_registered_letter_is_noted_once(seat) -> None:
    letter = letter_of(appeals.lodged(seat))
    by, day = seat.session.manager, date(2026, 11, 23)
    with pytest.raises(TrackingMissing):
        actions.post_letter(letter=letter, posted_on=day, tracking=" ", by=by, at=AT)
    posted = actions.post_letter(letter=letter, posted_on=day, tracking="1A 1", by=by, at=AT)
    assert (posted.posted_on, posted.tracking) == (day, "1A 1")
    with pytest.raises(PostedAlready):
        actions.post_letter(letter=letter, posted_on=day, tracking="1A 2", by=by, at=AT)


def test_accepted_the_result_that_was_contested_counts_no_more() -> None:
    session = awards.deliberated_session()
    failed = session.candidates.order_by("order")[1]
    result = failed.enrolment.results.get()
    assert result.annulled_at is None
    appeal = appeals.decided(appeals.admitted(appeals.lodged(failed)))
    result.refresh_from_db()
    assert result.annulled_at == AT
    assert appeal.number in result.annulment_reason
    other = session.candidates.order_by("order")[0].enrolment.results.get()
    assert other.annulled_at is None
