"""Letters thrown away and taken back, given to the post and followed."""

import io
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.documents import policy, queries
from acquis.desk.documents.actions.discard_letter import discard_letter, restore_letter
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.post_letter import cancel_posting, note_outcome, post_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.errors import (
    AlreadyPosted,
    LetterDiscarded,
    LetterFinal,
    LetterNotDiscarded,
    LetterNotFinal,
    LetterSubmitted,
    PostingDayInvalid,
    PostingOver,
    TrackingInvalid,
    TrackingMissing,
)
from acquis.desk.documents.models import Letter, LetterPosting
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.desk.documents.letters import at_page, made_final
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


Method = LetterPosting.Method


TODAY = date(2026, 11, 20)


def sent(
    letter: Letter, by: User, at: datetime, *, method: str = "plain", tracking: str = "",
    on: date = TODAY,
) -> LetterPosting:  # fmt: skip
    return post_letter(letter=letter, method=method, tracking=tracking, on=on, by=by, at=at)


def test_a_draft_thrown_away_is_kept_and_comes_back(
    workspace: Workspace, known: Customer, adviser: User, now: datetime
) -> None:
    letter = make.letter(known)

    for _ in range(2):
        discard_letter(letter=letter, by=adviser, at=now)

    assert list(queries.letters(workspace)) == []
    assert list(queries.letters(workspace, state="discarded")) == [letter]
    with pytest.raises(LetterDiscarded):
        save_letter_part(letter=letter, name="subject", text="x", seq=1, by=adviser, at=now)
    with pytest.raises(LetterDiscarded):
        finalise_letter(letter=letter, by=adviser, at=now)
    assert trace.lines(letter.trace_stream).filter(verb="letter.discarded").count() == 1

    restore_letter(letter=letter, by=adviser, at=now)
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("draft", "Nous avons bien reçu votre courrier.")
    with pytest.raises(LetterNotDiscarded):
        restore_letter(letter=letter, by=adviser, at=now)


def test_what_is_being_read_or_is_final_is_not_thrown_away(
    known: Customer, final: Letter, adviser: User, now: datetime
) -> None:
    with pytest.raises(LetterFinal):
        discard_letter(letter=final, by=adviser, at=now)
    read = make.letter(known, state="submitted")
    with pytest.raises(LetterSubmitted):
        discard_letter(letter=read, by=adviser, at=now)
    with pytest.raises(LetterSubmitted):
        save_letter_part(letter=read, name="subject", text="x", seq=1, by=adviser, at=now)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1a 012 345 6789 0", "1A01234567890"),
        ("2C-123.456 78901", "2C12345678901"),
        ("12345", ""),
        ("é" * 13, ""),
        ("1" * 16, ""),
    ],
)
def test_a_tracking_number_is_read_as_it_is_printed(typed: str, number: str) -> None:
    assert policy.tracking_number(typed) == number


def test_a_registered_letter_is_followed_to_its_end(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    assert list(queries.letters(workspace, state="to_post")) == [final]

    posting = sent(final, adviser, now, method="receipt", tracking="1A 012 345 6789 0")
    assert posting.tracking == "1A01234567890"
    assert list(queries.letters(workspace, state="to_post")) == []
    assert list(queries.letters(workspace, state="in_the_post")) == [final]
    with pytest.raises(AlreadyPosted):
        sent(final, adviser, now)

    later = now + timedelta(days=3)
    note_outcome(posting=posting, outcome="unknown", on=later.date(), by=adviser, at=later)
    assert list(queries.letters(workspace, state="returned")) == [final]
    with pytest.raises(PostingOver):
        note_outcome(posting=posting, outcome="delivered", on=later.date(), by=adviser, at=later)

    again = sent(final, adviser, later, on=later.date())
    assert list(queries.letters(workspace, state="returned")) == []
    note_outcome(posting=again, outcome="delivered", on=later.date(), by=adviser, at=later)
    for state in queries.POST_STATES:
        assert list(queries.letters(workspace, state=state)) == []
    verbs = [line.verb for line in trace.lines(final.trace_stream)][-4:]
    assert verbs == ["letter.posted", "letter.posting_ended"] * 2


def test_a_posting_noted_by_mistake_is_taken_back(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    posting = sent(final, adviser, now)

    cancel_posting(posting=posting, by=adviser, at=now)

    assert list(queries.letters(workspace, state="to_post")) == [final]
    with pytest.raises(PostingOver):
        cancel_posting(posting=posting, by=adviser, at=now)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"method": "receipt"}, TrackingMissing),
        ({"method": "tracked", "tracking": "12"}, TrackingInvalid),
        ({"on": TODAY + timedelta(days=1)}, PostingDayInvalid),
        ({"on": TODAY - timedelta(days=1)}, PostingDayInvalid),
    ],
)
def test_what_the_post_would_not_take_is_refused(
    final: Letter, adviser: User, now: datetime, given: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        sent(final, adviser, now, **given)  # type: ignore[arg-type]

    assert not final.postings.exists()


def test_a_draft_is_not_posted_and_an_outcome_has_a_possible_day(
    known: Customer, final: Letter, adviser: User, now: datetime
) -> None:
    with pytest.raises(LetterNotFinal):
        sent(make.letter(known), adviser, now)
    posting = sent(final, adviser, now)
    for on in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(PostingDayInvalid):
            note_outcome(posting=posting, outcome="delivered", on=on, by=adviser, at=now)


def test_a_sealed_desk_posts_nothing(
    workspace: Workspace, final: Letter, adviser: User, now: datetime
) -> None:
    workspace.sealed_at = now
    workspace.save()

    with pytest.raises(WorkspaceSealed):
        sent(final, adviser, now)


def test_the_page_of_a_letter_notes_the_post(
    workspace: Workspace, final: Letter, signed_in: StrictClient
) -> None:
    post = at_page("post", workspace.pk, final.pk)
    today = datetime.now().astimezone().date()

    refused = signed_in.post(post, {"method": "receipt", "tracking": "", "posted_on": today})
    assert refused.status_code == 422
    assert "numéro de suivi" in refused.content.decode()
    bad = signed_in.post(post, {"method": "tracked", "tracking": "12", "posted_on": today})
    assert (bad.status_code, 'value="12"' in bad.content.decode()) == (422, True)

    signed_in.post(post, {"method": "tracked", "tracking": "1A012345678 90", "posted_on": today})
    posting = final.postings.get()
    ended = at_page("outcome", workspace.pk, final.pk, posting.pk)
    assert signed_in.post(ended, {"outcome": "lost", "outcome_on": today}).status_code == 422
    early = signed_in.post(ended, {"outcome": "delivered", "outcome_on": "2020-01-01"})
    assert early.status_code == 422
    signed_in.post(ended, {"outcome": "unknown", "outcome_on": today})
    page = signed_in.get(at_page("letter", workspace.pk, final.pk)).content.decode()
    assert "destinataire inconnu" in page
    assert "à vérifier" in page


def test_letters_to_post_are_printed_together_and_noted_at_once(
    workspace: Workspace, known: Customer, adviser: User, now: datetime, signed_in: StrictClient
) -> None:
    letters = [made_final(known, adviser, now, subject) for subject in ("Le retour", "L’avoir")]
    draft = make.letter(known)
    asked = {"lettres": [str(one.pk) for one in (*letters, draft)]}

    document = signed_in.get(at_page("together", workspace.pk), asked)
    pages = PdfReader(io.BytesIO(document.content)).pages
    assert len(pages) == 2
    signed_in.post(at_page("post_many", workspace.pk), asked)
    assert LetterPosting.objects.filter(method=Method.PLAIN).count() == 2
    none = signed_in.get(at_page("together", workspace.pk), asked)
    assert "des lettres à poster" in none.content.decode()
    signed_in.post(at_page("post_many", workspace.pk), asked)
    assert LetterPosting.objects.count() == 2


def test_a_posting_is_undone_and_a_draft_comes_back_from_their_page(
    workspace: Workspace, known: Customer, final: Letter, adviser: User, now: datetime,
    signed_in: StrictClient,
) -> None:  # fmt: skip
    posting = sent(final, adviser, now)
    signed_in.post(at_page("unpost", workspace.pk, final.pk, posting.pk))
    posting.refresh_from_db()
    assert posting.cancelled_at is not None

    draft = make.letter(known)
    signed_in.post(at_page("discard", workspace.pk, draft.pk))
    assert "redevenir" in signed_in.get(at_page("letter", workspace.pk, draft.pk)).content.decode()
    signed_in.post(at_page("restore", workspace.pk, draft.pk))
    draft.refresh_from_db()
    assert draft.state == Letter.State.DRAFT
