from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.awards import queries, wording
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.models import IssuedDocument
from acquis.kernel import jobs
from acquis.kernel.models import Job

JOB = "awards.correct_livrets"


def correct_livrets(*, by: User | None = None, at: datetime) -> list[IssuedDocument]:
    """Issue again each livret that prints a line withdrawn since, with the reason; gives the new ones.

    Each in its own transaction; told twice, nothing more is issued. Without `by`, the manager of its
    session issues it.
    """
    return [
        correct_document(
            document=livret,
            reason=wording.annulment(line.withdrawal_reason),
            by=by or livret.session.manager,
            at=at,
        )
        for livret, line in queries.livrets_to_correct()
    ]


def queue_correction(*, by: User | None, at: datetime) -> Job:
    return jobs.enqueue(JOB, by=by, at=at, args={"by": by.pk if by else None}, unique_key=JOB)
