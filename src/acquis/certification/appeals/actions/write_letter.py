"""A letter to the candidate: frozen as a PDF in the act's own transaction, then mailed."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.appeals import letters
from acquis.certification.appeals.models import Appeal, AppealLetter
from acquis.kernel import files, outbox, trace

MAIL = "appeals.letter"


def write_letter(
    *, appeal: Appeal, kind: AppealLetter.Kind, by: User, at: datetime
) -> AppealLetter:
    """Call inside the transaction of the act that the letter tells of."""
    number = f"{appeal.number}-{appeal.letters.count() + 1}"
    data = letters.letter_data(appeal, kind, number, at=at)
    letter = AppealLetter.objects.create(
        appeal=appeal,
        kind=kind,
        number=f"{appeal.organisation_id}:{number}",
        data=data,
        file=files.store(
            letters.letter_pdf(data),
            name=f"{number}.pdf",
            media_type="application/pdf",
            by=by,
            at=at,
        ),
        email=appeal.seat.enrolment.candidate.email,
        issued_at=at,
        issued_by=by,
    )
    trace.record(
        "appeal.letter_issued",
        letter,
        by=by,
        at=at,
        kind=kind.value,
        number=number,
        sha256=letter.file.sha256,
    )
    outbox.put(MAIL, {"letter": letter.pk}, at=at)
    return letter
