"""What many type at once is kept in one turn, and each is answered for themselves."""

from datetime import timedelta

import pytest

from acquis.certification.sittings import actions, errors
from acquis.certification.sittings.actions.save_production import LONGEST_TEXT
from acquis.certification.sittings.models import Production, ProductionRevision, Sitting
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def typed(
    sitting: Sitting,
    content: str,
    number: int = 1,
    *,
    base: int = 0,
    key: str = "letter_body",
    tab: str = "a",
    rich: bool = False,
) -> actions.Typed:
    writer = make.writer(sitting)
    return actions.Typed(sitting, key, content, f"{tab}:{number}", base, writer, rich)


def kept(sitting: Sitting) -> dict[str, tuple[str, int]]:
    rows = Production.objects.filter(sitting=sitting)
    return {row.key: (row.content, row.seq) for row in rows}


def test_the_texts_of_several_are_kept_together_then_again_over_them() -> None:
    here, there = make.running_sitting(), make.running_sitting()
    first = actions.save_productions([typed(here, "Madame,"), typed(there, "Monsieur,")], at=DAY)
    second = actions.save_productions(
        [
            typed(there, "Monsieur, nous", 2, base=1),
            typed(here, "Madame, nous", 2, base=1),
            typed(here, "Résumé", key="summary"),
        ],
        at=DAY + timedelta(seconds=2),
    )
    assert [answer.seq for answer in (*first, *second)] == [1, 1, 2, 2, 1]
    assert kept(here) == {"letter_body": ("Madame, nous", 2), "summary": ("Résumé", 1)}
    assert kept(there) == {"letter_body": ("Monsieur, nous", 2)}
    for sitting in (here, there):
        assert trace.verify(sitting.trace_stream) == []


def test_two_texts_of_one_field_in_one_turn_follow_one_another() -> None:
    sitting = make.running_sitting()
    told = actions.save_productions(
        [typed(sitting, "un"), typed(sitting, "un deux", 2), typed(sitting, "un", 1)], at=DAY
    )
    assert [answer.seq for answer in told] == [1, 2, 1]
    assert kept(sitting) == {"letter_body": ("un deux", 2)}


def test_a_refusal_of_one_leaves_what_the_others_wrote() -> None:
    writes, waits, stopped = make.running_sitting(), make.ready_sitting(), make.running_sitting()
    by = stopped.candidate.session.manager
    actions.abort_sitting(sitting=stopped, reason="Malaise", by=by, at=DAY)
    told = actions.save_productions(
        [
            typed(waits, "trop tôt"),
            typed(writes, "x" * (LONGEST_TEXT + 1), key="summary"),
            typed(stopped, "trop tard"),
            typed(writes, "à temps"),
        ],
        at=DAY,
    )
    assert [type(answer) for answer in told] == [
        errors.NothingStarted,
        errors.ProductionTooLong,
        errors.SittingSealed,
        actions.Saved,
    ]
    assert [row.content for row in ProductionRevision.objects.all()] == ["à temps"]


def test_a_text_of_the_longest_length_is_kept_and_one_sign_more_is_not() -> None:
    sitting = make.running_sitting()
    actions.save_productions([typed(sitting, "x" * LONGEST_TEXT)], at=DAY)
    with pytest.raises(errors.ProductionTooLong):
        actions.save_production(
            sitting=sitting, key="letter_body", content="x" * (LONGEST_TEXT + 1), client_id="a:2",
            base_seq=1, by=make.writer(sitting), at=DAY,
        )  # fmt: skip
    assert kept(sitting)["letter_body"][1] == 1


def test_of_a_text_with_styles_only_the_marks_of_the_editor_are_kept() -> None:
    sitting = make.running_sitting()
    sent = "<p onclick='x()'>Nous <strong>remboursons</strong>.</p>"
    actions.save_productions([typed(sitting, sent, rich=True)], at=DAY)
    row = Production.objects.get()
    assert (row.content, row.rich) == ("<p>Nous <strong>remboursons</strong>.</p>", True)


def test_the_same_words_from_another_tab_are_no_quarrel() -> None:
    sitting = make.running_sitting()
    actions.save_productions([typed(sitting, "pareil")], at=DAY)
    (told,) = actions.save_productions([typed(sitting, "pareil", tab="b")], at=DAY)
    assert (told.seq, told.conflict_content) == (2, None)
    assert not ProductionRevision.objects.filter(conflicting=True).exists()


def test_a_text_belongs_to_the_part_under_way_whatever_ended_before_or_was_not_held() -> None:
    sitting = make.running_sitting()
    first, second, third = sitting.phases.filter(position__lte=3)
    writer = make.writer(sitting)
    actions.end_phase(phase=first, by=writer, at=DAY)
    actions.start_phase(phase=second, by=writer, at=DAY)
    actions.end_phase(phase=third, by=writer, at=DAY, reason="jury")  # not held
    (told,) = actions.save_productions([typed(sitting, "notes", key="notes")], at=DAY)
    assert (told.late, Production.objects.get().phase) == (False, second)


def test_a_text_begun_after_a_part_ended_belongs_to_that_part_and_is_late() -> None:
    sitting = make.running_sitting()
    first = sitting.phases.get(position=1)
    actions.end_phase(phase=first, by=make.writer(sitting), at=DAY)
    (told,) = actions.save_productions([typed(sitting, "après")], at=DAY)
    assert told.late
    assert Production.objects.get().phase == first
