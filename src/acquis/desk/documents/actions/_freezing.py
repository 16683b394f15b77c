"""What becomes of a letter that leaves."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.documents import policy, presentation
from acquis.desk.documents.actions.save_letter_part import text_of
from acquis.desk.documents.errors import LetterDiscarded, LetterIncomplete, LetterUnfilled
from acquis.desk.documents.models import Letter
from acquis.desk.knowledge.snippets import left_to_complete
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, pdf


def locked(letter: Letter) -> Letter:
    """The letter for writing. Raises WorkspaceSealed."""
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("workspace", "customer")
        .get(pk=letter.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def refuse_incomplete(letter: Letter) -> None:
    """Raise LetterDiscarded, LetterIncomplete (what is missing) or LetterUnfilled (left to fill)."""
    if letter.state == Letter.State.DISCARDED:
        raise LetterDiscarded
    missing = [name for name in policy.NEEDED if not text_of(letter, name).strip()]
    if missing:
        raise LetterIncomplete(missing=", ".join(label_of(name) for name in missing))
    places = left_to_complete("\n".join(text_of(letter, name) for name in policy.PARTS))
    if places:
        raise LetterUnfilled(places=", ".join(dict.fromkeys(places)))


def freeze(letter: Letter, *, by: User, at: datetime) -> None:
    """Make the letter a PDF, kept with its fingerprint; only sets what the caller saves."""
    document = pdf.render("documents/letter.typ", presentation.letter_data(letter))
    letter.file = files.store(
        document, name=f"lettre-{letter.pk}.pdf", media_type="application/pdf", by=by, at=at
    )
    letter.state = Letter.State.FINAL
    letter.finalised_at = at


def label_of(name: str) -> str:
    field = Letter._meta.get_field(name)  # noqa: SLF001  Django's own way
    return str(getattr(field, "verbose_name", name))
