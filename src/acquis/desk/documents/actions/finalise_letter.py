from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents import policy, presentation
from acquis.desk.documents.actions.save_letter_part import text_of
from acquis.desk.documents.errors import LetterFinal, LetterIncomplete
from acquis.desk.documents.models import Letter
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, pdf, realtime, trace


@transaction.atomic
def finalise_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """Freeze the letter as a PDF, kept with its fingerprint.

    Raises LetterIncomplete (with what is missing), LetterFinal or WorkspaceSealed.
    """
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("workspace", "customer")
        .get(pk=letter.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state == Letter.State.FINAL:
        raise LetterFinal
    missing = [name for name in policy.NEEDED if not text_of(row, name).strip()]
    if missing:
        raise LetterIncomplete(missing=", ".join(label_of(name) for name in missing))
    document = pdf.render("documents/letter.typ", presentation.letter_data(row))
    row.file = files.store(
        document, name=f"lettre-{row.pk}.pdf", media_type="application/pdf", by=by, at=at
    )
    row.state = Letter.State.FINAL
    row.finalised_at = at
    row.save(update_fields=["file", "state", "finalised_at"])
    trace.record(
        "letter.finalised",
        row,
        by=by,
        at=at,
        sha256=row.file.sha256,
        customer_id=row.customer_id,
        chars=len(row.body),
        words=len(row.body.split()),
    )
    realtime.publish(row.trace_stream, at=at, what="letter", letter=row.pk)
    return row


def label_of(name: str) -> str:
    field = Letter._meta.get_field(name)  # noqa: SLF001  Django's own way
    return str(getattr(field, "verbose_name", name))
