"""What is heard and said: hearings counted by the server, answers kept piece by piece."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.sittings import actions, errors, policy
from acquis.certification.sittings.actions import keep_sound
from acquis.certification.sittings.models import Listen, Phase, Sitting, SittingFile, SoundPiece
from acquis.kernel import files, trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def reaction() -> Phase:
    """A reaction under way, whose answer is recorded."""
    sitting = make.running_sitting()
    sitting.phases.filter(state=Phase.State.RUNNING).update(state=Phase.State.ENDED, ended_at=DAY)
    phase = sitting.phases.get(kind=Phase.Kind.REACTION)
    phase.state = Phase.State.RUNNING
    phase.started_at = DAY
    phase.ends_at = DAY + timedelta(minutes=10)
    phase.answer_recorded = True
    phase.save()
    return phase


def hear(phase: Phase, key: str, at=DAY) -> Listen:
    return actions.hear_recording(phase=phase, key=key, by=make.writer(phase.sitting), at=at)


def say(phase: Phase, number: int, content: bytes = b"son", *, take: str = "t", at=DAY, **fields):
    values = {"media_type": "audio/webm;codecs=opus"} | fields
    return actions.keep_piece(
        phase=phase,
        take=take,
        number=number,
        content=content,
        by=make.writer(phase.sitting),
        at=at,
        **values,
    )


def end(phase: Phase, pieces: int, take: str = "t", at=DAY) -> list[int]:
    return actions.end_take(
        phase=phase, take=take, pieces=pieces, by=make.writer(phase.sitting), at=at
    )


def verbs(sitting: Sitting) -> list[str]:
    return [line.verb for line in trace.lines(sitting.trace_stream)]


def test_a_recording_is_heard_once_and_a_cut_download_does_not_spend_it(reaction: Phase) -> None:
    first = hear(reaction, "page-1")
    assert hear(reaction, "page-1") == first  # the sound did not arrive
    by = make.writer(reaction.sitting)
    for _ in range(2):
        actions.note_hearing(phase=reaction, key="page-1", by=by, at=DAY)
    for key in ("page-1", "page-2"):
        with pytest.raises(errors.ListensSpent):
            hear(reaction, key)
    assert verbs(reaction.sitting).count("recording.heard") == 1


def test_the_framework_says_how_often(reaction: Phase) -> None:
    reaction.listens = 2
    reaction.save()
    assert [hear(reaction, key).number for key in ("a", "b")] == [1, 2]
    with pytest.raises(errors.ListensSpent):
        hear(reaction, "c")


def test_the_database_counts_a_hearing_once(reaction: Phase) -> None:
    hear(reaction, "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Listen.objects.create(phase=reaction, number=1, key="b", asked_at=DAY)


def test_nothing_is_heard_before_or_after_its_time(reaction: Phase) -> None:
    with pytest.raises(errors.NotThisPart):
        hear(reaction, "a", at=DAY + timedelta(minutes=11))
    Phase.objects.filter(pk=reaction.pk).update(state=Phase.State.WAITING)
    with pytest.raises(errors.NotThisPart):
        hear(reaction, "a")
    other = reaction.sitting.phases.exclude(kind=Phase.Kind.REACTION)[0]
    with pytest.raises(errors.NotThisPart):
        hear(other, "a")


def test_the_invigilator_gives_a_hearing_back_with_a_reason(reaction: Phase) -> None:
    by = reaction.sitting.candidate.session.manager
    hear(reaction, "a")
    with pytest.raises(errors.ReasonMissing):
        actions.give_hearing(phase=reaction, reason=" ", by=by, at=DAY)
    actions.give_hearing(phase=reaction, reason="Casque débranché", by=by, at=DAY)
    assert hear(reaction, "b").number == 2
    given = [
        one for one in trace.lines(reaction.trace_stream) if one.verb == "recording.given_again"
    ]
    assert [one.data["reason"] for one in given] == ["Casque débranché"]


def test_pieces_are_kept_once_and_put_together_in_order(reaction: Phase) -> None:
    first = say(reaction, 1, b"un ")
    say(reaction, 3, b"trois", at=DAY + timedelta(seconds=9))
    assert say(reaction, 1, b"autre", at=DAY + timedelta(seconds=3)) == first
    assert end(reaction, 3) == [2]
    say(reaction, 2, b"deux ", at=DAY + timedelta(seconds=12))
    assert end(reaction, 3) == []
    assert end(reaction, 3) == []
    kept = SittingFile.objects.get(sitting=reaction.sitting, kind="answer")
    assert files.read(kept.file) == b"un deux trois"
    assert (kept.seconds, kept.began_at, kept.late) == (9.0, DAY, False)
    assert kept.keep_until == date(2031, 11, 20)
    assert not SoundPiece.objects.exists()
    assert say(reaction, 3).number == 3  # sent again after all: acknowledged, kept once
    assert not SoundPiece.objects.exists()


def test_a_second_take_goes_on_after_a_cut(reaction: Phase) -> None:
    say(reaction, 1, b"avant", take="a")
    say(reaction, 1, b"ensuite", take="b")
    assert end(reaction, 1, take="b") == []
    assert end(reaction, 1, take="unknown") == []
    assert [take.number for take in reaction.takes.all()] == [1, 2]


def test_an_answer_after_time_is_kept_and_marked_late(reaction: Phase) -> None:
    assert not say(reaction, 1).late
    assert say(reaction, 2, at=DAY + timedelta(minutes=11)).late
    assert end(reaction, 2, at=DAY + timedelta(minutes=12)) == []
    assert SittingFile.objects.get(kind="answer").late


def test_what_nobody_ended_is_put_together_when_the_exam_is_sealed(reaction: Phase) -> None:
    sitting = reaction.sitting
    say(reaction, 1, b"un ")
    say(reaction, 2, b"deux")
    say(reaction, 4, b"apres un trou")
    say(reaction, 2, b"sans debut", take="b")
    sealed = actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=DAY
    )
    kept = SittingFile.objects.get(sitting=sitting)
    assert files.read(kept.file) == b"un deux"
    assert SoundPiece.objects.count() == 2  # beyond a gap: they stay where they are
    with pytest.raises(errors.SittingSealed):
        say(reaction, 5)
    assert sealed.sealed_sha256 == policy.seal(
        [
            ("file:answer:" + kept.key, 1, kept.file.sha256),
            *sitting.productions.values_list("key", "seq", "content"),
        ]
    )


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"content": b""}, errors.SoundUnreadable),
        ({"number": 0}, errors.SoundUnreadable),
        ({"number": keep_sound.MOST_PIECES + 1}, errors.SoundUnreadable),
        ({"media_type": "text/html"}, errors.SoundUnreadable),
        ({"content": b"x" * (keep_sound.LONGEST_PIECE + 1)}, errors.SoundTooLong),
    ],
)
def test_what_is_no_sound_is_refused(reaction: Phase, fields, refusal) -> None:
    with pytest.raises(refusal):
        say(reaction, **({"number": 1} | fields))
    assert not reaction.takes.exists()


def test_takes_are_counted(reaction: Phase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_sound, "MOST_TAKES", 1)
    say(reaction, 1)
    with pytest.raises(errors.SoundTooLong):
        say(reaction, 1, take="b")


def test_no_sound_is_kept_where_the_answer_is_said_to_the_jury(reaction: Phase) -> None:
    Phase.objects.filter(pk=reaction.pk).update(answer_recorded=False)
    with pytest.raises(errors.NotThisPart):
        say(reaction, 1)


def test_what_a_part_allows_is_read_from_the_framework() -> None:
    content = make.ccp1_content()
    steps = content["assessments"][0]["phases"][1]["steps"]
    kinds = {plan.code: plan for plan in phases_from(content, "CCP1")}
    told = kinds["technical_interview.2"]
    assert (told.listens, told.answer_recorded, told.spelling_help) == (1, False, False)
    steps[1] |= {"listens": 3, "answer_recorded": True, "spelling_help": True}
    told = {plan.code: plan for plan in phases_from(content, "CCP1")}["technical_interview.2"]
    assert (told.listens, told.answer_recorded, told.spelling_help) == (3, True, True)
    steps[1] |= {"answer_recorded": None, "jury_present": False}
    told = {plan.code: plan for plan in phases_from(content, "CCP1")}["technical_interview.2"]
    assert told.answer_recorded  # nobody hears it otherwise


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_missing_pieces_and_whole_pieces_agree(numbers: set[int], total: int) -> None:
    whole = policy.whole_pieces(numbers)
    assert set(range(1, whole + 1)) <= numbers
    assert whole + 1 not in numbers
    missing = policy.missing_pieces(numbers, total)
    assert (missing == []) == (whole >= total)
    assert not set(missing) & numbers


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 11, 20), date(2031, 11, 20)), (date(2028, 2, 29), date(2033, 2, 28))],
)
def test_a_file_of_an_exam_is_kept_five_years(day: date, last: date) -> None:
    assert policy.keep_until(day) == last


@given(st.dates(date(2000, 1, 1), date(2400, 12, 31)))
def test_what_is_kept_five_years_is_kept_to_the_day(day: date) -> None:
    last = policy.keep_until(day)
    assert last.year - day.year == 5
    assert (last.month, last.day) == (
        (day.month, day.day) if day.day != 29 or day.month != 2 else (2, 28)
    )


def test_a_hundred_missing_pieces_are_asked_for_at_once_and_no_more() -> None:
    assert policy.missing_pieces([1, 3], 200) == [2, *range(4, 103)]
